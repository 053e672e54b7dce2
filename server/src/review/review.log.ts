import { sha256 } from "../lib/sha256.ts";
import type { LogEntry } from "./review.ts";

export type LogLine = Omit<LogEntry, "seq" | "previous" | "hash">;

/** The hash before the first. */
const BEGINNING = "";

/** A line behind the head: its hash covers its content and, by the hash before it, all that came earlier. */
export function entryAfter(head: LogEntry | null, line: LogLine): LogEntry {
  const { at, moderator, what, item, decision, reason } = line;
  const whole = {
    seq: (head?.seq ?? 0) + 1,
    at,
    moderator,
    what,
    item,
    decision,
    reason,
    previous: head?.hash ?? BEGINNING,
  };
  return { ...whole, hash: hashOf(whole) };
}

function hashOf(entry: Omit<LogEntry, "hash">): string {
  const { seq, at, moderator, what, item, decision, reason, previous } = entry;
  return sha256(JSON.stringify([previous, seq, at, moderator, what, item, decision, reason]));
}

/**
 * The `seq` of the first line that was changed, or before which one was taken out or put in; null where
 * all is as it was written. `entries` are in order. Where the log does not begin with the first line,
 * what came before is taken on trust; that its end was not cut off, only somebody can tell who knows a
 * later hash.
 */
export function verifyLog(entries: readonly LogEntry[]): number | null {
  let before: LogEntry | null = null;
  for (const entry of entries) {
    const follows: boolean = before
      ? entry.previous === before.hash && entry.seq === before.seq + 1
      : entry.seq !== 1 || entry.previous === BEGINNING;
    if (!follows || entry.hash !== hashOf(entry)) return entry.seq;
    before = entry;
  }
  return null;
}
