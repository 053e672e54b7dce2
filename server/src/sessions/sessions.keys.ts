import type { DrifterId } from "@driftsea/protocol";
import { drifterBase } from "../redis/drifter-slot.ts";

/** Keys of a session, in the order in which its scripts take them. */
export function sessionKeys(prefix: string, drifter: DrifterId): [string, string, string] {
  const base = drifterBase(prefix, drifter);
  return [`${base}:session`, `${base}:inbox`, `${base}:noticed`];
}
