import type {
  DrifterId,
  Persona,
  ThreadEnd,
  ThreadId,
  WriteId,
  BottleId,
} from "@driftsea/protocol";
import { fieldsOf, list, oneOf, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import type { Script } from "../redis/scripts.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import { threadsKey } from "../redis/drifter-slot.ts";
import { threadKeys } from "./threads.keys.ts";
import { ENDED_KEEP_MS, INDEX_KEEP_MS, MESSAGES_KEPT } from "./threads.store.ts";
import { THREADS_KEPT } from "./threads.store.ts";
import type {
  NewThread,
  StoredMessage,
  StoredSide,
  StoredThread,
  ThreadStore,
} from "./threads.store.ts";

const script = (name: string) => loadScript(import.meta.url, `lua/${name}.lua`, ["lua/thread.lua"]);
const OPEN = script("open-thread");
const APPEND = script("append-message");
const MESSAGES = script("read-messages");
const LEAVE = script("leave-thread");
const ERASE = script("erase-writer");
const MUTE = script("mute-thread");
const READ = loadScript(import.meta.url, "lua/read-thread.lua");
const LINK = loadScript(import.meta.url, "lua/link-thread.lua");

/** `ThreadStore` on Redis; the contract is written there. */
export class RedisThreadStore implements ThreadStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  #run(s: Script, id: ThreadId, ...args: (string | number)[]): Promise<unknown> {
    return this.#redis.run(s, threadKeys(this.#redis.prefix, id), args);
  }

  async open(t: NewThread): Promise<"new" | "again"> {
    const answer = await this.#run(
      OPEN,
      t.id,
      t.bottleId,
      JSON.stringify(t.bottle),
      t.thrower.drifter,
      JSON.stringify(t.thrower.persona),
      t.finder.drifter,
      JSON.stringify(t.finder.persona),
      t.answer.writeId,
      t.answer.text,
      t.lifeMs,
      MESSAGES_KEPT,
      WRITE_RECORD_MS,
    );
    return oneOf(answer, ["new", "again"]);
  }

  async read(id: ThreadId): Promise<StoredThread | null> {
    const [meta] = threadKeys(this.#redis.prefix, id);
    return this.#decode(id, await this.#redis.command("HGETALL", meta));
  }

  async readAs(drifter: DrifterId, id: ThreadId): Promise<StoredThread | null> {
    const [meta] = threadKeys(this.#redis.prefix, id);
    return this.#decode(id, await this.#redis.run(READ, [meta], [drifter]));
  }

  #decode(id: ThreadId, answer: unknown): StoredThread | null {
    const f = fieldsOf(answer);
    if (f["bottleId"] === undefined || whole(f["expiresAt"]) <= this.#redis.clock.now()) {
      return null;
    }
    const side = (n: 0 | 1): StoredSide => ({
      drifter: (f[`drifter${n}`] ?? null) as DrifterId | null,
      persona: JSON.parse(text(f[`persona${n}`])) as Persona,
      left: f[`left${n}`] === "1",
      muted: f[`muted${n}`] === "1",
    });
    return {
      id,
      bottleId: f["bottleId"] as BottleId,
      bottle: JSON.parse(text(f["bottle"])) as StoredThread["bottle"],
      sides: [side(0), side(1)],
      head: whole(f["head"]),
      expiresAt: whole(f["expiresAt"]),
      ...(f["closed"] === undefined ? {} : { closed: f["closed"] as ThreadEnd }),
    };
  }

  async messages(
    id: ThreadId,
    after: number,
    maxBytes = Number.MAX_SAFE_INTEGER,
  ): Promise<StoredMessage[]> {
    return list(await this.#run(MESSAGES, id, after, maxBytes)).map(parseMessage);
  }

  async append(
    id: ThreadId,
    from: DrifterId,
    message: { writeId: WriteId; text: string },
    lifeMs: number,
  ): Promise<{ message: StoredMessage; isNew: boolean } | "gone" | "closed"> {
    const args = [from, message.writeId, message.text, lifeMs, MESSAGES_KEPT, WRITE_RECORD_MS];
    const [answer, json] = list(await this.#run(APPEND, id, ...args));
    const code = oneOf(answer, ["gone", "closed", "new", "again"]);
    if (code === "gone" || code === "closed") return code;
    return { message: parseMessage(json), isNew: code === "new" };
  }

  async mute(id: ThreadId, drifter: DrifterId, muted: boolean): Promise<boolean> {
    return (await this.#run(MUTE, id, drifter, muted ? "1" : "0")) === 1;
  }

  async leave(id: ThreadId, drifter: DrifterId): Promise<boolean> {
    return (await this.#run(LEAVE, id, drifter, ENDED_KEEP_MS)) === 1;
  }

  async erase(id: ThreadId, drifter: DrifterId): Promise<boolean> {
    return (await this.#run(ERASE, id, drifter, ENDED_KEEP_MS)) === 1;
  }

  async link(drifter: DrifterId, id: ThreadId): Promise<void> {
    const key = threadsKey(this.#redis.prefix, drifter);
    await this.#redis.run(LINK, [key], [id, THREADS_KEPT, INDEX_KEEP_MS]);
  }

  async unlink(drifter: DrifterId, id: ThreadId): Promise<void> {
    await this.#redis.command("ZREM", threadsKey(this.#redis.prefix, drifter), id);
  }

  async listOf(drifter: DrifterId, most = THREADS_KEPT): Promise<StoredThread[]> {
    const key = threadsKey(this.#redis.prefix, drifter);
    const ids = list(await this.#redis.command("ZREVRANGE", key, 0, most - 1)).map(
      (id) => text(id) as ThreadId,
    );
    const threads = await Promise.all(ids.map((id) => this.read(id)));
    const ended = ids.filter((_, i) => threads[i] === null);
    if (ended.length > 0) await this.#redis.command("ZREM", key, ...ended);
    return threads.filter((thread) => thread !== null);
  }
}

function parseMessage(json: unknown): StoredMessage {
  return JSON.parse(text(json)) as StoredMessage;
}
