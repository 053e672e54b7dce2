import type { CircleId, PlaceId } from "@driftsea/protocol";
import { circleBase } from "../redis/circle-slot.ts";
import { placeBase } from "../redis/place-slot.ts";

/** What somebody has said of where he is. */
export const wordKey = (prefix: string, me: CircleId): string => `${circleBase(prefix, me)}:place`;
/** Who is active in a place, by marks. */
export const peopleKey = (prefix: string, place: PlaceId): string =>
  `${placeBase(prefix, place)}:people`;
