/** How long the record of a write lives at least, in ms: longer than any client retries. */
export const WRITE_RECORD_MS = 24 * 60 * 60 * 1000;

/** Whether a write is remembered yet: until the turn after the one in which it was made is over. */
export const isRecorded = (at: number, now: number): boolean =>
  Math.floor(at / WRITE_RECORD_MS) >= Math.floor(now / WRITE_RECORD_MS) - 1;
