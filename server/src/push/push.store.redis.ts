import type { BottleId, DrifterId } from "@driftsea/protocol";
import { text } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import { serverKey, watchKey } from "./push.keys.ts";
import type { PushStore } from "./push.store.ts";

const KEEP = loadScript(import.meta.url, "lua/keep-watch.lua");
const TAKE = loadScript(import.meta.url, "lua/take-watch.lua");

/** `PushStore` on Redis; the contract is written there. */
export class RedisPushStore implements PushStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async keep(
    drifter: DrifterId,
    bottle: BottleId,
    endpoint: string,
    lifeMs: number,
  ): Promise<void> {
    await this.#redis.run(KEEP, [this.#key(drifter, bottle)], [endpoint, lifeMs]);
  }

  async take(drifter: DrifterId, bottle: BottleId): Promise<string | null> {
    return text(await this.#redis.run(TAKE, [this.#key(drifter, bottle)], [])) || null;
  }

  async drop(drifter: DrifterId, bottles: readonly BottleId[]): Promise<void> {
    if (bottles.length === 0) return;
    await this.#redis.command("DEL", ...bottles.map((bottle) => this.#key(drifter, bottle)));
  }

  async serverKey(fresh: string): Promise<string> {
    const key = serverKey(this.#redis.prefix);
    await this.#redis.command("SET", key, fresh, "NX");
    return text(await this.#redis.command("GET", key));
  }

  #key(drifter: DrifterId, bottle: BottleId): string {
    return watchKey(this.#redis.prefix, drifter, bottle);
  }
}
