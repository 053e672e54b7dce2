import type { CircleId } from "@driftsea/protocol";

/**
 * What belongs to one person of a circle lives in one slot, named by the hash tag `{c:<hash>}`: his
 * friends, and the feed that he reads. Each feature names its suffixes in its own keys file.
 */
export const circleBase = (prefix: string, id: CircleId): string => `${prefix}{c:${id}}`;
