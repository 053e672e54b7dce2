import type { DrifterId, Notice } from "@driftsea/protocol";
import { list, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { threadsKey } from "../redis/drifter-slot.ts";
import { loadScript } from "../redis/scripts.ts";
import { sessionKeys } from "./sessions.keys.ts";
import { INBOX_CAP, NOTICED_MS } from "./sessions.store.ts";
import type { Session, SessionStore } from "./sessions.store.ts";

const CREATE = loadScript(import.meta.url, "lua/create-session.lua");
const RESUME = loadScript(import.meta.url, "lua/resume-session.lua");
const PUSH = loadScript(import.meta.url, "lua/push-notice.lua");
const DROP = loadScript(import.meta.url, "lua/drop-notice.lua");
const CLAIM = loadScript(import.meta.url, "lua/claim-notice.lua");
const READ = loadScript(import.meta.url, "lua/read-inbox.lua");

/** `SessionStore` on Redis; the contract is written there. */
export class RedisSessionStore implements SessionStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async create(
    drifter: DrifterId,
    { persona, box }: Omit<Session, "since">,
    { lifeMs, slotMs }: { lifeMs: number; slotMs: number },
  ): Promise<void> {
    const [key] = sessionKeys(this.#redis.prefix, drifter);
    await this.#redis.run(CREATE, [key], [JSON.stringify(persona), box, lifeMs, slotMs]);
  }

  async resume(drifter: DrifterId, lifeMs: number): Promise<Session | null> {
    const { prefix } = this.#redis;
    const keys = [...sessionKeys(prefix, drifter), threadsKey(prefix, drifter)];
    const [since, persona, box] = list(await this.#redis.run(RESUME, keys, [lifeMs]));
    if (since === undefined) return null;
    return {
      since: whole(since),
      persona: JSON.parse(text(persona)) as Session["persona"],
      box: text(box),
    };
  }

  async standing(drifter: DrifterId): Promise<{ since: number; days: number } | null> {
    const [key] = sessionKeys(this.#redis.prefix, drifter);
    const [since, days] = list(await this.#redis.command("HMGET", key, "since", "days"));
    return since === null ? null : { since: whole(since), days: Number(days ?? 1) };
  }

  async boxOf(drifter: DrifterId): Promise<string | null> {
    const [key] = sessionKeys(this.#redis.prefix, drifter);
    const box = await this.#redis.command("HGET", key, "box");
    return box === null ? null : text(box);
  }

  async push(
    drifter: DrifterId,
    noticeId: string,
    notice: Notice,
    pendingMs: number,
  ): Promise<number | null> {
    const keys = sessionKeys(this.#redis.prefix, drifter);
    const args = [noticeId, JSON.stringify(notice), pendingMs, NOTICED_MS, INBOX_CAP];
    const seq = await this.#redis.run(PUSH, keys, args);
    return seq === "" ? null : whole(seq);
  }

  async drop(drifter: DrifterId, seq: number): Promise<boolean> {
    const [session, inbox] = sessionKeys(this.#redis.prefix, drifter);
    return (await this.#redis.run(DROP, [session, inbox], [seq])) === 1;
  }

  async claim(drifter: DrifterId, seq: number, pendingMs: number): Promise<boolean> {
    const [session, inbox] = sessionKeys(this.#redis.prefix, drifter);
    return (await this.#redis.run(CLAIM, [session, inbox], [seq, pendingMs])) === 1;
  }

  async isUnread(drifter: DrifterId, seq: number): Promise<boolean> {
    const [session, inbox] = sessionKeys(this.#redis.prefix, drifter);
    // It is taken out after it was read, never put back: the second answer cannot undo the first.
    const [read, there] = await Promise.all([
      this.#redis.command("HGET", session, "inboxRead"),
      this.#redis.command("ZCOUNT", inbox, String(seq), String(seq)),
    ]);
    return Number(read ?? 0) < seq && Number(there) > 0;
  }

  async read(
    drifter: DrifterId,
    after: number | undefined,
    limit: number,
  ): Promise<{ items: Notice[]; cursor: number; isHeldUp: boolean }> {
    const [session, inbox] = sessionKeys(this.#redis.prefix, drifter);
    const answer = await this.#redis.run(READ, [session, inbox], [after ?? "", limit]);
    const [cursor, isHeldUp, ...items] = list(answer);
    return {
      cursor: whole(cursor),
      isHeldUp: isHeldUp === 1,
      items: items.map((json) => JSON.parse(text(json)) as Notice),
    };
  }

  async unread(drifter: DrifterId, limit: number): Promise<{ seq: number; notice: Notice }[]> {
    const [session, inbox] = sessionKeys(this.#redis.prefix, drifter);
    const read = await this.#redis.command("HGET", session, "inboxRead");
    const range = [`(${text(read ?? "0")}`, "+inf", "LIMIT", "0", String(limit)];
    const rows = list(await this.#redis.command("ZRANGEBYSCORE", inbox, ...range)).map(text);
    return rows.map((row) => {
      const [, seq, json] = /^(\d+)\|\d+\|(.*)$/s.exec(row)!;
      return { seq: Number(seq), notice: JSON.parse(json!) as Notice };
    });
  }

  async erase(drifter: DrifterId): Promise<void> {
    await this.#redis.command("DEL", ...sessionKeys(this.#redis.prefix, drifter));
  }
}
