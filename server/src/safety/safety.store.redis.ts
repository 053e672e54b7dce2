import type { DrifterId } from "@driftsea/protocol";
import { list, text } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import { blocksKey, reporterMark, reportsKey } from "./safety.keys.ts";
import { BLOCK_KEEP_MS, REPORT_KEEP_MS } from "./safety.store.ts";
import type { SafetyStore, StoredReport } from "./safety.store.ts";

const BLOCK = loadScript(import.meta.url, "lua/add-block.lua");
const REPORT = loadScript(import.meta.url, "lua/add-report.lua");

/** `SafetyStore` on Redis; the contract is written there. */
export class RedisSafetyStore implements SafetyStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async block(one: DrifterId, other: DrifterId): Promise<void> {
    const { prefix } = this.#redis;
    // Two slots, each step safe to repeat: who retries a failed block finishes it.
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      await this.#redis.run(BLOCK, [blocksKey(prefix, from)], [to, BLOCK_KEEP_MS]);
    }
  }

  async blocked(drifter: DrifterId): Promise<DrifterId[]> {
    const answer = await this.#redis.command("SMEMBERS", blocksKey(this.#redis.prefix, drifter));
    return list(answer).map((member) => text(member) as DrifterId);
  }

  async report(reporter: DrifterId, report: Omit<StoredReport, "at">): Promise<boolean> {
    const key = reportsKey(this.#redis.prefix, report.target);
    const mark = reporterMark(reporter, report.target);
    const stored: StoredReport = { ...report, at: this.#redis.clock.now() };
    const args = [mark, JSON.stringify(stored), REPORT_KEEP_MS];
    return (await this.#redis.run(REPORT, [key], args)) === 1;
  }

  async reports(target: StoredReport["target"]): Promise<StoredReport[]> {
    const rows = list(await this.#redis.command("HVALS", reportsKey(this.#redis.prefix, target)));
    return rows.map((json) => JSON.parse(text(json)) as StoredReport);
  }

  async erase(drifter: DrifterId): Promise<void> {
    const { prefix } = this.#redis;
    for (const other of await this.blocked(drifter))
      await this.#redis.command("SREM", blocksKey(prefix, other), drifter);
    await this.#redis.command("DEL", blocksKey(prefix, drifter));
  }

  sweep(): void {
    // Redis forgets by TTL.
  }
}
