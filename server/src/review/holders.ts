import type { DrifterId, Events } from "@driftsea/protocol";
import type { ReviewKind, Subject } from "./review.ts";

/** What an author is told of a review. */
export type Verdict = "item:hidden" | "item:restored" | "item:removed";

/**
 * How a kind of thing is taken out of sight and brought back, by whoever keeps it. Every method is safe
 * to repeat, and does nothing where the thing is not there any more.
 */
export interface Holder {
  /** False: it is between two, or too much; it is looked at where it is. */
  canHide(subject: Subject): boolean;
  /** Out of everybody's sight within a second. */
  hide(subject: Subject): Promise<void>;
  /** Back, under its original deadline. */
  restore(subject: Subject): Promise<void>;
  /** For good. */
  remove(subject: Subject): Promise<void>;
  /** Null where nobody knows, or he is here no more. */
  author(subject: Subject): Promise<DrifterId | null>;
  /** Where nobody knows who it was: tells whoever holds its key. */
  tell?<V extends Verdict>(subject: Subject, verdict: V, payload: Events[V]): Promise<void>;
}

export type Holders = Partial<Record<ReviewKind, Holder>>;
