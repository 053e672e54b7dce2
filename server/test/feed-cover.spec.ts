import { expect } from "chai";
import { nanoid } from "nanoid";
import type { CircleId, Events, WriteId } from "@driftsea/protocol";
import { enoughOf } from "../src/circles/circles.service.ts";
import { guessByTiming } from "../src/feed/timing.world.ts";
import { seededRandom } from "../src/lib/random.ts";
import { FIVE, FIVE_PAIRS, newOwner } from "./harness/circle.ts";
import { EPOCH, HOUR, contextOf, openFeed } from "./harness/feed.ts";

const MINUTE = HOUR / 60;

describe("who has been here, and what comes", () => {
  /** Five who became friends yesterday and have gone since; Bo is back and has written. */
  const written = async (more: readonly (readonly [string, string])[] = []) => {
    const parts = openFeed({ secrets: 1000 });
    const { circles, circleStore, clock, feed, errands } = parts;
    for (const name of new Set([...FIVE, ...more.flat()])) {
      await circles.arrived(name as CircleId);
      circles.departed(name as CircleId);
    }
    for (const [from, to] of [...FIVE_PAIRS, ...more]) {
      const link = { codeHash: `${from} ${to}`, epoch: circles.epoch() + 1 };
      await circleStore.link({ from: from as CircleId, to: to as CircleId, ...link }, 500);
    }
    clock.advance(EPOCH);
    await circles.arrived("bo" as CircleId);
    const { ownerHash } = newOwner();
    await feed.post(contextOf("bo"), { id: nanoid<WriteId>(), text: "by one of us", ownerHash });
    await errands.idle();
    const read = async () => {
      const { posts } = await parts.streams.open(contextOf("ann"));
      return posts.map(({ text }) => text);
    };
    const heard = () => parts.told.filter(({ event }) => event === "feed:posted");
    return { ...parts, read, heard };
  };

  it("[F6] of more than one connection goes on hearing of, each is told once", async () => {
    const { clock, circles, errands, feed, heard, read, streams } = await written();
    for (const name of FIVE) await circles.arrived(name as CircleId);
    await read();
    let posted = 0;
    for (const count of [260, 1, 1]) {
      for (let i = 0; i < count; i += 1) {
        const { ownerHash } = newOwner();
        await feed.post(contextOf("bo"), { id: nanoid<WriteId>(), text: `${posted}`, ownerHash });
        posted += 1;
      }
      await errands.idle();
      clock.advance(100);
      await streams.tend();
    }
    const told = heard().map(({ payload }) => (payload as Events["feed:posted"]).post.text);
    expect(told.filter((text) => text !== "by one of us").sort()).to.deep.equal(
      Array.from({ length: posted }, (_, i) => `${i}`).sort(),
    );
  });

  it("[F15] nothing comes while its author alone has been here; with enough it comes, and is told", async () => {
    const { circles, clock, streams, read, heard } = await written();
    clock.advance(10 * MINUTE);
    expect(await read()).to.deep.equal([]);
    await streams.tend();
    clock.advance(3 * HOUR);
    await streams.tend();
    expect(await read()).to.deep.equal([]);
    expect(heard()).to.deep.equal([]);
    // Eve comes by for a moment, hours later.
    await circles.arrived("eve" as CircleId);
    circles.departed("eve" as CircleId);
    clock.advance(MINUTE);
    await streams.tend();
    expect(heard()).to.have.length(1);
    expect(heard()[0]).to.have.nested.property("payload.post.text", "by one of us");
    // When it was released would say who was here then: Bo.
    expect(heard()[0]).to.have.nested.property("payload.post.age", "now");
    expect(await read()).to.deep.equal(["by one of us"]);
  });

  it("[F14] [F15] what waited when a circle fell dark does not lie there when it is light again", async () => {
    const { circles, circleStore, clock, read, streams } = await written();
    expect(await read()).to.deep.equal([]);
    await streams.tend();
    const turn = async (): Promise<void> => {
      clock.advance(EPOCH);
      for (const name of FIVE) await circles.arrived(name as CircleId);
      for (let i = 0; i < 3; i += 1) {
        clock.advance(MINUTE);
        await streams.tend();
        for (let n = 0; n < 50; n += 1) await new Promise(setImmediate);
      }
    };
    for (const name of FIVE) await circles.leave(name as CircleId, { all: true });
    await turn();
    for (const [from, to] of FIVE_PAIRS) {
      const link = { codeHash: `again ${from} ${to}`, epoch: circles.epoch() + 1 };
      await circleStore.link({ from: from as CircleId, to: to as CircleId, ...link }, 500);
    }
    await turn();
    expect((await streams.open(contextOf("ann"))).open).to.equal(true);
    expect(await read()).to.deep.equal([]);
  });

  describe("with a friend of the reader's and a ring of accounts that he made", () => {
    const ring = ["f1", "f2", "f3", "f4"];
    const ties = ring.flatMap((one, i) =>
      ["mal", ...ring.slice(i + 1)].map((other) => [one, other] as const),
    );
    const withRing = async () => {
      const parts = await written([["mal", "ann"], ...ties]);
      const appear = async () => {
        for (const one of ["mal", ...ring]) await parts.circles.arrived(one as CircleId);
      };
      return { ...parts, appear };
    };

    it("[F15] their being here does not open what others wrote", async () => {
      const { appear, clock, read } = await withRing();
      await appear();
      clock.advance(10 * MINUTE);
      expect(await read()).to.deep.equal([]);
    });

    it("[F15] their being away does not hold it shut", async () => {
      const { circles, clock, read } = await withRing();
      clock.advance(3 * HOUR);
      await circles.arrived("eve" as CircleId);
      clock.advance(MINUTE);
      expect(await read()).to.deep.equal(["by one of us"]);
    });

    it("[F15] what they wrote comes with them", async () => {
      const { appear, clock, feed, errands, read } = await withRing();
      await appear();
      const { ownerHash } = newOwner();
      const post = { id: nanoid<WriteId>(), text: "by one of them", ownerHash };
      await feed.post(contextOf("f1"), post);
      await errands.idle();
      clock.advance(10 * MINUTE);
      expect(await read()).to.deep.equal(["by one of them"]);
    });
  });

  it("[F15] who closes one of two windows is told in the other of what comes at last", async () => {
    const { circles, clock, streams, heard } = await written();
    await streams.open(contextOf("ann"));
    const second = { ...contextOf("ann"), connection: "ann's second" };
    await streams.open(second);
    clock.advance(10 * MINUTE);
    await streams.tend();
    streams.disconnected(second);
    await circles.arrived("eve" as CircleId);
    clock.advance(MINUTE);
    await streams.tend();
    expect(heard().map(({ to }) => to)).to.deep.equal(["ann"]);
  });

  it("[F15] who was here shortly before counts as one who could have written it", async () => {
    const { circles, clock, read } = await written();
    clock.advance(-30 * MINUTE);
    await circles.arrived("eve" as CircleId);
    circles.departed("eve" as CircleId);
    clock.advance(31 * MINUTE);
    expect(await read()).to.deep.equal(["by one of us"]);
  });

  it("[F15] who only reads is no cover, whoever stays connected is", async () => {
    const { circles, clock, read } = await written();
    // These two are in the circle and do not count: all their friends are the reader's.
    for (const name of ["cy", "dan"]) await circles.arrived(name as CircleId);
    clock.advance(10 * MINUTE);
    expect(await read()).to.deep.equal([]);
    await circles.arrived("eve" as CircleId);
    for (let i = 0; i < 30; i += 1) {
      clock.advance(5 * MINUTE);
      await circles.touchAll();
    }
    expect(await read()).to.deep.equal(["by one of us"]);
  });

  it("[F15] when somebody was here is asked for once, however many readers wait for him", async () => {
    const { circleStore, clock, streams } = await written();
    const asked: string[] = [];
    const activity = circleStore.activity.bind(circleStore);
    circleStore.activity = (ids) => {
      asked.push(...ids);
      return activity(ids);
    };
    clock.advance(10 * MINUTE);
    const windows = ["one", "two", "three"].map((connection) => ({
      ...contextOf("ann"),
      connection,
    }));
    await Promise.all(windows.map((window) => streams.open(window)));
    expect(asked.sort()).to.deep.equal(["bo", "eve"]);
    clock.advance(10 * MINUTE);
    await streams.open(windows[0]!);
    expect(asked, "and again after a while").to.have.length(4);
  });

  it("[F15] twice k are enough, or three quarters of few, and never fewer than k", () => {
    expect([5, 6, 7, 8, 12, 14, 300].map((count) => enoughOf(5, count))).to.deep.equal([
      5, 5, 6, 6, 9, 10, 10,
    ]);
  });

  it("[F15] knowing when everybody was here, the author is guessed at most 1/k + 2 points of the time", function () {
    this.timeout(60_000);
    for (const people of [12, 60, 277]) {
      const { right } = guessByTiming(people, 300, 5, seededRandom("circle"));
      expect(right, `${people} people`).to.be.at.most(1 / 5 + 0.02);
    }
  });
});
