import { list, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import type { NodeId } from "./node-id.ts";
import type { PresenceStore } from "./presence.store.ts";

/** `PresenceStore` on Redis: one sorted set of node → last beat. */
export class RedisPresenceStore implements PresenceStore {
  readonly #redis: RedisConnection;
  readonly #key: string;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#key = `${redis.prefix}nodes`;
  }

  async beat(node: NodeId): Promise<boolean> {
    return (await this.#redis.command("ZADD", this.#key, this.#redis.clock.now(), node)) === 1;
  }

  async known(): Promise<{ node: NodeId; lastBeatAt: number }[]> {
    const flat = list(await this.#redis.command("ZRANGE", this.#key, 0, -1, "WITHSCORES"));
    const nodes: { node: NodeId; lastBeatAt: number }[] = [];
    for (let i = 0; i < flat.length; i += 2)
      nodes.push({ node: text(flat[i]), lastBeatAt: whole(flat[i + 1]) });
    return nodes;
  }

  async remove(node: NodeId): Promise<void> {
    await this.#redis.command("ZREM", this.#key, node);
  }
}
