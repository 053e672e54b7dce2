/** What came within a window of time, in all processes. */
export interface Crowd {
  /** New sessions that were asked for, and whoever was turned away before he could ask. */
  newcomers: number;
  throws: number;
}

/** What the processes share about puzzles. Each method may reject with StoreUnavailable. */
export interface PuzzleStore {
  /**
   * The secret of a day: `fresh` for all processes where there was none, else the one that there is.
   * Kept for `SECRET_KEEP_MS` from then.
   */
  secret(day: number, fresh: string): Promise<string>;

  /**
   * Notes that a puzzle was solved, for `keepMs`. True for who came first, and for him again, by
   * the same `by`; of any number at once, all others are told false.
   */
  spend(nonce: string, by: string, keepMs: number): Promise<boolean>;

  /** Adds to what came within a window; the sum of that one and of the one before. */
  tally(window: number, more: Crowd): Promise<{ now: Crowd; before: Crowd }>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

/** Longer than the day that it is for, and its last puzzles, in ms. */
export const SECRET_KEEP_MS = 48 * 60 * 60 * 1000;

/** How long the count of a window is kept, in ms; longer than it and the next one last. */
export const TALLY_KEEP_MS = 60 * 1000;
