import { randomBytes } from "node:crypto";
import { expect } from "chai";
import type { DrifterId } from "@driftsea/protocol";
import { eachStore } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { ManualClock } from "../lib/clock.ts";
import { StoreUnavailable } from "../lib/errors.ts";
import { publicHalf } from "../lib/sealed-box.ts";
import { BlockService } from "./blocks.service.ts";
import { MemoryBlockStore } from "./blocks.store.memory.ts";
import { RedisBlockStore } from "./blocks.store.redis.ts";
import { BLOCK_KEEP_MS, HANDED_ON_MS, PARTING_MS, TRIES_KEPT } from "./blocks.store.ts";
import type { BlockStore } from "./blocks.store.ts";

interface Person {
  drifter: DrifterId;
  box: string;
}

eachStore<BlockStore>(
  "blocks",
  (clock) => new MemoryBlockStore(clock),
  (connection) => new RedisBlockStore(connection),
  (open) => {
    let t: TimedStore<BlockStore>;
    let sessions: Map<DrifterId, string>;
    let blocks: BlockService;
    const start = (): BlockService =>
      new BlockService({ store: t.store, boxOf: async (who) => sessions.get(who) ?? null });
    const come = (service = blocks): Person => {
      const drifter = randomBytes(32).toString("base64url") as DrifterId;
      const box = randomBytes(32).toString("base64url");
      sessions.set(drifter, publicHalf(box));
      service.arrived({ drifter, box });
      return { drifter, box };
    };
    const forget = async ({ drifter, box }: Person): Promise<void> => {
      await blocks.end(box);
      sessions.delete(drifter);
      blocks.departed(drifter);
    };
    beforeEach(async () => {
      t = await open();
      sessions = new Map();
      blocks = start();
    });

    it("[B4] [S4] holds in both directions, also where the other is away or at another process", async () => {
      const elsewhere = start();
      const [ann, bo] = [come(), come(elsewhere)];
      await blocks.block(ann.drifter, bo.drifter);
      await blocks.block(ann.drifter, bo.drifter);
      expect(await blocks.of(ann.drifter)).to.deep.equal([bo.drifter]);
      expect(await elsewhere.of(bo.drifter)).to.deep.equal([ann.drifter]);
      await elsewhere.block(bo.drifter, ann.drifter);
      expect(await blocks.of(ann.drifter), "once is enough").to.deep.equal([bo.drifter]);
    });

    it("[S4] what failed half way is finished by trying again", async () => {
      const [ann, bo] = [come(), come()];
      const put = t.store.put.bind(t.store);
      let calls = 0;
      t.store.put = (...args) => {
        calls += 1;
        return calls === 2 ? Promise.reject(new StoreUnavailable()) : put(...args);
      };
      const failed = await blocks.block(ann.drifter, bo.drifter).then(
        () => false,
        () => true,
      );
      expect(failed).to.equal(true);
      await blocks.block(ann.drifter, bo.drifter);
      expect(await blocks.of(ann.drifter)).to.deep.equal([bo.drifter]);
      expect(await blocks.of(bo.drifter)).to.deep.equal([ann.drifter]);
    });

    it("[S4] asked for many times at once, also of two processes, it is one and takes one place", async () => {
      const elsewhere = start();
      const [ann, bo] = [come(), come()];
      elsewhere.arrived(ann);
      const all = [blocks, blocks, elsewhere, blocks, elsewhere];
      await Promise.all(all.map((service) => service.block(ann.drifter, bo.drifter)));
      expect(await blocks.of(ann.drifter)).to.deep.equal([bo.drifter]);
      expect(await blocks.of(bo.drifter)).to.deep.equal([ann.drifter]);
    });

    it("[S4] under a new token of either side it holds, in both directions, once", async () => {
      const [ann, bo, eve] = [come(), come(), come()];
      await blocks.block(ann.drifter, bo.drifter);
      await blocks.block(eve.drifter, ann.drifter);
      await forget(bo);
      const newBo = come();
      await blocks.takeOn(bo.box, newBo);
      expect(await blocks.of(newBo.drifter)).to.deep.equal([ann.drifter]);
      expect(await blocks.of(ann.drifter)).to.have.members([newBo.drifter, eve.drifter]);
      await forget(ann);
      const newAnn = come();
      await blocks.takeOn(ann.box, newAnn);
      expect(await blocks.of(newAnn.drifter)).to.have.members([newBo.drifter, eve.drifter]);
      expect(await blocks.of(newBo.drifter)).to.deep.equal([newAnn.drifter]);
      expect(await blocks.of(eve.drifter)).to.deep.equal([newAnn.drifter]);
      // A key that was used is spent.
      await blocks.tookOn(bo.box);
      await blocks.tookOn(ann.box);
      const again = come();
      await blocks.takeOn(ann.box, again);
      expect(await blocks.of(again.drifter)).to.deep.equal([]);
    });

    it("[S4] it holds where both had gone before either was back", async () => {
      const [ann, bo] = [come(), come()];
      await blocks.block(ann.drifter, bo.drifter);
      await forget(ann);
      await forget(bo);
      const [newAnn, newBo] = [come(), come()];
      await blocks.takeOn(ann.box, newAnn);
      await blocks.takeOn(bo.box, newBo);
      expect(await blocks.of(newAnn.drifter)).to.deep.equal([newBo.drifter]);
      expect(await blocks.of(newBo.drifter)).to.deep.equal([newAnn.drifter]);
    });

    it("[S4] whoever was cut off before he learnt his new token takes his list on again", async () => {
      const [ann, bo] = [come(), come()];
      await blocks.block(ann.drifter, bo.drifter);
      await forget(bo);
      await blocks.takeOn(bo.box, come());
      const newBo = come();
      await blocks.takeOn(bo.box, newBo);
      await blocks.tookOn(bo.box);
      expect(await blocks.of(newBo.drifter)).to.deep.equal([ann.drifter]);
      expect(await blocks.of(ann.drifter)).to.deep.equal([newBo.drifter]);
    });

    it("[S4] a list is work for others only so often, also where its end is told again", async () => {
      const [ann, bo] = [come(), come()];
      await blocks.block(ann.drifter, bo.drifter);
      await forget(bo);
      for (let tries = 0; tries < TRIES_KEPT; tries += 1) await blocks.takeOn(bo.box, come());
      await blocks.end(bo.box);
      const late = come();
      await blocks.takeOn(bo.box, late);
      expect(await blocks.of(late.drifter)).to.deep.equal([]);
    });

    it("[S4] an entry is written anew where it is, and nowhere else", async () => {
      const { store } = t;
      await store.put("gone", { handle: "h", sealed: "old" });
      await store.end("gone");
      await store.replace("gone", { handle: "h", sealed: "new" });
      await store.replace("gone", { handle: "other", sealed: "new" });
      await store.replace("nobody's", { handle: "h", sealed: "new" });
      expect(await store.all("gone")).to.deep.equal([{ handle: "h", sealed: "new" }]);
      expect(await store.all("nobody's")).to.deep.equal([]);
      // Nor does it begin a list, or one that has ended anew, that its owner is here.
      await store.renew("gone");
      await store.renew("nobody's");
      expect(await store.hasEnded("gone")).to.equal(true);
      expect(await store.all("nobody's")).to.deep.equal([]);
    });

    it("[S4] nobody hands his blocks on and stays: a list is taken on once its owner has gone", async () => {
      const [ann, bo] = [come(), come()];
      await blocks.block(ann.drifter, bo.drifter);
      const second = come();
      await blocks.takeOn(bo.box, second);
      await blocks.tookOn(bo.box);
      expect(await blocks.of(second.drifter)).to.deep.equal([]);
      expect(await blocks.of(ann.drifter)).to.deep.equal([bo.drifter]);
    });

    it("[S4] who is being brought together is asked about, in any order", async () => {
      const [ann, bo, eve] = [come(), come(), come()];
      await blocks.block(ann.drifter, bo.drifter);
      expect(await blocks.areParting(ann.drifter, bo.drifter)).to.equal(true);
      expect(await blocks.areParting(bo.drifter, ann.drifter)).to.equal(true);
      expect(await blocks.areParting(ann.drifter, eve.drifter)).to.equal(false);
    });

    it("[S4] for one who has hung up nothing is done without his list", async () => {
      const ann = come();
      blocks.departed(ann.drifter);
      const failure = await blocks.of(ann.drifter).catch((error: unknown) => error);
      expect(failure).to.include({ code: "unavailable" });
    });

    it("[S4] what is stored lists nobody, and its two halves share nothing", async () => {
      const [ann, bo] = [come(), come()];
      const put = t.store.put.bind(t.store);
      const written: string[] = [];
      t.store.put = (list, entry) => {
        written.push(list, entry.handle, entry.sealed);
        return put(list, entry);
      };
      await blocks.block(ann.drifter, bo.drifter);
      expect(written).to.have.length(6);
      expect(new Set(written).size).to.equal(6);
      const bytes = written.map((each) => Buffer.from(each, "base64url").toString("hex")).join(" ");
      for (const { drifter, box } of [ann, bo])
        for (const name of [drifter, box, sessions.get(drifter)!])
          expect(bytes).to.not.include(Buffer.from(name, "base64url").toString("hex"));
    });
  },
);

describe("blocks in memory, as time goes by", () => {
  it("[S4] a block lasts as long as whoever has it comes by", async () => {
    const clock = new ManualClock(Date.now());
    const store = new MemoryBlockStore(clock);
    const boxes = ["ann", "bo"].map(() => randomBytes(32).toString("base64url"));
    const [ann, bo] = boxes.map((box) => ({
      drifter: randomBytes(32).toString("base64url") as DrifterId,
      box,
    })) as [Person, Person];
    const blocks = new BlockService({ store, boxOf: async () => publicHalf(bo.box) });
    blocks.arrived(ann);
    await blocks.block(ann.drifter, bo.drifter);
    for (let visit = 0; visit < 3; visit += 1) {
      blocks.departed(ann.drifter);
      clock.advance(BLOCK_KEEP_MS - 1);
      store.sweep();
      blocks.arrived(ann);
      expect(await blocks.of(ann.drifter), `visit ${visit}`).to.deep.equal([bo.drifter]);
    }
    blocks.departed(ann.drifter);
    clock.advance(BLOCK_KEEP_MS);
    blocks.arrived(ann);
    expect(await blocks.of(ann.drifter)).to.deep.equal([]);
  });

  it("[S4] a parting is forgotten after a while, the list of one who has gone later", async () => {
    const clock = new ManualClock(Date.now());
    const store = new MemoryBlockStore(clock);
    await store.part("a" as DrifterId, "b" as DrifterId);
    clock.advance(PARTING_MS - 1);
    expect(await store.areParting("b" as DrifterId, "a" as DrifterId)).to.equal(true);
    clock.advance(1);
    expect(await store.areParting("b" as DrifterId, "a" as DrifterId)).to.equal(false);
    await store.put("list", { handle: "h", sealed: "s" });
    await store.end("list");
    clock.advance(HANDED_ON_MS - 1);
    await store.replace("list", { handle: "h", sealed: "written anew" });
    expect(await store.hasEnded("list")).to.equal(true);
    clock.advance(1);
    expect(await store.all("list")).to.deep.equal([]);
    expect(await store.hasEnded("list")).to.equal(false);
  });
});
