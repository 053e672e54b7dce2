import { expect } from "chai";
import { startRedis } from "../../test/harness/redis.ts";
import { eachStore } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { MemoryPuzzleStore } from "./puzzles.store.memory.ts";
import { RedisPuzzleStore } from "./puzzles.store.redis.ts";
import type { PuzzleStore } from "./puzzles.store.ts";

eachStore<PuzzleStore>(
  "puzzle store",
  (clock) => new MemoryPuzzleStore(clock),
  (connection) => new RedisPuzzleStore(connection),
  (open) => {
    let t: TimedStore<PuzzleStore>;
    beforeEach(async () => {
      t = await open();
    });

    it("[M4] the first secret of a day is everybody's, and another day has another", async () => {
      const given = await Promise.all(["a", "b", "c"].map((fresh) => t.store.secret(7, fresh)));
      expect(new Set(given).size).to.equal(1);
      expect(await t.store.secret(7, "later")).to.equal(given[0]);
      expect(await t.store.secret(8, "next day")).to.equal("next day");
      t.store.sweep?.();
      expect(await t.store.secret(7, "later still")).to.equal(given[0]);
    });

    it("[M4] of a hundred who spend a puzzle at once, one does; he alone may do it again", async () => {
      const names = Array.from({ length: 100 }, (_, i) => `by ${i}`);
      const spent = await Promise.all(names.map((by) => t.store.spend("nonce", by, 60_000)));
      const winners = names.filter((_, i) => spent[i]);
      expect(winners).to.have.length(1);
      t.store.sweep?.();
      for (const by of names)
        expect(await t.store.spend("nonce", by, 60_000)).to.equal(by === winners[0]);
      expect(await t.store.spend("another", "by 7", 60_000)).to.equal(true);
    });

    it("[M4] what came is added up over all, window by window", async () => {
      await t.store.tally(5, { newcomers: 2, throws: 1 });
      await t.store.tally(6, { newcomers: 10, throws: 0 });
      const sum = await t.store.tally(6, { newcomers: 1, throws: 3 });
      expect(sum).to.deep.equal({
        now: { newcomers: 11, throws: 3 },
        before: { newcomers: 2, throws: 1 },
      });
      expect(await t.store.tally(9, { newcomers: 0, throws: 0 })).to.deep.equal({
        now: { newcomers: 0, throws: 0 },
        before: { newcomers: 0, throws: 0 },
      });
    });
  },
);

describe("puzzle store", () => {
  it("[M4] in memory, nothing is kept beyond its time", async () => {
    let now = 1000;
    const store = new MemoryPuzzleStore({ now: () => now });
    await store.spend("nonce", "ann", 500);
    now += 499;
    expect(await store.spend("nonce", "bo", 500)).to.equal(false);
    now += 1;
    expect(await store.spend("nonce", "bo", 500)).to.equal(true);
  });

  it("[M4] on Redis, every key ends by itself", async function () {
    const redis = await startRedis();
    if (!redis) return this.skip();
    const connection = await redis.connect();
    const store = new RedisPuzzleStore(connection);
    await store.secret(1, "s");
    await store.spend("nonce", "ann", 500);
    await store.tally(1, { newcomers: 1, throws: 1 });
    const keys = (await connection.command("KEYS", "*")) as string[];
    expect(keys).to.have.length(3);
    for (const key of keys) expect(await connection.command("PTTL", key)).to.be.above(0);
    await redis.stop();
  });
});
