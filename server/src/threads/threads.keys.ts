import type { DrifterId, ThreadId } from "@driftsea/protocol";
import { drifterBase } from "../redis/drifter-slot.ts";

/** Keys of a thread, in the order in which its scripts take them: meta, log, writes by turns. */
export function threadKeys(prefix: string, id: ThreadId): [string, string, string, string] {
  const base = `${prefix}{t:${id}}`;
  return [`${base}:meta`, `${base}:log`, `${base}:writes0`, `${base}:writes1`];
}

export const threadsKey = (prefix: string, drifter: DrifterId): string =>
  `${drifterBase(prefix, drifter)}:threads`;
