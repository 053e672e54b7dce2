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
  /** Code points of an opened message in a report. */
  openedChars: 4096,
  /** Code points in a room's title, in its message of the day, in a letter of the hole. */
  titleChars: 60,
  motdChars: 280,
  letterChars: 1000,
  /** Code points in a secret, in a comment. */
  secretChars: 500,
  commentChars: 300,
  /** Code points in a question to an ask box, in its answer. */
  questionChars: 300,
  answerChars: 1000,
  /** Words that an ask box mutes, and code points of each. */
  mutedWords: 50,
  mutedWordChars: 40,
  /** Friends that one drifter may have. */
  friends: 500,
  /** Uses of one link into a circle. */
  circleUses: 50,
  /** Bytes of a photo, after it was made smaller. */
  photoBytes: 200_000,
  /** Members a room may have; how many it takes where its creator does not say. */
  capacityMax: 10_000,
  capacity: 1000,
  /** Up to here each coming and going is told; beyond, only how many are in. */
  crowd: 50,
  /** Members and rooms that one answer lists. */
  membersListed: 500,
  roomsListed: 200,
  /** Longest pause that slow mode asks for, in ms. */
  slowModeMaxMs: 60 * 60 * 1000,
  /** Shortest and longest timer of a message, in ms. */
  timerMinMs: 5000,
  timerMaxMs: 24 * 60 * 60 * 1000,
  /** Uses and life of an invite, in ms. */
  inviteUses: 1000,
  inviteMaxMs: 7 * 24 * 60 * 60 * 1000,
  /** Words, and code points of each, that somebody who seeks a partner may name. */
  interests: 5,
  interestChars: 20,
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
