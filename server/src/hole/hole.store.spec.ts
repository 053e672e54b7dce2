import { expect } from "chai";
import { nanoid } from "nanoid";
import type { DrifterId, WriteId } from "@driftsea/protocol";
import { eachStore } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { connectWithClock, startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { until } from "../../test/harness/visitor.ts";
import { ManualClock } from "../lib/clock.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { holeKeys } from "./hole.keys.ts";
import { runSchedule } from "./hole.schedule.ts";
import { MemoryHoleStore } from "./hole.store.memory.ts";
import { RedisHoleStore } from "./hole.store.redis.ts";
import { WIPE_SLACK_MS } from "./hole.store.ts";
import type { HoleRules, HoleStore, StoredLetter } from "./hole.store.ts";

const DAY = 24 * 60 * 60 * 1000;
const RULES: HoleRules = {
  silenceMs: DAY,
  lettersKept: 10_000,
  lettersAWriter: 20,
  recordsKept: 100_000,
};
const [ann, bo] = ["ann", "bo"] as [DrifterId, DrifterId];

const letter = (writer: DrifterId, text: string, writeId = nanoid<WriteId>()) => ({
  id: nanoid(),
  writer,
  writeId,
  text,
});

eachStore<HoleStore>(
  "hole store",
  (clock) => new MemoryHoleStore(clock),
  (connection) => new RedisHoleStore(connection),
  (open) => {
    let t: TimedStore<HoleStore>;
    const write = (writer: DrifterId, text: string, rules: Partial<HoleRules> = {}) =>
      t.store.write(letter(writer, text), { ...RULES, ...rules });
    /** How often each letter comes up in `draws` draws that are spread evenly. */
    const spread = async (draws: number): Promise<Record<string, number>> => {
      const counts: Record<string, number> = {};
      const drawn = await Promise.all(
        Array.from({ length: draws }, (_, i) => t.store.draw((i + 0.5) / draws)),
      );
      for (const found of drawn) counts[found!.text] = (counts[found!.text] ?? 0) + 1;
      return counts;
    };
    const letters = async (): Promise<number> => (await t.store.status()).wall?.letters ?? 0;
    beforeEach(async () => {
      t = await open();
    });

    it("[R11] an empty hole has no wall, no letter and nothing to wipe", async () => {
      expect(await t.store.status()).to.deep.equal({ at: t.now(), wall: null });
      expect(await t.store.draw(0)).to.equal(null);
      expect(await t.store.written("a".repeat(21))).to.equal(null);
      expect(await t.store.erase(ann)).to.deep.equal({ at: t.now(), wall: null });
      expect(await t.store.tend()).to.equal("quiet");
    });

    it("[M1] a hidden letter is never drawn; restored it is at its place, under the same countdown", async () => {
      const [one, two, three] = ["1", "2", "3"].map((text) => letter(ann, text));
      for (const each of [one!, two!, three!]) await t.store.write(each, RULES);
      const { wall } = await t.store.status();
      await t.advance(1000);
      await t.store.veil(two!.id, "hide");
      expect((await t.store.veil(two!.id, "hide")).wall).to.deep.equal({ ...wall, letters: 2 });
      expect(await spread(10)).to.deep.equal({ 1: 5, 3: 5 });
      expect(await t.store.written(two!.id)).to.deep.equal({
        text: "2",
        writer: ann,
        isHidden: true,
      });
      await t.store.veil(two!.id, "restore");
      expect((await t.store.veil(two!.id, "restore")).wall).to.deep.equal(wall);
      expect((await t.store.draw(0.5))?.text).to.equal("2");
    });

    it("[M1] a wall whose letters are all hidden gives none, and ends when it would have", async () => {
      const one = letter(ann, "1");
      await t.store.write(one, RULES);
      await t.store.veil(one.id, "hide");
      expect(await t.store.draw(0.5)).to.equal(null);
      expect((await t.store.status()).wall?.letters).to.equal(0);
      await t.store.erase(bo);
      await t.store.veil(one.id, "restore");
      expect((await t.store.draw(0.5))?.text).to.equal("1");
      await t.store.veil(one.id, "hide");
      await t.advance(DAY);
      expect(await t.store.tend()).to.equal("wiped");
      await t.store.veil(one.id, "restore");
      expect(await t.store.status()).to.deep.equal({ at: t.now(), wall: null });
    });

    it("[M1] a letter that is removed goes for good, and the same write brings it not back", async () => {
      const [one, two] = [letter(ann, "1"), letter(bo, "2")];
      for (const each of [one, two]) await t.store.write(each, RULES);
      await t.store.veil(one.id, "hide");
      await t.store.veil(one.id, "remove");
      expect((await t.store.veil(one.id, "restore")).wall?.letters).to.equal(1);
      expect(await t.store.written(one.id)).to.equal(null);
      expect((await t.store.write(one, RULES)).outcome).to.equal("again");
      await t.store.veil(two.id, "remove");
      expect((await t.store.status()).wall).to.equal(null);
    });

    it("[R11] any letter begins the countdown again", async () => {
      const beganAt = t.now();
      expect((await write(ann, "one")).reading.wall).to.deep.equal({
        beganAt,
        deadlineAt: beganAt + DAY,
        letters: 1,
      });
      await t.advance(DAY - 1);
      expect((await write(bo, "two")).reading.wall).to.deep.equal({
        beganAt,
        deadlineAt: t.now() + DAY,
        letters: 2,
      });
      await t.advance(DAY - 1);
      expect(await letters()).to.equal(2);
    });

    it("[R11] from the deadline on nothing is readable, deleted or not", async () => {
      const first = letter(ann, "one");
      await t.store.write(first, RULES);
      await t.advance(DAY - 1);
      expect(await t.store.draw(0)).to.include({ text: "one" });
      await t.advance(1);
      expect(await t.store.draw(0)).to.equal(null);
      expect(await t.store.written(first.id)).to.equal(null);
      expect(await t.store.status()).to.deep.equal({ at: t.now(), wall: null });
      expect(await t.store.erase(ann)).to.deep.equal({ at: t.now(), wall: null });
    });

    it("[R11] of all who tend a wall that has ended, one is told that it was wiped", async () => {
      await write(ann, "one");
      expect(await t.store.tend()).to.equal("quiet");
      await t.advance(DAY);
      const answers = await Promise.all(Array.from({ length: 20 }, () => t.store.tend()));
      expect(answers.filter((answer) => answer === "wiped")).to.have.length(1);
      expect(await t.store.tend()).to.equal("quiet");
    });

    it("[R11] a letter after the end begins another wall, without the old letters", async () => {
      const old = letter(ann, "old");
      await t.store.write(old, RULES);
      await t.advance(DAY);
      expect((await write(bo, "new")).reading.wall).to.deep.equal({
        beganAt: t.now(),
        deadlineAt: t.now() + DAY,
        letters: 1,
      });
      expect(await t.store.tend()).to.equal("quiet");
      expect(await t.store.written(old.id)).to.equal(null);
      expect(await spread(10)).to.deep.equal({ new: 10 });
      expect(await t.store.erase(ann)).to.have.nested.property("wall.letters", 1);
    });

    it("[R11] each letter is drawn equally often, also after some have gone", async () => {
      for (let i = 0; i < 10; i += 1) await write(i % 2 ? ann : bo, `${i}`);
      const all = await spread(1000);
      expect(Object.values(all)).to.deep.equal(Array.from({ length: 10 }, () => 100));
      await t.store.erase(ann);
      expect(await spread(1000)).to.deep.equal({ 0: 200, 2: 200, 4: 200, 6: 200, 8: 200 });
      // The ends of the interval.
      expect(await t.store.draw(0)).to.include({ text: "0" });
      expect(await t.store.draw(1 - 2 ** -53)).to.include({ text: "8" });
    });

    it("[R11] a letter is its id, its text as it was and its time, and no writer", async () => {
      const one = letter(ann, '"quoted" / 海 \u{1f30a}\n\\ |');
      await t.store.write(one, RULES);
      const shown: StoredLetter = { id: one.id, text: one.text, writtenAt: t.now() };
      expect(await t.store.draw(0.5)).to.deep.equal(shown);
      expect(await t.store.written(one.id)).to.deep.equal({
        text: one.text,
        writer: ann,
        isHidden: false,
      });
    });

    it("[R11] the same write is one letter, however often and at once it comes", async () => {
      const writeId = nanoid<WriteId>();
      const all = await Promise.all(
        Array.from({ length: 20 }, () => t.store.write(letter(ann, "once", writeId), RULES)),
      );
      expect(all.filter(({ outcome }) => outcome === "new")).to.have.length(1);
      await t.advance(1000);
      await write(bo, "later");
      const { outcome, reading } = await t.store.write(letter(ann, "once", writeId), RULES);
      expect(outcome).to.equal("again");
      expect(reading.wall).to.include({ deadlineAt: t.now() + DAY, letters: 2 });
      // Another's ids are his own.
      const other = await t.store.write(letter(bo, "mine", writeId), RULES);
      expect(other.outcome).to.equal("new");
    });

    it("[R11] a write sent again after the wipe does not begin a new wall", async () => {
      const silenceMs = 60_000;
      const writeId = nanoid<WriteId>();
      const send = () => t.store.write(letter(ann, "once", writeId), { ...RULES, silenceMs });
      expect((await send()).outcome).to.equal("new");
      await t.advance(silenceMs);
      const late = await send();
      expect(late).to.deep.equal({ outcome: "again", reading: { at: t.now(), wall: null } });
      await t.store.tend();
      await t.advance(WRITE_RECORD_MS - silenceMs);
      expect((await send()).outcome).to.equal("again");
      await t.advance(1);
      expect((await send()).outcome).to.equal("new");
    });

    it("[R11] a write is remembered as long as its letter, where that is longer than a day", async () => {
      const first = letter(ann, "one");
      await t.store.write(first, RULES);
      for (let day = 0; day < 5; day += 1) {
        await t.advance(DAY - 1);
        await write(bo, `day ${day}`);
      }
      const again = await t.store.write({ ...first, id: nanoid() }, RULES);
      expect(again.outcome).to.equal("again");
      expect(again.reading.wall).to.include({ letters: 6 });
    });

    it("[R11] the oldest letters give way", async () => {
      const written = Array.from({ length: 8 }, (_, i) => letter(ann, `${i}`));
      for (const each of written) await t.store.write(each, { ...RULES, lettersKept: 5 });
      expect(await spread(100)).to.deep.equal({ 3: 20, 4: 20, 5: 20, 6: 20, 7: 20 });
      expect(await t.store.written(written[2]!.id)).to.equal(null);
      expect(await t.store.written(written[3]!.id)).to.include({ text: "3" });
      const again = await t.store.write({ ...written[0]!, id: nanoid() }, RULES);
      expect(again.outcome, "what has given way is not written anew").to.equal("again");
      expect((await t.store.erase(ann)).wall).to.equal(null);
    });

    it("[R11] who writes on and on pushes out his own letters, the oldest first", async () => {
      const rules = { ...RULES, lettersAWriter: 3 };
      // A name that begins like another's.
      const anna = "anna" as DrifterId;
      const first = letter(ann, "0");
      for (const who of [bo, anna]) await t.store.write(letter(who, `of ${who}`), rules);
      await t.store.write(first, rules);
      for (let i = 1; i < 30; i += 1) await t.store.write(letter(ann, `${i}`), rules);
      expect(await spread(50)).to.deep.equal({
        "of bo": 10,
        "of anna": 10,
        27: 10,
        28: 10,
        29: 10,
      });
      expect(await t.store.written(first.id)).to.equal(null);
      const again = await t.store.write({ ...first, id: nanoid() }, rules);
      expect(again.outcome, "what has given way is not written anew").to.equal("again");
      expect((await t.store.erase(ann)).wall).to.include({ letters: 2 });
      for (let i = 30; i < 33; i += 1) await t.store.write(letter(ann, `${i}`), rules);
      expect(await letters(), "erased letters are not counted").to.equal(5);
    });

    it("[R11] the records of writes are bounded, and spare the letters that are there", async () => {
      const written = Array.from({ length: 9 }, (_, i) => letter(ann, `${i}`));
      const rules = { ...RULES, lettersKept: 3, recordsKept: 4 };
      for (const each of written) {
        await t.advance(1);
        await t.store.write(each, rules);
      }
      const outcomes = [];
      for (const each of written.slice(-4)) {
        outcomes.push((await t.store.write({ ...each, id: nanoid() }, rules)).outcome);
      }
      expect(outcomes).to.deep.equal(["again", "again", "again", "again"]);
      const oldest = { ...written[0]!, id: nanoid() };
      expect((await t.store.write(oldest, rules)).outcome).to.equal("new");
    });

    it("[session:forget] takes out his letters and no other's; the countdown goes on", async () => {
      // A name that begins like another's.
      const anna = "anna" as DrifterId;
      for (const [i, who] of [ann, bo, anna, ann].entries()) await write(who, `${i}`);
      const { wall } = await t.store.status();
      await t.advance(1000);
      expect((await t.store.erase(ann)).wall).to.deep.equal({ ...wall, letters: 2 });
      expect(await spread(10)).to.deep.equal({ 1: 5, 2: 5 });
      await t.store.erase(bo);
      expect(await t.store.erase(anna)).to.deep.equal({ at: t.now(), wall: null });
      await t.advance(DAY);
      expect(await t.store.tend(), "it was empty, not silent").to.equal("quiet");
    });
  },
);

describe("hole store on Redis alone", () => {
  let redis: TestRedis | null = null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  const keysOf = async (connection: RedisConnection): Promise<string[]> =>
    (await connection.command("KEYS", `${connection.prefix}*`)) as string[];

  it("[R11] every key is in one slot and has its end, wherever it was written", async () => {
    const connection = await redis!.connect();
    const store = new RedisHoleStore(connection);
    for (const silenceMs of [DAY, 60_000, 3 * DAY]) {
      const { reading } = await store.write(letter(ann, "one"), { ...RULES, silenceMs });
      const keys = await keysOf(connection);
      expect(keys).to.have.members(holeKeys(connection.prefix));
      const ends = reading.wall!.deadlineAt + WIPE_SLACK_MS;
      for (const key of keys) {
        expect(key).to.match(/\{hole\}/);
        const expected = key.endsWith(":writes")
          ? Math.max(ends, reading.at + WRITE_RECORD_MS)
          : ends;
        expect(await connection.command("PEXPIRETIME", key), key).to.equal(expected);
      }
    }
  });

  it("[R11] Redis wipes it with every server dead, and keeps no text", async () => {
    const connection = await redis!.connect();
    const store = new RedisHoleStore(connection);
    const rules = { ...RULES, silenceMs: 150 };
    const one = letter(ann, "a secret");
    await store.write(one, rules);
    await store.write(letter(bo, "another"), rules);
    await until(async () => (await keysOf(connection)).length === 1, "the wipe");
    const [key] = await keysOf(connection);
    expect(key).to.equal(holeKeys(connection.prefix)[4]);
    const left = JSON.stringify(await connection.command("ZRANGE", key!, 0, -1, "WITHSCORES"));
    for (const word of ["secret", "another", `"${ann}`, `"${bo}`, one.id, one.writeId])
      expect(left).not.to.contain(word);
    expect((await store.write({ ...one, id: nanoid() }, rules)).outcome).to.equal("again");
    expect(await store.tend()).to.equal("quiet");
  });

  it("[R11] does what the model in memory does, in 30 random schedules", async () => {
    const begin = Date.now();
    for (let seed = 0; seed < 30; seed += 1) {
      const clock = new ManualClock(begin);
      const inMemory = {
        store: new MemoryHoleStore(clock),
        advance: async (ms: number) => clock.advance(ms),
        now: () => clock.now(),
      };
      const model = await runSchedule(inMemory, `h${seed}`, 150);
      const { connection, advance, now } = await connectWithClock(redis!, begin);
      const onRedis = { store: new RedisHoleStore(connection), advance, now };
      const real = await runSchedule(onRedis, `h${seed}`, 150);
      expect(real).to.have.length(model.length);
      model.forEach((line, i) => {
        expect(real[i], `seed h${seed}, line ${i}`).to.deep.equal(line);
      });
    }
  });
});
