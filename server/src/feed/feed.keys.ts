import type { CircleId, PlaceId, SecretId } from "@driftsea/protocol";
import { circleBase } from "../redis/circle-slot.ts";
import { placeBase } from "../redis/place-slot.ts";

const NAMES = ["post", "marks", "comments", "photo", "was"] as const;

/** Keys of a secret, in the order in which its scripts take them. */
export const secretKeys = (prefix: string, id: SecretId): string[] =>
  NAMES.map((name) => `${prefix}{p:${id}}:${name}`);

const keysBelow = (base: string): string[] =>
  ["due", "feed", "hidden", "muted", "arrived", "blocks"].map((name) => `${base}:${name}`);

/** Keys of a reader's feed, in the order in which its scripts take them. */
export const feedKeys = (prefix: string, reader: CircleId): string[] =>
  keysBelow(circleBase(prefix, reader));
/** The same of a place's, in which nothing is hidden or muted. */
export const placeFeedKeys = (prefix: string, place: PlaceId): string[] =>
  keysBelow(placeBase(prefix, place));
/** What a process still has to bring to this person's circle. */
export const errandsKey = (prefix: string, me: CircleId): string =>
  `${circleBase(prefix, me)}:errands`;

/** With whom errands lie. */
export const errandIndexKey = (prefix: string): string => `${prefix}{feed}:errands`;
export const worldKey = (prefix: string): string => `${prefix}{feed}:world`;
export const worldArrivalsKey = (prefix: string): string => `${prefix}{feed}:arrived`;
