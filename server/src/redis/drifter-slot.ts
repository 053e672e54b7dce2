import type { DrifterId } from "@driftsea/protocol";

/**
 * What belongs to one drifter lives in one slot, named by the hash tag `{d:<hash>}`. Each feature
 * that keeps something there names its suffixes in its own keys file. See docs/keyspace.md.
 */
export const drifterBase = (prefix: string, drifter: DrifterId): string =>
  `${prefix}{d:${drifter}}`;

/** The list of his threads, which lives as long as his session. */
export const threadsKey = (prefix: string, drifter: DrifterId): string =>
  `${drifterBase(prefix, drifter)}:threads`;
