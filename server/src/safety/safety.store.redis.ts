import { list, oneOf, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import * as keys from "./safety.keys.ts";
import * as keep from "./safety.store.ts";
import type { FormerReport, ItemName, Mark, Outcome, SafetyStore, Tally } from "./safety.store.ts";

const REPORT = loadScript(import.meta.url, "lua/add-report.lua");
const SETTLE = loadScript(import.meta.url, "lua/settle-reports.lua");
const SEE = loadScript(import.meta.url, "lua/see-item.lua");
const REMEMBER = loadScript(import.meta.url, "lua/remember-report.lua");

/** `SafetyStore` on Redis; the contract is written there. */
export class RedisSafetyStore implements SafetyStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async report(
    item: ItemName,
    mark: Mark,
    { weight, isGrave }: { weight: number; isGrave: boolean },
  ): Promise<Tally & { isNew: boolean }> {
    const args = [mark, weight, isGrave ? "1" : "0", keep.REPORT_KEEP_MS];
    const answer = await this.#redis.run(REPORT, [keys.reportsKey(this.#redis.prefix, item)], args);
    const [isNew, all, grave, most, kept] = list(answer).map(text);
    return {
      isNew: isNew === "1",
      weight: Number(all),
      graveWeight: Number(grave),
      graveMost: Number(most),
      wasKept: kept === "1",
    };
  }

  async decide(item: ItemName, outcome: Outcome): Promise<void> {
    const { prefix } = this.#redis;
    const args = [outcome === "dismissed" ? "1" : "0", keep.REPORT_KEEP_MS];
    await this.#redis.run(SETTLE, [keys.reportsKey(prefix, item)], args);
    const key = keys.outcomeKey(prefix, keys.outcomeName(item));
    await this.#redis.command("SET", key, outcome, "PX", keep.OUTCOME_KEEP_MS);
  }

  async outcomes(names: readonly string[]): Promise<(Outcome | null)[]> {
    return Promise.all(
      names.map(async (name) => {
        const found = await this.#redis.command("GET", keys.outcomeKey(this.#redis.prefix, name));
        return found === null ? null : oneOf(found, ["upheld", "dismissed"]);
      }),
    );
  }

  async saw(item: ItemName, mark: Mark, keepMs: number): Promise<void> {
    const key = keys.viewersKey(this.#redis.prefix, item);
    await this.#redis.run(SEE, [key], [mark, Math.max(1, Math.round(keepMs))]);
  }

  async viewers(item: ItemName): Promise<number> {
    const key = keys.viewersKey(this.#redis.prefix, item);
    return whole(await this.#redis.command("PFCOUNT", key));
  }

  async hasReported(item: ItemName, mark: Mark): Promise<boolean> {
    const key = keys.reportsKey(this.#redis.prefix, item);
    return (await this.#redis.command("HEXISTS", key, mark)) === 1;
  }

  async remember(reporter: Mark, { hour, sealed }: FormerReport): Promise<void> {
    const key = keys.reporterKey(this.#redis.prefix, reporter);
    await this.#redis.run(REMEMBER, [key], [hour, sealed, keep.FORMER_KEPT, keep.REPORTER_KEEP_MS]);
  }

  async former(reporter: Mark): Promise<FormerReport[]> {
    const key = keys.reporterKey(this.#redis.prefix, reporter);
    return list(await this.#redis.command("LRANGE", key, 0, -1)).map((row) => {
      const [hour, sealed] = text(row).split("|");
      return { hour: whole(hour), sealed: text(sealed) };
    });
  }

  async forget(reporter: Mark): Promise<void> {
    await this.#redis.command("DEL", keys.reporterKey(this.#redis.prefix, reporter));
  }
}
