import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ROOT } from "./harness/dockerfile.ts";
import { spawnServer } from "./harness/process.ts";
import type { ServerProcess } from "./harness/process.ts";
import { needRedis } from "./harness/redis.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

const BACKUP = join(ROOT, "ops/backup.sh");

describe("backup", function () {
  this.timeout(90_000);
  let dataDir: string;
  let server: ServerProcess | null = null;
  const start = async (): Promise<ServerProcess> =>
    (server = await spawnServer({ DATA_DIR: dataDir, ROOM_MIN_LIFETIME_MS: 100 }));
  const stop = async (): Promise<void> => {
    server?.kill("SIGTERM");
    await server?.ended;
    server = null;
  };
  const redis = (path = ""): string => join(dataDir, "redis", path);
  /** All that Redis has written. */
  const written = (): string => {
    const files = readdirSync(redis("appendonlydir"));
    return files.map((file) => readFileSync(redis(join("appendonlydir", file)), "latin1")).join("");
  };

  before(function () {
    needRedis(this);
  });
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "driftsea-backup-"));
  });
  afterEach(async () => {
    await stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("of a running server brings all back, and nothing that ended meanwhile", async () => {
    const { url } = await start();
    const [ann, bo] = [await Visitor.come(url), await Visitor.come(url)];
    const room = async (ms: number, text: string) => {
      const lifetime = { kind: "fixed", ms } as const;
      const { room: made } = await ann.ask("room:create", {
        id: writeId(),
        lifetime,
        access: "link",
      });
      await ann.ask("room:enter", { roomId: made.id });
      await ann.ask("room:send", { id: writeId(), roomId: made.id, text });
      return made;
    };
    const ended = await room(2000, "kumquat before the backup");
    await ann.event("room:gone", 10_000);
    const bottle = await ann.throws("marzipan that drifts");
    await bo.catches();
    const { thread } = await bo.answers(bottle.id, "an answer to marzipan");
    const ends = await room(12_000, "persimmon meanwhile");
    const lives = await room(600_000, "quince for long");
    await until(() => written().includes("kumquat"), "Redis to have written it");

    const backup = spawnSync(BACKUP, ["-s", redis("redis.sock")], { maxBuffer: 2 ** 28 });
    expect(backup.status, backup.stderr.toString()).to.equal(0);
    const tar = join(dataDir, "backup.tar");
    writeFileSync(tar, backup.stdout);
    const copied = backup.stdout.toString("latin1");
    expect(copied, "what is there").to.include("marzipan").and.to.include("persimmon");
    expect(copied, "what had ended").to.not.include("kumquat");
    expect(written(), "what has ended, in Redis's own files").to.not.include("kumquat");

    await ann.throws("thrown after the backup");
    const percentage = ["-s", redis("redis.sock"), "CONFIG", "GET", "auto-aof-rewrite-percentage"];
    expect(execFileSync("redis-cli", percentage).toString()).to.include("100");
    await stop();
    rmSync(redis(), { recursive: true });
    await pause(Math.max(0, ends.deadlineAt - Date.now()));
    execFileSync("mkdir", ["-m", "700", redis()]);
    execFileSync("tar", ["-C", redis(), "-xf", tar]);

    const again = await start();
    const back = await Visitor.come(again.url, { token: ann.token });
    const { bottles } = await back.ask("bottle:mine", {});
    expect(bottles.map(({ id, state }) => [id, state])).to.deep.equal([[bottle.id, "answered"]]);
    const { messages } = await back.ask("thread:open", { threadId: thread.id });
    expect(messages.map(({ text }) => text)).to.include("an answer to marzipan");
    const entered = await back.ask("room:enter", { roomId: lives.id, after: 0 });
    expect(entered.messages.map(({ text }) => text)).to.deep.equal(["quince for long"]);
    for (const { id } of [ended, ends])
      expect(await back.refused("room:enter", { roomId: id })).to.equal("gone");
    const other = await Visitor.come(again.url, { token: bo.token });
    expect((await other.ask("thread:list", {})).threads).to.have.length(1);
    await Promise.all([back.leave(), other.leave()]);
  });

  it("says so where there is nothing to copy", () => {
    const backup = spawnSync(BACKUP, ["-s", join(dataDir, "none")], { encoding: "utf8" });
    expect(backup.status).to.equal(1);
    expect(backup.stderr).to.include("no append-only files");
    expect(backup.stdout).to.equal("");
  });
});
