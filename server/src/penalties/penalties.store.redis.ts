import type { ClosedFunction, DrifterId } from "@driftsea/protocol";
import { list, text } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import { penaltiesKey } from "./penalties.keys.ts";
import { FADE_MS, FURTHER_MS, LADDER_MS } from "./penalties.store.ts";
import type { PenaltyStore, Step } from "./penalties.store.ts";

const STEP = loadScript(import.meta.url, "lua/step-penalty.lua");

/** `PenaltyStore` on Redis; the contract is written there. */
export class RedisPenaltyStore implements PenaltyStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async step(
    drifter: DrifterId,
    key: string,
    what: { function: ClosedFunction; reason: string },
  ): Promise<Step> {
    const keys = [penaltiesKey(this.#redis.prefix, drifter)];
    const ladder = JSON.stringify(LADDER_MS);
    const args = [key, what.function, what.reason, ladder, FURTHER_MS, FADE_MS];
    return parseStep(await this.#redis.run(STEP, keys, args));
  }

  async of(drifter: DrifterId): Promise<Step[]> {
    const { prefix, clock } = this.#redis;
    const rows = list(await this.#redis.command("HVALS", penaltiesKey(prefix, drifter)));
    const now = clock.now();
    return rows.map(parseStep).filter(({ untilAt }) => now < untilAt + FADE_MS);
  }

  async erase(drifter: DrifterId): Promise<void> {
    await this.#redis.command("DEL", penaltiesKey(this.#redis.prefix, drifter));
  }
}

const parseStep = (json: unknown): Step => JSON.parse(text(json)) as Step;
