import type { DrifterId } from "@driftsea/protocol";
import { list, text } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import { BLOCK_KEEP_MS, HANDED_ON_MS, PARTING_MS, TRIES_KEPT } from "./blocks.store.ts";
import type { BlockList, BlockStore, SealedBlock } from "./blocks.store.ts";
import { blocksKey, partingKey } from "./safety.keys.ts";

const ADD = loadScript(import.meta.url, "lua/add-block.lua");
const REPLACE = loadScript(import.meta.url, "lua/replace-block.lua");
const RENEW = loadScript(import.meta.url, "lua/renew-blocks.lua");
const END = loadScript(import.meta.url, "lua/end-blocks.lua");
const TAKE = loadScript(import.meta.url, "lua/take-blocks.lua");
/** Field of a list whose owner has gone; no handle is so short. */
const ENDED = "ended";

/** `BlockStore` on Redis; the contract is written there. */
export class RedisBlockStore implements BlockStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  #key(of: BlockList): string {
    return blocksKey(this.#redis.prefix, of);
  }

  async put(to: BlockList, { handle, sealed }: SealedBlock): Promise<void> {
    await this.#redis.run(ADD, [this.#key(to)], [handle, sealed, BLOCK_KEEP_MS]);
  }

  async replace(of: BlockList, { handle, sealed }: SealedBlock): Promise<void> {
    await this.#redis.run(REPLACE, [this.#key(of)], [handle, sealed]);
  }

  async all(of: BlockList): Promise<SealedBlock[]> {
    const flat = list(await this.#redis.command("HGETALL", this.#key(of))).map(text);
    const entries: SealedBlock[] = [];
    for (let i = 0; i < flat.length; i += 2)
      if (flat[i] !== ENDED) entries.push({ handle: flat[i]!, sealed: flat[i + 1]! });
    return entries;
  }

  async renew(of: BlockList): Promise<void> {
    await this.#redis.run(RENEW, [this.#key(of)], [ENDED, BLOCK_KEEP_MS]);
  }

  async end(of: BlockList): Promise<void> {
    await this.#redis.run(END, [this.#key(of)], [ENDED, HANDED_ON_MS]);
  }

  async hasEnded(of: BlockList): Promise<boolean> {
    return (await this.#redis.command("HEXISTS", this.#key(of), ENDED)) === 1;
  }

  async mayTake(of: BlockList): Promise<boolean> {
    return (await this.#redis.run(TAKE, [this.#key(of)], [ENDED, TRIES_KEPT])) === 1;
  }

  async drop(of: BlockList): Promise<void> {
    await this.#redis.command("DEL", this.#key(of));
  }

  async part(one: DrifterId, other: DrifterId): Promise<void> {
    const key = partingKey(this.#redis.prefix, one, other);
    await this.#redis.command("SET", key, "1", "PX", String(PARTING_MS));
  }

  async areParting(one: DrifterId, other: DrifterId): Promise<boolean> {
    const key = partingKey(this.#redis.prefix, one, other);
    return (await this.#redis.command("EXISTS", key)) === 1;
  }
}
