import { expect } from "chai";
import { nanoid } from "nanoid";
import type { BottleId, DrifterId } from "@driftsea/protocol";
import { eachStore } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { MemoryPushStore } from "./push.store.memory.ts";
import { RedisPushStore } from "./push.store.redis.ts";
import type { PushStore } from "./push.store.ts";

eachStore<PushStore>(
  "push store",
  (clock) => new MemoryPushStore(clock),
  (connection) => new RedisPushStore(connection),
  (open) => {
    let t: TimedStore<PushStore>;
    const ann = "ann" as DrifterId;
    const bo = "bo" as DrifterId;
    beforeEach(async () => {
      t = await open();
    });

    it("[B6] gives what is kept for a bottle once, to nobody else's name", async () => {
      const bottle = nanoid<BottleId>();
      await t.store.keep(ann, bottle, "https://push.example/old", 1000);
      await t.store.keep(ann, bottle, "https://push.example/a|b", 1000);
      expect(await t.store.take(bo, bottle)).to.equal(null);
      expect(await t.store.take(ann, nanoid<BottleId>())).to.equal(null);
      expect(await t.store.take(ann, bottle)).to.equal("https://push.example/a|b");
      expect(await t.store.take(ann, bottle)).to.equal(null);
    });

    it("[B6] ends with its time, and where it is dropped", async () => {
      const [one, other, third] = [nanoid<BottleId>(), nanoid<BottleId>(), nanoid<BottleId>()];
      await t.store.keep(ann, one, "https://push.example/1", 1000);
      await t.store.keep(ann, other, "https://push.example/2", 5000);
      await t.store.keep(ann, third, "https://push.example/3", 5000);
      await t.advance(1000);
      expect(await t.store.take(ann, one)).to.equal(null);
      await t.store.drop(ann, []);
      await t.store.drop(ann, [one, other]);
      t.store.sweep?.();
      expect(await t.store.take(ann, other)).to.equal(null);
      expect(await t.store.take(ann, third)).to.equal("https://push.example/3");
    });

    it("keeps the first key of the server", async () => {
      expect(await t.store.serverKey("first")).to.equal("first");
      expect(await t.store.serverKey("second")).to.equal("first");
    });
  },
);
