import { expect } from "chai";
import { nanoid } from "nanoid";
import type { CircleId, OwnerKey, SecretId, WriteId } from "@driftsea/protocol";
import { FIVE, FIVE_PAIRS, newOwner } from "../../test/harness/circle.ts";
import { EPOCH, contextOf, openFeed } from "../../test/harness/feed.ts";
import { StoreUnavailable } from "../lib/errors.ts";
import { FEED_KEPT, RECENT_MS } from "./feed.store.ts";

const SECOND = 1000;

describe("streams of the feed", () => {
  /** Five who became friends yesterday, all of whom read; `looked` is for whom it was looked. */
  const open = async () => {
    const parts = openFeed({ secrets: 300 });
    const { circles, circleStore, clock, errands, feed, store, streams, told } = parts;
    for (const [from, to] of FIVE_PAIRS) {
      for (const name of [from, to]) await circles.arrived(name as CircleId);
      const link = { codeHash: `${from} ${to}`, epoch: circles.epoch() + 1 };
      await circleStore.link({ from: from as CircleId, to: to as CircleId, ...link }, 500);
    }
    clock.advance(EPOCH);
    for (const name of FIVE) await circles.arrived(name as CircleId);
    for (const name of FIVE) await streams.open(contextOf(name));
    const looked: CircleId[] = [];
    const arrive = store.arrive.bind(store);
    store.arrive = (reader, ...more) => {
      looked.push(reader);
      return arrive(reader, ...more);
    };
    /** For whom it was looked within so long, twice a second. */
    const tend = async (ms: number): Promise<CircleId[]> => {
      looked.length = 0;
      for (let at = 0; at < ms; at += SECOND / 2) {
        clock.advance(SECOND / 2);
        await streams.tend();
      }
      return [...looked];
    };
    const post = async (name: string): Promise<SecretId> => {
      return (await secretOf(name)).id;
    };
    const secretOf = async (name: string): Promise<{ id: SecretId; ownerKey: OwnerKey }> => {
      const { ownerHash, ownerKey } = newOwner();
      const words = { id: nanoid<WriteId>(), text: "so", ownerHash };
      const { id } = await feed.post(contextOf(name), words);
      await errands.idle();
      return { id, ownerKey };
    };
    const heard = () => told.filter(({ event }) => event === "feed:posted").map(({ to }) => to);
    await tend(SECOND);
    return { ...parts, heard, post, secretOf, tend };
  };

  it("[F6] it is looked for those to whom something comes, when it is released, and for nobody else", async () => {
    const { heard, post, tend } = await open();
    expect(await tend(10 * SECOND)).to.deep.equal([]);
    await post("bo");
    const looked = await tend(10 * SECOND);
    expect(looked).to.include("ann");
    expect(looked, "once each").to.have.length(new Set(looked).size);
    expect(looked).to.include.members(heard());
    expect(heard()).to.include("ann");
  });

  it("[F6] what another process brought without a word that was heard is told within a minute", async () => {
    const { clock, heard, store, tend } = await open();
    const releaseAt = clock.now();
    const secret = { comments: "circle", icons: "steady", hasPoll: false, releaseAt } as const;
    const id = "of another process" as SecretId;
    await store.create(id, { text: "so", ownerHash: newOwner().ownerHash, ...secret });
    await store.deliver(new Map([["ann" as CircleId, ""]]), { id, way: "own", releaseAt });
    expect(heard()).to.deep.equal([]);
    await tend(61 * SECOND);
    expect(heard()).to.deep.equal(["ann"]);
  });

  it("[F6] what came while nobody could be told is told afterwards, into a feed that is full too", async () => {
    const { clock, heard, store, streams, tend } = await open();
    const bring = async (count: number, from: number): Promise<void> => {
      const releaseAt = clock.now();
      const secret = { comments: "circle", icons: "steady", hasPoll: false, releaseAt } as const;
      for (let i = from; i < from + count; i += 1) {
        const id = `secret ${i}` as SecretId;
        await store.create(id, { text: "so", ownerHash: newOwner().ownerHash, ...secret });
        await store.deliver(new Map([["ann" as CircleId, ""]]), { id, way: "own", releaseAt });
      }
      streams.coming(["ann" as CircleId], releaseAt);
    };
    await bring(FEED_KEPT, 0);
    await tend(RECENT_MS);
    const before = heard().length;
    const mutedOf = store.mutedOf.bind(store);
    store.mutedOf = () => Promise.reject(new StoreUnavailable());
    await bring(100, 10_000);
    for (let second = 0; second < 25; second += 1) {
      if (second === 15) await bring(100, 20_000);
      await tend(SECOND).catch(() => {});
    }
    store.mutedOf = mutedOf;
    await tend(10 * SECOND);
    expect(heard().length - before).to.equal(200);
  });

  it("[F15] what is said to be coming while it is looked is looked for again", async () => {
    const { clock, heard, post, store, streams, tend } = await open();
    await tend(SECOND);
    const arrive = store.arrive.bind(store);
    let isFirst = true;
    store.arrive = async (reader, ...more) => {
      const arrival = await arrive(reader, ...more);
      if (reader === "ann" && isFirst) {
        isFirst = false;
        await post("eve");
        clock.advance(SECOND);
      }
      return arrival;
    };
    await post("bo");
    clock.advance(SECOND);
    await streams.tend();
    await tend(2 * SECOND);
    expect(heard().filter((to) => to === "ann")).to.have.length(2);
  });

  for (const when of ["before it opened", "by its opening"]) {
    it(`[F6] a window is told of nothing that came ${when}: that lies on its own pages`, async () => {
      const { clock, heard, post, streams, tend } = await open();
      for (let i = 0; i < 25; i += 1) await post("bo");
      if (when === "before it opened") await tend(SECOND);
      else clock.advance(SECOND);
      const second = { ...contextOf("ann"), connection: "ann's second" };
      const { posts, cursor } = await streams.open(second);
      expect(posts).to.have.length(20);
      await tend(61 * SECOND);
      expect(heard().filter((to) => to === second.connection)).to.deep.equal([]);
      expect(heard().filter((to) => to === "ann")).to.have.length(25);
      expect((await streams.open(second, cursor)).posts).to.have.length(5);
    });
  }

  it("[F6] one for whom it cannot be looked holds up nobody else", async () => {
    const { heard, post, store, streams, tend, clock } = await open();
    const arrive = store.arrive.bind(store);
    let isAway = true;
    store.arrive = async (reader, ...more) => {
      if (reader === "ann" && isAway) throw new Error("away");
      return arrive(reader, ...more);
    };
    await post("bo");
    clock.advance(SECOND);
    expect(await streams.tend().catch((error: Error) => error.message)).to.equal("away");
    expect(heard()).to.include("cy").and.not.include("ann");
    isAway = false;
    await tend(6 * SECOND);
    expect(heard()).to.include("ann");
  });

  it("[F8] its author goes on hearing of it, however much else he is shown", async () => {
    const { feed, hears, post, secretOf, streams, tend } = await open();
    const ann = contextOf("ann");
    const { id, ownerKey } = await secretOf("ann");
    await feed.own(ann, id, ownerKey);
    const other = await post("bo");
    await tend(SECOND);
    for (const one of [id, other]) expect(streams.isShown(ann.connection, one)).to.equal(true);
    for (let i = 0; i < 210; i += 1) await post("bo");
    await tend(2 * SECOND);
    for (const one of [id, other]) expect(streams.isShown(ann.connection, one)).to.equal(false);
    expect(hears(ann.connection, other)).to.equal(false);
    expect(hears(ann.connection, id)).to.equal(true);
  });

  it("[F6] what one window has let come is told in the other", async () => {
    const { heard, post, streams, tend, clock } = await open();
    const second = { ...contextOf("ann"), connection: "ann's second" };
    await post("bo");
    clock.advance(SECOND);
    const { posts } = await streams.open(second);
    expect(posts).to.have.length(1);
    await tend(SECOND);
    expect(heard().filter((to) => to.startsWith("ann"))).to.deep.equal(["ann"]);
  });
});
