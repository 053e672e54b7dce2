import type { DrifterId, WriteId } from "@driftsea/protocol";

/** Throws and catches, questions to ask boxes, ask boxes made, and what one does in the feed. */
export const QUOTA_FUNCTIONS = [
  "throws",
  "catches",
  "questions",
  "boxes",
  "secrets",
  "comments",
  "hearts",
  "photos",
  "invites",
] as const;
export type QuotaFunction = (typeof QUOTA_FUNCTIONS)[number];

export interface Reservation {
  /** "again": this write has taken one before, and takes none now. */
  outcome: "taken" | "again" | "exceeded";
  /** Taken in this window, after this call. */
  used: number;
  /** End of the window, ms since 1970. */
  resetsAt: number;
  /** Until when catches bring up creatures only, ms since 1970; 0 for not (B13). */
  closedUntil: number;
}

/** What is taken in the running window; `resetsAt` is 0 while none runs. */
export interface Usage {
  used: number;
  resetsAt: number;
}

/**
 * A drifter's allowances: what he took today (B2), and the leases that he let lapse in a row (B13).
 * Every method is one atomic change. A window begins with its first use; a time counts from its
 * instant on. Each may reject with StoreUnavailable.
 */
export interface QuotaStore {
  /** Takes one unless `limit` are taken, however many ask at once. A write id takes only once. */
  reserve(
    drifter: DrifterId,
    name: QuotaFunction,
    options: { limit: number; windowMs: number; writeId?: WriteId },
  ): Promise<Reservation>;

  /** Gives back what a reservation took and forgets its write; a later window is left as it is. */
  refund(
    drifter: DrifterId,
    name: QuotaFunction,
    reservation: Reservation,
    writeId?: WriteId,
  ): Promise<void>;

  usage(drifter: DrifterId, name: QuotaFunction): Promise<Usage>;

  /**
   * One more lapse in a row, counted once a key. At `limit` in a row the catches are closed for
   * `closeMs` and the row begins anew; the answer is then until when, also to whoever asks again by that
   * key, and otherwise null. A row ends `ROW_MS` after its last lapse.
   */
  lapse(
    drifter: DrifterId,
    key: string,
    options: { limit: number; closeMs: number },
  ): Promise<number | null>;

  /** He answered or threw back: the row of lapses is broken. */
  behaved(drifter: DrifterId): Promise<void>;

  erase(drifter: DrifterId): Promise<void>;

  /** Forgets what has ended, where the store does not by itself; every method compares anyway. */
  sweep?(): void;
}

/** A row of lapses is forgotten so long after its last one, in ms. */
export const ROW_MS = 7 * 24 * 60 * 60 * 1000;
