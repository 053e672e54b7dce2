import type { Clock } from "../lib/clock.ts";
import { DomainError } from "../lib/errors.ts";
import { entryAfter } from "./review.log.ts";
import type { LogLine } from "./review.log.ts";
import type { Review } from "./review.ts";
import type { Act, ReviewStore } from "./review.store.ts";

/** Tries of what others come before. */
export const TRIES = 100;

/** Writes a line behind whatever is the last one by then. */
export async function appendLine(
  store: ReviewStore,
  line: LogLine,
  acts: readonly Act[] = [],
): Promise<void> {
  for (let i = 0; i < TRIES; i += 1)
    if (await store.append(entryAfter(await store.head(), line), acts)) return;
  throw new DomainError("unavailable", "the log is written by too many at once");
}

/** Writes lines that are of no item; for the operator's command too, outside the server. */
export function logOf(store: ReviewStore, clock: Clock): Pick<Review, "note"> {
  return {
    note: async (moderator, what) => {
      const at = clock.now();
      const line = { at, moderator, what, item: null, decision: null, reason: null };
      await appendLine(store, line);
    },
  };
}
