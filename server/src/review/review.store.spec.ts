import { expect } from "chai";
import { nanoid } from "nanoid";
import { eachStore, expectSameAnswers } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { below, seededRandom } from "../lib/random.ts";
import { entryAfter, verifyLog } from "./review.log.ts";
import { MemoryReviewStore } from "./review.store.memory.ts";
import { RedisReviewStore } from "./review.store.redis.ts";
import { URGENCIES } from "./review.ts";
import type { LogEntry, ModeratorId, ReviewId } from "./review.ts";
import { ACTS_KEEP_MS, DECIDED_KEEP_MS, WAITING_KEEP_MS, WAITING_KEPT } from "./review.store.ts";
import type { ReviewStore, StoredItem } from "./review.store.ts";

const HOUR = 60 * 60_000;
const mod = "mod" as ModeratorId;

const itemOf = (name: string, now: number, more: Partial<StoredItem> = {}): StoredItem => ({
  id: name as ReviewId,
  rev: 1,
  kind: "bottle",
  subject: { kind: "bottle", id: name },
  texts: ["buy"],
  reasons: { spam: 1 },
  notes: [],
  urgency: "normal",
  since: now,
  state: "shown",
  isUnverified: false,
  noticeId: `notice-${name}`,
  hiddenFor: null,
  appeal: null,
  votes: [],
  decided: null,
  endsAt: now + HOUR,
  isDoubted: false,
  ...more,
});
const lineOf = (at: number, what: string) => ({
  at,
  moderator: mod,
  what,
  item: null,
  decision: null,
  reason: null,
});

eachStore<ReviewStore>(
  "review store",
  (clock) => new MemoryReviewStore(clock),
  (connection) => new RedisReviewStore(connection),
  (open) => {
    let t: TimedStore<ReviewStore>;
    beforeEach(async () => {
      t = await open();
    });
    const put = async (name: string, more: Partial<StoredItem> = {}): Promise<StoredItem> => {
      const item = itemOf(name, t.now(), more);
      expect(await t.store.write({ item })).to.equal("written");
      return item;
    };

    it("[M1] what only newcomers complain of stands behind what others do, and waits as long", async () => {
      const since = t.now();
      const at = (name: string, urgency: StoredItem["urgency"], isDoubted: boolean) =>
        put(name, { urgency, isDoubted, since: since + (isDoubted ? 0 : 10) });
      for (const urgency of [...URGENCIES].reverse()) {
        await at(`doubted ${urgency}`, urgency, true);
        await at(urgency, urgency, false);
      }
      expect((await t.store.waiting(20)).map(({ id }) => id)).to.deep.equal([
        "care",
        "doubted care",
        "threat",
        "high",
        "doubted threat",
        "normal",
        "doubted high",
        "doubted normal",
      ]);
      expect(await t.store.backlog()).to.deep.equal({ waiting: 8, oldestSince: since });
    });

    it("[M2] an item is found by its id, its subject and its notice", async () => {
      const item = await put("a", { texts: ["你好", "b"] });
      expect(await t.store.read(item.id)).to.deep.equal(item);
      expect(await t.store.find(item.subject)).to.deep.equal(item);
      expect(await t.store.byNotice("notice-a")).to.deep.equal(item);
      expect(await t.store.find({ ...item.subject, seq: 1 })).to.equal(null);
      expect(await t.store.find({ ...item.subject, isHeld: true })).to.equal(null);
      expect(await t.store.byNotice("notice-b")).to.equal(null);
    });

    it("[M2] of two who change an item at once, one is told that it has moved on", async () => {
      const item = await put("a");
      const change = { ...item, rev: 2 };
      const both = await Promise.all([
        t.store.write({ item: { ...change, notes: ["one"] } }),
        t.store.write({ item: { ...change, notes: ["two"] } }),
      ]);
      expect(new Set(both)).to.deep.equal(new Set(["moved", "written"]));
      expect(await t.store.write({ item })).to.equal("moved");
    });

    it("[M1] a subject has one item that waits, however many begin one at once", async () => {
      const of = (name: string): StoredItem =>
        itemOf(name, t.now(), { subject: { kind: "bottle", id: "same" } });
      const both = await Promise.all([
        t.store.write({ item: of("a") }),
        t.store.write({ item: of("b") }),
      ]);
      expect(new Set(both)).to.deep.equal(new Set(["moved", "written"]));
      const known = await t.store.find(of("a").subject);
      expect(await t.store.write({ item: of("c"), after: known!.id })).to.equal("written");
      await t.advance(HOUR + WAITING_KEEP_MS);
      expect(await t.store.write({ item: of("d") })).to.equal("written");
    });

    it("[M2] the most urgent come first, then the oldest", async () => {
      await put("n1");
      await t.advance(1000);
      await put("n2");
      await put("care", { urgency: "care" });
      await put("high", { urgency: "high" });
      await put("threat", { urgency: "threat" });
      const ids = (await t.store.waiting(10)).map(({ id }) => id);
      expect(ids).to.deep.equal(["care", "threat", "high", "n1", "n2"]);
      expect(await t.store.waiting(2)).to.have.length(2);
      expect(await t.store.backlog()).to.deep.equal({
        waiting: 5,
        oldestSince: t.now() - 1000,
      });
    });

    it("[M2] what was decided waits no more, and its texts go after 7 d", async () => {
      const item = await put("a", { endsAt: t.now() + 30 * 24 * HOUR });
      const decided = { decision: "keep", reason: "mistake", at: t.now() } as const;
      await t.store.write({ item: { ...item, rev: 2, decided } });
      expect(await t.store.waiting(10)).to.deep.equal([]);
      expect(await t.store.backlog()).to.deep.equal({ waiting: 0, oldestSince: null });
      await t.advance(DECIDED_KEEP_MS - 1);
      expect((await t.store.read(item.id))?.decided).to.deep.equal(decided);
      await t.advance(1);
      expect(await t.store.read(item.id)).to.equal(null);
      expect(await t.store.find(item.subject)).to.equal(null);
    });

    it("[M2] what nobody decides is forgotten 30 d after the end of the thing itself", async () => {
      const item = await put("a");
      await put("b", { endsAt: t.now() + 24 * HOUR });
      await t.advance(HOUR + WAITING_KEEP_MS - 1);
      expect(await t.store.waiting(10)).to.have.length(2);
      await t.advance(1);
      expect((await t.store.waiting(1)).map(({ id }) => id)).to.deep.equal(["b"]);
      expect(await t.store.read(item.id)).to.equal(null);
      expect(await t.store.backlog()).to.include({ waiting: 1 });
    });

    it("[M1] what follows from a change is to be done until it is settled", async () => {
      const first = await put("a");
      expect(await t.store.unsettled(t.now(), 10)).to.deep.equal([]);
      const item = { ...first, rev: 2 };
      await t.store.write({ item, isFollowed: true });
      await t.advance(1000);
      expect(await t.store.unsettled(t.now() - 1001, 10)).to.deep.equal([]);
      expect(await t.store.unsettled(t.now(), 10)).to.deep.equal(["a"]);
      await t.store.write({ item: { ...item, rev: 3 } });
      expect(await t.store.settled(item.id, 2)).to.equal(false);
      expect(await t.store.unsettled(t.now(), 10)).to.deep.equal(["a"]);
      expect(await t.store.settled(item.id, 3)).to.equal(true);
      expect(await t.store.unsettled(t.now(), 10)).to.deep.equal([]);
    });

    it("[M2] the log is one chain, whoever writes at once, and a change of it shows", async () => {
      for (let i = 0; i < 5; i += 1) {
        const entry = entryAfter(await t.store.head(), lineOf(t.now(), `line ${i}`));
        const other = entryAfter(await t.store.head(), lineOf(t.now(), "other"));
        const both = await Promise.all([t.store.append(entry), t.store.append(other)]);
        expect(both).to.deep.equal([true, false]);
      }
      const item = itemOf("a", t.now());
      const stale = entryAfter(null, lineOf(t.now(), "stale"));
      expect(await t.store.write({ item, entry: stale })).to.equal("moved");
      expect(await t.store.read(item.id)).to.equal(null);
      const entry = entryAfter(await t.store.head(), lineOf(t.now(), "vote"));
      expect(await t.store.write({ item, entry })).to.equal("written");
      const log = await t.store.log(undefined, 100);
      expect(log.map(({ seq }) => seq)).to.deep.equal([6, 5, 4, 3, 2, 1]);
      expect((await t.store.log(4, 2)).map(({ seq }) => seq)).to.deep.equal([3, 2]);
      expect(await t.store.log(1, 2)).to.deep.equal([]);
      const inOrder = log.reverse();
      expect(verifyLog(inOrder)).to.equal(null);
      const forged = inOrder.map((one) => (one.seq === 3 ? { ...one, what: "nothing" } : one));
      expect(verifyLog(forged)).to.equal(3);
      expect(verifyLog(inOrder.filter(({ seq }) => seq !== 3))).to.equal(4);
    });

    it("[M2] acts are counted for 7 d, two that are alike as two", async () => {
      const vote = { what: "vote", moderator: mod, at: t.now() } as const;
      await t.store.write({ item: itemOf("a", t.now()), acts: [vote] });
      await t.store.append(entryAfter(null, lineOf(t.now(), "x")), [vote]);
      expect(await t.store.acts(0)).to.deep.equal([vote, vote]);
      await t.advance(ACTS_KEEP_MS);
      expect(await t.store.acts(0)).to.deep.equal([]);
    });

    it("[M1] however much newcomers complain of, what others do waits in the queue", async function () {
      this.timeout(60_000);
      await put("a threat", { urgency: "threat" });
      const doubted = { urgency: "care", isDoubted: true } as const;
      for (let i = 0; i <= WAITING_KEPT; i += 500)
        await Promise.all(Array.from({ length: 500 }, (_, n) => put(`doubted ${i + n}`, doubted)));
      await put("another threat", { urgency: "threat" });
      const tail = await t.store.waiting(10, WAITING_KEPT - 2);
      expect(tail.map(({ id }) => id)).to.deep.equal(["a threat", "another threat"]);
      expect((await t.store.backlog()).waiting).to.equal(WAITING_KEPT);
      // They are known, so that nothing is put there anew, and wait again when something is done with them.
      const given = (await t.store.find({ kind: "bottle", id: "doubted 9999" }))!;
      expect(given.decided).to.equal(null);
      await t.store.write({ item: { ...given, rev: 2, isDoubted: false } });
      expect((await t.store.waiting(1))[0]!.id).to.equal(given.id);
    });

    it("[M2] a moderator has one control before him at most", async () => {
      const control = { id: nanoid<ReviewId>(), index: 3, since: t.now() };
      expect(await t.store.control(mod)).to.equal(null);
      await t.store.setControl(mod, control);
      expect(await t.store.control(mod)).to.deep.equal(control);
      expect(await t.store.control("other" as ModeratorId)).to.equal(null);
      await t.store.setControl(mod, null);
      expect(await t.store.control(mod)).to.equal(null);
    });
  },
);

describe("review store, both alike", () => {
  let redis: TestRedis | null = null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  it("[M2] seeded schedules of changes, decisions and waits give the same on both", async () => {
    const seeds = Array.from({ length: 15 }, (_, i) => `review-${i}`);
    await expectSameAnswers<ReviewStore>(
      redis!,
      (clock) => new MemoryReviewStore(clock),
      (connection) => new RedisReviewStore(connection),
      seeds,
      async (t, seed) => {
        const rng = seededRandom(seed);
        const log: unknown[] = [];
        let head: LogEntry | null = null;
        for (let i = 0; i < 60; i += 1) {
          const name = `i${below(rng, 6)}`;
          const known = await t.store.read(name as ReviewId);
          // One that was forgotten begins anew under another name.
          const item: StoredItem = known ?? itemOf(`${name}-${i}`, t.now());
          const urgency = URGENCIES[below(rng, 4)]!;
          const rev = known ? known.rev + (below(rng, 8) === 0 ? 2 : 1) : 1;
          const decision = { decision: "keep", reason: "other", at: t.now() } as const;
          const decided = below(rng, 6) === 0 ? decision : null;
          const isFollowed = below(rng, 2) === 0;
          const isLogged = below(rng, 3) === 0;
          const entry = entryAfter(below(rng, 5) === 0 ? null : head, lineOf(t.now(), "x"));
          log.push(
            await t.store.write({
              item: { ...item, rev, urgency, decided },
              isFollowed,
              ...(isLogged ? { entry } : {}),
            }),
          );
          head = await t.store.head();
          if (below(rng, 3) === 0) log.push(await t.store.settled(item.id, rev));
          await t.advance(below(rng, 20) === 0 ? WAITING_KEEP_MS : below(rng, HOUR));
          log.push(head, await t.store.waiting(below(rng, 8)), await t.store.backlog());
          log.push(await t.store.unsettled(t.now() - HOUR, 5));
          log.push(await t.store.log(below(rng, 10), below(rng, 5)));
        }
        return log;
      },
    );
  });
});
