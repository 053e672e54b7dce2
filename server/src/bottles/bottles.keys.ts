import type { DrifterId, SeaId } from "@driftsea/protocol";

/**
 * A sea lives in one slot, named by the hash tag `{b:<sea>:0}` (0 is its only shard). Its scripts
 * build their further keys from this base: bottle:<id>, w<class>, timers, outbox, own:<drifter>,
 * seen:<drifter>, holding:<drifter>, node:<node>, write:<drifter>:<id>. See docs/keyspace.md.
 */
export const seaBase = (prefix: string, sea: SeaId): string => `${prefix}{b:${sea}:0}`;
export const bottleKey = (base: string, id: string): string => `${base}:bottle:${id}`;
export const outboxKey = (base: string): string => `${base}:outbox`;
export const arrayKey = (base: string, weightClass: number): string => `${base}:w${weightClass}`;
export const seenKey = (base: string, drifter: DrifterId): string => `${base}:seen:${drifter}`;
/** Seas of places in which something may lie, and until when. */
export const usedKey = (prefix: string): string => `${prefix}{seas}:used`;
