/** How long the record of a write lives at least, in ms: longer than any client retries. */
export const WRITE_RECORD_MS = 24 * 60 * 60 * 1000;
