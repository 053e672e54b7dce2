import type { DrifterId } from "@driftsea/protocol";
import { list, text } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import { reporterMark, reportsKey } from "./safety.keys.ts";
import { REPORT_KEEP_MS } from "./safety.store.ts";
import type { SafetyStore, StoredReport } from "./safety.store.ts";

const REPORT = loadScript(import.meta.url, "lua/add-report.lua");

/** `SafetyStore` on Redis; the contract is written there. */
export class RedisSafetyStore implements SafetyStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
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

  sweep(): void {
    // Redis forgets by TTL.
  }
}
