import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { io } from "socket.io-client";
import type { Socket } from "socket.io-client";
import type { Events, RoomMessage } from "@driftsea/protocol";
import { spawnRaw, spawnServer } from "./harness/process.ts";
import type { ServerProcess } from "./harness/process.ts";
import { needRedis, startRedis } from "./harness/redis.ts";
import type { TestRedis } from "./harness/redis.ts";
import type { Settings } from "./harness/server.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

/** A client that comes back by itself, as the page does, with its options. */
class Returning {
  readonly socket: Socket;
  token: string | undefined;
  readonly readyAt: number[] = [];
  lostAt = 0;
  readonly messages: RoomMessage[] = [];

  constructor(url: string) {
    this.socket = io(url, {
      transports: ["websocket"],
      forceNew: true,
      auth: (give) => give({ protocol: 1, ...(this.token ? { token: this.token } : {}) }),
      reconnectionDelay: 500,
      reconnectionDelayMax: 8000,
    });
    this.socket.on("session:ready", ({ token }: Events["session:ready"]) => {
      this.token ??= token;
      this.readyAt.push(Date.now());
    });
    this.socket.on("disconnect", () => (this.lostAt = Date.now()));
    this.socket.on("room:message", ({ message }: Events["room:message"]) =>
      this.messages.push(message),
    );
  }

  get isLost(): boolean {
    return this.lostAt > (this.readyAt.at(-1) ?? 0);
  }
}

/** What is shared is the store and the port; DRIFTSEA_LONG=1 looks at the other engine too. */
const ENGINES = process.env["DRIFTSEA_LONG"] ? (["uws", "node"] as const) : (["uws"] as const);

for (const transport of ENGINES) {
  describe(`several workers on one port (${transport})`, function () {
    this.timeout(120_000);
    let redis: TestRedis | null = null;
    let server: ServerProcess | null = null;
    const sockets: Socket[] = [];
    before(async function () {
      redis = await startRedis();
      if (!redis) this.skip();
    });
    after(async () => redis?.stop());
    afterEach(async () => {
      for (const socket of sockets.splice(0)) socket.disconnect();
      server?.kill("SIGTERM");
      await server?.ended;
      server = null;
    });
    const start = async (settings: Settings = {}): Promise<ServerProcess> => {
      await (await redis!.connect()).command("FLUSHALL");
      const shared = { TRANSPORT: transport, REDIS_URL: redis!.url, WEB_CONCURRENCY: 2 };
      return (server = await spawnServer({ ...shared, ...settings }));
    };
    const workers = (): number[] => {
      const found = execFileSync("pgrep", ["-P", String(server!.pid), "-f", "main"]).toString();
      return found.trim().split("\n").map(Number);
    };
    const come = async (count: number): Promise<Returning[]> => {
      const all = Array.from({ length: count }, () => new Returning(server!.url));
      sockets.push(...all.map(({ socket }) => socket));
      await until(() => all.every(({ readyAt }) => readyAt.length > 0), "all to be in", 20_000);
      return all;
    };

    it("[M9] kill -9 of one: its people are elsewhere in 5 s, and nothing acknowledged is lost", async () => {
      const { url } = await start({ HOLDER_GRACE_MS: 1500, CONNECTIONS_PER_ADDRESS: 1000 });
      const [victim] = workers();
      expect(workers()).to.have.length(2);
      const all = await come(40);
      const [ann, ...others] = all as [Returning, ...Returning[]];
      const ask = async (who: Returning, name: string, payload: object) => {
        const reply = (await who.socket.timeout(8000).emitWithAck(name, payload)) as {
          ok: boolean;
          data: Record<string, never>;
        };
        if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply)}`);
        return reply.data;
      };
      const lifetime = { kind: "fixed", ms: 600_000 };
      const made = await ask(ann, "room:create", { id: writeId(), lifetime, access: "listed" });
      const { id: roomId } = made["room"] as unknown as { id: string };
      for (const who of all) await ask(who, "room:enter", { roomId });
      const acknowledged: string[] = [];
      const send = async (who: Returning, text: string): Promise<void> => {
        const id = writeId();
        await ask(who, "room:send", { id, roomId, text }).then(
          () => acknowledged.push(id),
          () => {},
        );
      };
      // One holds a bottle and is never back; whichever process serves him.
      const [thrower, holder] = [await Visitor.come(url), await Visitor.come(url)];
      sockets.push(thrower.socket, holder.socket);
      const thrown = await thrower.throws("do not sink");
      await holder.catches();
      const talking = others.slice(0, 20).map((who, i) => send(who, `before ${i}`));
      process.kill(victim!, "SIGKILL");
      const killedAt = Date.now();
      await Promise.all(talking);
      await until(() => all.some((who) => who.lostAt > 0), "somebody to be lost");
      await until(() => all.every((who) => !who.isLost), "all to be back", 20_000);
      const away = all.filter((who) => who.lostAt > 0).map((who) => who.readyAt.at(-1)! - killedAt);
      away.sort((a, b) => a - b);
      expect(away.length, "whom it served").to.be.greaterThan(2);
      expect(away[Math.ceil(away.length * 0.95) - 1], "p95, ms").to.be.lessThan(5000);
      expect(away.at(-1)! - away[0]!, "not all at one instant").to.be.greaterThan(50);
      // The room goes on, for whoever is back too; what was acknowledged is in it.
      for (const who of all) await ask(who, "room:enter", { roomId, after: 0 });
      for (const who of others.slice(0, 5)) await send(who, "after");
      const log = await ask(ann, "room:enter", { roomId, after: 0 });
      const messages = log["messages"] as unknown as RoomMessage[];
      expect(messages.map(({ id }) => id as string)).to.include.members(acknowledged);
      expect(messages.map(({ seq }) => seq)).to.deep.equal(messages.map((_, i) => i + 1));
      await until(
        () => all.every((who) => who.messages.filter(({ text }) => text === "after").length === 5),
        "everybody to hear everybody",
      );
      // Whoever is gone for good is no ghost, and holds nothing.
      holder.socket.disconnect();
      const eve = await Visitor.come(url);
      sockets.push(eve.socket);
      expect((await eve.catches()).bottle.id).to.equal(thrown.id);
      await until(() => workers().length === 2, "another worker", 30_000);
      expect(workers()).to.not.include(victim);
      expect(server!.output()).to.include("started again");
    });

    it("[M9] [R1] [R7] the other fires what the dead one would have: ghosts go, rooms end", async () => {
      const { url } = await start({ ROOM_MIN_LIFETIME_MS: 100 });
      const [victim] = workers();
      const [ann] = (await come(1)) as [Returning];
      const guests = await Promise.all(Array.from({ length: 24 }, () => Visitor.come(url)));
      sockets.push(...guests.map(({ socket }) => socket));
      const host = guests[0]!;
      const { room } = await host.ask("room:create", {
        id: writeId(),
        lifetime: { kind: "fixed", ms: 16_000 },
        access: "listed",
      });
      for (const guest of guests) await guest.ask("room:enter", { roomId: room.id });
      process.kill(victim!, "SIGKILL");
      await until(() => guests.some(({ socket }) => !socket.connected), "its people to fall");
      await pause(300);
      const left = guests.filter(({ socket }) => socket.connected);
      expect(left.length).to.be.within(1, guests.length - 1);
      const one = left[0]!;
      const gone = (): number => new Set(one.events("room:left").map((e) => e.persona.id)).size;
      await until(() => gone() === guests.length - left.length, "the ghosts to go", 15_000);
      await one.event("room:gone", 20_000);
      expect(Date.now() - room.deadlineAt).to.be.lessThan(3000);
      expect(ann.socket.active).to.equal(true);
    });

    it("[M9] /metrics answers for all workers, whichever is asked", async () => {
      const { url } = await start();
      await come(20);
      for (let i = 0; i < 6; i += 1) {
        const text = await (await fetch(`${url}/metrics`, { keepalive: false })).text();
        expect(/^driftsea_connections (\d+)$/m.exec(text)?.[1]).to.equal("20");
      }
    });

    it("[M9] SIGTERM stops all within 10 s, everybody is told, and the port is free", async () => {
      const { url, ended } = await start();
      const all = await Promise.all(Array.from({ length: 8 }, () => Visitor.come(url)));
      sockets.push(...all.map(({ socket }) => socket));
      const before = workers();
      server!.kill("SIGTERM");
      const since = Date.now();
      expect(await ended).to.equal(0);
      expect(Date.now() - since).to.be.lessThan(10_000);
      for (const one of all) await one.event("session:draining");
      for (const pid of before) expect(() => process.kill(pid, 0)).to.throw("ESRCH");
      const port = Number(new URL(url).port);
      server = await spawnServer({ REDIS_URL: redis!.url, PORT: port, TRANSPORT: transport });
    });
  });
}

describe("several workers", function () {
  this.timeout(60_000);
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "driftsea-data-"));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it("[M9] without any Redis they are refused, and it is said what is missing", async () => {
    const server = spawnRaw({ PATH: "", PORT: 0, DATA_DIR: dataDir, WEB_CONCURRENCY: 2 });
    expect(await server.ended).to.equal(1);
    expect(server.output()).to.include("WEB_CONCURRENCY=2").and.to.include("REDIS_URL");
  });

  it("[M9] a port that somebody has, and a Redis that is not there, are said once", async () => {
    const redis = { REDIS_URL: "redis://127.0.0.1:1", DATA_DIR: dataDir, WEB_CONCURRENCY: 3 };
    const away = spawnRaw({ PORT: 0, ...redis });
    expect(await away.ended).to.equal(1);
    expect(away.output().match(/cannot be reached/g)).to.have.length(1);
  });

  it("[M9] they share one private Redis, which the process above them starts and stops", async function () {
    needRedis(this);
    const settings = { DATA_DIR: dataDir, WEB_CONCURRENCY: 2 };
    const server = await spawnServer(settings);
    const [ann, bo] = [await Visitor.come(server.url), await Visitor.come(server.url)];
    const thrown = await ann.throws("one sea");
    expect((await bo.catches()).bottle.id).to.equal(thrown.id);
    const taken = spawnRaw({
      PORT: Number(new URL(server.url).port),
      DATA_DIR: dataDir,
      HOST: "127.0.0.1",
      WEB_CONCURRENCY: 2,
    });
    expect(await taken.ended).to.equal(1);
    expect(taken.output()).to.include("the port is in use");
    for (const one of [ann, bo]) one.socket.disconnect();
    server.kill("SIGTERM");
    expect(await server.ended).to.equal(0);
    const pids = (): string => {
      try {
        return execFileSync("pgrep", ["-f", `^[^ ]*(redis|valkey)-server.*${dataDir}`]).toString();
      } catch {
        return "";
      }
    };
    await until(() => pids() === "", "Redis to stop");
  });
});
