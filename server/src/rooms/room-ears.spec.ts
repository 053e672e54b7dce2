import { expect } from "chai";
import type { RoomId, WriteId } from "@driftsea/protocol";
import { StoreUnavailable } from "../lib/errors.ts";
import { newPersona } from "../lib/personas.ts";
import { RoomEars } from "./room-ears.ts";
import type { StoredRoomMessage } from "./rooms.store.ts";

const ROOM = "room" as RoomId;

describe("what is told of rooms", () => {
  it("[M9] [R6] while the store is away a round of tries ends; once it is back all is told", async () => {
    const message: StoredRoomMessage = {
      seq: 1,
      id: "w" as WriteId,
      from: newPersona(),
      text: "hello",
      epoch: 0,
      sentAt: 1,
    };
    let tries = 0;
    let isAway = true;
    const told: number[] = [];
    const ears = new RoomEars({
      store: {
        messages: async () => {
          tries += 1;
          // A loop without an end would not let the test's own deadline pass.
          if (tries > 100) isAway = false;
          if (isAway) throw new StoreUnavailable();
          return [message];
        },
      },
      nodes: { isDeaf: false },
      check: async () => true,
      tell: (_, { seq }) => void told.push(seq),
      tellGone: () => {},
    });
    ears.open(ROOM, { head: 0, epoch: 0 });
    ears.written(ROOM, { seq: 1, epoch: 0, deadlineAt: 2 });
    for (let i = 0; i < 3; i += 1) await ears.retry();
    expect(told).to.deep.equal([]);
    expect(tries).to.be.within(2, 4);
    isAway = false;
    await ears.retry();
    expect(told).to.deep.equal([1]);
  });
});
