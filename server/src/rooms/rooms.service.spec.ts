import { expect } from "chai";
import { nanoid } from "nanoid";
import type { DrifterId, RoomId, WriteId } from "@driftsea/protocol";
import type { Context } from "../lib/connection-context.ts";
import { ManualClock } from "../lib/clock.ts";
import { StoreUnavailable } from "../lib/errors.ts";
import { NO_BOUND, QuotaService } from "../quotas/quotas.service.ts";
import { quotasInMemory } from "../../test/harness/quotas.ts";
import { RoomService } from "./rooms.service.ts";
import { MemoryRoomStore } from "./rooms.store.memory.ts";

const [ann, bo] = ["ann", "bo"] as [DrifterId, DrifterId];

describe("rooms", () => {
  const contextOf = (drifter: DrifterId): Context =>
    ({
      drifter,
      connection: `line of ${drifter}`,
      locale: "en",
      mask: drifter,
    }) as Partial<Context> as Context;
  /** Ann's room, in which she is; whoever is in `gone` has hung up. */
  const open = async () => {
    const clock = new ManualClock(Date.now());
    const store = new MemoryRoomStore(clock);
    const gone = new Set<string>();
    const joined: string[] = [];
    const told: string[] = [];
    const alone: string[] = [];
    const heard: string[] = [];
    const publisher = {
      here: {
        toDrifter: () => {},
        toRoom: (_id: string, event: string) => void told.push(event),
        closeRoom: () => {},
      },
      join: (connection: string) => {
        joined.push(connection);
        return !gone.has(connection);
      },
      leave: () => {},
      toDrifter: (to: string, event: string) => void heard.push(`${event} to ${to}`),
      toConnection: (to: string, event: string) => void alone.push(`${event} to ${to}`),
    };
    const rooms = new RoomService({
      store,
      quotas: new QuotaService(quotasInMemory(clock), clock, {
        ...NO_BOUND,
        throws: 0,
        catches: 0,
        photos: 2,
      }),
      publisher: publisher as never,
      clock,
      node: "node-1",
      rules: {
        minLifetimeMs: 1000,
        maxLifetimeMs: 3_600_000,
        idleCapMs: 3_600_000,
        backlog: 100,
        isBounded: false,
      },
    });
    const { room, ownerKey } = await rooms.create(ann, {
      id: nanoid<WriteId>(),
      access: "link",
      lifetime: { kind: "fixed", ms: 600_000 },
    });
    const enter = (drifter: DrifterId) =>
      rooms
        .enter(contextOf(drifter), { roomId: room.id })
        .catch((error: { code: string }) => error.code);
    await enter(ann);
    const areIn = () => store.areIn(room.id, [ann, bo]);
    /** What is owed is noted, and whoever is away then is away for good. */
    const noteAndWait = async (): Promise<void> => {
      await rooms.tend();
      await new Promise(setImmediate);
      clock.advance(30_000);
      await rooms.tend();
    };
    return {
      alone,
      areIn,
      clock,
      enter,
      gone,
      heard,
      id: room.id,
      joined,
      noteAndWait,
      ownerKey,
      rooms,
      store,
      told,
    };
  };
  /** It is carried out, and its answer is lost. */
  const answerLost =
    <A extends unknown[], T>(act: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      await act(...args);
      throw new StoreUnavailable();
    };

  it("[R7] who hung up while he was let in is away as soon as that can be noted", async () => {
    const { areIn, clock, enter, gone, noteAndWait, rooms, store } = await open();
    const away = store.away.bind(store);
    store.away = () => Promise.reject(new StoreUnavailable());
    gone.add("line of bo");
    expect(await enter(bo)).to.equal("unavailable");
    await rooms.tend();
    clock.advance(30_000);
    await rooms.tend();
    expect(await areIn()).to.deep.equal([true, true]);
    store.away = away;
    await new Promise(setImmediate);
    await noteAndWait();
    expect(await areIn()).to.deep.equal([true, false]);
    rooms.stop();
  });

  it("[R2] who comes in the last minute is told that it is the last, after he is in", async () => {
    const { alone, clock, enter, rooms } = await open();
    clock.advance(600_000 - 60_001);
    await enter(bo);
    await new Promise(setImmediate);
    expect(alone).to.not.include("room:closing to line of bo");
    clock.advance(1);
    await enter(bo);
    expect(alone, "the reply is first").to.not.include("room:closing to line of bo");
    await new Promise(setImmediate);
    expect(alone).to.include("room:closing to line of bo");
    rooms.stop();
  });

  it("[R6] what is written behind an entering that is under way, or behind a photo, waits for it", async () => {
    const { enter, id, rooms, store } = await open();
    const say = (what: object) =>
      rooms.send(contextOf(bo), { id: nanoid<WriteId>(), roomId: id, ...what });
    const entering = enter(bo);
    const first = say({ text: "at once" });
    await entering;
    expect((await first).seq).to.equal(1);
    const standing = store.standing.bind(store);
    store.standing = async (...of) => {
      await new Promise(setImmediate);
      return standing(...of);
    };
    const photo = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const both = await Promise.all([say({ photo }), say({ text: "what you see there" })]);
    expect(both.map(({ seq }) => seq)).to.deep.equal([2, 3]);
    rooms.stop();
  });

  it("[R12] photos are counted, and a repeated one is not", async () => {
    const { enter, id, rooms } = await open();
    await enter(bo);
    const photo = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const send = (write: string, roomId = id): Promise<unknown> =>
      rooms.send(contextOf(bo), { id: write as WriteId, roomId, photo }).then(
        ({ seq }) => seq,
        (error: { code: string }) => error.code,
      );
    const sent: unknown[] = [];
    for (const write of ["one", "one", "two", "three", "two"]) sent.push(await send(write));
    expect(sent).to.deep.equal([1, 1, 2, "quota_exceeded", 2]);
    const { room } = await rooms.create(ann, {
      id: nanoid<WriteId>(),
      access: "link",
      lifetime: { kind: "fixed", ms: 600_000 },
    });
    await rooms.enter(contextOf(bo), { roomId: room.id });
    expect(await send("one", room.id), "the same id elsewhere").to.equal("quota_exceeded");
    await rooms.send(contextOf(bo), { id: nanoid<WriteId>(), roomId: id, text: "x" });
    rooms.stop();
  });

  it("[R7] who is in by one connection types by another", async () => {
    const { enter, id, rooms } = await open();
    await enter(bo);
    await rooms.type({ ...contextOf(bo), connection: "another line" }, id, true);
    const failure = await rooms
      .type({ ...contextOf("cy" as DrifterId), connection: "a third" }, id, true)
      .catch((error: { code: string }) => error.code);
    expect(failure).to.equal("gone");
    rooms.stop();
  });

  it("[R7] whose entering was carried out without an answer is in no longer than others who are away", async () => {
    const { areIn, enter, noteAndWait, rooms, store } = await open();
    store.enter = answerLost(store.enter.bind(store));
    expect(await enter(bo)).to.equal("unavailable");
    expect(await areIn()).to.deep.equal([true, true]);
    await rooms.disconnected(contextOf(bo));
    await noteAndWait();
    expect(await areIn()).to.deep.equal([true, false]);
    rooms.stop();
  });

  it("[R4] whose leaving was carried out without an answer hears nothing more; those who stay are told", async () => {
    for (const isTriedAgain of [false, true]) {
      const { areIn, enter, id, joined, rooms, store, told } = await open();
      await enter(bo);
      const leave = store.leave.bind(store);
      store.leave = answerLost(leave);
      joined.length = 0;
      told.length = 0;
      const left = (): Promise<unknown> =>
        rooms.leave(bo, id).catch((error: { code: string }) => error.code);
      expect(await left()).to.equal("unavailable");
      store.leave = leave;
      if (isTriedAgain) expect(await left()).to.equal("gone");
      expect(await areIn()).to.deep.equal([true, false]);
      await rooms.tend();
      await new Promise(setImmediate);
      expect(joined).to.deep.equal([]);
      expect(told).to.deep.equal(["room:left"]);
      rooms.stop();
    }
  });

  it("[R4] whose leaving was not carried out is in, and hears again", async () => {
    const { areIn, enter, id, joined, rooms, store, told } = await open();
    await enter(bo);
    const leave = store.leave.bind(store);
    store.leave = () => Promise.reject(new StoreUnavailable());
    joined.length = 0;
    const error: unknown = await rooms.leave(bo, id).catch((e) => e);
    expect(error).to.be.instanceOf(StoreUnavailable);
    store.leave = leave;
    told.length = 0;
    await rooms.tend();
    await new Promise(setImmediate);
    expect(await areIn()).to.deep.equal([true, true]);
    expect(joined).to.deep.equal(["line of bo"]);
    expect(told).to.deep.equal([]);
    rooms.stop();
  });

  it("[M9] [R7] where the answer of a look is lost, that somebody has gone is told by the next one", async () => {
    const { clock, enter, rooms, store, told } = await open();
    const tend = store.tend.bind(store);
    await enter(bo);
    await rooms.disconnected(contextOf(bo));
    clock.advance(10_000);
    told.length = 0;
    store.tend = answerLost(tend);
    const error: unknown = await rooms.tend().catch((e) => e);
    expect(error).to.be.instanceOf(StoreUnavailable);
    store.tend = tend;
    expect(told).to.deep.equal([]);
    for (let i = 0; i < 2; i += 1) {
      clock.advance(5000);
      await rooms.tend();
    }
    expect(told).to.deep.equal(["room:left"]);
    rooms.stop();
  });

  it("[M9] [S8] where their meeting cannot be ended when one has gone, it is by the next look", async () => {
    const { clock, rooms } = await open();
    const roomId = nanoid<RoomId>();
    const lost: DrifterId[] = [];
    let isAway = true;
    rooms.watch({
      left: async (_room, drifter) => {
        if (isAway) throw new StoreUnavailable();
        lost.push(drifter);
      },
      ended: () => {},
    });
    await rooms.open({ roomId, between: [ann, bo] });
    for (const who of [ann, bo]) await rooms.enter(contextOf(who), { roomId });
    await rooms.disconnected(contextOf(bo));
    clock.advance(10_000);
    const error: unknown = await rooms.tend().catch((e) => e);
    expect(error).to.be.instanceOf(StoreUnavailable);
    isAway = false;
    for (let i = 0; i < 2; i += 1) {
      clock.advance(5000);
      await rooms.tend();
    }
    expect(lost).to.deep.equal([bo]);
    rooms.stop();
  });

  it("[R4] who was removed without an answer hears nothing more, and those who stay are told", async () => {
    for (const [isTriedAgain, isDone] of [
      [false, true],
      [true, true],
      [true, false],
    ]) {
      const { areIn, enter, id, joined, ownerKey, rooms, store, told } = await open();
      await enter(bo);
      const { me } = await rooms.enter(contextOf(bo), { roomId: id });
      const rule = store.rule.bind(store);
      const fails: typeof rule = isDone
        ? answerLost(rule)
        : () => Promise.reject(new StoreUnavailable());
      store.rule = (room, hash, what) => (what.op === "kick" ? fails : rule)(room, hash, what);
      [joined, told].forEach((list) => (list.length = 0));
      const kick = (): Promise<unknown> =>
        rooms.kick(id, ownerKey, me.id).catch((error: { code: string }) => error.code);
      expect(await kick()).to.equal("unavailable");
      store.rule = rule;
      if (isTriedAgain) await kick();
      expect(await areIn()).to.deep.equal([true, false]);
      await rooms.tend();
      await new Promise(setImmediate);
      expect(joined).to.deep.equal([]);
      expect(told).to.deep.equal(["room:left", "room:changed"]);
      rooms.stop();
    }
  });

  it("[R1] a room that was ended without an answer is over for everybody", async () => {
    const { id, ownerKey, rooms, store, told } = await open();
    const rule = store.rule.bind(store);
    store.rule = () => Promise.reject(new StoreUnavailable());
    await rooms.destroy(id, ownerKey).catch(() => {});
    store.rule = rule;
    told.length = 0;
    await rooms.tend();
    await new Promise(setImmediate);
    expect(told, "it was not carried out").to.deep.equal([]);
    store.rule = answerLost(rule);
    const error: unknown = await rooms.destroy(id, ownerKey).catch((e) => e);
    expect(error).to.be.instanceOf(StoreUnavailable);
    await rooms.tend();
    await new Promise(setImmediate);
    expect(told).to.deep.equal(["room:gone"]);
    rooms.stop();
  });

  it("[R7] that somebody came is told once, also where his first try hung up or had no answer", async () => {
    for (const isCut of [true, false]) {
      const { enter, gone, rooms, store, told } = await open();
      told.length = 0;
      const enterStore = store.enter.bind(store);
      if (isCut) gone.add("line of bo");
      else store.enter = answerLost(enterStore);
      await enter(bo);
      // And once more, in which nothing is done.
      if (!isCut) {
        store.enter = () => Promise.reject(new StoreUnavailable());
        await enter(bo);
      }
      store.enter = enterStore;
      gone.clear();
      for (let i = 0; i < 2; i += 1) await enter(bo);
      expect(told).to.deep.equal(["room:joined"]);
      // Who was in all the time comes again without an answer: that is nothing new.
      store.enter = answerLost(enterStore);
      await enter(bo);
      store.enter = enterStore;
      await enter(bo);
      expect(told).to.deep.equal(["room:joined"]);
      rooms.stop();
    }
  });

  it("[R4] a knock whose answer was lost is heard when it comes again, once", async () => {
    const { enter, heard, id, ownerKey, rooms, store } = await open();
    await rooms.lock(id, ownerKey, true);
    const enterStore = store.enter.bind(store);
    store.enter = answerLost(enterStore);
    expect(await enter(bo)).to.equal("unavailable");
    store.enter = enterStore;
    for (let i = 0; i < 2; i += 1) expect(await enter(bo)).to.equal("locked");
    expect(heard).to.deep.equal(["room:knocked to ann"]);
    rooms.stop();
  });

  it("[R7] [M9] whom others took out for dead, and told so, is told to be there again", async () => {
    const { areIn, clock, enter, id, rooms, store, told } = await open();
    await enter(bo);
    await store.orphan("node-1", clock.now() - 60_000, 0);
    // Another process looks, and has none of them.
    await store.tend(id);
    await store.told(id);
    expect(await areIn()).to.deep.equal([false, false]);
    told.length = 0;
    await rooms.hold();
    expect(await areIn()).to.deep.equal([true, true]);
    expect(told).to.deep.equal(["room:joined", "room:joined"]);
    rooms.stop();
  });

  it("[session:forget] who could not be taken out stays looked after; of who was not in nobody hears", async () => {
    const { areIn, enter, id, noteAndWait, rooms, store, told } = await open();
    await enter(bo);
    const erase = store.erase.bind(store);
    store.erase = () => Promise.reject(new StoreUnavailable());
    await rooms.erase(bo).catch(() => {});
    store.erase = erase;
    await rooms.tend();
    await new Promise(setImmediate);
    await rooms.disconnected(contextOf(bo));
    await noteAndWait();
    expect(await areIn()).to.deep.equal([true, false]);
    await enter(bo);
    await rooms.leave(bo, id);
    told.length = 0;
    await rooms.erase(bo);
    expect(told).to.deep.equal([]);
    rooms.stop();
  });

  it("[R7] one who comes again meanwhile is not sent away", async () => {
    const { areIn, enter, gone, noteAndWait, rooms, store } = await open();
    const away = store.away.bind(store);
    store.away = () => Promise.reject(new StoreUnavailable());
    gone.add("line of bo");
    await enter(bo);
    gone.clear();
    await enter(bo);
    store.away = away;
    await new Promise(setImmediate);
    await noteAndWait();
    expect(await areIn()).to.deep.equal([true, true]);
    rooms.stop();
  });
});
