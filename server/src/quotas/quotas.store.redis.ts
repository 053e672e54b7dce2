import type { DrifterId, WriteId } from "@driftsea/protocol";
import { list, oneOf, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import { lapsesKey, quotaKey, writesKey } from "./quotas.keys.ts";
import { QUOTA_FUNCTIONS, ROW_MS } from "./quotas.store.ts";
import type { QuotaFunction, QuotaStore, Reservation, Usage } from "./quotas.store.ts";

const RESERVE = loadScript(import.meta.url, "lua/reserve-quota.lua");
const REFUND = loadScript(import.meta.url, "lua/refund-quota.lua");
const LAPSE = loadScript(import.meta.url, "lua/count-lapse.lua");

/** `QuotaStore` on Redis; the contract is written there. */
export class RedisQuotaStore implements QuotaStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async reserve(
    drifter: DrifterId,
    name: QuotaFunction,
    options: { limit: number; windowMs: number; writeId?: WriteId },
  ): Promise<Reservation> {
    const { prefix } = this.#redis;
    const keys = [
      quotaKey(prefix, drifter, name),
      writesKey(prefix, drifter),
      lapsesKey(prefix, drifter),
    ];
    const args = [options.limit, options.windowMs, options.writeId ?? "", WRITE_RECORD_MS];
    const [outcome, used, resetsAt, closedUntil] = list(await this.#redis.run(RESERVE, keys, args));
    return {
      outcome: oneOf(outcome, ["taken", "again", "exceeded"]),
      used: whole(used),
      resetsAt: whole(resetsAt),
      closedUntil: whole(closedUntil),
    };
  }

  async refund(
    drifter: DrifterId,
    name: QuotaFunction,
    reservation: Reservation,
    writeId?: WriteId,
  ): Promise<void> {
    const { prefix } = this.#redis;
    const keys = [quotaKey(prefix, drifter, name), writesKey(prefix, drifter)];
    await this.#redis.run(REFUND, keys, [reservation.resetsAt, writeId ?? ""]);
  }

  async usage(drifter: DrifterId, name: QuotaFunction): Promise<Usage> {
    const { prefix, clock } = this.#redis;
    const key = quotaKey(prefix, drifter, name);
    const [used, resetsAt] = list(await this.#redis.command("HMGET", key, "used", "resetsAt"));
    const isRunning = Number(resetsAt ?? 0) > clock.now();
    return isRunning ? { used: whole(used), resetsAt: whole(resetsAt) } : { used: 0, resetsAt: 0 };
  }

  async lapse(
    drifter: DrifterId,
    key: string,
    options: { limit: number; closeMs: number },
  ): Promise<number | null> {
    const keys = [lapsesKey(this.#redis.prefix, drifter)];
    const args = [key, options.limit, options.closeMs, ROW_MS];
    const closedUntil = text(await this.#redis.run(LAPSE, keys, args));
    return closedUntil === "" ? null : whole(closedUntil);
  }

  async behaved(drifter: DrifterId): Promise<void> {
    await this.#redis.command("HDEL", lapsesKey(this.#redis.prefix, drifter), "count");
  }

  async erase(drifter: DrifterId): Promise<void> {
    const { prefix } = this.#redis;
    await this.#redis.command(
      "DEL",
      ...QUOTA_FUNCTIONS.map((name) => quotaKey(prefix, drifter, name)),
      writesKey(prefix, drifter),
      lapsesKey(prefix, drifter),
    );
  }
}
