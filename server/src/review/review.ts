import type { DeskDecision, DeskReason } from "@driftsea/protocol";

/** What the desk asks of the review queue: a moderator sees text, and no identity (M2). */

/** Random; not a name. */
export type ModeratorId = string & { readonly __moderator: unique symbol };
export type ReviewId = string & { readonly __review: unique symbol };

/** The most urgent first. */
export const URGENCIES = ["care", "threat", "high", "normal"] as const;
export type Urgency = (typeof URGENCIES)[number];

const BY_REASON: Record<string, Urgency> = {
  "self-harm": "care",
  threat: "threat",
  minor: "threat",
  "personal-data": "high",
  sexual: "high",
  harassment: "high",
};
/** Of what is reported for it. */
export const urgencyOf = (reason: string): Urgency => BY_REASON[reason] ?? "normal";

const REVIEW_KINDS = [
  "bottle",
  "thread",
  "room",
  "secret",
  "comment",
  "letter",
  "title",
  "ask",
] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number];

/** What is looked at. Nothing in it names anybody. */
export interface Subject {
  kind: ReviewKind;
  id: string;
  seq?: number;
  /** Of a thread: whose side is complained of. */
  side?: 0 | 1;
  /** It is not published yet; `id` is whatever its keeper knows it by. */
  isHeld?: true;
}

export interface ReviewItem {
  id: ReviewId;
  kind: ReviewKind;
  /** As it stood, in order: what it answers where that is needed, the thing itself last. */
  texts: string[];
  reasons: { reason: string; count: number }[];
  notes: string[];
  urgency: Urgency;
  /** When it came into the queue, ms since 1970. */
  since: number;
  /** Hidden pending review, still shown, or not published yet. */
  state: "hidden" | "shown" | "held";
  /** Reported out of an encrypted room: nothing but the reporter's word says that it was sent. */
  isUnverified: boolean;
  appeal: string | null;
  /** Somebody else has said that it should go for good, and a second is asked for. */
  needsSecond: boolean;
}

/** `keep` shows it again, or publishes what was held. */
export type Decision = DeskDecision;
export type DecisionReason = DeskReason;

/** `gone`: decided already, by somebody else or by this moderator, or no such thing. */
export type Decided = "done" | "second_needed" | "gone";

export interface Figures {
  waiting: number;
  oldestSince: number | null;
  /** In ms; null where nothing was decided. Over the last 7 days, as all that follows. */
  medianToDecision: number | null;
  p90ToDecision: number | null;
  decided: number;
  /** Shares from 0 to 1; null where there is nothing to divide by. */
  agreement: number | null;
  overturned: number | null;
  byModerator: {
    moderator: ModeratorId;
    decided: number;
    controlsRight: number;
    controls: number;
  }[];
}

export interface LogEntry {
  seq: number;
  at: number;
  moderator: ModeratorId | null;
  what: string;
  item: ReviewId | null;
  decision: string | null;
  reason: string | null;
  /** Of the entry before; SHA-256, base64url. */
  previous: string;
  hash: string;
}

export interface Review {
  /**
   * The most urgent first, then the oldest; without those that this moderator has decided. Control
   * items stand among them unmarked.
   */
  queue(moderator: ModeratorId, limit: number): Promise<ReviewItem[]>;
  decide(
    moderator: ModeratorId,
    id: ReviewId,
    decision: Decision,
    reason: DecisionReason,
  ): Promise<Decided>;
  figures(): Promise<Figures>;
  /** Append-only, chained by hashes; the newest first. `before` is a `seq`. */
  log(before: number | undefined, limit: number): Promise<LogEntry[]>;
  /** Puts a line of the desk itself (signing in, an account made or ended) into the log. */
  note(moderator: ModeratorId | null, what: string): Promise<void>;
}
