const HOUR_MS = 60 * 60 * 1000;

/**
 * To what, in ms, it is kept when somebody was first here, so that it does not say which other record was made then:
 * an hour, or less where `periodMs`, within which it matters, has fewer than `slots` of them.
 */
export const slotOf = (periodMs: number, slots: number): number =>
  Math.max(1, Math.min(HOUR_MS, Math.floor(periodMs / slots)));
