import type { DrifterId, SeaId } from "@driftsea/protocol";

/**
 * A sea lives in one slot, named by the hash tag `{b:<sea>:0}` (0 is its only shard). Its scripts
 * build their further keys from this root, and what floats from a base that is the root with the number
 * of silences behind it: bottle:<id>, w<class>, timers, own:<drifter>, seen:<drifter>,
 * holding:<drifter>, node:<node>. See docs/keyspace.md.
 */
export const seaRoot = (prefix: string, sea: SeaId): string => `${prefix}{b:${sea}:0}`;
export const outboxKey = (root: string): string => `${root}:outbox`;
/** After the base. */
export const bottleSuffix = (id: string): string => `:bottle:${id}`;
export const seenSuffix = (drifter: DrifterId): string => `:seen:${drifter}`;
/** Seas of places in which something may lie, and until when. */
export const usedKey = (prefix: string): string => `${prefix}{seas}:used`;
