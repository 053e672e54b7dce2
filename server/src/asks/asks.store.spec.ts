import { expect } from "chai";
import type { OwnerHash, QuestionId } from "@driftsea/protocol";
import { eachStore, expectSameAnswers } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { connectWithClock, startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import { boxKeys } from "./asks.keys.ts";
import { runSchedule } from "./asks.schedule.ts";
import { MemoryAskStore } from "./asks.store.memory.ts";
import { RedisAskStore } from "./asks.store.redis.ts";
import {
  ANSWERS_KEPT,
  BOX_LIFE_MS,
  DAY_MS,
  QUESTION_LIFE_MS,
  RECORDS_KEPT,
  WAITING_KEPT,
  WINDOW_MS,
  endOf,
  windowOf,
} from "./asks.store.ts";
import type { AskStore, BoxHash } from "./asks.store.ts";

const BOX = "hash of a box" as BoxHash;
const OWNER = "hash of its key" as OwnerHash;
const OTHER = "hash of another" as OwnerHash;
const MADE = { ownerHash: OWNER, mutedWords: ["plum", "分手"] };
const TEXT = '"why" / me 海 \u{1f30a}\n\\';
const idOf = (n: number): QuestionId => `question-${String(n).padStart(4, "0")}` as QuestionId;

eachStore<AskStore>(
  "ask store",
  (clock) => new MemoryAskStore(clock),
  (connection) => new RedisAskStore(connection),
  (open) => {
    let t: TimedStore<AskStore>;
    beforeEach(async () => {
      t = await open();
    });
    const ask = (n: number, more: { text?: string; mark?: string; isMuted?: boolean } = {}) =>
      t.store.ask(BOX, { id: idOf(n), text: TEXT, mark: `m${n}`, isMuted: false, ...more });
    const answer = (n: number, mark = `a${n}`, owner = OWNER) =>
      t.store.answer(BOX, owner, { id: idOf(n), text: `to ${n} 海`, mark });
    const waiting = async () => (await t.store.questions(BOX, OWNER))!.questions;
    const answers = async (before: number | null = null, limit = 1000) =>
      (await t.store.read(BOX, { before, limit }))!.answers;

    it("[F10] a box is made once, as it was made first, and is read as it is", async () => {
      const endsAt = endOf(t.now());
      expect(await t.store.make(BOX, MADE)).to.deep.equal({ endsAt, isNew: true });
      const again = await t.store.make(BOX, { ...MADE, mutedWords: [] });
      expect(again).to.deep.equal({ endsAt, isNew: false });
      expect(await t.store.make(BOX, { ...MADE, ownerHash: OTHER })).to.equal(null);
      const box = { ...MADE, isOn: true, endsAt };
      expect(await t.store.read(BOX, { before: null, limit: 10 })).to.deep.equal({
        box,
        answers: [],
      });
      expect(await t.store.questions(BOX, OWNER)).to.deep.equal({ box, questions: [] });
    });

    it("[F10] without its key nothing of it is to be had or changed: as if it were not there", async () => {
      await t.store.make(BOX, MADE);
      await ask(1);
      await t.advance(DAY_MS);
      const nobody = "no such box" as BoxHash;
      for (const [box, owner] of [
        [BOX, OTHER],
        [nobody, OWNER],
      ] as const) {
        const given = { id: idOf(1), text: "x", mark: "a" };
        expect(await t.store.questions(box, owner)).to.equal(null);
        expect(await t.store.answer(box, owner, given)).to.deep.equal({ outcome: "gone" });
        expect(await t.store.drop(box, owner, idOf(1))).to.equal("gone");
        expect(await t.store.set(box, owner, { isOn: false })).to.equal(false);
        expect(await t.store.close(box, owner)).to.equal(false);
      }
      const { box } = (await t.store.read(BOX, { before: null, limit: 1 }))!;
      expect(box.isOn).to.equal(true);
      expect(box.endsAt, "a forged key renews nothing").to.equal(endOf(t.now() - DAY_MS));
      expect(await t.store.read(nobody, { before: null, limit: 1 })).to.equal(null);
      expect(await waiting()).to.have.length(1);
    });

    it("[F10] a question waits once a write, for its owner; its time is that of a window", async () => {
      expect(await ask(1), "before there is a box").to.equal("gone");
      await t.store.make(BOX, MADE);
      expect(await ask(1)).to.equal("kept");
      expect(await ask(2, { mark: "m1" })).to.equal("again");
      expect(await waiting()).to.deep.equal([{ id: idOf(1), text: TEXT, at: windowOf(t.now()) }]);
      await t.advance(WRITE_RECORD_MS);
      expect(await ask(2, { mark: "m1" }), "a day later").to.equal("again");
      await t.advance(WINDOW_MS);
      expect(await ask(2, { mark: "m1" }), "another write").to.equal("kept");
      expect(
        (await waiting()).map(({ id }) => id),
        "the newest first",
      ).to.deep.equal([idOf(2), idOf(1)]);
    });

    it("[F10] what is muted is remembered as asked, and kept nowhere", async () => {
      await t.store.make(BOX, MADE);
      expect(await ask(1, { isMuted: true })).to.equal("muted");
      expect(await ask(1, { isMuted: true })).to.equal("again");
      expect(await waiting()).to.deep.equal([]);
      expect((await answer(1)).outcome).to.equal("gone");
    });

    it("[F10] so many writes are remembered, the newest; nobody fills a box by asking without end", async () => {
      await t.store.make(BOX, MADE);
      const mark = (n: number): string => `m${String(n).padStart(5, "0")}`;
      for (let from = 0; from <= RECORDS_KEPT; from += 500) {
        const some = Array.from({ length: 500 }, (_, i) => from + i);
        await Promise.all(some.map((n) => ask(n, { mark: mark(n), isMuted: true })));
      }
      expect(await ask(0, { mark: mark(RECORDS_KEPT), isMuted: true })).to.equal("again");
      expect(await ask(0, { mark: mark(0), isMuted: true })).to.equal("muted");
    });

    it("[F10] shut, it takes no questions and is read on; opened again, it does", async () => {
      await t.store.make(BOX, MADE);
      await ask(1);
      await answer(1);
      expect(await t.store.set(BOX, OWNER, { isOn: false })).to.equal(true);
      expect(await ask(2)).to.equal("locked");
      expect(await ask(3, { isMuted: true })).to.equal("locked");
      expect(await ask(1), "what was asked before").to.equal("again");
      expect(await answers()).to.have.length(1);
      await t.store.set(BOX, OWNER, { isOn: true, mutedWords: ["other"] });
      expect(await ask(2)).to.equal("kept");
      expect((await t.store.questions(BOX, OWNER))!.box.mutedWords).to.deep.equal(["other"]);
      await t.store.set(BOX, OWNER, {});
      expect((await t.store.questions(BOX, OWNER))!.box).to.include({ isOn: true });
    });

    it("[F10] an answer makes its question public, once a write; another is a conflict", async () => {
      await t.store.make(BOX, MADE);
      for (const n of [1, 2, 3]) await ask(n);
      const at = windowOf(t.now());
      const first = { id: idOf(2), question: TEXT, answer: "to 2 海", at, order: 1 };
      expect(await answer(2)).to.deep.equal({ outcome: "new", answer: first });
      expect(await answer(2)).to.deep.equal({ outcome: "again", answer: first });
      expect(await answer(2, "another write")).to.deep.equal({ outcome: "conflict" });
      expect((await answer(9)).outcome).to.equal("gone");
      await answer(1);
      expect((await answers()).map(({ id }) => id)).to.deep.equal([idOf(1), idOf(2)]);
      expect(await answers(null, 1)).to.have.length(1);
      expect(await answers(2), "the page below").to.deep.equal([first]);
      expect(await answers(null, 0)).to.deep.equal([]);
      expect((await waiting()).map(({ id }) => id)).to.deep.equal([idOf(3)]);
    });

    it("[F10] a question or an answer is dropped for good", async () => {
      await t.store.make(BOX, MADE);
      for (const n of [1, 2]) await ask(n);
      await answer(1);
      expect(await t.store.drop(BOX, OWNER, idOf(1))).to.equal("answer");
      expect(await t.store.drop(BOX, OWNER, idOf(2))).to.equal("question");
      expect(await t.store.drop(BOX, OWNER, idOf(2))).to.equal("gone");
      expect(await answers()).to.deep.equal([]);
      expect(await waiting()).to.deep.equal([]);
      expect((await answer(1)).outcome, "not even by the same write").to.equal("gone");
      await ask(3);
      expect(await answer(3)).to.have.nested.property("answer.order", 2);
    });

    it("[F10] of too many the oldest question gives way, and the answer given first", async () => {
      await t.store.make(BOX, MADE);
      for (let n = 0; n <= WAITING_KEPT; n += 1) expect(await ask(n)).to.equal("kept");
      const ids = (await waiting()).map(({ id }) => id);
      expect(ids).to.have.length(WAITING_KEPT);
      expect(ids).to.include(idOf(1)).and.not.include(idOf(0));
      for (let n = 1; n <= ANSWERS_KEPT; n += 1) await answer(n);
      await ask(WAITING_KEPT + 1);
      await answer(WAITING_KEPT + 1);
      const given = await answers();
      expect(given).to.have.length(ANSWERS_KEPT);
      expect(given.at(-1)!.id).to.equal(idOf(2));
    });

    it("[F10] a box ends 30 d after its owner's last act, a question 30 d after it was asked", async () => {
      await t.store.make(BOX, MADE);
      await ask(1);
      await ask(2);
      await answer(2);
      await t.advance(QUESTION_LIFE_MS - DAY_MS);
      expect(await waiting(), "an act").to.have.length(1);
      await t.advance(DAY_MS);
      expect(await waiting()).to.deep.equal([]);
      expect(await answers(), "an answer lives on").to.have.length(1);
      await ask(3);
      await t.advance(BOX_LIFE_MS - 1);
      expect((await answers()).length, "asking and reading are nobody's acts").to.equal(1);
      await t.advance(DAY_MS);
      expect(await t.store.read(BOX, { before: null, limit: 1 })).to.equal(null);
      expect(await ask(4)).to.equal("gone");
      expect(await t.store.set(BOX, OWNER, { isOn: true })).to.equal(false);
      expect((await t.store.make(BOX, MADE))!.isNew).to.equal(true);
      expect(await answers()).to.deep.equal([]);
      expect(await waiting()).to.deep.equal([]);
    });

    it("[F10] closed, it is gone for good and is not made again by a write that comes late", async () => {
      await t.store.make(BOX, MADE);
      await ask(1);
      await answer(1);
      expect(await t.store.close(BOX, OWNER)).to.equal(true);
      expect(await t.store.close(BOX, OWNER)).to.equal(false);
      expect(await t.store.read(BOX, { before: null, limit: 1 })).to.equal(null);
      expect(await ask(2)).to.equal("gone");
      expect(await t.store.make(BOX, MADE)).to.equal(null);
      t.store.sweep?.();
      await t.advance(BOX_LIFE_MS - 1);
      expect(await t.store.make(BOX, MADE)).to.equal(null);
    });

    it("[F10] of many at once one write is one question, and one answer is given", async () => {
      await t.store.make(BOX, MADE);
      const asked = await Promise.all([1, 2, 3, 4, 5].map((n) => ask(n, { mark: "same" })));
      expect(asked.filter((one) => one === "kept")).to.have.length(1);
      const { id } = (await waiting())[0]!;
      const given = await Promise.all(
        ["a", "b", "c"].map((mark) => t.store.answer(BOX, OWNER, { id, text: mark, mark })),
      );
      expect(given.map(({ outcome }) => outcome).sort()).to.deep.equal([
        "conflict",
        "conflict",
        "new",
      ]);
    });
  },
);

describe("ask store on Redis alone", () => {
  let redis: TestRedis | null = null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  it("[F10] every key ends with the box, at the end of a day; closed, a trace without content is left", async () => {
    const { connection, advance, now } = await connectWithClock(redis!, Date.now());
    const store = new RedisAskStore(connection);
    const { prefix } = connection;
    await store.make(BOX, MADE);
    await advance(3 * DAY_MS);
    for (const n of [1, 2])
      await store.ask(BOX, { id: idOf(n), text: TEXT, mark: `m${n}`, isMuted: false });
    const [, , , , , was] = boxKeys(prefix, BOX);
    const ends = async (): Promise<unknown[]> => {
      const keys = (await connection.command("KEYS", `${prefix}{q:*`)) as string[];
      return Promise.all(keys.map((key) => connection.command("PEXPIRETIME", key)));
    };
    expect(await ends(), "an asker puts nothing off").to.deep.equal(
      Array(4).fill(endOf(now() - 3 * DAY_MS)),
    );
    await store.answer(BOX, OWNER, { id: idOf(1), text: "x", mark: "a" });
    expect(await ends()).to.deep.equal(Array(5).fill(endOf(now())));
    await advance(2 * DAY_MS);
    await store.questions(BOX, OWNER);
    expect(await ends()).to.deep.equal(Array(5).fill(endOf(now())));
    await store.close(BOX, OWNER);
    expect(await connection.command("KEYS", `${prefix}{q:*`)).to.deep.equal([was]);
    expect(await connection.command("GET", was!)).to.equal(String(endOf(now())));
    expect(await ends()).to.deep.equal([endOf(now())]);
  });

  it("[F10] a question that waited its life is taken out when anybody asks", async () => {
    const { connection, advance } = await connectWithClock(redis!, Date.now());
    const store = new RedisAskStore(connection);
    const [, entries] = boxKeys(connection.prefix, BOX);
    const ask = (n: number) =>
      store.ask(BOX, { id: idOf(n), text: TEXT, mark: `m${n}`, isMuted: false });
    await store.make(BOX, MADE);
    await ask(1);
    await advance(QUESTION_LIFE_MS / 2);
    await store.set(BOX, OWNER, {});
    await advance(QUESTION_LIFE_MS / 2);
    await ask(2);
    expect(await connection.command("HKEYS", entries!)).to.deep.equal([idOf(2)]);
  });

  it("[F10] does what the model in memory does, in 100 random schedules", async function () {
    // DRIFTSEA_LONG=1 runs the whole campaign; the gate runs its beginning.
    const schedules = process.env["DRIFTSEA_LONG"] ? 5000 : 100;
    this.timeout(schedules * 600);
    await expectSameAnswers<AskStore>(
      redis!,
      (clock) => new MemoryAskStore(clock),
      (connection) => new RedisAskStore(connection),
      Array.from({ length: schedules }, (_, seed) => `q${seed}`),
      (t, seed) => runSchedule(t, seed, 60),
    );
  });
});
