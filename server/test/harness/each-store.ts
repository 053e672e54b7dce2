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

/** Runs one suite on both implementations of a store: in memory, and on a real Redis. */
export function eachStore<S>(
  name: string,
  inMemory: (clock: Clock) => S,
  onRedis: (connection: RedisConnection) => S,
  suite: (open: () => Promise<TimedStore<S>>) => void,
): void {
  describe(`${name} in memory`, () => {
    suite(async () => {
      const clock = new ManualClock(Date.now());
      return {
        store: inMemory(clock),
        advance: async (ms) => clock.advance(ms),
        now: () => clock.now(),
      };
    });
  });
  describe(`${name} on Redis`, () => {
    let redis: TestRedis | null = null;
    before(async function () {
      redis = await startRedis();
      if (!redis) this.skip();
    });
    after(async () => redis?.stop());
    suite(async () => {
      const { connection, advance, now } = await connectWithClock(redis!, Date.now());
      return { store: onRedis(connection), advance, now };
    });
  });
}
