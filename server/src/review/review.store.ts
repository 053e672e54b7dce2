import type { WriteId } from "@driftsea/protocol";
import { URGENCIES } from "./review.ts";
import type {
  Decision,
  DecisionReason,
  LogEntry,
  ModeratorId,
  ReviewId,
  ReviewItem,
  Subject,
} from "./review.ts";

export interface Vote {
  moderator: ModeratorId;
  decision: Decision;
  reason: DecisionReason;
  at: number;
}

export interface StoredItem extends Omit<ReviewItem, "reasons" | "appeal" | "needsSecond"> {
  /** 1 at first, and one more with each change. */
  rev: number;
  subject: Subject;
  reasons: Record<string, number>;
  /** Told to its author alone: whoever knows it may appeal. */
  noticeId: string;
  /** What the author was told it was hidden for; null where it never was. */
  hiddenFor: string | null;
  appeal: { writeId: WriteId; text: string } | null;
  votes: Vote[];
  decided: { decision: Decision; reason: DecisionReason; at: number } | null;
  /** When the thing itself ends, ms since 1970. */
  endsAt: number;
  /** Nobody but who has just come has complained of it. */
  isDoubted: boolean;
}

/**
 * Where an item stands in the queue, before its age: what credible people complain of, or nobody had to, by
 * its urgency. What only newcomers complain of comes a step later, care alone within its own: so that
 * accounts made for it neither fill the queue before what others say, nor push it out.
 */
export function rankOf(item: Pick<StoredItem, "urgency" | "state" | "isDoubted">): number {
  const { urgency, state, isDoubted } = item;
  const rank = URGENCIES.indexOf(urgency);
  if (!isDoubted || state === "hidden") return rank;
  return urgency === "care" ? 0.5 : Math.min(rank + 1, URGENCIES.length - 1) + 0.5;
}

/** Every rank there is. */
export const RANKS: readonly number[] = URGENCIES.flatMap((_, rank) => [rank, rank + 0.5]);

/** What moderators did, for the figures. */
export type Act =
  | { what: "vote"; moderator: ModeratorId; at: number }
  | { what: "control"; moderator: ModeratorId; at: number; isRight: boolean }
  | {
      what: "decided";
      at: number;
      tookMs: number;
      /** Whether two were of one mind; null where one decided. */
      agreed: boolean | null;
      wasHidden: boolean;
      /** Shown again after an appeal. */
      isOverturned: boolean;
    };

/** A known-answer item that lies before one moderator. */
export interface OpenControl {
  id: ReviewId;
  /** Number in the list of controls. */
  index: number;
  since: number;
}

/** One change of an item, and what is written with it or not at all. */
export interface ItemChange {
  /** As it shall be; its `rev` is one more than what is stored. */
  item: StoredItem;
  /** Of a new one: the item of the same subject that it comes after, where there is one. */
  after?: ReviewId;
  /** Something follows from it for others, to be done until `settled`. */
  isFollowed?: boolean;
  /** The log's next line, where the change is one that is logged. */
  entry?: LogEntry;
  acts?: readonly Act[];
}

/**
 * What waits for a moderator, what they did, and the log. Every change of an item is one atomic
 * compare-and-set: who was overtaken reads again. An item and its texts are forgotten `WAITING_KEEP_MS`
 * after the end of the thing itself while it waits, `DECIDED_KEEP_MS` after its decision. The log is
 * append-only: nothing changes or shortens it. Each method may reject with StoreUnavailable.
 */
export interface ReviewStore {
  /** The newest item of a subject, decided or not; null where there is none any more. */
  find(subject: Subject): Promise<StoredItem | null>;
  read(id: ReviewId): Promise<StoredItem | null>;
  byNotice(noticeId: string): Promise<StoredItem | null>;

  /**
   * Writes a change; "moved" where the item is not at the `rev` before it, or a new one is not the
   * next of its subject, or the log's head is not what the entry goes on from.
   */
  write(change: ItemChange): Promise<"written" | "moved">;
  /**
   * Undecided ones by their rank, then the oldest, from a place on. Beyond `WAITING_KEPT` the last of what only
   * newcomers complain of give way, and where there is none the last of all: they are found as before.
   */
  waiting(limit: number, from?: number): Promise<StoredItem[]>;
  /** How many wait, and since when the oldest does. */
  backlog(): Promise<{ waiting: number; oldestSince: number | null }>;

  /** Changed by `before`, and what was to follow from it is not known to be done. */
  unsettled(before: number, limit: number): Promise<ReviewId[]>;
  /** False: it has been changed again since this `rev`. */
  settled(id: ReviewId, rev: number): Promise<boolean>;

  control(moderator: ModeratorId): Promise<OpenControl | null>;
  setControl(moderator: ModeratorId, control: OpenControl | null): Promise<void>;

  /** What was done after `since`, in no order; kept for `ACTS_KEEP_MS`. */
  acts(since: number): Promise<Act[]>;

  /** The newest line; null where there is none. */
  head(): Promise<LogEntry | null>;
  /** False where the head is not what the entry goes on from. */
  append(entry: LogEntry, acts?: readonly Act[]): Promise<boolean>;
  /** Lines below `before`, the newest first. */
  log(before: number | undefined, limit: number): Promise<LogEntry[]>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

const DAY_MS = 24 * 60 * 60 * 1000;
export const WAITING_KEEP_MS = 30 * DAY_MS;
export const DECIDED_KEEP_MS = 7 * DAY_MS;
export const ACTS_KEEP_MS = 7 * DAY_MS;
/** How long what follows from a change is tried, in ms. */
export const UNSETTLED_KEEP_MS = 7 * DAY_MS;
/** Items that wait at once. */
export const WAITING_KEPT = 10_000;

/** When an item is forgotten, ms since 1970. */
export const keptUntil = ({ decided, endsAt }: StoredItem): number =>
  decided === null ? endsAt + WAITING_KEEP_MS : decided.at + DECIDED_KEEP_MS;
