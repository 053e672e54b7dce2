import { nanoid } from "nanoid";
import { list, oneOf, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import type { LogEntry, ModeratorId, ReviewId, Subject } from "./review.ts";
import * as keys from "./review.keys.ts";
import * as keep from "./review.store.ts";
import type { Act, ItemChange, OpenControl, ReviewStore, StoredItem } from "./review.store.ts";

const WRITE = loadScript(import.meta.url, "lua/write-item.lua");
const APPEND = loadScript(import.meta.url, "lua/append-log.lua");
const TIDY = loadScript(import.meta.url, "lua/tidy-queue.lua");
const SETTLE = loadScript(import.meta.url, "lua/settle-item.lua");
/** Half a rank is more than any time is long: who stands first does so whenever he came. */
const RANK_STEP = 1e13;
/** A control that nobody decides is taken back, in ms. */
const CONTROL_MS = 7 * 24 * 60 * 60 * 1000;

/** `ReviewStore` on Redis; the contract is written there. */
export class RedisReviewStore implements ReviewStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async find(subject: Subject): Promise<StoredItem | null> {
    return this.#readBy(keys.subjectKey(this.#redis.prefix, subject));
  }

  async byNotice(noticeId: string): Promise<StoredItem | null> {
    return this.#readBy(keys.noticeKey(this.#redis.prefix, noticeId));
  }

  async #readBy(index: string): Promise<StoredItem | null> {
    const entry = await this.#redis.command("GET", index);
    return entry === null ? null : this.read(text(entry).split("|")[0] as ReviewId);
  }

  async read(id: ReviewId): Promise<StoredItem | null> {
    const json = await this.#redis.command("HGET", keys.itemKey(this.#redis.prefix, id), "json");
    if (json === null) return null;
    const item = JSON.parse(text(json)) as StoredItem;
    return keep.keptUntil(item) > this.#redis.clock.now() ? item : null;
  }

  async write({
    item,
    after,
    isFollowed,
    entry,
    acts = [],
  }: ItemChange): Promise<"written" | "moved"> {
    const { prefix } = this.#redis;
    const place = keep.rankOf(item) * RANK_STEP + item.since;
    const answer = await this.#redis.run(
      WRITE,
      [
        keys.itemKey(prefix, item.id),
        keys.subjectKey(prefix, item.subject),
        keys.noticeKey(prefix, item.noticeId),
        keys.queueKey(prefix),
        keys.unsettledKey(prefix),
        keys.actsKey(prefix),
        keys.logKey(prefix),
        keys.endsKey(prefix),
      ],
      [
        item.rev,
        item.id,
        JSON.stringify(item),
        keep.keptUntil(item),
        item.decided === null ? place : "",
        keep.WAITING_KEPT,
        keep.UNSETTLED_KEEP_MS,
        entry?.seq ?? "",
        entry === undefined ? "" : JSON.stringify(entry),
        keep.ACTS_KEEP_MS,
        after ?? "",
        isFollowed ? "1" : "0",
        ...acts.map(actToJson),
      ],
    );
    return oneOf(answer, ["written", "moved"]);
  }

  async waiting(limit: number, from = 0): Promise<StoredItem[]> {
    if (limit === 0) return [];
    await this.#tidy();
    const key = keys.queueKey(this.#redis.prefix);
    const ids = list(await this.#redis.command("ZRANGE", key, from, from + limit - 1));
    const items = await Promise.all(ids.map((id) => this.read(text(id) as ReviewId)));
    // One that was decided in between.
    return items.filter((item) => item !== null).filter((item) => item.decided === null);
  }

  async #tidy(): Promise<number> {
    const { prefix } = this.#redis;
    const both = [keys.queueKey(prefix), keys.endsKey(prefix)];
    return whole(await this.#redis.run(TIDY, both, []));
  }

  async backlog(): Promise<{ waiting: number; oldestSince: number | null }> {
    const waiting = await this.#tidy();
    const key = keys.queueKey(this.#redis.prefix);
    const firsts = await Promise.all(
      keep.RANKS.map(async (rank) => {
        const from = rank * RANK_STEP;
        const range = [from, `(${from + RANK_STEP / 2}`, "WITHSCORES", "LIMIT", 0, 1] as const;
        const [, score] = list(await this.#redis.command("ZRANGEBYSCORE", key, ...range));
        return score === undefined ? Infinity : Number(score) - from;
      }),
    );
    const oldest = Math.min(...firsts);
    return { waiting, oldestSince: oldest === Infinity ? null : oldest };
  }

  async unsettled(before: number, limit: number): Promise<ReviewId[]> {
    const key = keys.unsettledKey(this.#redis.prefix);
    const range = ["-inf", before, "LIMIT", 0, limit] as const;
    const ids = list(await this.#redis.command("ZRANGEBYSCORE", key, ...range));
    return ids.map((id) => text(id) as ReviewId);
  }

  async settled(id: ReviewId, rev: number): Promise<boolean> {
    const { prefix } = this.#redis;
    const both = [keys.itemKey(prefix, id), keys.unsettledKey(prefix)];
    return (await this.#redis.run(SETTLE, both, [id, rev])) === 1;
  }

  async control(moderator: ModeratorId): Promise<OpenControl | null> {
    const json = await this.#redis.command("GET", keys.controlKey(this.#redis.prefix, moderator));
    return json === null ? null : (JSON.parse(text(json)) as OpenControl);
  }

  async setControl(moderator: ModeratorId, control: OpenControl | null): Promise<void> {
    const key = keys.controlKey(this.#redis.prefix, moderator);
    if (control === null) await this.#redis.command("DEL", key);
    else await this.#redis.command("SET", key, JSON.stringify(control), "PX", CONTROL_MS);
  }

  async acts(since: number): Promise<Act[]> {
    const from = Math.max(since, this.#redis.clock.now() - keep.ACTS_KEEP_MS);
    const key = keys.actsKey(this.#redis.prefix);
    const rows = list(await this.#redis.command("ZRANGEBYSCORE", key, `(${from}`, "+inf"));
    return rows.map((json) => {
      const { n: _, ...act } = JSON.parse(text(json)) as Act & { n: string };
      return act;
    });
  }

  async head(): Promise<LogEntry | null> {
    return (await this.log(undefined, 1))[0] ?? null;
  }

  async append(entry: LogEntry, acts: readonly Act[] = []): Promise<boolean> {
    const { prefix } = this.#redis;
    const args = [entry.seq, JSON.stringify(entry), keep.ACTS_KEEP_MS, ...acts.map(actToJson)];
    const both = [keys.logKey(prefix), keys.actsKey(prefix)];
    return (await this.#redis.run(APPEND, both, args)) === 1;
  }

  async log(before: number | undefined, limit: number): Promise<LogEntry[]> {
    // Line `seq` lies at `seq - 1`.
    const to = before === undefined ? -1 : before - 2;
    if (before !== undefined && to < 0) return [];
    const from = to < 0 ? -limit : Math.max(0, to - limit + 1);
    const rows = await this.#redis.command("LRANGE", keys.logKey(this.#redis.prefix), from, to);
    return list(rows)
      .map((json) => JSON.parse(text(json)) as LogEntry)
      .reverse();
  }
}

/** Two acts that are alike are two. */
const actToJson = (act: Act): string => JSON.stringify({ ...act, n: nanoid(8) });
