import { parseArgs } from "node:util";
import { nanoid } from "nanoid";
import type { BottleId, DrifterId, PersonaId, SeaId } from "@driftsea/protocol";
import { RedisBottleStore } from "../src/bottles/bottles.store.redis.ts";
import { secureRandom } from "../src/lib/random.ts";
import type { RedisConnection } from "../src/redis/connection.ts";
import { startRedis } from "../test/harness/redis.ts";

/**
 * What a catch costs in a small and in a large sea of one Redis: blocks of catches in turn, so that
 * both meet the same noise. Each caught bottle is replaced, outside of what is timed.
 */

const BLOCK = 100;
const FILL_AT_ONCE = 500;
const DAY_MS = 24 * 60 * 60 * 1000;
/** The large sea may cost so many times what the small one does. */
const ALLOWED = 1.3;

interface Sea {
  id: SeaId;
  bottles: number;
  ms: number[];
  /** What Redis itself spent on the scripts, in µs a call, of each block. */
  redisUs: number[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      small: { type: "string", default: "1000" },
      large: { type: "string", default: "1000000" },
      catches: { type: "string", default: "10000" },
    },
  });
  const [small, large, catches] = [values.small, values.large, values.catches].map(Number);
  if (![small, large, catches].every((n) => Number.isInteger(n) && n! >= BLOCK)) {
    console.error(`--small, --large, --catches: whole numbers from ${BLOCK}`);
    process.exitCode = 1;
    return;
  }
  const redis = await startRedis();
  if (!redis) {
    console.error("this needs a redis-server on PATH");
    process.exitCode = 1;
    return;
  }
  try {
    const connection = await redis.connect();
    const store = new RedisBottleStore(connection);
    const seas = [small!, large!].map((bottles, i): Sea => {
      return { id: `sea-${i}` as SeaId, bottles, ms: [], redisUs: [] };
    });
    for (const sea of seas) await fill(store, sea);
    for (let done = 0; done < catches!; done += BLOCK) {
      for (const sea of done % (2 * BLOCK) === 0 ? seas : seas.toReversed()) {
        await block(connection, store, sea);
      }
    }
    const [costSmall, costLarge] = seas.map(({ bottles, ms, redisUs }) => {
      const cost = { bottles, ms: quantile(ms, 0.5), redisUs: quantile(redisUs, 0.5) };
      console.log(
        `${bottles} afloat: median ${cost.ms.toFixed(3)} ms, p99 ${quantile(ms, 0.99).toFixed(3)} ms a catch; ` +
          `Redis itself ${cost.redisUs.toFixed(1)} µs a script`,
      );
      return cost;
    });
    const ratio = costLarge!.ms / costSmall!.ms;
    console.log(
      `ratio of the medians ${ratio.toFixed(3)} (allowed ${ALLOWED}); ` +
        `of Redis's own time ${(costLarge!.redisUs / costSmall!.redisUs).toFixed(3)}`,
    );
    process.exitCode = ratio <= ALLOWED ? 0 : 1;
  } finally {
    await redis.stop();
  }
}

async function fill(store: RedisBottleStore, sea: Sea): Promise<void> {
  for (let done = 0; done < sea.bottles; done += FILL_AT_ONCE) {
    const count = Math.min(FILL_AT_ONCE, sea.bottles - done);
    await Promise.all(Array.from({ length: count }, () => throwOne(store, sea)));
    if (process.stderr.isTTY) process.stderr.write(`\r${done + count} of ${sea.bottles} thrown`);
  }
  if (process.stderr.isTTY) process.stderr.write("\n");
}

function throwOne(store: RedisBottleStore, { id: sea }: Sea): Promise<unknown> {
  const owner = nanoid<DrifterId>();
  const bottle = { id: nanoid<BottleId>(), owner, text: "Is anybody there?" };
  return store.throw(sea, { ...bottle, kind: "plain", lifeMs: DAY_MS, finders: 1 });
}

async function block(connection: RedisConnection, store: RedisBottleStore, sea: Sea) {
  await connection.command("CONFIG", "RESETSTAT");
  for (let i = 0; i < BLOCK; i += 1) {
    const began = performance.now();
    const { result } = await store.catch(sea.id, {
      catcher: nanoid<DrifterId>(),
      node: "bench",
      leaseMs: DAY_MS,
      leaseMaxMs: DAY_MS,
      persona: { id: nanoid<PersonaId>(), name: 0, hue: 0, creature: 0 },
      blocked: [],
      draws: Array.from({ length: 8 }, () => secureRandom.uniform()),
    });
    sea.ms.push(performance.now() - began);
    if (!result) throw new Error("a catch found no bottle");
  }
  const stats = String(await connection.command("INFO", "commandstats"));
  sea.redisUs.push(Number(/cmdstat_evalsha:.*?usec_per_call=([\d.]+)/.exec(stats)?.[1]));
  await Promise.all(Array.from({ length: BLOCK }, () => throwOne(store, sea)));
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
}

await main();
