import { nanoid } from "nanoid";
import { ManualClock } from "../lib/clock.ts";
import { manualTime, startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { bottleStoreContract } from "./bottles.store.contract.ts";
import { MemoryBottleStore } from "./bottles.store.memory.ts";
import { RedisBottleStore } from "./bottles.store.redis.ts";

describe("bottle store in memory", () => {
  bottleStoreContract(async () => {
    const clock = new ManualClock(Date.now());
    return {
      store: new MemoryBottleStore(clock),
      advance: async (ms) => clock.advance(ms),
      now: () => clock.now(),
    };
  });
});

describe("bottle store on Redis", () => {
  let redis: TestRedis | null = null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  bottleStoreContract(async () => {
    const keyPrefix = `${nanoid(8)}:`;
    const timeKey = `${keyPrefix}now`;
    const connection = await redis!.connect({ keyPrefix, timeSource: manualTime(timeKey) });
    const clock = new ManualClock(Date.now());
    await connection.command("SET", timeKey, clock.now());
    return {
      store: new RedisBottleStore(connection),
      advance: async (ms) => {
        clock.advance(ms);
        await connection.command("SET", timeKey, clock.now());
      },
      now: () => clock.now(),
    };
  });
});
