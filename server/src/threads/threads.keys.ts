import type { ThreadId } from "@driftsea/protocol";

/** Keys of a thread, in the order in which its scripts take them: meta, log, writes by turns. */
export function threadKeys(prefix: string, id: ThreadId): [string, string, string, string] {
  const base = `${prefix}{t:${id}}`;
  return [`${base}:meta`, `${base}:log`, `${base}:writes0`, `${base}:writes1`];
}
