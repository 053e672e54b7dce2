import { cleanText } from "@driftsea/protocol";
import type { BottleId, DrifterId, ErrorCode, Payload } from "@driftsea/protocol";
import type { RoomId, SecretId, ThreadId } from "@driftsea/protocol";
import type { BottleService } from "../bottles/bottles.service.ts";
import type { HoleService } from "../hole/hole.service.ts";
import type { FeedService } from "../feed/feed.service.ts";
import type { Clock } from "../lib/clock.ts";
import type { Context } from "../lib/connection-context.ts";
import { Bound } from "../lib/bound.ts";
import { DomainError, gone } from "../lib/errors.ts";
import { Turns } from "../lib/turns.ts";
import type { MeetService } from "../meets/meets.service.ts";
import { wordOf } from "../review/review.items.ts";
import type { ReviewService } from "../review/review.service.ts";
import { urgencyOf } from "../review/review.ts";
import type { Subject } from "../review/review.ts";
import type { RoomService } from "../rooms/rooms.service.ts";
import type { SessionService } from "../sessions/sessions.service.ts";
import type { ThreadService } from "../threads/threads.service.ts";
import type { BlockService } from "./blocks.service.ts";
import { GRAVE_REASONS, areEnough, credibilityOf, isDoubted } from "./credibility.ts";
import type { ReporterService } from "./reporters.service.ts";
import { itemOf, reportMark } from "./safety.keys.ts";
import type { SafetyStore } from "./safety.store.ts";
import type { ViewerService } from "./viewers.service.ts";

type Report = Pick<Payload<"safety:report">, "target" | "reason" | "note" | "opened">;
type Target = Report["target"];

export interface SafetyParts {
  store: SafetyStore;
  reporters: ReporterService;
  viewers: ViewerService;
  review: ReviewService;
  sessions: Pick<SessionService, "standing">;
  blocks: BlockService;
  bottles: BottleService;
  threads: ThreadService;
  rooms: RoomService;
  hole: HoleService;
  meets: MeetService;
  feed: FeedService;
  /** The store's. */
  clock: Clock;
  /** For so long somebody has just come, and his complaint weighs nearly nothing; ms. */
  freshMs: number;
  onReport: (reason: string) => void;
}

/** What is complained of, as the one who complains could see it. */
interface Quote {
  subject: Subject;
  texts: string[];
  /** His own: it does not count against him. */
  isOwn: boolean;
  endsAt: number;
  /** How many others could see it. */
  viewers: () => Promise<number>;
  /** Nobody can read it but its readers. */
  isSealed?: boolean;
}

/** Everybody's search for a partner reads such lists. */
const BLOCKS_AN_HOUR = 100;
/** Each is kept for moderators, and may be somebody's time. */
const REPORTS_AN_HOUR = 100;
const HOUR_MS = 60 * 60 * 1000;

/** Blocks and reports: one can only point at what one has seen; everything else is `gone`. */
export class SafetyService {
  readonly #p: SafetyParts;
  /** What one person reports. */
  readonly #turns = new Turns();
  readonly #blocking = new Bound(BLOCKS_AN_HOUR, HOUR_MS);
  readonly #reporting = new Bound(REPORTS_AN_HOUR, HOUR_MS);

  constructor(parts: SafetyParts) {
    this.#p = parts;
  }

  /**
   * Puts a complaint into the queue, and hides at once what enough credible people complain of, set
   * against all who have seen it (M1). A second one of the same person changes nothing.
   */
  report(context: Context, report: Report): Promise<void> {
    // Each weighs by how many came before it.
    return this.#turns.take(context.mask, () => this.#report(context, report));
  }

  async #report(context: Context, report: Report): Promise<void> {
    const { store, reporters, review, onReport } = this.#p;
    const quote = await this.#quote(context.drifter, report.target).catch(
      async (error: unknown) => {
        // What he reported may be out of sight by now: then this is the same report again.
        if (await this.#waitsFor(context, report.target)) return null;
        throw error;
      },
    );
    if (!quote || quote.isOwn) return;
    within(this.#reporting, context.drifter, "quota_exceeded");
    const { subject, texts, endsAt, viewers, isSealed } = quote;
    const { opened, note } = report;
    const reason = cleanText(report.reason);
    const item = itemOf(subject);
    const weight = await this.#weightOf(context);
    const isGrave = GRAVE_REASONS.has(reason);
    const mark = reportMark(context.mask, item);
    // Who may be in need is not taken out of sight for it, by this report nor by what comes beside it.
    const isWorry = reason === "self-harm";
    const counted = isWorry ? 0 : weight;
    const { isNew, ...tally } = await store.report(item, mark, { weight: counted, isGrave });
    // One that a process left in between is put into the queue, or hidden, by whoever sends it again.
    if (isNew || !(await review.knows(subject))) {
      onReport(reason);
      await reporters.reported(context, item);
      await review.open({
        subject,
        texts: isSealed && opened !== undefined ? [cleanText(opened)] : texts,
        reason,
        ...(note === undefined ? {} : { note: cleanText(note) }),
        urgency: urgencyOf(reason),
        endsAt,
        ...(isSealed ? { isUnverified: true } : {}),
        isDoubted: isDoubted(weight),
      });
    }
    if (isSealed || isWorry) return;
    if (areEnough(tally, await viewers())) await review.hide(subject, wordOf(reason));
  }

  /** Whether he has reported it before, and it waits. */
  async #waitsFor({ mask }: Context, target: Target): Promise<boolean> {
    const { store, review } = this.#p;
    const sides = [{ side: 0 }, { side: 1 }] as const;
    const subjects: Subject[] =
      target.kind === "thread" ? sides.map((side) => ({ ...target, ...side })) : [target];
    for (const subject of subjects) {
      const item = itemOf(subject);
      if ((await store.hasReported(item, reportMark(mask, item))) && (await review.waits(subject)))
        return true;
    }
    return false;
  }

  async #weightOf(context: Context): Promise<number> {
    const { sessions, reporters, clock, freshMs } = this.#p;
    const [standing, former] = await Promise.all([
      sessions.standing(context.drifter),
      reporters.standing(context),
    ]);
    if (!standing) return 0;
    const { since, days } = standing;
    return credibilityOf({ ageMs: clock.now() - since, days, ...former }, freshMs);
  }

  async #quote(reporter: DrifterId, { kind, id, seq }: Target): Promise<Quote> {
    const { bottles, threads, rooms, hole, feed, viewers } = this.#p;
    const subject: Subject = { kind, id, ...(seq === undefined ? {} : { seq }) };
    switch (kind) {
      case "thread": {
        const { side, ...quote } = await threads.quote(reporter, id as ThreadId, seq);
        return { subject: { ...subject, side }, ...quote, viewers: async () => 1 };
      }
      case "bottle": {
        const { text, owner, expiresAt, hands, state } = await bottles.seen(
          reporter,
          id as BottleId,
        );
        if (state === "recalled") throw gone();
        const isOwn = owner === reporter;
        const bottle: Subject = { kind, id };
        const many = async (): Promise<number> => hands;
        return { subject: bottle, texts: [text], isOwn, endsAt: expiresAt, viewers: many };
      }
      case "room": {
        const { texts, isGone } = await rooms.quote(reporter, id as RoomId, seq);
        const author = seq === undefined ? null : await rooms.authorOf(reporter, id as RoomId, seq);
        const { encrypted, deadlineAt, members } = await rooms.nature(id as RoomId);
        return {
          subject,
          texts,
          isOwn: author === reporter,
          endsAt: deadlineAt,
          viewers: async () => members,
          // What it said only he can say who has read it.
          isSealed: encrypted || isGone,
        };
      }
      case "letter": {
        const { text, writer, endsAt } = await hole.quote(id);
        const letter: Subject = { kind, id };
        const many = (): Promise<number> => viewers.count(letter);
        return {
          subject: letter,
          texts: [text],
          isOwn: writer === reporter,
          endsAt,
          viewers: many,
        };
      }
      case "secret":
      case "comment": {
        const number = kind === "secret" ? undefined : (seq ?? 0);
        const { texts, endsAt, viewedAs } = await feed.quote(id as SecretId, number);
        const many = (): Promise<number> => viewers.count({ kind, id, ...viewedAs });
        const told: Subject = { kind, id, ...(number === undefined ? {} : { seq: number }) };
        // Nobody knows whose it is: who reports his own takes it away from himself alone.
        return { subject: told, texts, isOwn: false, endsAt, viewers: many };
      }
    }
  }

  /**
   * Parts two people for good: no bottle of one reaches the other, and they do not meet again. What is
   * pointed at ends as if one had left. What they have elsewhere, under other masks, goes on: were it
   * to end at once, a block would tell who is behind which mask.
   */
  async block(drifter: DrifterId, target: Target): Promise<void> {
    const { blocks, bottles, threads, meets } = this.#p;
    const other = await this.#author(drifter, target);
    if (other !== null && other !== drifter) {
      within(this.#blocking, drifter, "rate_limited");
      await blocks.block(drifter, other);
      await meets.blocked(drifter, other, target.kind === "room" ? (target.id as RoomId) : null);
    }
    if (target.kind === "bottle") {
      await bottles.letGo(drifter, target.id as BottleId);
      await threads.leaveAbout(drifter, target.id as BottleId);
    }
    if (target.kind === "thread") {
      await threads.leave(drifter, target.id as ThreadId).catch(unlessGone);
    }
  }

  /** Whoever is behind it; null where he has left already. */
  async #author(drifter: DrifterId, { kind, id, seq }: Target): Promise<DrifterId | null> {
    const { bottles, threads, rooms, hole } = this.#p;
    switch (kind) {
      case "thread":
        return threads.otherOf(drifter, id as ThreadId);
      case "bottle":
        return (await bottles.seen(drifter, id as BottleId)).owner;
      case "room":
        return rooms.authorOf(drifter, id as RoomId, seq);
      case "letter":
        return hole.authorOf(id);
      default:
        throw gone();
    }
  }
}

/** @throws DomainError with the time to wait. */
function within(bound: Bound, drifter: DrifterId, code: ErrorCode): void {
  const retryAfterMs = bound.take(drifter);
  if (retryAfterMs !== null) throw new DomainError(code, "too many", { retryAfterMs });
}

function unlessGone(error: unknown): void {
  if ((error as { code?: unknown }).code !== "gone") throw error;
}
