import { expect } from "chai";
import { nanoid } from "nanoid";
import type { DrifterId, WriteId } from "@driftsea/protocol";
import { connectWithClock, startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { RedisQuotaStore } from "./quotas.store.redis.ts";

const DAY = 24 * 60 * 60 * 1000;

describe("quota store on Redis", () => {
  let redis: TestRedis | null = null;
  let store: RedisQuotaStore;
  let advance: (ms: number) => Promise<void>;
  const drifter = "d" as DrifterId;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());
  beforeEach(async () => {
    const timed = await connectWithClock(redis!, Date.now());
    advance = timed.advance;
    store = new RedisQuotaStore(timed.connection);
  });

  it("[B2] of 200 at once exactly 10 succeed", async () => {
    const options = { limit: 10, windowMs: DAY };
    const all = await Promise.all(
      Array.from({ length: 200 }, () =>
        store.reserve(drifter, "throws", { ...options, writeId: nanoid<WriteId>() }),
      ),
    );
    expect(all.filter((r) => r.outcome === "taken")).to.have.length(10);
    expect(all.filter((r) => r.outcome === "exceeded")).to.have.length(190);
  });

  it("[B2] the same write costs once, a refund gives it back, a new day is whole", async () => {
    const writeId = nanoid<WriteId>();
    const options = { limit: 1, windowMs: DAY, writeId, keep: "bottle" };
    const first = await store.reserve(drifter, "throws", options);
    expect(first).to.include({ outcome: "taken", used: 1 });
    const again = await store.reserve(drifter, "throws", { ...options, keep: "other" });
    expect(again).to.include({ outcome: "again", kept: "bottle", used: 1 });
    const other = { ...options, writeId: nanoid<WriteId>() };
    expect((await store.reserve(drifter, "throws", other)).outcome).to.equal("exceeded");
    await store.refund(drifter, "throws", first, writeId);
    expect((await store.reserve(drifter, "throws", other)).outcome).to.equal("taken");
    await advance(DAY);
    expect((await store.reserve(drifter, "throws", options)).used).to.equal(1);
  });
});
