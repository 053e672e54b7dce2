import type { Puzzle } from "./entities.ts";

/**
 * Why a command was refused. One of three vocabularies: a reply's error (here), a refused or ended
 * connection (`disconnect.ts`), and the end of one thing (the `reason` of an event).
 * `retryable` says whether the same command may succeed later without being changed.
 */
export const ERROR_CODES = {
  /** The payload has the wrong form; `fields` names each fault. */
  invalid: { retryable: false },
  /** The session is not, or no longer, known. */
  unauthorized: { retryable: false },
  /** Known, but not allowed. */
  forbidden: { retryable: false },
  /** No such command or resource. */
  not_found: { retryable: false },
  /** It existed and has ended, or it never did: the two look alike. */
  gone: { retryable: false },
  /** The write contradicts one that was already made. */
  conflict: { retryable: false },
  /** The day's allowance is used up; `retryAfterMs` says when it is back. */
  quota_exceeded: { retryable: true },
  /** Too fast; `retryAfterMs` says when to go on. */
  rate_limited: { retryable: true },
  /** Kept back until a person has looked at it. */
  held_for_review: { retryable: false },
  /** Refused for safety; `fields.marks` says where. */
  rejected: { retryable: false },
  /** May be sent again with a confirmation. */
  confirmation_needed: { retryable: false },
  /** No room left in it. */
  full: { retryable: true },
  /** Closed to newcomers for now. */
  locked: { retryable: true },
  /** The store is away. Nothing is known to be written; the same id may be sent again. */
  unavailable: { retryable: true },
  /** A fault of the server. `message` carries a correlation id and nothing else. */
  internal: { retryable: true },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** What may stand beside a code. */
export interface ErrorDetails {
  /** Time after which the command may be tried again, in ms. */
  retryAfterMs?: number;
  /** Name of a payload's field → what is wrong with it. */
  fields?: Record<string, string>;
  /** With `confirmation_needed`: to be solved and sent with the same command, under the same id. */
  puzzle?: Puzzle;
}

export interface WireError extends ErrorDetails {
  code: ErrorCode;
  /** For a developer; a client speaks to people by `code`. */
  message: string;
  retryable: boolean;
}

/** The answer to every command. */
export type Reply<T> = { ok: true; data: T } | { ok: false; error: WireError };
