import type { CircleId, PlaceId } from "@driftsea/protocol";
import type { Word } from "./word.ts";

/** Stands for one person in one place; nothing that is stored leads from it to a person. */
export type PlaceMark = string;

/**
 * What people have said of where they are, and how many are active in a place. A word lies with the
 * person who gave it; a place knows only marks, each of which counts for `ACTIVE_MS` from the hour in
 * which it was last put there. Each method is one atomic change or reading in one slot. Each may
 * reject with StoreUnavailable.
 */
export interface PlaceStore {
  word(me: CircleId): Promise<Word | null>;
  /** Where his word is still `before`. False: it is another by now, and nothing is changed. */
  setWord(me: CircleId, before: Word | null, next: Word): Promise<boolean>;
  /** He is here: his word lives `WORD_LIFE_MS` from now. */
  keepWord(me: CircleId): Promise<void>;
  erase(me: CircleId): Promise<void>;

  /** Safe to repeat; one mark counts once. */
  enter(place: PlaceId, mark: PlaceMark): Promise<void>;
  leave(place: PlaceId, mark: PlaceMark): Promise<void>;
  /** How many are active in a place, those left out who did no more than come in `ACTIVE_MS` ago. */
  people(place: PlaceId): Promise<number>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

/** A word is forgotten when he who gave it has not been here for so long, in ms. */
export const WORD_LIFE_MS = 7 * 24 * 60 * 60 * 1000;
/** Who said it, or was here, within this is active there, in ms. */
export const ACTIVE_MS = 24 * 60 * 60 * 1000;
/** That somebody is active is noted to the hour, in ms: a finer time would lead from place to place. */
export const HOUR_MS = 60 * 60 * 1000;

export const hourOf = (at: number): number => at - (at % HOUR_MS);
