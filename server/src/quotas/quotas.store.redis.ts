import type { DrifterId, WriteId } from "@driftsea/protocol";
import { ContractError } from "../lib/errors.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";

const RESERVE = loadScript(import.meta.url, "lua/reserve-quota.lua");
const REFUND = loadScript(import.meta.url, "lua/refund-quota.lua");
const RECORD_MS = 24 * 60 * 60 * 1000;

export type QuotaFunction = "throws" | "catches";

export interface Reservation {
  outcome: "taken" | "again" | "exceeded";
  /** What the first reservation under this write id kept; "" where it was refused. */
  kept: string;
  used: number;
  resetsAt: number;
}

/** A drifter's daily allowances on Redis (B2). A window begins with its first use. */
export class RedisQuotaStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  #keys(drifter: DrifterId, name: QuotaFunction, writeId?: WriteId): [string, string] {
    const base = `${this.#redis.prefix}{d:${drifter}}`;
    const quota = `${base}:quota:${name}`;
    return [quota, writeId === undefined ? quota : `${base}:write:${writeId}`];
  }

  /** Takes one, unless `limit` are taken in this window. The same write id takes only once. */
  async reserve(
    drifter: DrifterId,
    name: QuotaFunction,
    options: { limit: number; windowMs: number; writeId?: WriteId; keep?: string },
  ): Promise<Reservation> {
    const keys = this.#keys(drifter, name, options.writeId);
    const args = [options.limit, options.windowMs, options.keep ?? "", RECORD_MS];
    const answer = await this.#redis.run(RESERVE, keys, args);
    if (!Array.isArray(answer)) throw new ContractError("reserve-quota answered without a list");
    const [outcome, kept, used, resetsAt] = answer as [
      Reservation["outcome"],
      string,
      number,
      string,
    ];
    return { outcome, kept, used, resetsAt: Number(resetsAt) };
  }

  /** Gives back what a reservation took; a later window is left as it is. */
  async refund(
    drifter: DrifterId,
    name: QuotaFunction,
    reservation: Reservation,
    writeId?: WriteId,
  ): Promise<void> {
    await this.#redis.run(REFUND, this.#keys(drifter, name, writeId), [reservation.resetsAt]);
  }
}
