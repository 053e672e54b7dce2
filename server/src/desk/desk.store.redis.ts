import { fieldsOf, list, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import type { ModeratorId } from "../review/review.ts";
import { accountKey, namesKey, sessionKey, triesKey } from "./desk.keys.ts";
import { TRIES_KEPT_MS } from "./desk.store.ts";
import type { Account, DeskStore, Moderator, NewAccount, Proof, TryMark } from "./desk.store.ts";

const ADD = loadScript(import.meta.url, "lua/add-account.lua");
const RENEW = loadScript(import.meta.url, "lua/renew-account.lua");
const REMOVE = loadScript(import.meta.url, "lua/remove-account.lua");
const TRY = loadScript(import.meta.url, "lua/count-try.lua");
const FORGIVE = loadScript(import.meta.url, "lua/forgive-try.lua");
const PROVE = loadScript(import.meta.url, "lua/take-proof.lua");
const RESUME = loadScript(import.meta.url, "lua/resume-session.lua");

/** `DeskStore` on Redis; the contract is written there. */
export class RedisDeskStore implements DeskStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  #account(name: string): string {
    return accountKey(this.#redis.prefix, name);
  }

  #session(token: string): string {
    return sessionKey(this.#redis.prefix, token);
  }

  #tries(marks: readonly TryMark[]): string[] {
    return marks.map(({ mark }) => triesKey(this.#redis.prefix, mark));
  }

  async add({ id, name, password, secret }: NewAccount): Promise<boolean> {
    const keys = [this.#account(name), namesKey(this.#redis.prefix)];
    return (await this.#redis.run(ADD, keys, [name, id, password, secret])) === 1;
  }

  async find(name: string): Promise<Account | null> {
    const fields = fieldsOf(await this.#redis.command("HGETALL", this.#account(name)));
    if (fields["id"] === undefined) return null;
    return {
      id: fields["id"] as ModeratorId,
      name,
      password: text(fields["password"]),
      secret: text(fields["secret"]),
      since: whole(fields["since"]),
      version: whole(fields["version"]),
    };
  }

  async list(): Promise<(Moderator & { since: number })[]> {
    const names = list(
      await this.#redis.command("ZRANGE", namesKey(this.#redis.prefix), 0, -1),
    ).map(text);
    const accounts = await Promise.all(names.map((name) => this.find(name)));
    return accounts.flatMap((one) =>
      one ? [{ id: one.id, name: one.name, since: one.since }] : [],
    );
  }

  async renew(
    name: string,
    version: number,
    changes: { password?: string; secret?: string; step?: number },
  ): Promise<boolean> {
    const args = [version, ...Object.entries(changes).flat()];
    return (await this.#redis.run(RENEW, [this.#account(name)], args)) === 1;
  }

  async remove(name: string): Promise<ModeratorId | null> {
    const keys = [this.#account(name), namesKey(this.#redis.prefix)];
    const id = text(await this.#redis.run(REMOVE, keys, [name]));
    return id === "" ? null : (id as ModeratorId);
  }

  async tryOnce(marks: readonly TryMark[]): Promise<number> {
    const bounds = marks.flatMap(({ free, firstMs, maxMs }) => [free, firstMs, maxMs]);
    return whole(await this.#redis.run(TRY, this.#tries(marks), [TRIES_KEPT_MS, ...bounds]));
  }

  async forgive(marks: readonly TryMark[]): Promise<void> {
    await this.#redis.run(FORGIVE, this.#tries(marks), []);
  }

  async prove(
    { name, version, step, isRight }: Proof,
    session: { token: string; idleMs: number; lifeMs: number } | null,
  ): Promise<boolean> {
    const keys = [this.#account(name), ...(session ? [this.#session(session.token)] : [])];
    const args = [version, step, isRight ? 1 : 0, name];
    const times = session ? [session.idleMs, session.lifeMs] : [];
    return (await this.#redis.run(PROVE, keys, [...args, ...times])) === 1;
  }

  async resume(token: string, idleMs: number): Promise<Moderator | null> {
    const session = this.#session(token);
    const [name, id] = list(await this.#redis.command("HMGET", session, "name", "id"));
    // One that never was takes the same way as one that has ended.
    const known = typeof name === "string" ? name : "";
    const isLive = await this.#redis.run(RESUME, [session, this.#account(known)], [idleMs]);
    return isLive === 1 ? { id: text(id) as ModeratorId, name: known } : null;
  }

  async close(token: string): Promise<void> {
    await this.#redis.command("DEL", this.#session(token));
  }
}
