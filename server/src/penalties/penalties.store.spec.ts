import { expect } from "chai";
import type { DrifterId } from "@driftsea/protocol";
import { eachStore, expectSameAnswers } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { below, seededRandom } from "../lib/random.ts";
import { MemoryPenaltyStore } from "./penalties.store.memory.ts";
import { RedisPenaltyStore } from "./penalties.store.redis.ts";
import { FADE_MS } from "./penalties.store.ts";
import type { PenaltyStore } from "./penalties.store.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const [ann, bo] = ["ann", "bo"] as [DrifterId, DrifterId];
const FUNCTIONS = ["throw", "talk", "report"] as const;

eachStore<PenaltyStore>(
  "penalty store",
  (clock) => new MemoryPenaltyStore(clock),
  (connection) => new RedisPenaltyStore(connection),
  (open) => {
    let t: TimedStore<PenaltyStore>;
    beforeEach(async () => {
      t = await open();
    });
    const minutes = async (key: string): Promise<number> => {
      const { untilAt } = await t.store.step(ann, key, { function: "talk", reason: "spam" });
      return (untilAt - t.now()) / MINUTE;
    };

    it("[M3] 1 m, 5 m, 25 m, 2 h, 12 h, 3 d, 7 d, and 3 d more each time", async () => {
      const lasted: number[] = [];
      for (let i = 0; i < 9; i += 1) lasted.push(await minutes(`k${i}`));
      const days = [3, 7, 10, 13].map((many) => (many * DAY) / MINUTE);
      expect(lasted).to.deep.equal([1, 5, 25, 120, 720, ...days]);
    });

    it("[M3] each function has its own ladder, each drifter his own", async () => {
      expect(await minutes("a")).to.equal(1);
      const other = await t.store.step(ann, "b", { function: "throw", reason: "spam" });
      expect(other).to.deep.equal({
        function: "throw",
        step: 1,
        untilAt: t.now() + MINUTE,
        reason: "spam",
      });
      expect(await t.store.of(bo)).to.deep.equal([]);
      expect(await t.store.of(ann)).to.have.length(2);
    });

    it("[M3] the same key is the same step, however often it is sent", async () => {
      const [first, ...others] = await Promise.all(
        Array.from({ length: 5 }, () =>
          t.store.step(ann, "same", { function: "talk", reason: "x" }),
        ),
      );
      for (const other of others) expect(other).to.deep.equal(first);
      await t.advance(MINUTE);
      expect(await t.store.step(ann, "same", { function: "talk", reason: "x" })).to.deep.equal(
        first,
      );
    });

    it("[M3] a step fades 7 d after its end, and the ladder begins anew", async () => {
      await minutes("a");
      await t.advance(MINUTE + FADE_MS - 1);
      expect(await t.store.of(ann)).to.have.length(1);
      await t.advance(1);
      expect(await t.store.of(ann)).to.deep.equal([]);
      expect(await minutes("a")).to.equal(1);
      t.store.sweep?.();
      expect(await t.store.of(ann)).to.have.length(1);
    });

    it("forgets a drifter", async () => {
      await minutes("a");
      await t.store.erase(ann);
      expect(await t.store.of(ann)).to.deep.equal([]);
    });
  },
);

describe("penalty store, both alike", () => {
  let redis: TestRedis | null = null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  it("[M3] seeded schedules of steps and waits give the same on both", async () => {
    const seeds = Array.from({ length: 20 }, (_, i) => `penalties-${i}`);
    await expectSameAnswers<PenaltyStore>(
      redis!,
      (clock) => new MemoryPenaltyStore(clock),
      (connection) => new RedisPenaltyStore(connection),
      seeds,
      async (t, seed) => {
        const rng = seededRandom(seed);
        const log: unknown[] = [];
        for (let i = 0; i < 40; i += 1) {
          const drifter = [ann, bo][below(rng, 2)]!;
          const what = { function: FUNCTIONS[below(rng, 3)]!, reason: "spam" };
          const choice = below(rng, 5);
          if (choice < 3) log.push(await t.store.step(drifter, `k${below(rng, 12)}`, what));
          else if (choice === 3) await t.advance(below(rng, 4 * DAY));
          const steps = await t.store.of(drifter);
          log.push(
            steps.sort((a, b) => a.untilAt - b.untilAt || (a.function < b.function ? -1 : 1)),
          );
        }
        return log;
      },
    );
  });
});
