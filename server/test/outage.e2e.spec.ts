import { expect } from "chai";
import type { RoomId } from "@driftsea/protocol";
import { StoreUnavailable } from "../src/lib/errors.ts";
import type { NodeId } from "../src/presence/node-id.ts";
import type { Stores } from "../src/stores.ts";
import { startServer } from "./harness/server.ts";
import type { TestServer } from "./harness/server.ts";
import { startRedis } from "./harness/redis.ts";
import type { TestRedis } from "./harness/redis.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

/** Longer than a process may be silent before others take it for dead, and than its beat, in ms. */
const SILENT_MS = 2600;

describe("the store goes away and comes back", function () {
  this.timeout(60_000);
  let redis: TestRedis | null = null;
  let server: TestServer;
  let stores: Stores;
  let node: NodeId;
  before(async function () {
    redis = await startRedis("single");
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());
  afterEach(() => server.close());

  const start = async (spoil: (stores: Stores) => void = () => {}): Promise<void> => {
    server = await startServer({ REDIS_URL: redis!.url }, (all) => {
      stores = all;
      const beat = all.presence.beat.bind(all.presence);
      all.presence.beat = (own) => {
        node = own;
        return beat(own);
      };
      spoil(all);
    });
  };
  const member = async (): Promise<{ ann: Visitor; roomId: RoomId }> => {
    const ann = await Visitor.come(server.url);
    const lifetime = { kind: "fixed", ms: 600_000 } as const;
    const { room } = await ann.ask("room:create", { id: writeId(), lifetime, access: "link" });
    await ann.ask("room:enter", { roomId: room.id });
    return { ann, roomId: room.id };
  };
  const mayWrite = async ({ ann, roomId }: { ann: Visitor; roomId: RoomId }): Promise<boolean> =>
    (await ann.send("room:send", { id: writeId(), roomId, text: "still here" })).ok;

  it("[M9] a store that is nearly full takes no more words; people come, read and go all the same", async () => {
    await start();
    const who = await member();
    expect(await mayWrite(who)).to.equal(true);
    const connection = await redis!.connect();
    // So large that what comes beside it does not count.
    await connection.command("SETRANGE", `${connection.prefix}filler`, 20_000_000, "x");
    const usedBytes = async (): Promise<number> =>
      Number(/used_memory:(\d+)/.exec(String(await connection.everyMaster("INFO", "memory")))![1]);
    const most = (bytes: number) =>
      connection.everyMaster("CONFIG", "SET", "maxmemory", String(bytes));
    try {
      await most(Math.round(1.07 * (await usedBytes())));
      expect(await connection.fullness()).to.be.within(0.9, 1);
      await until(async () => !(await mayWrite(who)), "no more words");
      const message = { id: writeId(), roomId: who.roomId, text: "one more" };
      expect(await who.ann.refused("room:send", message)).to.equal("unavailable");
      const bo = await Visitor.come(server.url);
      expect((await bo.ask("bottle:mine", {})).bottles).to.deep.equal([]);
      await who.ann.ask("room:enter", { roomId: who.roomId });
    } finally {
      await most(0);
      await connection.command("DEL", `${connection.prefix}filler`);
    }
    expect(await connection.fullness()).to.equal(0);
    await until(() => mayWrite(who), "words again");
  });

  it("[M9] [R7] who is connected is in again, though the store goes away while he is let in", async () => {
    let fails = false;
    let tries = 0;
    await start((all) => {
      const enter = all.rooms.enter.bind(all.rooms);
      all.rooms.enter = (...args) => {
        if (!fails) return enter(...args);
        tries += 1;
        return Promise.reject(new StoreUnavailable());
      };
    });
    const who = await member();
    fails = true;
    // As others do who take this process for dead.
    await stores.rooms.orphan(node, Date.now() - 60_000, 0);
    await until(() => tries > 0, "him to be let in again");
    expect(await mayWrite(who)).to.equal(false);
    fails = false;
    await until(() => mayWrite(who), "him to be in");
    who.ann.socket.disconnect();
  });

  it("[M9] [R7] a process does not take itself for dead: nobody in a room is away for it", async () => {
    let isAway = false;
    let orphaned = 0;
    await start((all) => {
      const beat = all.presence.beat.bind(all.presence);
      all.presence.beat = (own) => (isAway ? Promise.reject(new StoreUnavailable()) : beat(own));
      const orphan = all.rooms.orphan.bind(all.rooms);
      all.rooms.orphan = (...args) => {
        orphaned += 1;
        return orphan(...args);
      };
    });
    const who = await member();
    // Its beats fail, and then it looks before it beats.
    isAway = true;
    await pause(SILENT_MS);
    await until(async () => (await stores.presence.known()).length === 1, "it to be known");
    isAway = false;
    await pause(1000);
    expect(orphaned).to.equal(0);
    expect(await mayWrite(who)).to.equal(true);
    who.ann.socket.disconnect();
  });
});
