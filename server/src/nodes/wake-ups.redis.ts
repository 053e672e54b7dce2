import { createHmac, randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { text as textOf } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { Subscriber } from "../redis/subscriber.ts";
import { PARTITIONS, partitionChannel, signingKey } from "./nodes.keys.ts";
import type { WakeUps } from "./wake-ups.ts";

/** A key is of use for a day and a little; then it is gone, in ms. */
const KEY_KEEP_MS = 3 * 24 * 60 * 60 * 1000;

/** `WakeUps` over sharded Pub/Sub. */
export class RedisWakeUps implements WakeUps {
  readonly #redis: RedisConnection;
  readonly #subscriber: Subscriber;
  readonly #secret: string | null;
  readonly #channels: readonly string[];

  constructor(redis: RedisConnection, parts: { secret: string | null; logger: Logger }) {
    this.#redis = redis;
    this.#secret = parts.secret;
    this.#subscriber = new Subscriber(redis, parts.logger);
    this.#channels = Array.from({ length: PARTITIONS }, (_, n) =>
      partitionChannel(redis.prefix, n),
    );
  }

  get isOpen(): boolean {
    return this.#subscriber.isOpen;
  }

  async open(hear: (partition: number, text: string) => void): Promise<void> {
    const numbers = new Map(this.#channels.map((channel, n) => [channel, n]));
    await this.#subscriber.open(this.#channels, (text, channel) => {
      const partition = numbers.get(channel);
      if (partition !== undefined) hear(partition, text);
    });
  }

  async publish(partition: number, text: string): Promise<void> {
    await this.#redis.command("SPUBLISH", this.#channels[partition]!, text);
  }

  async key(day: number): Promise<Buffer> {
    if (this.#secret !== null) {
      return createHmac("sha256", this.#secret).update(`node key|${day}`).digest();
    }
    const name = signingKey(this.#redis.prefix, day);
    const fresh = randomBytes(32).toString("base64url");
    await this.#redis.command("SET", name, fresh, "NX", "PX", KEY_KEEP_MS);
    return Buffer.from(textOf(await this.#redis.command("GET", name)), "base64url");
  }

  close(): void {
    this.#subscriber.close();
  }
}
