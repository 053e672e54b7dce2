import type { Clock } from "../lib/clock.ts";
import { DomainError } from "../lib/errors.ts";
import { entryAfter } from "./review.log.ts";
import type { Review } from "./review.ts";
import type { ReviewStore } from "./review.store.ts";

/** Tries of a line that others come before. */
const TRIES = 100;

/** Writes into the log from outside the server: for a command of the operator. */
export function logOf(store: ReviewStore, clock: Clock): Pick<Review, "note"> {
  return {
    note: async (moderator, what) => {
      const at = clock.now();
      const line = { at, moderator, what, item: null, decision: null, reason: null };
      for (let i = 0; i < TRIES; i += 1)
        if (await store.append(entryAfter(await store.head(), line))) return;
      throw new DomainError("unavailable", "the log is written by too many at once");
    },
  };
}
