import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../lib/clock.ts";
import type { NodeId } from "../presence/node-id.ts";
import type { WakeUps } from "./wake-ups.ts";

/** An older text is nobody's, in ms: of a sender that has gone no number is remembered. */
const FRESH_MS = 30_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What one process wrote to all others. */
export interface Letter {
  from: NodeId;
  /** Counted by the sender, for one partition. */
  number: number;
  json: string;
}

export interface LetterParts {
  wakeUps: Pick<WakeUps, "key">;
  node: NodeId;
  /** The store's. */
  clock: Clock;
}

/**
 * Texts that only another process of the same store can have written (HMAC-SHA-256), for one partition,
 * under a key of its own for each day.
 */
export class Letters {
  readonly #p: LetterParts;
  readonly #keys = new Map<number, Buffer>();
  #mayKeysDiffer = true;

  constructor(parts: LetterParts) {
    this.#p = parts;
  }

  /** Of yesterday, today and tomorrow: no clock is exact. */
  async loadKeys(): Promise<void> {
    const today = Math.floor(this.#p.clock.now() / DAY_MS);
    if (!this.#mayKeysDiffer && this.#keys.has(today + 1)) return;
    for (const day of [today, today + 1]) this.#keys.set(day, await this.#p.wakeUps.key(day));
    for (const day of this.#keys.keys()) if (day < today - 1) this.#keys.delete(day);
    this.#mayKeysDiffer = false;
  }

  /** Null where the day's key is not known. */
  seal(partition: number, { number, json }: Pick<Letter, "number" | "json">): string | null {
    const now = Math.round(this.#p.clock.now());
    const day = Math.floor(now / DAY_MS);
    const key = this.#keys.get(day);
    if (!key) return null;
    const head = `${day} ${this.#p.node} ${number} ${now}`;
    return `${head} ${macOf(key, partition, head, json).toString("base64url")} ${json}`;
  }

  open(partition: number, text: string): Letter | "forged" | "stale" {
    const parts = /^(\d{1,8}) ([\w-]{1,64}) (\d{1,15}) (\d{1,15}) ([\w-]{43}) (.*)$/s.exec(text);
    const [, day = "", from = "", number = "", at = "", mac = "", json = ""] = parts ?? [];
    const key = this.#keys.get(Number(day));
    const given = Buffer.from(mac, "base64url");
    const head = `${day} ${from} ${number} ${at}`;
    if (!key || given.length !== 32 || !timingSafeEqual(given, macOf(key, partition, head, json))) {
      // Or the store was emptied, and there is another key by now.
      this.#mayKeysDiffer = true;
      return "forged";
    }
    if (Math.abs(this.#p.clock.now() - Number(at)) > FRESH_MS) return "stale";
    return { from, number: Number(number), json };
  }
}

function macOf(key: Buffer, partition: number, head: string, json: string): Buffer {
  return createHmac("sha256", key).update(`${partition} ${head} ${json}`).digest();
}
