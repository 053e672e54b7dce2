import { nanoid } from "nanoid";
import type { ClosedFunction, DrifterId, Notice, WriteId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { DomainError, gone } from "../lib/errors.ts";
import { below } from "../lib/random.ts";
import type { Rng } from "../lib/random.ts";
import type { PenaltyService } from "../penalties/penalties.service.ts";
import type { NoticeService } from "../sessions/notices.service.ts";
import { CONTROLS, isRight } from "./controls.ts";
import type { Holder, Holders, Verdict } from "./holders.ts";
import { controlToModerator, moreUrgent, payloadOf, toModerator } from "./review.items.ts";
import { actsOf, verdictOf, withVote, wordOf } from "./review.items.ts";
import { figuresOf } from "./review.figures.ts";
import { TRIES, appendLine, logOf } from "./note.ts";
import { entryAfter } from "./review.log.ts";
import type { LogLine } from "./review.log.ts";
import type {
  Decided,
  Decision,
  DecisionReason,
  Figures,
  LogEntry,
  ModeratorId,
  Review,
  ReviewId,
  ReviewItem,
  ReviewKind,
  Urgency,
  Subject,
} from "./review.ts";
import { ACTS_KEEP_MS, WAITING_KEPT, rankOf } from "./review.store.ts";
import type { ItemChange, OpenControl, ReviewStore, StoredItem } from "./review.store.ts";

/** Of what a moderator decides, one in so many is followed by a control. */
const ONE_CONTROL_IN = 20;
/** A control looks as if it had come within this, in ms. */
const CONTROL_AGE_MS = 2 * 60 * 60 * 1000;
/** Items looked through for those that one moderator has not decided yet. */
const LOOKED_THROUGH = 500;
/** Notes that an item keeps, and texts. */
const NOTES_KEPT = 10;
const TEXTS_KEPT = 20;
/** With what those saw who came later. */
const TEXTS_MOST = 100;
/** What is not settled after this was left by a process that died, in ms. */
const LEFTOVER_MS = 2000;

/** What a penalty closes to whoever wrote a thing of this kind; of the others nobody knows who did. */
const CLOSED_BY: Partial<Record<ReviewKind, ClosedFunction>> = {
  bottle: "throw",
  thread: "talk",
  room: "talk",
  title: "talk",
  letter: "talk",
};

export interface NewReview {
  subject: Subject;
  texts: readonly string[];
  reason: string;
  note?: string;
  urgency: Urgency;
  isUnverified?: boolean;
  /** When the thing itself ends, ms since 1970. */
  endsAt: number;
  /** Whoever complains has just come. */
  isDoubted?: boolean;
}

export interface ReviewParts {
  store: ReviewStore;
  /** The store's. */
  clock: Clock;
  rng: Rng;
  notices: NoticeService;
  penalties: Pick<PenaltyService, "penalise">;
  /** Told of each decision, so that reporters are known by theirs; safe to repeat. */
  onDecided: (subject: Subject, outcome: "upheld" | "dismissed") => Promise<void>;
  /** Of what is left undone after the reply: the sweeper does it again. */
  onUnsettled: (error: unknown) => void;
  onHidden: (kind: ReviewKind) => void;
}

/** From a report, or a text that is held, to a decision and what follows from it (M1, M2). */
export class ReviewService implements Review {
  readonly #p: ReviewParts;
  readonly #store: ReviewStore;
  readonly #holders: Holders = {};
  readonly #held: Holders = {};

  constructor(parts: ReviewParts) {
    this.#p = parts;
    this.#store = parts.store;
  }

  /** Who keeps each kind of thing; `held` for what is not published yet. */
  register(holders: Holders, held: Holders = {}): void {
    Object.assign(this.#holders, holders);
    Object.assign(this.#held, held);
  }

  #holderOf({ kind, isHeld }: Subject): Holder | undefined {
    return (isHeld ? this.#held : this.#holders)[kind];
  }

  /** Puts a complaint into the queue, with those that wait there of the same thing. */
  async open(review: NewReview): Promise<void> {
    const { subject, texts, urgency } = review;
    await this.#change(
      () => this.#store.find(subject),
      (known) => {
        const item = known?.decided === null ? known : null;
        const begun: StoredItem = item ?? {
          id: nanoid<ReviewId>(),
          rev: 0,
          kind: subject.kind,
          subject,
          texts: texts.slice(-TEXTS_KEPT),
          reasons: {},
          notes: [],
          urgency,
          since: this.#p.clock.now(),
          state: subject.isHeld ? "held" : "shown",
          isUnverified: review.isUnverified ?? false,
          noticeId: nanoid(),
          hiddenFor: null,
          appeal: null,
          votes: [],
          decided: null,
          endsAt: review.endsAt,
          isDoubted: true,
        };
        const reason = wordOf(review.reason);
        const notes = review.note === undefined ? [] : [review.note];
        return {
          ...(item === null && known ? { after: known.id } : {}),
          item: {
            ...begun,
            texts: item === null ? begun.texts : withMore(begun, review),
            urgency: moreUrgent(begun.urgency, urgency),
            reasons: { ...begun.reasons, [reason]: (begun.reasons[reason] ?? 0) + 1 },
            notes: [...begun.notes, ...notes].slice(0, NOTES_KEPT),
            endsAt: Math.max(begun.endsAt, review.endsAt),
            isDoubted: begun.isDoubted && (review.isDoubted ?? false),
          },
        };
      },
    );
  }

  /** A text that waits to be published until somebody has looked at it; `key` is its keeper's name for it. */
  async hold(
    kind: ReviewKind,
    key: string,
    text: string,
    why: { urgency: Urgency; reason: string; endsAt: number; isDoubted?: boolean },
  ): Promise<void> {
    const subject = { kind, id: key, isHeld: true } as const;
    const known = await this.#store.find(subject);
    if (known?.decided === null) return;
    await this.open({ subject, texts: [text], ...why });
  }

  /** Somebody may be in need: it is shown as ever, and looked at first. Never punished (M6). */
  async care(
    subject: Subject,
    text: string,
    why: { endsAt: number; isDoubted?: boolean },
  ): Promise<void> {
    if (await this.#store.find(subject)) return;
    await this.open({ subject, texts: [text], reason: "self-harm", urgency: "care", ...why });
  }

  /** Whether it waits, or was decided a short while ago. */
  async knows(subject: Subject): Promise<boolean> {
    return (await this.#store.find(subject)) !== null;
  }

  /** Whether it waits for a decision. */
  async waits(subject: Subject): Promise<boolean> {
    return (await this.#store.find(subject))?.decided === null;
  }

  /** Hides what waits, for everybody and at once, and tells its author. */
  async hide(subject: Subject, reason: string): Promise<void> {
    const holder = this.#holderOf(subject);
    if (!holder?.canHide(subject)) return;
    const item = await this.#change(
      () => this.#store.find(subject),
      (known) => {
        const isOpen = known?.decided === null && known.state === "shown" && !known.isUnverified;
        if (!known || !isOpen) return null;
        return { item: { ...known, state: "hidden", hiddenFor: reason }, isFollowed: true };
      },
    );
    if (!item) return;
    this.#p.onHidden(subject.kind);
    await this.#settle(item.id);
  }

  /** Puts its author's own words with it, once; again is the same, and other words are `conflict`. */
  async appeal(noticeId: string, appeal: { writeId: WriteId; text: string }): Promise<void> {
    let isThere = false;
    await this.#change(
      () => this.#store.byNotice(noticeId),
      (item) => {
        isThere = item?.hiddenFor != null && (item.decided === null || item.appeal !== null);
        if (!isThere || !item || item.appeal?.writeId === appeal.writeId) return null;
        if (item.appeal) throw new DomainError("conflict", "it was appealed against before");
        return { item: { ...item, appeal } };
      },
    );
    if (!isThere) throw gone();
  }

  /** What its author would be told now; null where there is nothing to be told. For whoever holds its key. */
  async standingOf(subject: Subject): Promise<Notice | null> {
    const item = await this.#store.find(subject);
    const verdict = item && verdictOf(item);
    return verdict ? ({ kind: verdict, ...payloadOf(item, verdict) } as Notice) : null;
  }

  async queue(moderator: ModeratorId, limit: number): Promise<ReviewItem[]> {
    const control = await this.#store.control(moderator);
    const items: { rank: number; item: ReviewItem }[] = [];
    // What he has voted on waits for another, and may stand before all that he has not seen.
    for (let from = 0; from < WAITING_KEPT && items.length < limit; from += LOOKED_THROUGH) {
      const waiting = await this.#store.waiting(LOOKED_THROUGH, from);
      if (waiting.length === 0) break;
      for (const item of waiting)
        if (!item.votes.some((vote) => vote.moderator === moderator))
          items.push({ rank: rankOf(item), item: toModerator(item) });
    }
    if (control) {
      const item = controlToModerator(control);
      items.push({ rank: rankOf({ ...item, isDoubted: false }), item });
    }
    items.sort((a, b) => a.rank - b.rank || a.item.since - b.item.since);
    return items.slice(0, limit).map(({ item }) => item);
  }

  async decide(
    moderator: ModeratorId,
    id: ReviewId,
    decision: Decision,
    reason: DecisionReason,
  ): Promise<Decided> {
    const control = await this.#store.control(moderator);
    if (control?.id === id) return this.#decideControl(moderator, control, decision, reason);
    let answer: Decided = "gone";
    const at = this.#p.clock.now();
    const line = { at, moderator, what: "decided", item: id, decision, reason };
    const item = await this.#change(
      () => this.#store.read(id),
      (known) => {
        answer = "gone";
        if (!known || known.decided || known.votes.some((one) => one.moderator === moderator))
          return null;
        const canHide = this.#holderOf(known.subject)?.canHide(known.subject) ?? false;
        const next = withVote(known, { moderator, decision, reason, at }, canHide);
        answer = next.decided ? "done" : "second_needed";
        return { item: next, isFollowed: true, line, acts: actsOf(known, next, moderator, at) };
      },
    );
    if (!item) return answer;
    await this.#settle(id);
    // It is carried out, whatever comes of that.
    await this.#drawControl(moderator).catch(this.#p.onUnsettled);
    return answer;
  }

  async figures(): Promise<Figures> {
    const since = this.#p.clock.now() - ACTS_KEEP_MS;
    return figuresOf(await this.#store.acts(since), await this.#store.backlog());
  }

  backlog(): Promise<{ waiting: number; oldestSince: number | null }> {
    return this.#store.backlog();
  }

  log(before: number | undefined, limit: number): Promise<LogEntry[]> {
    return this.#store.log(before, limit);
  }

  async note(moderator: ModeratorId | null, what: string): Promise<void> {
    await logOf(this.#store, this.#p.clock).note(moderator, what);
  }

  /** Changes an item as it is now; null where there was nothing to change. */
  async #change(
    read: () => Promise<StoredItem | null>,
    next: (known: StoredItem | null) => (Omit<ItemChange, "entry"> & { line?: LogLine }) | null,
  ): Promise<StoredItem | null> {
    for (let i = 0; i < TRIES; i += 1) {
      const wanted = next(await read());
      if (!wanted) return null;
      const { line, ...change } = wanted;
      const item = { ...wanted.item, rev: wanted.item.rev + 1 };
      const entry = line && { entry: entryAfter(await this.#store.head(), line) };
      if ((await this.#store.write({ ...change, item, ...entry })) === "written") return item;
    }
    throw new DomainError("unavailable", "it is changed by too many at once");
  }

  /** As `settle`; what fails now is done by the sweeper. */
  async #settle(id: ReviewId): Promise<void> {
    await this.settle(id).catch(this.#p.onUnsettled);
  }

  /** Brings the world to what was decided. Each step is safe to repeat, and who dies in it is followed. */
  async settle(id: ReviewId): Promise<void> {
    for (let i = 0; i < TRIES; i += 1) {
      const item = await this.#store.read(id);
      if (item) await this.#follow(item);
      if (await this.#store.settled(id, item?.rev ?? 0)) return;
    }
  }

  async #follow(item: StoredItem): Promise<void> {
    const { subject, decided } = item;
    const holder = this.#holderOf(subject);
    if (!holder) return;
    const author = await holder.author(subject);
    if (decided === null) {
      if (item.state !== "hidden") return;
      await holder.hide(subject);
    } else if (decided.decision === "keep") {
      await holder.restore(subject);
    } else {
      // Before it goes: afterwards nobody knows whose it was.
      if (decided.decision === "remove-and-penalise" && author !== null)
        await this.#penalise(author, item, decided.reason);
      await holder.remove(subject);
    }
    const verdict = verdictOf(item);
    if (verdict && !subject.isHeld) await this.#tell(holder, author, item, verdict);
    if (decided === null || subject.isHeld) return;
    // Whoever was worried about somebody was not wrong, also where nothing had to go.
    const isDismissed = decided.decision === "keep" && decided.reason !== "care";
    await this.#p.onDecided(subject, isDismissed ? "dismissed" : "upheld");
  }

  async #penalise(author: DrifterId, item: StoredItem, reason: DecisionReason): Promise<void> {
    const closed = CLOSED_BY[item.kind];
    // Who is in need is never punished for saying so.
    const isInNeed = Object.keys(item.reasons).every((word) => word === "self-harm");
    if (!closed || reason === "care" || isInNeed) return;
    await this.#p.penalties.penalise(author, `review:${item.id}`, { function: closed, reason });
  }

  async #tell(
    holder: Holder,
    author: DrifterId | null,
    item: StoredItem,
    verdict: Verdict,
  ): Promise<void> {
    const payload = payloadOf(item, verdict);
    if (author === null) await holder.tell?.(item.subject, verdict, payload);
    else {
      const notice = { kind: verdict, ...payload } as Notice;
      await this.#p.notices.notify(author, `${verdict}:${item.id}`, notice);
    }
  }

  /** Follows what processes left that died in between. For a ticker. */
  async sweep(): Promise<void> {
    const before = this.#p.clock.now() - LEFTOVER_MS;
    // One that fails again keeps no other from being followed.
    for (const id of await this.#store.unsettled(before, 100)) await this.#settle(id);
  }

  async #drawControl(moderator: ModeratorId): Promise<void> {
    const { rng, clock } = this.#p;
    if (below(rng, ONE_CONTROL_IN) > 0 || (await this.#store.control(moderator))) return;
    await this.#store.setControl(moderator, {
      id: nanoid<ReviewId>(),
      index: below(rng, CONTROLS.length),
      since: clock.now() - below(rng, CONTROL_AGE_MS),
    });
  }

  /** Answered and logged as any other, and followed by nothing. */
  async #decideControl(
    moderator: ModeratorId,
    { id, index }: OpenControl,
    decision: Decision,
    reason: DecisionReason,
  ): Promise<Decided> {
    const at = this.#p.clock.now();
    const right = isRight(CONTROLS[index]!, decision);
    await this.#store.setControl(moderator, null);
    const line = { at, moderator, what: "decided", item: id, decision, reason };
    await appendLine(this.#store, line, [{ what: "control", moderator, at, isRight: right }]);
    return decision === "keep" ? "done" : "second_needed";
  }
}

/**
 * What those who come later saw. Of a whole room or thread that is more, and what nobody can verify is what each says it
 * is: who reports first, or while it is harmless, must not decide what is looked at. The first of it stays, and the
 * newest; nothing changes of what somebody has decided on.
 */
function withMore({ texts, isUnverified, subject, votes }: StoredItem, more: NewReview): string[] {
  const isWhole =
    subject.seq === undefined && (subject.kind === "room" || subject.kind === "thread");
  if (votes.length > 0 || (!isUnverified && !isWhole)) return texts;
  const fresh = more.texts.filter((text) => !texts.includes(text));
  const all = [...texts, ...fresh];
  return all.length <= TEXTS_MOST
    ? all
    : [...all.slice(0, TEXTS_MOST - TEXTS_KEPT), ...all.slice(-TEXTS_KEPT)];
}
