import { randomBytes } from "node:crypto";
import { nanoid } from "nanoid";
import { createClient } from "redis";
import type {
  BottleId,
  CircleId,
  DrifterId,
  PersonaId,
  SeaId,
  SecretId,
  ThreadId,
  WriteId,
} from "@driftsea/protocol";
import { RedisBottleStore } from "../src/bottles/bottles.store.redis.ts";
import { RedisFeedStore } from "../src/feed/feed.store.redis.ts";
import { Letters } from "../src/nodes/letters.ts";
import type { RedisConnection } from "../src/redis/connection.ts";
import type { TestRedis } from "../test/harness/redis.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const AT_ONCE = 100;
const EARS = 20;
/** Readers who are named to other processes in one letter. */
const NAMED = 500;

/** What one thing costs a Redis, all in all: CPU of its process in µs, memory in bytes. */
export interface Costs {
  throwUs: number;
  catchUs: number;
  releaseUs: number;
  answerUs: number;
  bottleBytes: number;
  /** One secret into one feed. */
  deliverUs: number;
  entryBytes: number;
  /** One message of a channel to one who hears it. */
  wakeUpUs: number;
  /** Of a process of ours: to read one letter of another process. */
  letterUs: number;
  /** And one reader who is named in it, for whom a secret lies ready. */
  namedUs: number;
}

/** Measures on a Redis that nobody else uses. */
export async function measureCosts(server: TestRedis, count: number): Promise<Costs> {
  const redis = await server.connect();
  const bottles = await seaCosts(redis, count);
  const feed = await feedCosts(redis, count);
  const wakeUpUs = await wakeUpCost(server.url, redis, Math.min(count, 5000));
  const letterUs = await letterCost(count, {
    kind: "room-message",
    what: { roomId: nanoid(), text: "x".repeat(300) },
  });
  const readers = Array.from({ length: NAMED }, () =>
    randomBytes(32).toString("base64url").slice(0, 6),
  );
  const what = { readers, at: Date.now() };
  const manyUs = await letterCost(count / 10, { kind: "feed-coming", what });
  return { ...bottles, ...feed, wakeUpUs, letterUs, namedUs: manyUs / NAMED };
}

async function usage(redis: RedisConnection): Promise<{ cpuUs: number; bytes: number }> {
  const info = String(await redis.command("INFO", "everything"));
  const of = (name: string): number =>
    Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(info)?.[1]);
  return {
    cpuUs: (of("used_cpu_sys") + of("used_cpu_user")) * 1e6,
    bytes: of("used_memory"),
  };
}

async function timed(
  redis: RedisConnection,
  count: number,
  act: (i: number) => Promise<unknown>,
): Promise<{ us: number; bytes: number }> {
  const before = await usage(redis);
  for (let done = 0; done < count; done += AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - done) }, (_, i) => act(done + i)),
    );
  const after = await usage(redis);
  return { us: (after.cpuUs - before.cpuUs) / count, bytes: (after.bytes - before.bytes) / count };
}

async function seaCosts(redis: RedisConnection, count: number) {
  const store = new RedisBottleStore(redis);
  const sea = "world" as SeaId;
  const text = "x".repeat(100);
  const persona = { id: nanoid<PersonaId>(), name: 0, hue: 0, creature: 0 };
  const throwing = await timed(redis, count, () =>
    store.throw(sea, {
      id: nanoid<BottleId>(),
      owner: nanoid<DrifterId>(),
      text,
      kind: "plain",
      lifeMs: DAY_MS,
      finders: 1,
    }),
  );
  const held: { id: BottleId; holder: DrifterId }[] = [];
  const catching = await timed(redis, Math.floor(count / 2), async () => {
    const catcher = nanoid<DrifterId>();
    const { result } = await store.catch(sea, {
      catcher,
      node: "bench",
      leaseMs: DAY_MS,
      leaseMaxMs: DAY_MS,
      persona,
      blocked: [],
      draws: Array.from({ length: 8 }, () => Math.random()),
    });
    held.push({ id: result!.bottle.id, holder: catcher });
  });
  const quarter = Math.floor(count / 4);
  const releasing = await timed(redis, quarter, (i) =>
    store.release(sea, held[i]!.id, held[i]!.holder),
  );
  const answering = await timed(redis, quarter, async (i) => {
    const { id, holder } = held[quarter + i]!;
    const answer = {
      writeId: nanoid<WriteId>(),
      threadId: nanoid<ThreadId>(),
      persona,
      text,
    };
    const answered = await store.answer(sea, id, holder, answer);
    await store.settled(sea, answered!.entry!.key);
  });
  return {
    throwUs: throwing.us,
    bottleBytes: throwing.bytes,
    catchUs: catching.us,
    releaseUs: releasing.us,
    answerUs: answering.us,
  };
}

/** Secrets for a thousand readers each, who have hundreds of them afterwards: small sets take less. */
async function feedCosts(redis: RedisConnection, count: number) {
  const store = new RedisFeedStore(redis);
  const readers = new Map(
    Array.from({ length: 1000 }, (_, i) => [`reader-${i}` as CircleId, "none"] as const),
  );
  const secrets = Math.max(10, Math.floor(count / 50));
  const before = await usage(redis);
  for (let i = 0; i < secrets; i += 1) {
    const id = nanoid<SecretId>();
    await store.deliver(readers, { id, way: "own", releaseAt: Date.now() });
  }
  const after = await usage(redis);
  const entries = secrets * readers.size;
  return {
    deliverUs: (after.cpuUs - before.cpuUs) / entries,
    entryBytes: (after.bytes - before.bytes) / entries,
  };
}

/** As the bus does it: sharded Pub/Sub, and everybody hears everything. */
async function wakeUpCost(url: string, redis: RedisConnection, count: number): Promise<number> {
  const ears = await Promise.all(
    Array.from({ length: EARS }, async () => {
      const path = url.startsWith("unix:") ? url.slice("unix:".length) : null;
      const client = createClient(path === null ? { url } : { socket: { path, tls: false } });
      client.on("error", () => {});
      await client.connect();
      await client.sSubscribe("bench", () => {});
      return client;
    }),
  );
  const text = "x".repeat(500);
  const { us } = await timed(redis, count, () => redis.command("SPUBLISH", "bench", text));
  for (const client of ears) client.destroy();
  return us / EARS;
}

/** Read as a process does that serves none of whom it names. */
async function letterCost(count: number, body: { kind: string; what: object }): Promise<number> {
  const key = randomBytes(32);
  const clock = { now: () => Date.now() };
  const letters = new Letters({ wakeUps: { key: async () => key }, node: "bench", clock });
  await letters.loadKeys();
  const text = letters.seal(1, { number: 1, json: JSON.stringify(body) })!;
  const served = new Map([["nobody", true]]);
  const { user, system } = process.cpuUsage();
  for (let i = 0; i < count; i += 1) {
    const letter = letters.open(1, text);
    if (typeof letter === "string") throw new Error(letter);
    const { what } = JSON.parse(letter.json) as { what: { readers?: string[] } };
    for (const reader of what.readers ?? []) served.get(reader);
  }
  const used = process.cpuUsage();
  return (used.user - user + used.system - system) / count;
}
