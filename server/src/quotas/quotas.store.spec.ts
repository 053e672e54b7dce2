import { expect } from "chai";
import { nanoid } from "nanoid";
import type { DrifterId, WriteId } from "@driftsea/protocol";
import { eachStore } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { ManualClock } from "../lib/clock.ts";
import { MemoryQuotaStore } from "./quotas.store.memory.ts";
import { RedisQuotaStore } from "./quotas.store.redis.ts";
import type { QuotaStore } from "./quotas.store.ts";

const DAY = 24 * 60 * 60 * 1000;
const HOUR = 60 * 60 * 1000;

eachStore<QuotaStore>(
  "quota store",
  (clock) => new MemoryQuotaStore(clock),
  (connection) => new RedisQuotaStore(connection),
  (open) => {
    let t: TimedStore<QuotaStore>;
    const drifter = "d" as DrifterId;
    beforeEach(async () => {
      t = await open();
    });

    it("[B2] of 200 at once exactly 10 succeed", async () => {
      const options = { limit: 10, windowMs: DAY };
      const all = await Promise.all(
        Array.from({ length: 200 }, () =>
          t.store.reserve(drifter, "throws", { ...options, writeId: nanoid<WriteId>() }),
        ),
      );
      expect(all.filter((r) => r.outcome === "taken")).to.have.length(10);
      expect(all.filter((r) => r.outcome === "exceeded")).to.have.length(190);
      expect(await t.store.usage(drifter, "throws")).to.deep.equal({
        used: 10,
        resetsAt: t.now() + DAY,
      });
    });

    it("[B2] the same write costs once, a refund gives it back once, a new day is whole", async () => {
      const writeId = nanoid<WriteId>();
      const options = { limit: 1, windowMs: DAY, writeId };
      const first = await t.store.reserve(drifter, "throws", options);
      expect(first).to.include({ outcome: "taken", used: 1 });
      const again = await t.store.reserve(drifter, "throws", options);
      expect(again).to.include({ outcome: "again", used: 1 });
      const other = { ...options, writeId: nanoid<WriteId>() };
      expect((await t.store.reserve(drifter, "throws", other)).outcome).to.equal("exceeded");
      await t.store.refund(drifter, "throws", first, writeId);
      await t.store.refund(drifter, "throws", first, writeId);
      expect((await t.store.reserve(drifter, "throws", other)).outcome).to.equal("taken");
      expect((await t.store.usage(drifter, "throws")).used).to.equal(1);
      await t.advance(DAY);
      expect((await t.store.usage(drifter, "throws")).used).to.equal(0);
      expect((await t.store.reserve(drifter, "throws", options)).used).to.equal(1);
    });

    it("[B13] three lapses in a row close the catches for an hour, each counted once", async () => {
      const options = { limit: 3, closeMs: HOUR };
      const reserve = () => t.store.reserve(drifter, "catches", { limit: 99, windowMs: DAY });
      expect(await t.store.lapse(drifter, "a", options)).to.equal(null);
      expect(await t.store.lapse(drifter, "a", options)).to.equal(null);
      expect(await t.store.lapse(drifter, "b", options)).to.equal(null);
      expect((await reserve()).closedUntil).to.equal(0);
      expect(await t.store.lapse(drifter, "c", options)).to.equal(t.now() + HOUR);
      expect((await reserve()).closedUntil).to.equal(t.now() + HOUR);
      // A process that has died had perhaps not told it.
      expect(await t.store.lapse(drifter, "c", options)).to.equal(t.now() + HOUR);
      expect(await t.store.lapse(drifter, "b", options)).to.equal(null);
      await t.advance(HOUR);
      expect((await reserve()).closedUntil).to.equal(0);
      expect(await t.store.lapse(drifter, "c", options)).to.equal(null);
    });

    it("[B13] lapses of long ago are of no row", async () => {
      const options = { limit: 3, closeMs: HOUR };
      await t.store.lapse(drifter, "a", options);
      await t.store.lapse(drifter, "b", options);
      await t.advance(7 * DAY);
      expect(await t.store.lapse(drifter, "c", options)).to.equal(null);
    });

    it("[B13] an answer or a throw back breaks the row", async () => {
      const options = { limit: 3, closeMs: HOUR };
      await t.store.lapse(drifter, "a", options);
      await t.store.lapse(drifter, "b", options);
      await t.store.behaved(drifter);
      expect(await t.store.lapse(drifter, "c", options)).to.equal(null);
    });

    it("forgets a drifter", async () => {
      await t.store.reserve(drifter, "throws", { limit: 1, windowMs: DAY });
      await t.store.erase(drifter);
      expect((await t.store.usage(drifter, "throws")).used).to.equal(0);
    });
  },
);

describe("quota store in memory", () => {
  it("keeps nothing of who has not been here for long", async () => {
    const clock = new ManualClock(0);
    const store = new MemoryQuotaStore(clock);
    const drifter = "d" as DrifterId;
    await store.reserve(drifter, "throws", { limit: 1, windowMs: DAY, writeId: nanoid<WriteId>() });
    await store.lapse(drifter, "a", { limit: 3, closeMs: HOUR });
    clock.advance(7 * DAY - 1);
    store.sweep();
    expect(store.size).to.equal(1);
    clock.advance(1);
    store.sweep();
    expect(store.size).to.equal(0);
  });
});
