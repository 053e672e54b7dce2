import type { DrifterId, Letter, WriteId } from "@driftsea/protocol";

export type LetterId = Letter["id"];

export interface NewLetter {
  id: LetterId;
  writer: DrifterId;
  writeId: WriteId;
  text: string;
}

export interface StoredLetter {
  id: LetterId;
  text: string;
  /** ms since 1970. */
  writtenAt: number;
}

/** Out of the draw pending review, in it again at its old place, or gone for good. */
export type Veil = "hide" | "restore" | "remove";

/** The letters between two silences. */
export interface Wall {
  /** When its first letter was written: no two walls share it. */
  beganAt: number;
  /** From this instant on there is nothing. */
  deadlineAt: number;
  /** Those that can be drawn; 0 where all are hidden. */
  letters: number;
}

/** What the hole holds, and when it was looked at, in the store's clock. */
export interface HoleReading {
  at: number;
  /** Null where there is no letter. */
  wall: Wall | null;
}

/** How long the hole lasts and what it keeps. */
export interface HoleRules {
  /** The wall ends this long after its newest letter, in ms. */
  silenceMs: number;
  /** Letters beyond this let the oldest go. */
  lettersKept: number;
  /** A writer's letters beyond this let his own oldest go: he cannot push out the others'. */
  lettersAWriter: number;
  /** At least `lettersKept`. Records of writes beyond this let the oldest go: whoever floods is bounded. */
  recordsKept: number;
}

/**
 * The tree hole: one wall of letters, numbered in the order in which they were written. Every method
 * is one atomic change or reading. From a wall's `deadlineAt` on no method sees it, whether or not it
 * was deleted; a store that outlives its servers deletes it by itself within `WIPE_SLACK_MS`.
 * The record of a write lives as long as its letter and at least `WRITE_RECORD_MS`, a wipe included;
 * it is a hash and holds no text. Only `erase` and `recordsKept` take it earlier.
 * Each method may reject with StoreUnavailable; all are safe to repeat.
 */
export interface HoleStore {
  status(): Promise<HoleReading>;

  /**
   * Writes a letter and begins the countdown again, once a writer and write id: again, also after its
   * letter has gone, changes nothing. What is left of a wall that has ended is deleted first.
   */
  write(
    letter: NewLetter,
    rules: HoleRules,
  ): Promise<{ outcome: "new" | "again"; reading: HoleReading }>;

  /**
   * The letter at `draw`, uniform in [0, 1), of the wall in the order of writing; null where there is
   * none. Costs O(log n) at most: the same for ten letters and for ten thousand.
   */
  draw(draw: number): Promise<StoredLetter | null>;

  /** What a letter says and whose it is, to whoever knows its id; null where it is not there. */
  written(id: LetterId): Promise<{ text: string; writer: DrifterId; isHidden: boolean } | null>;

  /** Nothing where it is not there, or is so already. The countdown goes on. */
  veil(id: LetterId, veil: Veil): Promise<HoleReading>;

  /** Takes out a drifter's letters and their records. The countdown goes on while others have some. */
  erase(drifter: DrifterId): Promise<HoleReading>;

  /** Deletes a wall that has ended. Of all who ask, one at most is told "wiped". */
  tend(): Promise<"wiped" | "quiet">;
}

/** How much later than its deadline a wall goes where nobody tends it, in ms. */
export const WIPE_SLACK_MS = 1000;
