import { randomBytes } from "node:crypto";
import { nanoid } from "nanoid";
import { oneOf, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import { heldKey, nearKeyKey, nearRoot } from "./screening.keys.ts";
import {
  CLAIM_MS,
  HELD_MS,
  KEY_MS,
  NEAR_BANDS,
  NEAR_CAP,
  NEAR_PARTS,
  NEAR_PART_MS,
  NOTE_CHARS,
} from "./screening.store.ts";
import type { HeldMark, HeldState, ScreeningStore } from "./screening.store.ts";

const NOTE = loadScript(import.meta.url, "lua/note-text.lua");
/** The key is asked for so often, in ms: when it changes, processes differ for no longer. */
const KEY_LOOK_MS = 60_000;

const STATES = ["waiting", "allowed", "refused"] as const;

/** `ScreeningStore` on Redis; the contract is written there. */
export class RedisScreeningStore implements ScreeningStore {
  readonly #redis: RedisConnection;
  #key: { value: string; until: number } | null = null;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async key(): Promise<string> {
    const now = this.#redis.clock.now();
    if (this.#key && this.#key.until > now) return this.#key.value;
    const made = randomBytes(32).toString("base64url");
    const name = nearKeyKey(this.#redis.prefix);
    const before = await this.#redis.command("SET", name, made, "NX", "GET", "PX", KEY_MS);
    const value = before === null ? made : text(before);
    this.#key = { value, until: now + KEY_LOOK_MS };
    return value;
  }

  async note(bands: readonly string[], writer: string, isKept = true): Promise<number> {
    const args = [NEAR_PART_MS, NEAR_PARTS, writer, nanoid(NOTE_CHARS), NEAR_BANDS, NEAR_CAP];
    const root = nearRoot(this.#redis.prefix);
    return whole(await this.#redis.run(NOTE, [root], [...args, isKept ? "1" : "", ...bands]));
  }

  async claim(mark: HeldMark): Promise<HeldState | "new"> {
    const key = heldKey(this.#redis.prefix, mark);
    const before = await this.#redis.command("SET", key, "waiting", "NX", "GET", "PX", CLAIM_MS);
    return before === null ? "new" : oneOf(before, STATES);
  }

  async stateOf(mark: HeldMark): Promise<HeldState | null> {
    const state = await this.#redis.command("GET", heldKey(this.#redis.prefix, mark));
    return state === null ? null : oneOf(state, STATES);
  }

  async waits(mark: HeldMark): Promise<void> {
    // Where it was decided already, that stands.
    const key = heldKey(this.#redis.prefix, mark);
    await this.#redis.command("PEXPIRE", key, HELD_MS);
  }

  async decide(mark: HeldMark, state: Exclude<HeldState, "waiting">): Promise<void> {
    await this.#redis.command("SET", heldKey(this.#redis.prefix, mark), state, "PX", HELD_MS);
  }
}
