import type { Puzzle } from "./entities.ts";

/**
 * Why a connection was refused (`connect_error`, in `data.code`).
 * A client reconnects by itself after `overloaded` only; all others need something to change first.
 */
export const REFUSALS = {
  /** The token is unknown, expired or malformed: drop it and connect without one. */
  unauthorized: { reconnect: false },
  /** The protocol's version is not spoken here: load the page again. */
  protocol_unsupported: { reconnect: false },
  /** Barred for `retryAfterMs`. */
  banned: { reconnect: false },
  /** Solve `puzzle` and connect again. */
  puzzle_required: { reconnect: false },
  /** Too much at once, or the store is away: try again after `retryAfterMs`. */
  overloaded: { reconnect: true },
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** `data` of a `connect_error`. */
export interface Refusal {
  code: RefusalCode;
  retryAfterMs?: number;
  /** With `puzzle_required`. */
  puzzle?: Puzzle;
}
