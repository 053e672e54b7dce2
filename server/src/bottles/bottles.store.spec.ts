import { expect } from "chai";
import { ManualClock } from "../lib/clock.ts";
import { connectWithClock, startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { runSchedule } from "./bottles.schedule.ts";
import { bottleStoreContract } from "./bottles.store.contract.ts";
import type { StoreUnderTest } from "./bottles.store.contract.ts";
import { MemoryBottleStore } from "./bottles.store.memory.ts";
import { RedisBottleStore } from "./bottles.store.redis.ts";

const START = Date.now();

async function inMemory(): Promise<StoreUnderTest> {
  const clock = new ManualClock(START);
  return {
    store: new MemoryBottleStore(clock),
    advance: async (ms) => clock.advance(ms),
    now: () => clock.now(),
  };
}

async function onRedis(redis: TestRedis): Promise<StoreUnderTest> {
  const { connection, advance, now } = await connectWithClock(redis, START);
  return { store: new RedisBottleStore(connection), advance, now };
}

describe("bottle store in memory", () => {
  bottleStoreContract(inMemory);

  it("[B4] [B12] random schedules: nothing forbidden is caught, nothing leased twice", async function () {
    // DRIFTSEA_LONG=1 runs the whole campaign; the gate runs its beginning.
    const schedules = process.env["DRIFTSEA_LONG"] ? 100_000 : 2000;
    this.timeout(schedules * 20);
    for (let seed = 0; seed < schedules; seed += 1)
      await runSchedule(await inMemory(), `m${seed}`, 60);
  });
});

describe("bottle store on Redis", () => {
  let redis: TestRedis | null = null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  bottleStoreContract(() => onRedis(redis!));

  it("[B12] does what the model in memory does, in 30 random schedules", async () => {
    for (let seed = 0; seed < 30; seed += 1) {
      const model = await runSchedule(await inMemory(), `r${seed}`, 120);
      const real = await runSchedule(await onRedis(redis!), `r${seed}`, 120);
      expect(real).to.have.length(model.length);
      model.forEach((line, i) => {
        expect(real[i], `seed r${seed}, line ${i}`).to.deep.equal(line);
      });
    }
  });
});
