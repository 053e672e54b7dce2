import { expect } from "chai";
import { eachStore, expectSameAnswers } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { below, seededRandom } from "../lib/random.ts";
import { outcomeName } from "./safety.keys.ts";
import { MemorySafetyStore } from "./safety.store.memory.ts";
import { RedisSafetyStore } from "./safety.store.redis.ts";
import { FORMER_KEPT } from "./safety.store.ts";
import type { SafetyStore } from "./safety.store.ts";

const item = "bottle:b::";
const NOTHING = { weight: 0, graveWeight: 0, graveMost: 0, wasKept: false };

eachStore<SafetyStore>(
  "safety store",
  (clock) => new MemorySafetyStore(clock),
  (connection) => new RedisSafetyStore(connection),
  (open) => {
    let t: TimedStore<SafetyStore>;
    beforeEach(async () => {
      t = await open();
    });
    const report = (mark: string, weight: number, isGrave = false) =>
      t.store.report(item, mark, { weight, isGrave });

    it("[M1] one report a person an item, however often he sends it", async () => {
      const all = await Promise.all([report("ann", 0.5), report("ann", 0.5), report("bo", 1)]);
      expect(all.filter(({ isNew }) => isNew)).to.have.length(2);
      expect(await report("ann", 0.5)).to.deep.equal({ ...NOTHING, isNew: false, weight: 1.5 });
      const other = await t.store.report("bottle:c::", "ann", { weight: 1, isGrave: false });
      expect(other).to.include({ isNew: true, weight: 1 });
    });

    it("[M1] grave reasons are weighed by themselves, and by the most credible", async () => {
      await report("ann", 0.25, true);
      await report("bo", 0.75, true);
      expect(await report("cy", 0.5)).to.deep.equal({
        isNew: true,
        weight: 1.5,
        graveWeight: 1,
        graveMost: 0.75,
        wasKept: false,
      });
    });

    it("[M1] after a decision all begins anew, but who reported has reported", async () => {
      await report("ann", 1, true);
      await t.store.decide(item, "dismissed");
      expect(await report("ann", 1, true)).to.deep.equal({
        ...NOTHING,
        isNew: false,
        wasKept: true,
      });
      expect(await report("bo", 0.5)).to.include({ isNew: true, weight: 0.5, wasKept: true });
      const names = [outcomeName(item), outcomeName("never")];
      expect(await t.store.outcomes(names)).to.deep.equal(["dismissed", null]);
      await t.store.decide(item, "upheld");
      expect(await t.store.outcomes(names)).to.deep.equal(["upheld", null]);
    });

    it("[M1] counts who was shown a thing once each", async () => {
      expect(await t.store.viewers(item)).to.equal(0);
      for (const who of ["ann", "bo", "ann"]) await t.store.saw(item, who, 60_000);
      expect(await t.store.viewers(item)).to.equal(2);
      const many = Array.from({ length: 500 }, (_, i) => t.store.saw(item, `v${i}`, 60_000));
      await Promise.all(many);
      expect(await t.store.viewers(item)).to.be.within(492, 512);
    });

    it("[M1] remembers the newest of what somebody reported, sealed", async () => {
      for (let i = 0; i < FORMER_KEPT + 2; i += 1)
        await t.store.remember("ann", { hour: i, sealed: `s${i}` });
      const former = await t.store.former("ann");
      expect(former).to.have.length(FORMER_KEPT);
      expect(former[0]).to.deep.equal({ hour: FORMER_KEPT + 1, sealed: `s${FORMER_KEPT + 1}` });
      expect(await t.store.former("bo")).to.deep.equal([]);
      await t.store.forget("ann");
      expect(await t.store.former("ann")).to.deep.equal([]);
    });
  },
);

describe("safety store, both alike", () => {
  let redis: TestRedis | null = null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  it("[M1] seeded schedules of reports and decisions give the same on both", async () => {
    const seeds = Array.from({ length: 15 }, (_, i) => `safety-${i}`);
    await expectSameAnswers<SafetyStore>(
      redis!,
      (clock) => new MemorySafetyStore(clock),
      (connection) => new RedisSafetyStore(connection),
      seeds,
      async ({ store }, seed) => {
        const rng = seededRandom(seed);
        const log: unknown[] = [];
        for (let i = 0; i < 60; i += 1) {
          const name = `i${below(rng, 4)}`;
          const who = `p${below(rng, 6)}`;
          // Quarters add up the same in every order.
          const weight = (1 + below(rng, 4)) / 4;
          const choice = below(rng, 8);
          if (choice === 0) await store.decide(name, below(rng, 2) === 0 ? "upheld" : "dismissed");
          else if (choice === 1) await store.saw(name, who, 1e6);
          else if (choice === 2) await store.remember(who, { hour: i, sealed: name });
          else log.push(await store.report(name, who, { weight, isGrave: below(rng, 2) === 0 }));
          log.push(await store.outcomes([outcomeName(name)]), await store.viewers(name));
          log.push(await store.former(who));
        }
        return log;
      },
    );
  });
});
