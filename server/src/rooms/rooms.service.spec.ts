import { expect } from "chai";
import { nanoid } from "nanoid";
import type { DrifterId, WriteId } from "@driftsea/protocol";
import type { Context } from "../lib/connection-context.ts";
import { ManualClock } from "../lib/clock.ts";
import { StoreUnavailable } from "../lib/errors.ts";
import { RoomService } from "./rooms.service.ts";
import { MemoryRoomStore } from "./rooms.store.memory.ts";

const [ann, bo] = ["ann", "bo"] as [DrifterId, DrifterId];

describe("rooms", () => {
  const contextOf = (drifter: DrifterId): Context =>
    ({ drifter, connection: `line of ${drifter}`, locale: "en" }) as Context;
  /** Ann's room, in which she is; whoever is in `gone` has hung up. */
  const open = async () => {
    const clock = new ManualClock(Date.now());
    const store = new MemoryRoomStore(clock);
    const gone = new Set<string>();
    const publisher = {
      here: { toDrifter: () => {}, toRoom: () => {}, closeRoom: () => {} },
      join: (connection: string) => !gone.has(connection),
      leave: () => {},
      toDrifter: () => {},
    };
    const rooms = new RoomService({
      store,
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
    const { room } = await rooms.create(ann, {
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
    return { areIn, clock, enter, gone, noteAndWait, rooms, store };
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
    await noteAndWait();
    expect(await areIn()).to.deep.equal([true, false]);
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
    await noteAndWait();
    expect(await areIn()).to.deep.equal([true, true]);
    rooms.stop();
  });
});
