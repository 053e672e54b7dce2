import { DESK_URGENCIES } from "@driftsea/protocol";
import type {
  DeskDecision,
  DeskFigures,
  DeskItem,
  DeskLogEntry,
  DeskReason,
  DeskVerbs,
} from "@driftsea/protocol";

/** What the desk asks of the review queue: a moderator sees text, and no identity (M2). */

/** Random; not a name. */
export type ModeratorId = string & { readonly __moderator: unique symbol };
export type ReviewId = string & { readonly __review: unique symbol };

export type Urgency = DeskItem["urgency"];
/** The most urgent first. */
export const URGENCIES = DESK_URGENCIES;

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

export type ReviewKind = DeskItem["kind"];

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

export type ReviewItem = Omit<DeskItem, "id"> & { id: ReviewId };
/** `keep` shows it again, or publishes what was held. */
export type Decision = DeskDecision;
export type DecisionReason = DeskReason;
/** `gone`: decided already, by somebody else or by this moderator, or no such thing. */
export type Decided = DeskVerbs["decide"]["data"]["outcome"];

/** As the desk shows them, but for the names: those it alone knows. */
export type Figures = Omit<DeskFigures, "byModerator"> & {
  byModerator: (Omit<DeskFigures["byModerator"][number], "name"> & { moderator: ModeratorId })[];
};
export type LogEntry = Omit<DeskLogEntry, "name" | "item"> & {
  moderator: ModeratorId | null;
  item: ReviewId | null;
  /** Of the entry before; SHA-256, base64url. */
  previous: string;
};

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
