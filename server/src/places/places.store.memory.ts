import type { CircleId, PlaceId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { ACTIVE_MS, WORD_LIFE_MS, hourOf } from "./places.store.ts";
import type { PlaceMark, PlaceStore } from "./places.store.ts";
import type { Word } from "./word.ts";

/** `PlaceStore` in this process; the contract is written there. */
export class MemoryPlaceStore implements PlaceStore {
  readonly #clock: Clock;
  readonly #words = new Map<CircleId, { word: Word; keptUntil: number }>();
  /** When each mark was last put there, to the hour. */
  readonly #people = new Map<PlaceId, Map<PlaceMark, number>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async word(me: CircleId): Promise<Word | null> {
    return this.#word(me);
  }

  #word(me: CircleId): Word | null {
    const kept = this.#words.get(me);
    return kept && kept.keptUntil > this.#clock.now() ? kept.word : null;
  }

  async setWord(me: CircleId, before: Word | null, next: Word): Promise<boolean> {
    const word = this.#word(me);
    const isSame =
      word?.named === before?.named &&
      word?.namedAt === before?.namedAt &&
      word?.now === before?.now;
    if (isSame) this.#words.set(me, { word: next, keptUntil: this.#clock.now() + WORD_LIFE_MS });
    return isSame;
  }

  async keepWord(me: CircleId): Promise<void> {
    const word = this.#word(me);
    if (word) this.#words.set(me, { word, keptUntil: this.#clock.now() + WORD_LIFE_MS });
  }

  async erase(me: CircleId): Promise<void> {
    this.#words.delete(me);
  }

  async enter(place: PlaceId, mark: PlaceMark): Promise<void> {
    const there = this.#people.get(place) ?? new Map<PlaceMark, number>();
    this.#people.set(place, there);
    there.set(mark, hourOf(this.#clock.now()));
  }

  async leave(place: PlaceId, mark: PlaceMark): Promise<void> {
    this.#people.get(place)?.delete(mark);
  }

  async people(place: PlaceId): Promise<number> {
    const from = hourOf(this.#clock.now()) - ACTIVE_MS;
    const there = [...(this.#people.get(place)?.values() ?? [])];
    return there.filter((hour) => hour >= from).length;
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const [me, { keptUntil }] of this.#words) if (keptUntil <= now) this.#words.delete(me);
    for (const [place, there] of this.#people) {
      for (const [mark, hour] of there) if (hour < hourOf(now) - ACTIVE_MS) there.delete(mark);
      if (there.size === 0) this.#people.delete(place);
    }
  }
}
