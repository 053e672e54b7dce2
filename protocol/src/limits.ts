/** Bounds that both sides check; the server tells them again in `session:ready`. */
export const LIMITS = {
  /** Code points in a bottle, after what is invisible was taken out. */
  bottleChars: 1000,
  /** Code points in a message of a thread. */
  messageChars: 1000,
  /** Line breaks in a text. */
  lineBreaks: 20,
  /** Code points in the note of a report. */
  noteChars: 500,
  /** Finders that one bottle may have. */
  finders: 5,
  /** Shortest and longest life of a bottle, in ms. */
  lifetimeMinMs: 60 * 60 * 1000,
  lifetimeMaxMs: 7 * 24 * 60 * 60 * 1000,
  /** How far ahead a bottle may be sealed, in ms. */
  sealMaxMs: 365 * 24 * 60 * 60 * 1000,
  /** Counts of people or bottles below this are shown as "few". */
  few: 5,
} as const;

export type Limits = typeof LIMITS;

/** A count that others see: exact from `LIMITS.few` on. */
export type PublicCount = number | "few";

export function publicCount(count: number): PublicCount {
  return count < LIMITS.few ? "few" : count;
}
