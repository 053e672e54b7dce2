import type { CircleId, PlaceId } from "@driftsea/protocol";
import { list, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import { peopleKey, wordKey } from "./places.keys.ts";
import { ACTIVE_MS, HOUR_MS, WORD_LIFE_MS, hourOf } from "./places.store.ts";
import type { PlaceMark, PlaceStore } from "./places.store.ts";
import type { Word } from "./word.ts";

const SET_WORD = loadScript(import.meta.url, "lua/set-word.lua");
const ENTER = loadScript(import.meta.url, "lua/enter-place.lua");

/** `PlaceStore` on Redis; the contract is written there. */
export class RedisPlaceStore implements PlaceStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async word(me: CircleId): Promise<Word | null> {
    const json = await this.#redis.command("GET", wordKey(this.#redis.prefix, me));
    return json === null ? null : fromJson(text(json));
  }

  async setWord(me: CircleId, before: Word | null, next: Word): Promise<boolean> {
    const args = [before ? toJson(before) : "", toJson(next), WORD_LIFE_MS];
    return (await this.#redis.run(SET_WORD, [wordKey(this.#redis.prefix, me)], args)) === 1;
  }

  async keepWord(me: CircleId): Promise<void> {
    await this.#redis.command("PEXPIRE", wordKey(this.#redis.prefix, me), WORD_LIFE_MS);
  }

  async erase(me: CircleId): Promise<void> {
    await this.#redis.command("DEL", wordKey(this.#redis.prefix, me));
  }

  async enter(place: PlaceId, mark: PlaceMark): Promise<void> {
    await this.#redis.run(
      ENTER,
      [peopleKey(this.#redis.prefix, place)],
      [mark, ACTIVE_MS, HOUR_MS],
    );
  }

  async leave(place: PlaceId, mark: PlaceMark): Promise<void> {
    await this.#redis.command("ZREM", peopleKey(this.#redis.prefix, place), mark);
  }

  async people(place: PlaceId): Promise<number> {
    const { prefix, clock } = this.#redis;
    const from = hourOf(clock.now()) - ACTIVE_MS;
    return whole(await this.#redis.command("ZCOUNT", peopleKey(prefix, place), from, "+inf"));
  }
}

const toJson = ({ named, namedAt, now }: Word): string => JSON.stringify([named, namedAt, now]);

function fromJson(json: string): Word {
  const [named, namedAt, now] = list(JSON.parse(json));
  return {
    named: text(named) as PlaceId,
    namedAt: whole(namedAt),
    now: now === null ? null : (text(now) as PlaceId),
  };
}
