import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { pino } from "pino";
import { RedisConnection } from "../src/redis/connection.ts";
import { freePort, spawnRaw, spawnServer } from "./harness/process.ts";
import type { ServerProcess } from "./harness/process.ts";
import { needRedis } from "./harness/redis.ts";
import type { Settings } from "./harness/server.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

describe("the process", function () {
  this.timeout(60_000);
  let dataDir: string;
  const running: ServerProcess[] = [];
  const start = async (settings: Settings = {}, command?: string[]): Promise<ServerProcess> => {
    const server = await spawnServer({ DATA_DIR: dataDir, ...settings }, command);
    running.push(server);
    return server;
  };
  const redisPid = (): number | null => {
    try {
      // Only the server's own: its socket is below this folder.
      const pids = execFileSync("pgrep", ["-f", `^[^ ]*(redis|valkey)-server.*${dataDir}`]);
      return Number(pids.toString().split("\n")[0]);
    } catch {
      return null;
    }
  };
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "driftsea-data-"));
  });
  afterEach(async () => {
    for (const server of running.splice(0)) {
      server.kill("SIGTERM");
      await server.ended;
    }
    const left = redisPid();
    if (left !== null) process.kill(left, "SIGKILL");
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("without Redis keeps everything in memory, and says so in one line", async () => {
    const server = await start({ PATH: "" });
    const ann = await Visitor.come(server.url);
    await ann.throws("in memory");
    expect(server.output().match(/memory/g)).to.have.length(1);
    expect(existsSync(join(dataDir, "redis"))).to.equal(false);
  });

  it("npm start builds, serves the page, and SIGTERM to npm stops the server", async () => {
    const server = await start({ HOME: dataDir }, ["npm", "start"]);
    expect((await fetch(`${server.url}/readyz`)).status).to.equal(200);
    const page = await fetch(server.url);
    expect(page.status).to.equal(200);
    expect(page.headers.get("content-security-policy")).to.include("default-src 'none'");
    const [, script] = /src="([^"]+\.js)"/.exec(await page.text()) ?? [];
    const asset = await fetch(`${server.url}${script}`, { headers: { "accept-encoding": "br" } });
    expect(asset.headers.get("content-encoding")).to.equal("br");
    expect(asset.headers.get("cache-control")).to.include("immutable");
    const ann = await Visitor.come(server.url);
    server.kill("SIGTERM");
    await ann.event("session:draining");
    // Resolves when nobody writes to its output any more: npm, the shell and the server.
    await server.ended;
    expect(server.output()).to.include('"msg":"stopped"');
  });

  it("a second signal ends it at once; those of one press are one", async () => {
    // Somebody is waited for: his text lies with a classifier that says nothing.
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const server = await start({
      PATH: "",
      CLASSIFIER_URL: `http://127.0.0.1:${port}/`,
      CLASSIFIER_TIMEOUT_MS: 10_000,
    });
    try {
      let hasEnded = false;
      void server.ended.then(() => (hasEnded = true));
      const ann = await Visitor.come(server.url);
      const isAsked = once(silent, "request");
      ann.raw("bottle:throw", { id: writeId(), text: "never answered" }).catch(() => {});
      await isAsked;
      const since = Date.now();
      server.kill("SIGINT");
      server.kill("SIGTERM");
      await ann.event("session:draining");
      await pause(1500);
      expect(hasEnded).to.equal(false);
      server.kill("SIGINT");
      expect(await server.ended).to.equal(1);
      expect(Date.now() - since, "sooner than by itself").to.be.lessThan(4500);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  it("names every bad setting at once and exits with 1", async () => {
    const server = spawnRaw({
      PORT: "abc",
      TRANSPORT: "fast",
      REDIS_URL: "redis://:secret@127.0.0.1:1",
      DATA_DIR: dataDir,
    });
    expect(await server.ended).to.equal(1);
    expect(server.output())
      .to.include("PORT=abc: must be a whole number from 0 to 65535")
      .and.to.include("TRANSPORT=fast: must be one of auto, uws, node")
      .and.to.include("REDIS_URL: cannot be reached (ECONNREFUSED)")
      .and.not.to.include("secret");
  });

  it("exits with 1 where the given Redis cannot be reached", async () => {
    const server = spawnRaw({ REDIS_URL: "redis://127.0.0.1:1", PORT: 0, DATA_DIR: dataDir });
    expect(await server.ended).to.equal(1);
    expect(server.output()).to.include("REDIS_URL").and.to.include("ECONNREFUSED");
  });

  describe("with a private Redis", () => {
    let program: string;
    before(function () {
      program = needRedis(this);
    });

    it("uses the database that the address of a given Redis names, and no other", async () => {
      const port = await freePort();
      const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", ""];
      const redis = spawn(program, options, { stdio: "ignore" });
      const looker = new RedisConnection({
        url: `redis://127.0.0.1:${port}/0`,
        logger: pino({ level: "silent" }),
        keyPrefix: "",
      });
      try {
        await looker.connect(5000);
        const server = await start({ REDIS_URL: `redis://127.0.0.1:${port}/2` });
        const ann = await Visitor.come(server.url);
        await ann.throws("in the second");
        const used = String(await looker.command("INFO", "keyspace")).match(/^db\d+/gm);
        expect(used).to.deep.equal(["db2"]);
        server.kill("SIGTERM");
        expect(await server.ended).to.equal(0);
      } finally {
        looker.close();
        redis.kill();
        await once(redis, "close");
      }
    });

    for (const folder of ["/proc/driftsea/data", "/dev/null/data"]) {
      it(`exits with 1 where its folder cannot be made: ${folder}`, async () => {
        const server = spawnRaw({ PORT: 0, DATA_DIR: folder });
        expect(await server.ended).to.equal(1);
        expect(server.output()).to.include(`DATA_DIR: ${folder}/redis cannot be made`);
      });
    }

    it("keeps bottles and drifters over a restart, and stops its Redis with itself", async () => {
      const first = await start();
      const ann = await Visitor.come(first.url);
      const thrown = await ann.throws("hold on");
      const folder = join(dataDir, "redis");
      expect(statSync(folder).mode & 0o077, "others may not enter").to.equal(0);
      first.kill("SIGTERM");
      expect(await first.ended).to.equal(0);
      await ann.event("session:draining");
      await until(() => redisPid() === null, "Redis to stop");
      const second = await start();
      const back = await Visitor.come(second.url, { token: ann.token });
      expect((await back.ask("bottle:mine", {})).bottles[0]!.id).to.equal(thrown.id);
    });

    it("[B12] after kill -9 of the server a held bottle is back 2 s after the grace", async () => {
      const graceMs = 1500;
      const settings = { HOLDER_GRACE_MS: graceMs };
      const first = await start(settings);
      const [ann, bo] = [await Visitor.come(first.url), await Visitor.come(first.url)];
      const thrown = await ann.throws("do not lose me");
      await bo.catches();
      first.kill("SIGKILL");
      const killedAt = Date.now();
      await first.ended;
      const second = await start(settings);
      // Nobody can put it back before there is a server again.
      const dueAt = Math.max(killedAt + graceMs, Date.now());
      const eve = await Visitor.come(second.url);
      const { bottle } = await eve.catches();
      expect(bottle.id).to.equal(thrown.id);
      expect(Date.now() - dueAt).to.be.lessThan(2000 + 1500);
      expect(Date.now() - killedAt).to.be.greaterThan(graceMs - 600);
      const late = await Visitor.come(second.url, { token: bo.token });
      expect((await late.ask("session:inbox", {})).items).to.deep.include({
        kind: "bottle:lapsed",
        bottleId: thrown.id,
      });
    });

    it("[B12] after kill -9 a holder who comes back within the grace keeps the bottle", async () => {
      const first = await start();
      const [ann, bo] = [await Visitor.come(first.url), await Visitor.come(first.url)];
      const thrown = await ann.throws("I wait for you");
      await bo.catches();
      first.kill("SIGKILL");
      await first.ended;
      const second = await start();
      const back = await Visitor.come(second.url, { token: bo.token });
      expect((await back.ask("bottle:mine", {})).held[0]!.bottle.id).to.equal(thrown.id);
      await back.answers(thrown.id, "I am back");
      const again = await Visitor.come(second.url, { token: ann.token });
      const told = async () =>
        (await again.ask("session:inbox", {})).items.length +
        again.events("bottle:answered").length;
      await until(async () => (await told()) > 0, "the answer to be told");
    });

    it("loses nothing that was acknowledged when its Redis is killed, and goes on", async () => {
      const server = await start();
      const ann = await Visitor.come(server.url);
      const thrown = await ann.throws("acknowledged");
      process.kill(redisPid()!, "SIGKILL");
      await until(async () => (await fetch(`${server.url}/readyz`)).status === 503, "the outage");
      await until(async () => (await fetch(`${server.url}/readyz`)).status === 200, "the recovery");
      expect((await ann.ask("bottle:mine", {})).bottles[0]!.id).to.equal(thrown.id);
    });

    it("[R6] after kill -9 in mid-conversation a room has all that was acknowledged, once", async () => {
      const first = await start();
      const [ann, bo] = [await Visitor.come(first.url), await Visitor.come(first.url)];
      const { room } = await ann.ask("room:create", {
        id: writeId(),
        lifetime: { kind: "fixed", ms: 600_000 },
        access: "listed",
      });
      const roomId = room.id;
      for (const one of [ann, bo]) await one.ask("room:enter", { roomId });
      const acknowledged: number[] = [];
      const writes = Array.from({ length: 200 }, () => writeId());
      let isAlive = true;
      const talking = writes.map(async (id, i) => {
        const who = i % 2 ? ann : bo;
        const reply = await who
          .send("room:send", { id, roomId, text: `line ${i}` })
          .catch(() => null);
        if (reply?.ok) acknowledged.push(i);
        if (isAlive && acknowledged.length >= 40) {
          isAlive = false;
          first.kill("SIGKILL");
        }
      });
      await first.ended;
      for (const one of [ann, bo]) one.socket.disconnect();
      await Promise.all(talking);
      const second = await start();
      const back = await Visitor.come(second.url, { token: ann.token });
      const other = await Visitor.come(second.url, { token: bo.token });
      await other.ask("room:enter", { roomId });
      await back.ask("room:enter", { roomId, after: 0 });
      // Whoever has no reply sends again under the same id: it is the same write.
      for (const [i, id] of writes.entries())
        await (i % 2 ? back : other).ask("room:send", { id, roomId, text: `line ${i}` });
      const { messages, recovered } = await back.ask("room:enter", { roomId, after: 0 });
      expect(recovered).to.equal(true);
      expect(messages.map(({ seq }) => seq)).to.deep.equal(writes.map((_, i) => i + 1));
      expect(new Set(messages.map(({ id }) => id))).to.deep.equal(new Set(writes));
      expect(acknowledged.length).to.be.within(40, 200);
    });

    it("[R7] after kill -9 of the server its ghosts are gone in 15 s", async () => {
      const first = await start();
      const [ann, bo] = [await Visitor.come(first.url), await Visitor.come(first.url)];
      const { room } = await ann.ask("room:create", {
        id: writeId(),
        lifetime: { kind: "fixed", ms: 600_000 },
        access: "listed",
      });
      for (const one of [ann, bo]) await one.ask("room:enter", { roomId: room.id });
      first.kill("SIGKILL");
      const killedAt = Date.now();
      await first.ended;
      const second = await start();
      const back = await Visitor.come(second.url, { token: ann.token });
      const entered = await back.ask("room:enter", { roomId: room.id });
      expect(entered.members, "within the grace").to.have.length(2);
      const left = await back.event("room:left", 15_000);
      expect(left.members).to.equal(1);
      expect(Date.now() - killedAt).to.be.lessThan(15_000);
    });

    it("[R7] who goes while Redis is away is out when it is back", async () => {
      const server = await start();
      const [ann, bo] = [await Visitor.come(server.url), await Visitor.come(server.url)];
      const { room } = await ann.ask("room:create", {
        id: writeId(),
        lifetime: { kind: "fixed", ms: 600_000 },
        access: "listed",
      });
      for (const one of [ann, bo]) await one.ask("room:enter", { roomId: room.id });
      process.kill(redisPid()!, "SIGKILL");
      await bo.leave();
      await until(async () => (await fetch(`${server.url}/readyz`)).status === 503, "the outage");
      await until(async () => (await fetch(`${server.url}/readyz`)).status === 200, "the recovery");
      expect((await ann.event("room:left", 16_000)).members).to.equal(1);
    });

    it("[R1] with every server dead, Redis alone removes a room", async () => {
      const server = await start({ ROOM_MIN_LIFETIME_MS: 100 });
      const ann = await Visitor.come(server.url);
      const { room } = await ann.ask("room:create", {
        id: writeId(),
        title: "a title that must go",
        lifetime: { kind: "fixed", ms: 2500 },
        access: "listed",
      });
      await ann.ask("room:enter", { roomId: room.id });
      await ann.ask("room:send", { id: writeId(), roomId: room.id, text: "words that must go" });
      server.kill("SIGKILL");
      await server.ended;
      const url = `unix:${join(dataDir, "redis", "redis.sock")}`;
      const logger = pino({ level: "silent" });
      const redis = new RedisConnection({ url, logger, keyPrefix: "" });
      await redis.connect(5000);
      const content = async (): Promise<string[]> => {
        const keys = (await redis.command("KEYS", "*{r:*")) as string[];
        return keys.filter((key) => !key.endsWith(":was"));
      };
      expect(await content()).to.not.deep.equal([]);
      await until(async () => (await content()).length === 0, "Redis to remove it", 6000);
      // Its own time to live ends it a second after the deadline, and not before.
      expect(Date.now() - room.deadlineAt).to.be.within(500, 3000);
      redis.close();
    });

    it("a second server on the same folder is refused", async () => {
      await start();
      const second = spawnRaw({ DATA_DIR: dataDir, PORT: 0 });
      expect(await second.ended).to.equal(1);
      expect(second.output()).to.include("in use");
    });
  });
});
