import { expect } from "chai";
import { nanoid } from "nanoid";
import type { CircleId, SecretId, WriteId } from "@driftsea/protocol";
import { FIVE, FIVE_PAIRS, newOwner } from "../../test/harness/circle.ts";
import { EPOCH, contextOf, openFeed } from "../../test/harness/feed.ts";

describe("errands of the feed", () => {
  /** Five who became friends yesterday; `brought` is what was put into feeds, in order. */
  const open = async () => {
    const parts = openFeed({ secrets: 100 });
    const { circles, circleStore, clock, feed, store } = parts;
    for (const name of FIVE) await circles.arrived(name as CircleId);
    for (const [from, to] of FIVE_PAIRS) {
      const link = { codeHash: `${from} ${to}`, epoch: circles.epoch() + 1 };
      await circleStore.link({ from: from as CircleId, to: to as CircleId, ...link }, 500);
    }
    clock.advance(EPOCH);
    for (const name of FIVE) await circles.arrived(name as CircleId);
    const post = async (name: string): Promise<SecretId> => {
      const { ownerHash } = newOwner();
      return (await feed.post(contextOf(name), { id: nanoid<WriteId>(), text: "so", ownerHash }))
        .id;
    };
    const brought: SecretId[] = [];
    const deliver = store.deliver.bind(store);
    const before = { deliver: (id: SecretId): Promise<void> => Promise.resolve(void id) };
    store.deliver = async (readers, entry) => {
      await before.deliver(entry.id);
      brought.push(entry.id);
      await deliver(readers, entry);
    };
    return { ...parts, before, brought, post };
  };

  it("[F15] one that comes to a standstill holds up nobody else's", async () => {
    const { before, brought, errands, post } = await open();
    let goOn = (): void => {};
    const standstill = new Promise<void>((done) => (goOn = done));
    const stuck = await post("ann");
    before.deliver = (id) => (id === stuck ? standstill : Promise.resolve());
    const others = [await post("bo"), await post("cy")];
    for (let i = 0; i < 1000 && brought.length < 2; i += 1) await new Promise(setImmediate);
    expect([...brought].sort()).to.deep.equal([...others].sort());
    goOn();
    await errands.idle();
    expect(brought).to.have.length(3).and.include(stuck);
  });

  it("[F11] what a process left that died is done by one that is busy", async () => {
    const { before, clock, errands, post, store } = await open();
    const postId = await post("bo");
    await errands.idle();
    const [secret] = await store.read([{ id: postId, mark: "" }]);
    // By a process that died then.
    const { releaseAt } = secret!;
    await store.begin("cy" as CircleId, { kind: "carry", postId, epoch: 0, releaseAt, by: "cy" });
    clock.advance(10_000);
    let goOn = (): void => {};
    const standstill = new Promise<void>((done) => (goOn = done));
    before.deliver = () => standstill;
    await post("ann");
    await errands.sweep();
    for (let i = 0; i < 1000 && (await store.errands("cy" as CircleId, 10)).length > 0; i += 1)
      await new Promise(setImmediate);
    expect(await store.errands("cy" as CircleId, 10)).to.deep.equal([]);
    goOn();
    await errands.idle();
  });

  it("[F15] of one who writes much are all done, each once, a few at a time", async () => {
    const { brought, errands, post, store } = await open();
    const turns: number[] = [];
    const finish = store.finish.bind(store);
    store.finish = (me, done) => {
      turns.push(done.length);
      return finish(me, done);
    };
    const posts = await Promise.all(Array.from({ length: 30 }, () => post("ann")));
    await errands.idle();
    expect([...brought].sort()).to.deep.equal([...posts].sort());
    expect(Math.max(...turns)).to.be.at.most(8);
    expect(await store.errands("ann" as CircleId, 10)).to.deep.equal([]);
  });

  it("[F15] what was done before one of them failed is not done again", async () => {
    const { before, brought, errands, post, store } = await open();
    const posts = [await post("ann"), await post("ann"), await post("ann")];
    before.deliver = async (id) => {
      if (id === posts[1]) throw new Error("away");
    };
    await errands.idle().catch((error: Error) => expect(error.message).to.equal("away"));
    before.deliver = async () => {};
    errands.run("ann" as CircleId);
    await errands.idle();
    expect(brought).to.deep.equal([posts[0], posts[1], posts[2]]);
    expect(await store.errands("ann" as CircleId, 10)).to.deep.equal([]);
  });
});
