import { expect } from "chai";
import type { BottleId, SeaId } from "@driftsea/protocol";
import { ManualClock } from "../lib/clock.ts";
import { eachStore } from "../../test/harness/each-store.ts";
import { connectWithClock, startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { runSchedule } from "./bottles.schedule.ts";
import { newPersona } from "../lib/personas.ts";
import { bottleStoreContract, newDrifter } from "./bottles.store.contract.ts";
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

eachStore(
  "bottle store",
  (clock) => new MemoryBottleStore(clock),
  (connection) => new RedisBottleStore(connection),
  bottleStoreContract,
);

describe("bottle store in memory alone", () => {
  it("[B4] [B12] random schedules: nothing forbidden is caught, nothing leased twice", async function () {
    // DRIFTSEA_LONG=1 runs the whole campaign; the gate runs its beginning.
    const schedules = process.env["DRIFTSEA_LONG"] ? 100_000 : 2000;
    this.timeout(schedules * 20);
    for (let seed = 0; seed < schedules; seed += 1)
      await runSchedule(await inMemory(), `m${seed}`, 60);
  });
});

describe("bottle store on Redis alone", () => {
  let redis: TestRedis | null = null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  it("[R11] of what a silence ended nothing is left, not a key", async () => {
    const t = await onRedis(redis!);
    const { store } = t;
    const sea = "quiet" as SeaId;
    const drifters = Array.from({ length: 3 }, newDrifter);
    for (const [i, owner] of drifters.entries()) {
      for (let n = 0; n < 3; n += 1) {
        const bottle = {
          id: `b${i}${n}` as BottleId,
          owner,
          text: "unsaid",
          kind: "plain" as const,
        };
        // The first ones are from before the sea had a silence.
        const silence = n === 0 ? 0 : 1000;
        await store.throw(sea, { ...bottle, lifeMs: 100_000, finders: 1 }, silence);
      }
    }
    await store.catch(sea, {
      catcher: drifters[0]!,
      node: "n",
      leaseMs: 100_000,
      leaseMaxMs: 100_000,
      persona: newPersona(),
      blocked: [],
      draws: [0.5, 0.5],
    });
    await t.advance(1000);
    while ((await store.sweep(sea, 2)).result > 0);
    const connection = await redis!.connect();
    const keys = (await connection.command("KEYS", "*{b:quiet:0}*")) as string[];
    const left = keys.map((key) => key.replace(/^.*\}/, "")).sort();
    // How often, what has to be told yet, and of whom who held what, which ends by itself.
    expect(left.filter((key) => !key.startsWith(":seen:"))).to.deep.equal([":age", ":outbox"]);
    for (const key of keys.filter((each) => each.includes(":seen:")))
      expect(await connection.command("PTTL", key)).to.be.greaterThan(0);
  });

  it("[B4] where all has run out while no server ran, one catch clears away so much and no more", async () => {
    const t = await onRedis(redis!);
    const sea = "long-dark" as SeaId;
    const [owner, catcher] = [newDrifter(), newDrifter()];
    const adrift = async (id: string, lifeMs: number): Promise<void> => {
      const bottle = { id: id as BottleId, owner, text: "here", kind: "plain" as const };
      await t.store.throw(sea, { ...bottle, lifeMs, finders: 1 }, 0);
    };
    await adrift("alive", 100_000);
    for (let i = 0; i < 250; i += 1) await adrift(`old${i}`, 1000);
    await t.advance(2000);
    const found: (string | undefined)[] = [];
    for (let i = 0; i < 4; i += 1) {
      const { result, outbox } = await t.store.catch(sea, {
        catcher,
        node: "n",
        leaseMs: 1000,
        leaseMaxMs: 1000,
        persona: newPersona(),
        blocked: [],
        draws: [0.999, 0.999],
      });
      expect(outbox.length).to.be.at.most(100);
      found.push(result?.bottle.id);
      if (result) break;
    }
    expect(found.at(-1)).to.equal("alive");
    expect(found.length).to.be.within(2, 4);
  });

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
