import type { ReportReason, ScreenedPlace, ThreadId } from "@driftsea/protocol";
import type { MarkKind } from "@driftsea/protocol/screening";
import type { Clock } from "../lib/clock.ts";
import type { Holders } from "../review/holders.ts";
import type { ReviewKind, Subject } from "../review/review.ts";
import type { ReviewService } from "../review/review.service.ts";
import type { ForReview, Reviewers } from "./reviewers.ts";
import { HELD_MS } from "./screening.store.ts";
import type { HeldMark } from "./screening.store.ts";

const KINDS: Record<ScreenedPlace, ReviewKind> = {
  bottle: "bottle",
  answer: "thread",
  thread: "thread",
  room: "room",
  title: "title",
  letter: "letter",
  secret: "secret",
  comment: "comment",
  ask: "ask",
};

/** The gravest first. */
const REASONS: [ReportReason, readonly MarkKind[]][] = [
  ["threat", ["threat"]],
  ["personal-data", ["name", "phone", "email", "handle"]],
  ["sexual", ["sexual"]],
  ["harassment", ["slur"]],
  ["spam", ["spam", "solicitation", "drugs", "gambling", "link", "repeat"]],
];

export interface ReviewQueueParts {
  review: Pick<ReviewService, "hold" | "care" | "open">;
  hasModerators: () => Promise<boolean>;
  /** Whose a message of a thread is; null where it is there no more. */
  writerOf: (id: ThreadId, seq: number) => Promise<0 | 1 | null>;
  clock: Clock;
}

/** `Reviewers` by the review queue: a text that screening found lies there as one that was reported. */
export class ReviewQueue implements Reviewers {
  readonly #p: ReviewQueueParts;

  constructor(parts: ReviewQueueParts) {
    this.#p = parts;
  }

  areThere(): Promise<boolean> {
    return this.#p.hasModerators();
  }

  async put(found: ForReview): Promise<void> {
    const { review, clock } = this.#p;
    const { text, where, kinds, urgency, mark, isHeld, isDoubted } = found;
    const endsAt = clock.now() + HELD_MS;
    const reason = reasonOf(kinds);
    if (isHeld) {
      const why = { urgency, reason, endsAt, isDoubted };
      return review.hold(KINDS[where], mark, text, why);
    }
    const subject = await this.#subjectOf(found);
    if (urgency === "care") return review.care(subject, text, { endsAt, isDoubted });
    return review.open({ subject, texts: [text], reason, urgency, endsAt, isDoubted });
  }

  /** What cannot be pointed at is named by its mark: it is looked at, and nothing can be done to it. */
  async #subjectOf({ target, mark, where }: ForReview): Promise<Subject> {
    if (target === null) return { kind: KINDS[where], id: mark };
    if (target.kind !== "thread") return target;
    const side = await this.#p.writerOf(target.id as ThreadId, target.seq!);
    return side === null ? { kind: "thread", id: mark } : { ...target, side };
  }
}

const reasonOf = (kinds: readonly MarkKind[]): ReportReason =>
  REASONS.find(([, of]) => of.some((kind) => kinds.includes(kind)))?.[0] ?? "other";

/** What a decision means for a text that waits. Of who wrote it nobody knows. */
export function heldTexts(
  decided: (mark: HeldMark, state: "allowed" | "refused") => Promise<void>,
): Holders {
  const holder = {
    canHide: () => false,
    hide: async () => {},
    restore: ({ id }: Subject) => decided(id, "allowed"),
    remove: ({ id }: Subject) => decided(id, "refused"),
    author: async () => null,
  };
  return Object.fromEntries(Object.values(KINDS).map((kind) => [kind, holder]));
}
