import { ManualClock } from "../lib/clock.ts";
import { expect } from "chai";
import { connectWithClock, startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { runSchedule } from "./meets.schedule.ts";
import { MemoryMeetStore } from "./meets.store.memory.ts";
import { RedisMeetStore } from "./meets.store.redis.ts";
import type { MeetStore } from "./meets.store.ts";

const START = Date.now();

function inMemory(): TimedStore<MeetStore> {
  const clock = new ManualClock(START);
  return {
    store: new MemoryMeetStore(clock),
    advance: async (ms) => clock.advance(ms),
    now: () => clock.now(),
  };
}

async function onRedis(redis: TestRedis): Promise<TimedStore<MeetStore>> {
  const { connection, advance, now } = await connectWithClock(redis, START);
  return { store: new RedisMeetStore(connection), advance, now };
}

describe("meets in random schedules", () => {
  let redis: TestRedis | null = null;
  before(async () => {
    redis = await startRedis();
  });
  after(async () => redis?.stop());

  it("[S1] [S2] [S4] nobody is in two pairs, waits and is paired, or is lost; no two blocked meet", async function () {
    // DRIFTSEA_LONG=1 runs the whole campaign; the gate runs its beginning.
    const schedules = process.env["DRIFTSEA_LONG"] ? 100_000 : 1000;
    this.timeout(schedules * 60);
    for (let seed = 0; seed < schedules; seed += 1)
      await runSchedule(inMemory(), `m${seed}`, 50, 1 + (seed % 4));
  });

  it("[S1] the store on Redis does what the model in memory does, in 30 of them", async function () {
    if (!redis) return this.skip();
    this.timeout(60_000);
    for (let seed = 0; seed < 30; seed += 1) {
      const model = await runSchedule(inMemory(), `r${seed}`, 80);
      const real = await runSchedule(await onRedis(redis), `r${seed}`, 80);
      expect(real).to.have.length(model.length);
      model.forEach((line, i) => {
        expect(real[i], `seed r${seed}, line ${i}`).to.deep.equal(line);
      });
    }
  });

  it("[S1] the same on Redis, where several act at once", async function () {
    if (!redis) return this.skip();
    this.timeout(60_000);
    for (let seed = 0; seed < 10; seed += 1)
      await runSchedule(await onRedis(redis), `c${seed}`, 60, 4);
    const all = await redis.connect({ keyPrefix: "" });
    for (const key of (await all.command("KEYS", "*{meets}*")) as string[])
      expect(await all.command("PTTL", key), `${key} ends by itself`).to.be.above(0);
  });
});
