import { expect } from "chai";
import type { RoomId } from "@driftsea/protocol";
import { below, seededRandom } from "../src/lib/random.ts";
import { spawnServer } from "./harness/process.ts";
import type { ServerProcess } from "./harness/process.ts";
import { startRedis } from "./harness/redis.ts";
import type { TestRedis } from "./harness/redis.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

/** DRIFTSEA_LONG=1 runs the numbers that are promised; the gate a part of them. */
const IS_LONG = process.env["DRIFTSEA_LONG"] !== undefined;
const ROOMS = IS_LONG ? 10_000 : 600;
const OTHER_KEYS = IS_LONG ? 200_000 : 5000;
const MEMBERS = IS_LONG ? 1000 : 60;
const CUTS = IS_LONG ? 20 : 6;
/** One member comes so long after another, in ms. */
const ARRIVAL_MS = 10;
/** DRIFTSEA_SEED=x cuts elsewhere. */
const SEED = process.env["DRIFTSEA_SEED"] ?? "cuts";

describe("rooms of many, on Redis", function () {
  this.timeout(IS_LONG ? 600_000 : 60_000);
  let redis: TestRedis | null = null;
  let server: ServerProcess;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());
  beforeEach(async () => {
    await (await redis!.connect()).command("FLUSHALL");
    // A process of its own: the many clients must not take its time.
    server = await spawnServer({
      REDIS_URL: redis!.url,
      RATE_LIMITS: "off",
      ROOM_MIN_LIFETIME_MS: 1,
    });
  });
  afterEach(async () => {
    server.kill("SIGTERM");
    await server.ended;
    // Levels 50 and 60 are errors.
    expect(server.output()).to.not.match(/"level":[56]0/);
  });

  it(`[R1] ${ROOMS} rooms that end at once: gone at their instant, told and deleted within 2 s`, async () => {
    const connection = await redis!.connect({ keyPrefix: "" });
    for (let i = 0; i < OTHER_KEYS; i += 1000) {
      const some = Array.from({ length: 1000 }, (_, n) => `other:${i + n}`);
      await Promise.all(some.map((key) => connection.command("SET", key, "x", "PX", 86_400_000)));
    }
    const people = await Promise.all(
      Array.from({ length: Math.ceil(ROOMS / 20) }, () => Visitor.come(server.url)),
    );
    const endsAt = Date.now() + (IS_LONG ? 90_000 : 6000);
    const rooms = new Map<RoomId, number>();
    await Promise.all(
      people.map(async (one) => {
        for (let n = 0; n < 20; n += 1) {
          const { room } = await one.ask("room:create", {
            id: writeId(),
            lifetime: { kind: "fixed", ms: endsAt - Date.now() },
            access: "listed",
          });
          rooms.set(room.id, room.deadlineAt);
          await one.ask("room:enter", { roomId: room.id });
          await one.ask("room:send", { id: writeId(), roomId: room.id, text: "a word" });
        }
      }),
    );
    const last = Math.max(...rooms.values());
    expect(last, "all were made in time").to.be.greaterThan(Date.now() + 200);
    await pause(last + 1 - Date.now());
    // Every reading that arrives from now on, on all of them.
    const [asker] = people;
    const readings = [...rooms.keys()].slice(0, 500).map(async (roomId) => {
      const reply = await asker!.send("room:enter", { roomId });
      return reply.ok ? "readable" : reply.error.code;
    });
    expect(new Set(await Promise.all(readings))).to.deep.equal(new Set(["gone"]));
    const told = (): number => people.reduce((sum, one) => sum + one.events("room:gone").length, 0);
    const toldLate = until(() => told() === rooms.size, "all to be told", 10_000).then(
      () => Date.now() - last,
    );
    // Looking through all keys would hold Redis up: first the one key that every room has.
    const metas = [...rooms.keys()].map((id) => `driftsea:{r:${id}}:meta`);
    const isGone = async (key: string): Promise<boolean> =>
      (await connection.command("EXISTS", key)) === 0;
    await until(
      async () => {
        await pause(50);
        return (await Promise.all(metas.map(isGone))).every(Boolean);
      },
      "all to be deleted",
      10_000,
    );
    const figures = { toldMs: await toldLate, deletedMs: Date.now() - last };
    const keys = (await connection.command("KEYS", "*{r:*")) as string[];
    expect(keys.filter((key) => !key.endsWith(":was"))).to.deep.equal([]);
    expect(keys.length, "the prefix is the one looked for").to.equal(rooms.size);
    console.log(`      ${rooms.size} rooms: ${JSON.stringify(figures)} after the last deadline`);
    expect(figures.toldMs).to.be.below(2000);
    expect(figures.deletedMs).to.be.below(2000);
  });

  it(`[R6] ${MEMBERS} members, ${CUTS} cuts each: what each has shown is the log`, async () => {
    const host = await Visitor.come(server.url);
    const { room } = await host.ask("room:create", {
      id: writeId(),
      lifetime: { kind: "fixed", ms: 3_600_000 },
      access: "listed",
      capacity: MEMBERS + 1,
    });
    const roomId = room.id;
    await host.ask("room:enter", { roomId });
    const silence = new AbortController();
    let written = 0;
    const talk = async (): Promise<void> => {
      while (!silence.signal.aborted) {
        await host.ask("room:send", { id: writeId(), roomId, text: `word ${written}` });
        written += 1;
        await pause(IS_LONG ? 100 : 10);
      }
    };
    const members = Array.from({ length: MEMBERS }, async (_, i) => {
      // Not all in the same instant, as people do not come.
      await pause(i * ARRIVAL_MS);
      return watch(roomId, `${SEED}:${i}`);
    });
    const talking = talk();
    const shown = Promise.all(members);
    const finished = await Promise.all([
      shown.then((all) => {
        silence.abort();
        return all;
      }),
      talking,
    ]);
    const { messages } = await host.ask("room:enter", { roomId, after: Math.max(0, written - 50) });
    for (const { texts, first, lost } of finished[0]) {
      expect(lost, `seed ${SEED}: told that it is not recovered`).to.equal(false);
      // Dense from the first that he saw, without a repeat, and the same words.
      texts.forEach(({ seq }, i) => expect(seq).to.equal(first + i));
      for (const { seq, text } of texts) {
        const inLog = messages.find((message) => message.seq === seq);
        if (inLog) expect(text).to.equal(inLog.text);
      }
    }
    const shownInAll = finished[0].reduce((sum, { texts }) => sum + texts.length, 0);
    console.log(`      ${written} messages, ${shownInAll} shown, ${MEMBERS * CUTS} cuts`);
    expect(shownInAll).to.be.greaterThan(MEMBERS);
  });

  interface Shown {
    first: number;
    texts: { seq: number; text: string | undefined }[];
    lost: boolean;
  }

  /** A member whose line is cut again and again, and who shows each message once, in order. */
  async function watch(roomId: RoomId, seed: string): Promise<Shown> {
    const rng = seededRandom(seed);
    let token: string | undefined;
    const shown: Shown = { first: 0, texts: [], lost: false };
    for (let cut = 0; cut <= CUTS; cut += 1) {
      const visitor = await Visitor.come(server.url, token === undefined ? {} : { token });
      ({ token } = visitor);
      const cursor = shown.texts.at(-1)?.seq;
      const entered = await visitor.ask("room:enter", {
        roomId,
        ...(cursor === undefined ? {} : { after: cursor, epoch: 0 }),
      });
      shown.lost ||= !entered.recovered;
      await pause(below(rng, IS_LONG ? 4000 : 120));
      const live = visitor.events("room:message").map(({ message }) => message);
      // The end comes in the middle of whatever is being sent.
      visitor.socket.io.engine.close();
      const bySeq = new Map([...entered.messages, ...live].map((one) => [one.seq, one]));
      for (const seq of [...bySeq.keys()].sort((a, b) => a - b)) {
        const last = shown.texts.at(-1)?.seq;
        if (last !== undefined && seq <= last) continue;
        if (last !== undefined && seq > last + 1) break;
        if (last === undefined) shown.first = seq;
        shown.texts.push({ seq, text: bySeq.get(seq)!.text });
      }
      await pause(below(rng, IS_LONG ? 2000 : 80));
    }
    return shown;
  }
});
