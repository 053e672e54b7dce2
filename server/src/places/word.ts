import type { PlaceId } from "@driftsea/protocol";
import type { PlaceCatalogue } from "./place-catalogue.ts";

/** Where one is may be said anew after so long, in ms. */
const SAY_AGAIN_MS = 60 * 60 * 1000;

/** What a drifter has said of where he is. */
export interface Word {
  /** The place that he named, and when, ms since 1970: for an hour no other counts. */
  named: PlaceId;
  namedAt: number;
  /** Where he says that he is: that place or one that it lies in; null for nowhere. */
  now: PlaceId | null;
}

/** What becomes of a word when a place is named, or how long it has to wait, in ms (F12). */
export function say(
  before: Word | null,
  place: PlaceId,
  at: number,
  catalogue: PlaceCatalogue,
): Word | { retryAfterMs: number } {
  if (before?.now === place) return before;
  const waitMs = before ? before.namedAt + SAY_AGAIN_MS - at : 0;
  if (!before || waitMs <= 0) return { named: place, namedAt: at, now: place };
  const isAround = catalogue.path(before.named).includes(place);
  return isAround ? { ...before, now: place } : { retryAfterMs: waitMs };
}
