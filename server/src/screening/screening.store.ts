/** What became of a text that somebody is to look at. */
export type HeldState = "waiting" | "allowed" | "refused";
/** Keyed hash of a writer's mask and what he wrote: who has neither can make nothing of it. */
export type HeldMark = string;

/**
 * What several processes must know of texts that were screened: never a text, and of its writer nothing
 * that is found anywhere else. Each method may reject with StoreUnavailable.
 */
export interface ScreeningStore {
  /** The key under which texts are made unrecognisable: random, made by whoever comes first, another each day. */
  key(): Promise<string>;

  /**
   * Notes that something was written, by the bands of its text (`bandsOf`), and answers by how many others
   * something nearly the same was, within `NEAR_WINDOW_MS` or a little longer. Nearly the same shares
   * `NEAR_BANDS` bands. The same text of the same writer is answered as it was the first time; what he
   * only varies is one with it. Atomic. `writer` is secret, and is kept as a hash that differs for each text.
   * @param isKept False: it is compared, and not noted.
   */
  note(bands: readonly string[], writer: string, isKept?: boolean): Promise<number>;

  /**
   * What became of a text. "new": nothing is known of it, and the caller puts it before people and then
   * says so by `waits`; meanwhile it is "waiting" for everybody else, for `CLAIM_MS` at most.
   */
  claim(mark: HeldMark): Promise<HeldState | "new">;
  /** The same, and nothing is begun by asking. */
  stateOf(mark: HeldMark): Promise<HeldState | null>;
  /** It lies before people, for `HELD_MS`. */
  waits(mark: HeldMark): Promise<void>;
  /** They have decided; kept for `HELD_MS`. */
  decide(mark: HeldMark, state: Exclude<HeldState, "waiting">): Promise<void>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

/** The window is made of so many parts; what is in the oldest goes at once. */
export const NEAR_PARTS = 6;
export const NEAR_PART_MS = 2 * 60 * 1000;
/** Something is nearly the same for so long, in ms. */
export const NEAR_WINDOW_MS = (NEAR_PARTS - 1) * NEAR_PART_MS;
/** Bands that two texts share to be nearly the same. */
export const NEAR_BANDS = 2;
/** Texts that one band remembers in one part: more change no verdict. */
export const NEAR_CAP = 8;
/** Letters of the random name of a noted text. */
export const NOTE_CHARS = 8;
export const KEY_MS = 24 * 60 * 60 * 1000;
export const CLAIM_MS = 30_000;
export const HELD_MS = 7 * 24 * 60 * 60 * 1000;
