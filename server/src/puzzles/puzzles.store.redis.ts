import { list, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import { loadKey, secretKey, spentKey } from "./puzzles.keys.ts";
import { SECRET_KEEP_MS, TALLY_KEEP_MS } from "./puzzles.store.ts";
import type { Crowd, PuzzleStore } from "./puzzles.store.ts";

const KEEP_FIRST = loadScript(import.meta.url, "lua/keep-first.lua");
const TALLY = loadScript(import.meta.url, "lua/tally-crowd.lua");

/** `PuzzleStore` on Redis; the contract is written there. */
export class RedisPuzzleStore implements PuzzleStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async secret(day: number, fresh: string): Promise<string> {
    const key = secretKey(this.#redis.prefix, day);
    return text(await this.#redis.run(KEEP_FIRST, [key], [fresh, SECRET_KEEP_MS]));
  }

  async spend(nonce: string, by: string, keepMs: number): Promise<boolean> {
    const key = spentKey(this.#redis.prefix, nonce);
    return (await this.#redis.run(KEEP_FIRST, [key], [by, keepMs])) === by;
  }

  async tally(window: number, more: Crowd): Promise<{ now: Crowd; before: Crowd }> {
    const keys = [loadKey(this.#redis.prefix, window), loadKey(this.#redis.prefix, window - 1)];
    const args = [more.newcomers, more.throws, TALLY_KEEP_MS];
    const counts = list(await this.#redis.run(TALLY, keys, args)).map(whole);
    const [newcomers = 0, throws = 0, newcomersBefore = 0, throwsBefore = 0] = counts;
    return {
      now: { newcomers, throws },
      before: { newcomers: newcomersBefore, throws: throwsBefore },
    };
  }
}
