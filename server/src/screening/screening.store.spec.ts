import { expect } from "chai";
import { below, seededRandom } from "../lib/random.ts";
import { eachStore, expectSameAnswers } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { MemoryScreeningStore } from "./screening.store.memory.ts";
import { RedisScreeningStore } from "./screening.store.redis.ts";
import { CLAIM_MS, HELD_MS, KEY_MS, NEAR_PARTS, NEAR_PART_MS } from "./screening.store.ts";
import { NEAR_WINDOW_MS } from "./screening.store.ts";
import type { ScreeningStore } from "./screening.store.ts";

/** Bands of a text, as many as texts have; `others` of them are another's. */
const bands = (name: string, others = 0): string[] =>
  Array.from({ length: 20 }, (_, i) => `${i}-${i < others ? "other" : name}`);

eachStore<ScreeningStore>(
  "screening store",
  (clock) => new MemoryScreeningStore(clock),
  (connection) => new RedisScreeningStore(connection),
  (open) => {
    let t: TimedStore<ScreeningStore>;
    beforeEach(async () => {
      t = await open();
    });

    it("[M12] counts the others who wrote nearly the same, and each person once", async () => {
      expect(await t.store.note(bands("ad"), "gil", false), "only compared").to.equal(0);
      expect(await t.store.note(bands("ad"), "ann")).to.equal(0);
      expect(await t.store.note(bands("ad"), "bo")).to.equal(1);
      expect(await t.store.note(bands("ad", 12), "cy"), "a variation").to.equal(2);
      expect(await t.store.note(bands("ad", 19), "dan"), "one band in common").to.equal(1);
      expect(await t.store.note(bands("else"), "eve")).to.equal(0);
      expect(await t.store.note(bands("ad", 3), "ann"), "his own is none of the others").to.equal(
        3,
      );
      expect(await t.store.note(bands("ad", 5), "ann")).to.equal(3);
      expect(await t.store.note(bands("ad"), "fay"), "nor is it two").to.equal(3);
    });

    it("[M12] the same text of the same person is answered as it was the first time", async () => {
      await t.store.note(bands("ad"), "ann");
      await t.store.note(bands("ad"), "bo");
      await t.store.note(bands("ad"), "cy");
      expect(await t.store.note(bands("ad"), "ann")).to.equal(0);
      expect(await t.store.note(bands("ad"), "bo")).to.equal(1);
      expect(await t.store.note(bands("ad"), "cy")).to.equal(2);
    });

    it("[M12] of a hundred at once all but two are told of two others at least", async () => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, i) => t.store.note(bands("ad"), `drifter ${i}`)),
      );
      expect(answers.filter((others) => others < 2)).to.have.length(2);
    });

    it("[M12] what was written is forgotten after the window, what goes on is not", async () => {
      await t.store.note(bands("ad"), "ann");
      await t.store.note(bands("ad"), "bo");
      await t.advance(NEAR_WINDOW_MS);
      expect(await t.store.note(bands("ad"), "cy")).to.equal(2);
      await t.advance(NEAR_PART_MS);
      t.store.sweep?.();
      expect(await t.store.note(bands("ad"), "dan")).to.equal(1);
      await t.advance(NEAR_PARTS * NEAR_PART_MS);
      expect(await t.store.note(bands("ad"), "eve")).to.equal(0);
    });

    it("[M12] the key is one for all, and another a day later", async () => {
      const key = await t.store.key();
      expect(key).to.have.length(43);
      await t.advance(KEY_MS - 1);
      expect(await t.store.key()).to.equal(key);
    });

    it("[M12] of many who claim a text one puts it before people; then it waits", async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => t.store.claim("mark")));
      expect(answers.filter((one) => one === "new")).to.have.length(1);
      expect(answers.filter((one) => one === "waiting")).to.have.length(9);
      await t.store.waits("mark");
      expect(await t.store.claim("mark")).to.equal("waiting");
      expect(await t.store.stateOf("mark")).to.equal("waiting");
      await t.store.decide("mark", "allowed");
      expect(await t.store.claim("mark")).to.equal("allowed");
      await t.store.decide("mark", "refused");
      expect(await t.store.claim("mark")).to.equal("refused");
      expect(await t.store.claim("another")).to.equal("new");
      expect(await t.store.stateOf("a third")).to.equal(null);
    });
  },
);

describe("screening in memory, as time goes by", () => {
  const open = () => {
    let now = 1_000_000;
    const store = new MemoryScreeningStore({ now: () => now });
    return { store, advance: (ms: number) => (now += ms) };
  };

  it("[M12] a claim that nobody makes good ends, and so does what was decided", async () => {
    const { store, advance } = open();
    expect(await store.claim("mark")).to.equal("new");
    advance(CLAIM_MS);
    expect(await store.claim("mark")).to.equal("new");
    await store.waits("mark");
    advance(HELD_MS - 1);
    expect(await store.claim("mark")).to.equal("waiting");
    await store.decide("mark", "refused");
    advance(HELD_MS);
    store.sweep();
    expect(await store.stateOf("mark")).to.equal(null);
  });

  it("[M12] the key is replaced after a day", async () => {
    const { store, advance } = open();
    const key = await store.key();
    advance(KEY_MS);
    expect(await store.key()).to.not.equal(key);
  });
});

describe("what Redis keeps of screening", () => {
  let redis: TestRedis | null = null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  it("[M12] has an end, each key of it", async () => {
    const connection = await redis!.connect();
    const store = new RedisScreeningStore(connection);
    await store.key();
    await store.note(bands("ad"), "ann");
    await store.claim("claimed");
    await store.claim("waiting");
    await store.waits("waiting");
    await store.claim("decided");
    await store.decide("decided", "allowed");
    const keys = (await connection.command("KEYS", `${connection.prefix}*`)) as string[];
    const ends = await Promise.all(
      keys.map(async (key): Promise<[string, number]> => [
        key.slice(connection.prefix.length).replace(/\d{3,}/, "<part>"),
        Number(await connection.command("PTTL", key)),
      ]),
    );
    const most = {
      "{near}:key": KEY_MS,
      "{near}:<part>": NEAR_PARTS * NEAR_PART_MS,
      "held:{claimed}": CLAIM_MS,
      "held:{waiting}": HELD_MS,
      "held:{decided}": HELD_MS,
    };
    expect(ends.map(([key]) => key)).to.have.members(Object.keys(most));
    for (const [key, ms] of ends)
      expect(ms, key)
        .to.be.within(1, most[key as keyof typeof most])
        .and.above(0.9 * CLAIM_MS);
    const dump = JSON.stringify(
      await Promise.all(
        keys.filter((key) => /\d$/.test(key)).map((key) => connection.command("HGETALL", key)),
      ),
    );
    expect(dump).to.not.include("ann");
  });

  it("[M12] seeded schedules: Redis answers as the model does", async () => {
    await expectSameAnswers<ScreeningStore>(
      redis!,
      (clock) => new MemoryScreeningStore(clock),
      (connection) => new RedisScreeningStore(connection),
      ["screening 1", "screening 2", "screening 3"],
      async ({ store, advance }, seed) => {
        const rng = seededRandom(seed);
        const lines: unknown[] = [];
        for (let step = 0; step < 300; step += 1) {
          const roll = below(rng, 10);
          const name = ["x", "y", "z"][below(rng, 3)]!;
          if (roll < 7)
            lines.push(await store.note(bands(name, below(rng, 21)), `drifter ${below(rng, 6)}`));
          else if (roll === 7) await advance(below(rng, 2 * NEAR_PART_MS));
          // Other ends than these need time to pass in Redis itself.
          else if (roll === 8) lines.push(await store.claim(name));
          else await store.decide(name, below(rng, 2) === 0 ? "allowed" : "refused");
        }
        return lines;
      },
    );
  });
});
