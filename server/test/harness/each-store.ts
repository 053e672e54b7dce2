import { expect } from "chai";
import { ManualClock } from "../../src/lib/clock.ts";
import type { Clock } from "../../src/lib/clock.ts";
import type { RedisConnection } from "../../src/redis/connection.ts";
import { connectWithClock, startRedis } from "./redis.ts";
import type { TestRedis } from "./redis.ts";

/** A store whose clock the test moves. */
export interface TimedStore<S> {
  store: S;
  advance: (ms: number) => Promise<void>;
  now: () => number;
}

/** Runs one suite on both implementations of a store: in memory, and on a real Redis and a Cluster. */
export function eachStore<S>(
  name: string,
  inMemory: (clock: Clock) => S,
  onRedis: (connection: RedisConnection) => S,
  suite: (open: () => Promise<TimedStore<S>>) => void,
): void {
  describe(`${name} in memory`, () => {
    suite(async () => timedInMemory(inMemory, Date.now()));
  });
  for (const form of ["single", "cluster"] as const) {
    describe(`${name} on ${form === "single" ? "Redis" : "a Redis Cluster"}`, () => {
      let redis: TestRedis | null = null;
      before(async function () {
        this.timeout(60_000);
        redis = await startRedis(form);
        if (!redis) this.skip();
      });
      after(async () => redis?.stop());
      suite(async () => {
        const { connection, advance, now } = await connectWithClock(redis!, Date.now());
        return { store: onRedis(connection), advance, now };
      });
    });
  }
}

function timedInMemory<S>(inMemory: (clock: Clock) => S, begin: number): TimedStore<S> {
  const clock = new ManualClock(begin);
  return {
    store: inMemory(clock),
    advance: async (ms) => clock.advance(ms),
    now: () => clock.now(),
  };
}

/** Runs each seeded schedule on both implementations, and expects the same answers line by line. */
export async function expectSameAnswers<S>(
  redis: TestRedis,
  inMemory: (clock: Clock) => S,
  onRedis: (connection: RedisConnection) => S,
  seeds: readonly string[],
  run: (t: TimedStore<S>, seed: string) => Promise<unknown[]>,
): Promise<void> {
  const begin = Date.now();
  for (const seed of seeds) {
    const model = await run(timedInMemory(inMemory, begin), seed);
    const { connection, advance, now } = await connectWithClock(redis, begin);
    const real = await run({ store: onRedis(connection), advance, now }, seed);
    expect(real, `seed ${seed}`).to.have.length(model.length);
    model.forEach((line, i) => {
      expect(real[i], `seed ${seed}, line ${i}`).to.deep.equal(line);
    });
    connection.close();
  }
}
