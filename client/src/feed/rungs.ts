import type { Place, PlaceId } from "@driftsea/protocol";

export interface Rung {
  place: Place;
  /** How many places it lies in. */
  depth: number;
}

/** Each place below the one in which it lies, in the operator's order. */
export function laidOut(all: readonly Place[], parent?: PlaceId, depth = 0): Rung[] {
  return all
    .filter((place) => place.parent === parent)
    .flatMap((place) => [{ place, depth }, ...laidOut(all, place.id, depth + 1)]);
}
