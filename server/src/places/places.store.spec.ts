import { expect } from "chai";
import type { CircleId, PlaceId } from "@driftsea/protocol";
import { eachStore } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { connectWithClock, startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { MemoryPlaceStore } from "./places.store.memory.ts";
import { RedisPlaceStore } from "./places.store.redis.ts";
import { ACTIVE_MS, HOUR_MS, WORD_LIFE_MS, hourOf } from "./places.store.ts";
import type { PlaceStore } from "./places.store.ts";
import { peopleKey, wordKey } from "./places.keys.ts";
import type { Word } from "./word.ts";

const [ann, bo] = ["ann", "bo"] as [CircleId, CircleId];
const [town, campus] = ["town", "campus"] as [PlaceId, PlaceId];
const wordAt = (namedAt: number, now: PlaceId | null = town): Word => ({
  named: town,
  namedAt,
  now,
});

eachStore<PlaceStore>(
  "place store",
  (clock) => new MemoryPlaceStore(clock),
  (connection) => new RedisPlaceStore(connection),
  (open) => {
    let t: TimedStore<PlaceStore>;
    beforeEach(async () => {
      t = await open();
    });

    it("[F12] a word is one person's, and changes only from what it was", async () => {
      const [first, second] = [wordAt(t.now()), wordAt(t.now(), null)];
      expect(await t.store.word(ann)).to.equal(null);
      expect(await t.store.setWord(ann, first, second), "there is none").to.equal(false);
      expect(await t.store.setWord(ann, null, first)).to.equal(true);
      expect(await t.store.setWord(ann, null, second), "there is one").to.equal(false);
      expect(await t.store.word(ann)).to.deep.equal(first);
      expect(await t.store.setWord(ann, first, second)).to.equal(true);
      expect(await t.store.word(ann)).to.deep.equal(second);
      expect(await t.store.word(bo)).to.equal(null);
    });

    it("[F12] of two words at the same time one is taken", async () => {
      const all = await Promise.all(
        [1, 2, 3, 4].map((i) => t.store.setWord(ann, null, wordAt(t.now() + i))),
      );
      expect(all.filter(Boolean)).to.have.length(1);
    });

    it("[F12] a mark counts once in a place, until it leaves or for a day from its hour", async () => {
      for (const mark of ["m1", "m1", "m2"]) await t.store.enter(town, mark);
      await t.store.enter(campus, "m3");
      expect(await t.store.people(town)).to.equal(2);
      expect(await t.store.people(campus)).to.equal(1);
      await t.store.leave(town, "m1");
      await t.store.leave(town, "m1");
      await t.store.leave(campus, "m2");
      expect(await t.store.people(town)).to.equal(1);
      await t.advance(hourOf(t.now()) + HOUR_MS - t.now());
      await t.store.enter(town, "m4");
      await t.advance(ACTIVE_MS - HOUR_MS);
      expect(await t.store.people(town), "both within a day, to the hour").to.equal(2);
      await t.store.enter(town, "m2");
      await t.advance(2 * HOUR_MS);
      expect(await t.store.people(town), "renewed").to.equal(1);
      expect(await t.store.people(campus)).to.equal(0);
    });

    it("[session:forget] a word is erased, and nobody else's", async () => {
      for (const who of [ann, bo]) await t.store.setWord(who, null, wordAt(t.now()));
      await t.store.erase(ann);
      expect(await t.store.word(ann)).to.equal(null);
      expect(await t.store.word(bo)).to.deep.equal(wordAt(t.now()));
    });
  },
);

describe("place store in memory alone", () => {
  it("[F12] a word is forgotten unless its giver is here", async () => {
    let now = Date.now();
    const store = new MemoryPlaceStore({ now: () => now });
    const word = wordAt(now);
    for (const who of [ann, bo]) await store.setWord(who, null, word);
    now += WORD_LIFE_MS - 1;
    await store.keepWord(ann);
    now += 1;
    expect(await store.word(bo)).to.equal(null);
    store.sweep();
    expect(await store.word(ann)).to.deep.equal(word);
    now += WORD_LIFE_MS - 1;
    expect(await store.word(ann)).to.equal(null);
  });
});

describe("place store on Redis alone", () => {
  let redis: TestRedis | null = null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  it("[F12] every key ends by itself; no time of a place is finer than an hour", async () => {
    const { connection, now } = await connectWithClock(redis!, Date.now());
    const store = new RedisPlaceStore(connection);
    await store.setWord(ann, null, wordAt(now()));
    await store.enter(town, "m1");
    const ttl = (key: string) => connection.command("PTTL", key);
    const word = wordKey(connection.prefix, ann);
    const people = peopleKey(connection.prefix, town);
    expect(await ttl(word)).to.be.within(WORD_LIFE_MS - 60_000, WORD_LIFE_MS);
    expect(await ttl(people)).to.be.within(ACTIVE_MS, ACTIVE_MS + HOUR_MS);
    await connection.command("PEXPIRE", word, 1000);
    await store.keepWord(ann);
    expect(await ttl(word)).to.be.within(WORD_LIFE_MS - 60_000, WORD_LIFE_MS);
    const held = (await connection.command("ZRANGE", people, 0, -1, "WITHSCORES")) as string[];
    expect(held).to.deep.equal(["m1", String(hourOf(now()))]);
    const keys = (await connection.command("KEYS", `${connection.prefix}{*`)) as string[];
    expect(keys.sort()).to.deep.equal([word, people].sort());
  });
});
