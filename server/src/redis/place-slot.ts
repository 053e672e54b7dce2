import type { PlaceId } from "@driftsea/protocol";

/**
 * What belongs to one place lives in one slot, named by the hash tag `{pl:<id>}`: who is active there,
 * and what drifts there. Each feature names its suffixes in its own keys file.
 */
export const placeBase = (prefix: string, place: PlaceId): string => `${prefix}{pl:${place}}`;
