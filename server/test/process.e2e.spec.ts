import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { findRedis } from "../src/redis/private-redis.ts";
import { spawnRaw, spawnServer } from "./harness/process.ts";
import type { ServerProcess } from "./harness/process.ts";
import type { Settings } from "./harness/server.ts";
import { Visitor, until } from "./harness/visitor.ts";

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
    before(function () {
      if (findRedis(process.env["PATH"]) !== null) return;
      if (process.env["DRIFTSEA_REQUIRE_ALL"]) throw new Error("redis-server is required here");
      this.skip();
    });

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
      const eve = await Visitor.come(second.url);
      const { bottle } = await eve.catches();
      expect(bottle.id).to.equal(thrown.id);
      expect(Date.now() - killedAt).to.be.lessThan(graceMs + 2000 + 1500);
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

    it("a second server on the same folder is refused", async () => {
      await start();
      const second = spawnRaw({ DATA_DIR: dataDir, PORT: 0 });
      expect(await second.ended).to.equal(1);
      expect(second.output()).to.include("in use");
    });
  });
});
