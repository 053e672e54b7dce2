import { expect } from "chai";
import { nanoid } from "nanoid";
import type { BottleId, DrifterId, Notice } from "@driftsea/protocol";
import { eachStore } from "../../test/harness/each-store.ts";
import { startRedis } from "../../test/harness/redis.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { MemorySessionStore } from "./sessions.store.memory.ts";
import { RedisSessionStore } from "./sessions.store.redis.ts";
import type { SessionStore } from "./sessions.store.ts";

const LIFE = 60_000;
const SLOT = 1000;
const persona = { name: 1, hue: 200, creature: 3 };

eachStore<SessionStore>(
  "session store",
  (clock) => new MemorySessionStore(clock),
  (connection) => new RedisSessionStore(connection),
  (open) => {
    let t: TimedStore<SessionStore>;
    const ann = "ann" as DrifterId;
    const lapsed = (): Notice => ({ kind: "bottle:lapsed", bottleId: nanoid<BottleId>() });
    const push = (notice: Notice, id = nanoid(), pendingMs = 0) =>
      t.store.push(ann, id, notice, pendingMs);
    const read = (after?: number, limit = 100) => t.store.read(ann, after, limit);
    beforeEach(async () => {
      t = await open();
      await t.store.create(ann, { persona, box: "box" }, { lifeMs: LIFE, slotMs: SLOT });
    });

    it("resumes who is known, and nobody else", async () => {
      expect(await t.store.resume(ann, LIFE)).to.deep.equal({
        since: t.now() - (t.now() % SLOT),
        persona,
        box: "box",
      });
      expect(await t.store.boxOf(ann)).to.equal("box");
      expect(await t.store.boxOf("bo" as DrifterId)).to.equal(null);
      expect(await t.store.resume("bo" as DrifterId, LIFE)).to.equal(null);
    });

    it("[M1] counts the days on which somebody came", async () => {
      const DAY = 24 * 60 * 60 * 1000;
      const now = t.now();
      const since = now - (now % SLOT);
      expect(await t.store.standing(ann)).to.deep.equal({ since, days: 1 });
      await t.store.resume(ann, 2 * DAY);
      await t.advance(DAY - (now % DAY));
      await t.store.resume(ann, 3 * DAY);
      await t.store.resume(ann, 3 * DAY);
      expect(await t.store.standing(ann)).to.deep.equal({ since, days: 2 });
      await t.advance(2 * DAY);
      await t.store.resume(ann, LIFE);
      expect(await t.store.standing(ann)).to.deep.equal({ since, days: 3 });
      expect(await t.store.standing("bo" as DrifterId)).to.equal(null);
    });

    it("[B6] each notice is read once without a cursor, in order", async () => {
      const notices = [lapsed(), lapsed(), lapsed()];
      for (const notice of notices) await push(notice);
      expect((await read(undefined, 2)).items).to.deep.equal(notices.slice(0, 2));
      expect((await read()).items).to.deep.equal(notices.slice(2));
      expect((await read()).items).to.deep.equal([]);
    });

    it("[B6] says whether somebody has read what waits", async () => {
      expect(await t.store.isUnread(ann, 1)).to.equal(false);
      const [read, dropped, left] = [await push(lapsed()), await push(lapsed()), 3];
      expect(await t.store.isUnread(ann, read!)).to.equal(true);
      await t.store.read(ann, undefined, 1);
      await t.store.drop(ann, dropped!);
      expect(await push(lapsed())).to.equal(left);
      const waits = await Promise.all([read!, dropped!, left].map((n) => t.store.isUnread(ann, n)));
      expect(waits).to.deep.equal([false, false, true]);
    });

    it("[B6] a cursor gives again what came after it, and deletes what lies before", async () => {
      const notices = [lapsed(), lapsed(), lapsed()];
      for (const notice of notices) await push(notice);
      const first = await read(undefined, 1);
      await read();
      const again = await read(first.cursor);
      expect(again.items).to.deep.equal(notices.slice(1));
      expect((await read(0)).items).to.deep.equal(notices.slice(1));
      expect((await read(again.cursor)).items).to.deep.equal([]);
    });

    it("[B6] the same notice is put in once", async () => {
      const id = nanoid();
      expect(await push(lapsed(), id)).to.equal(1);
      expect(await push(lapsed(), id)).to.equal(null);
      expect((await read()).items).to.have.length(1);
    });

    it("[B6] one that is in sight is taken out of it by one who tells it, until his time is over", async () => {
      const [one, two] = [lapsed(), lapsed()];
      const seq = (await push(one))!;
      await push(two);
      const claims = await Promise.all([1, 2, 3].map(() => t.store.claim(ann, seq, 2000)));
      expect(claims.filter(Boolean)).to.have.length(1);
      expect((await read()).items).to.deep.equal([]);
      await t.advance(2000);
      expect(await t.store.claim(ann, seq, 2000)).to.equal(true);
      await t.advance(2000);
      expect((await read()).items).to.deep.equal([one, two]);
      expect(await t.store.claim(ann, seq, 2000), "read").to.equal(false);
      expect(await t.store.claim(ann, 99, 2000), "never there").to.equal(false);
      const third = (await push(lapsed(), nanoid(), 2000))!;
      expect(await t.store.claim(ann, third, 2000), "out of sight").to.equal(false);
      await t.store.drop(ann, third);
      await t.advance(5000);
      expect(await t.store.claim(ann, third, 2000), "told").to.equal(false);
    });

    it("[B6] a pending notice is out of sight until its time, and stops what follows", async () => {
      const [one, two] = [lapsed(), lapsed()];
      await push(one, nanoid(), 2000);
      await push(two);
      expect(await read()).to.deep.equal({ items: [], cursor: 0, isHeldUp: true });
      const both = [one, two].map((notice, i) => ({ seq: i + 1, notice }));
      expect(await t.store.unread(ann, 10)).to.deep.equal(both);
      expect(await t.store.unread(ann, 1)).to.deep.equal(both.slice(0, 1));
      await t.advance(2000);
      expect(await read()).to.deep.equal({ items: [one, two], cursor: 2, isHeldUp: false });
      expect(await t.store.unread(ann, 10)).to.deep.equal([]);
    });

    it("[B6] a notice that was told by event is no longer there", async () => {
      const seq = await push(lapsed(), nanoid(), 2000);
      expect(await t.store.drop(ann, seq!)).to.equal(true);
      await t.advance(2000);
      expect((await read()).items).to.deep.equal([]);
      const late = await push(lapsed());
      await read();
      expect(await t.store.drop(ann, late!), "read in the inbox").to.equal(false);
    });

    it("a cursor that was never given hides nothing that is still to come", async () => {
      await push(lapsed());
      const { items, cursor } = await t.store.read(ann, 999_999_999, 10);
      expect([items.length, cursor]).to.deep.equal([1, 1]);
      await push(lapsed());
      expect((await read()).items).to.have.length(1);
    });

    it("[session:forget] leaves nothing, and nothing is put in afterwards", async () => {
      await push(lapsed());
      await t.store.erase(ann);
      expect(await push(lapsed())).to.equal(null);
      expect((await read()).items).to.deep.equal([]);
      expect(await t.store.resume(ann, LIFE)).to.equal(null);
    });
  },
);

describe("session store on Redis alone", () => {
  it("[B6] an inbox of one notice keeps its TTL where that is taken out of sight", async function () {
    const redis = await startRedis();
    if (!redis) return this.skip();
    try {
      const connection = await redis.connect();
      const store = new RedisSessionStore(connection);
      const ann = "ann" as DrifterId;
      await store.create(ann, { persona, box: "box" }, { lifeMs: LIFE, slotMs: SLOT });
      const notice: Notice = { kind: "bottle:lapsed", bottleId: nanoid<BottleId>() };
      const seq = (await store.push(ann, nanoid(), notice, 0))!;
      expect(await store.claim(ann, seq, 2000)).to.equal(true);
      const keys = (await connection.command("KEYS", `${connection.prefix}*inbox*`)) as string[];
      expect(keys).to.have.length(1);
      expect(await connection.command("PTTL", keys[0]!)).to.be.within(1, 2 * LIFE);
    } finally {
      await redis.stop();
    }
  });
});
