import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { RoomId } from "@driftsea/protocol";
import { startCluster } from "./harness/cluster.ts";
import type { TestCluster } from "./harness/cluster.ts";
import { spawnServer } from "./harness/process.ts";
import type { ServerProcess } from "./harness/process.ts";
import { needRedis } from "./harness/redis.ts";
import { Visitor, until, writeId } from "./harness/visitor.ts";

/** Beside other tests an election may have to be held again. */
const BACK_WITHIN_MS = process.env["DRIFTSEA_LONG"] ? 6000 : 12_000;
const WRITERS = 9;
/** DRIFTSEA_LONG=1 strikes again and again, and halts masters too. */
const STRIKES: readonly ("SIGKILL" | "SIGSTOP")[] = process.env["DRIFTSEA_LONG"]
  ? ["SIGKILL", "SIGSTOP", "SIGKILL", "SIGSTOP", "SIGKILL"]
  : ["SIGKILL"];

describe("on a Redis Cluster", function () {
  this.timeout(60_000 + STRIKES.length * 30_000);
  let cluster: TestCluster;
  let server: ServerProcess;
  let program: string;
  before(function () {
    program = needRedis(this);
  });
  beforeEach(async () => {
    cluster = await startCluster(program);
    server = await start();
  });
  const running: ServerProcess[] = [];
  const start = async (): Promise<ServerProcess> => {
    const one = await spawnServer({
      REDIS_URL: cluster.url,
      RATE_LIMITS: "off",
      ROOM_BACKLOG: 10_000,
      THROWS_PER_DAY: 100_000,
      CATCHES_PER_DAY: 100_000,
    });
    running.push(one);
    return one;
  };
  afterEach(async () => {
    const ended = running.splice(0);
    for (const one of ended) one.kill("SIGTERM");
    for (const one of ended) expect(await one.ended, one.output()).to.equal(0);
    await cluster.stop();
    // Levels 50 and 60 are errors. But for the outage there is none: no fault, nothing unhandled.
    const errors = ended
      .flatMap((one) => one.output().split("\n"))
      .filter((line) => /"level":[56]0/.test(line));
    expect(errors.filter((line) => !line.includes("the store is away")).join("\n")).to.equal("");
  });

  it("[M9] a master is lost while rooms are written: retry meanwhile, back within 6 s", async () => {
    const rooms = await Promise.all(Array.from({ length: WRITERS }, () => Writer.come(server.url)));
    for (const writer of rooms) writer.begin();
    for (const signal of STRIKES) {
      const written = rooms.map((writer) => writer.acknowledged.length);
      await until(
        () => rooms.every(({ acknowledged }, i) => acknowledged.length > written[i]! + 5),
        "all rooms to be written",
        10_000,
      );
      const struck = await cluster.strike(keyOf(rooms[0]!.roomId), signal);
      const struckAt = Date.now();
      await until(
        () => rooms.every(({ lastAt, isWaiting }) => !isWaiting && lastAt > struckAt + 500),
        "all rooms to be written again",
        4 * BACK_WITHIN_MS,
      );
      const gaps = rooms.map((writer) => writer.longestGapMs(struckAt));
      console.log(`      ${signal}: no write for ${Math.max(...gaps)} ms at most`);
      expect(Math.max(...gaps)).to.be.at.most(BACK_WITHIN_MS);
      await struck.revive();
    }
    let acknowledged = 0;
    let lost = 0;
    for (const writer of rooms) {
      await writer.end();
      const there = await writer.written();
      acknowledged += writer.acknowledged.length;
      lost += writer.acknowledged.filter((id) => !there.includes(id)).length;
      expect(new Set(there).size, "each once").to.equal(there.length);
    }
    const refused = rooms.reduce((sum, writer) => sum + writer.refused, 0);
    console.log(`      ${acknowledged} acknowledged, ${lost} lost, ${refused} to be tried again`);
    expect(lost).to.be.below(acknowledged / 10);
    expect(refused).to.be.above(0);
  });

  it("[M9] [R6] who hears a room by another process hears it whole when a master is lost", async () => {
    const room = await Writer.come(server.url);
    const bo = await Visitor.come((await start()).url);
    await bo.ask("room:enter", { roomId: room.roomId });
    const heard = (): string[] => bo.events("room:message").map(({ message }) => message.id);
    room.begin();
    await until(() => heard().length > 10, "the other process to be heard");
    await cluster.strike(keyOf(room.roomId), "SIGKILL");
    const before = room.acknowledged.length;
    await until(() => room.acknowledged.length > before + 20, "the room to be written", 15_000);
    await room.end();
    const written = await room.written();
    await until(() => written.every((id) => heard().includes(id)), "all to be heard", 10_000);
    expect(new Set(heard()).size, "each once").to.equal(heard().length);
  });

  it("[M9] [B12] a sea and a room move to another master while they are used: nothing is lost", async () => {
    const room = await Writer.come(server.url);
    const [ann, bo] = await Promise.all([Visitor.come(server.url), Visitor.come(server.url)]);
    const thrown = new Set<string>();
    const caught: string[] = [];
    const run = { isOver: false };
    const throwing = (async () => {
      while (!run.isOver) {
        const id = writeId();
        const { bottle } = await patiently(() => ann.send("bottle:throw", { id, text: "adrift" }));
        thrown.add(bottle.id);
      }
    })();
    const catching = (async () => {
      while (!run.isOver) {
        const catchOne = await bo.send("bottle:catch", {});
        if (catchOne.ok && catchOne.data.outcome === "bottle") caught.push(catchOne.data.bottle.id);
        else if (!catchOne.ok) expect(catchOne.error.code).to.equal("unavailable");
      }
    })();
    room.begin();
    for (let i = 0; i < 3; i += 1) {
      await sleep(200);
      await cluster.move("driftsea:{b:world:0}");
      await cluster.move(keyOf(room.roomId));
    }
    run.isOver = true;
    await Promise.all([throwing, catching, room.end()]);
    expect(await room.written()).to.deep.equal(room.acknowledged);
    const mine = await patiently(() => ann.send("bottle:mine", {}));
    const found = new Map(mine.bottles.map((bottle) => [bottle.id as string, bottle.state]));
    expect([...thrown].filter((id) => !found.has(id))).to.deep.equal([]);
    for (const id of caught) expect(found.get(id), id).to.equal("held");
    expect(new Set(caught).size, "each once").to.equal(caught.length);
    expect(thrown.size).to.be.above(10);
  });
});

const keyOf = (id: RoomId): string => `driftsea:{r:${id}}`;

/** Somebody who writes into a room of his own, one message after the other. */
class Writer {
  readonly roomId: RoomId;
  readonly acknowledged: string[] = [];
  refused = 0;
  lastAt = 0;
  isWaiting = false;
  readonly #visitor: Visitor;
  readonly #gaps: { endedAt: number; ms: number }[] = [];
  #isOver = false;
  #writing: Promise<void> = Promise.resolve();

  private constructor(visitor: Visitor, roomId: RoomId) {
    this.#visitor = visitor;
    this.roomId = roomId;
  }

  static async come(url: string): Promise<Writer> {
    const visitor = await Visitor.come(url);
    const lifetime = { kind: "fixed", ms: 600_000 } as const;
    const { room } = await visitor.ask("room:create", { id: writeId(), lifetime, access: "link" });
    await visitor.ask("room:enter", { roomId: room.id });
    return new Writer(visitor, room.id);
  }

  begin(): void {
    this.lastAt = Date.now();
    this.#writing = this.#write();
  }

  async #write(): Promise<void> {
    const { roomId } = this;
    while (!this.#isOver) {
      const id = writeId();
      this.isWaiting = true;
      await patiently(
        () => this.#visitor.send("room:send", { id, roomId, text: "still here" }),
        () => (this.refused += 1),
      );
      this.isWaiting = false;
      this.acknowledged.push(id);
      this.#gaps.push({ endedAt: Date.now(), ms: Date.now() - this.lastAt });
      this.lastAt = Date.now();
      await sleep(5);
    }
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#writing;
  }

  /** The longest time without a write since then. */
  longestGapMs(since: number): number {
    return Math.max(...this.#gaps.filter((gap) => gap.endedAt > since).map((gap) => gap.ms));
  }

  /** The ids in the room's log, read to its end. */
  async written(): Promise<string[]> {
    const ids: string[] = [];
    for (let after = 0; ;) {
      const query = { roomId: this.roomId, after };
      const { messages } = await patiently(() => this.#visitor.send("room:enter", query));
      if (messages.length === 0) return ids;
      ids.push(...messages.map((message) => message.id as string));
      after = messages.at(-1)!.seq;
    }
  }
}

/** Tries the same again for as long as the answer is that this helps. */
async function patiently<T>(
  send: () => Promise<{ ok: true; data: T } | { ok: false; error: { code: string } }>,
  onRefused: () => void = () => {},
): Promise<T> {
  for (;;) {
    const reply = await send();
    if (reply.ok) return reply.data;
    expect(reply.error).to.include({ code: "unavailable", retryable: true });
    onRefused();
    await sleep(50);
  }
}
