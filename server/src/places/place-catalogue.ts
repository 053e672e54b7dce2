import { PLACE_ID } from "@driftsea/protocol";
import type { Place, PlaceId } from "@driftsea/protocol";

/** A place with fewer active people is not shown by itself (F12). */
export const PLACE_MIN_PEOPLE = 20;
export const PLACES_MAX = 1000;
/** A place and its ancestors together, at most: each of them is counted when one of them is asked for. */
export const PLACE_DEPTH_MAX = 8;

/** The operator's list of places: which there are, and which lies in which (F12). */
export class PlaceCatalogue {
  readonly places: readonly Place[];
  readonly #byId: ReadonlyMap<PlaceId, Place>;

  /** Of a list without fault. */
  constructor(places: readonly Place[]) {
    this.places = places;
    this.#byId = new Map(places.map((place) => [place.id, place]));
  }

  get(id: string): Place | undefined {
    return this.#byId.get(id as PlaceId);
  }

  /** Itself, then what it lies in, upward; nothing where there is no such place. */
  path(id: PlaceId): PlaceId[] {
    const place = this.#byId.get(id);
    if (!place) return [];
    return place.parent === undefined ? [id] : [id, ...this.path(place.parent)];
  }
}

/** What is wrong with a list of places; the first fault in words, or null. */
export function faultOfPlaces(places: readonly Place[], taken: readonly string[]): string | null {
  if (places.length > PLACES_MAX) return `names ${places.length} places; at most ${PLACES_MAX}`;
  const byId = new Map(places.map((place) => [place.id, place]));
  for (const { id, parent } of places) {
    if (taken.includes(id)) return `the place ${id} is a sea as well; every place has its own`;
    if (parent !== undefined && !byId.has(parent))
      return `the place ${id} lies in ${parent}, which is not in the list`;
  }
  if (byId.size < places.length) {
    const twice = places.find((place) => byId.get(place.id) !== place)!;
    return `the place ${twice.id} is named twice`;
  }
  for (const { id } of places) {
    const seen = new Set<PlaceId>();
    for (let at: PlaceId | undefined = id; at !== undefined; at = byId.get(at)!.parent) {
      if (seen.has(at)) return `the place ${at} lies in itself`;
      seen.add(at);
    }
    if (seen.size > PLACE_DEPTH_MAX)
      return `the place ${id} lies ${seen.size} deep; at most ${PLACE_DEPTH_MAX}`;
  }
  return null;
}

const isTitle = (value: unknown): value is string =>
  typeof value === "string" && value.trim() !== "" && value.length <= 40;

/** Null where it has not the form of a list of places. */
export function readPlaces(list: unknown): Place[] | null {
  if (!Array.isArray(list)) return null;
  const places: Place[] = [];
  for (const entry of list as unknown[]) {
    const { id, title, parent } = (entry ?? {}) as Record<"id" | "title" | "parent", unknown>;
    const { en, zh } = (title ?? {}) as { en?: unknown; zh?: unknown };
    if (typeof id !== "string" || !PLACE_ID.test(id)) return null;
    if (!isTitle(en) || !isTitle(zh)) return null;
    if (parent !== undefined && (typeof parent !== "string" || !PLACE_ID.test(parent))) return null;
    places.push({
      id: id as PlaceId,
      title: { en, zh },
      ...(parent === undefined ? {} : { parent: parent as PlaceId }),
    });
  }
  return places;
}
