import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { pino } from "pino";
import { needRedis } from "../../test/harness/redis.ts";
import { pause, until } from "../../test/harness/visitor.ts";
import { RedisConnection } from "./connection.ts";
import { startPrivateRedis } from "./private-redis.ts";

describe("a private Redis", () => {
  it("[R1] what has ended is soon in its file no more, and its slow log keeps nothing", async function () {
    this.timeout(60_000);
    const program = needRedis(this);
    const folder = mkdtempSync(join(tmpdir(), "driftsea-private-"));
    const redis = await startPrivateRedis(program, folder, 300);
    const logger = pino({ level: "silent" });
    const connection = new RedisConnection({ url: redis.url, logger, keyPrefix: "" });
    const file = (): string => {
      const inside = join(folder, "redis", "appendonlydir");
      return readdirSync(inside)
        .map((name) => readFileSync(join(inside, name), "latin1"))
        .join("");
    };
    try {
      await connection.connect(5000);
      await connection.command("SET", "a", "still here");
      await connection.command("SET", "b", "has ended", "PX", 400);
      expect(file()).to.include("has ended");
      // A file may go while they are read.
      const isGone = (): boolean => {
        try {
          return !file().includes("has ended");
        } catch {
          return false;
        }
      };
      await until(isGone, "the file to be written anew", 20_000);
      expect(file()).to.include("still here");
      expect(await connection.command("SLOWLOG", "LEN")).to.equal(0);
      const threshold = await connection.command("CONFIG", "GET", "slowlog-log-slower-than");
      expect(JSON.stringify(threshold)).to.include("-1");
    } finally {
      connection.close();
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("[M9] stands still for some seconds and is the same afterwards: no second one writes into its file", async function () {
    this.timeout(60_000);
    const program = needRedis(this);
    const folder = mkdtempSync(join(tmpdir(), "driftsea-private-"));
    const redis = await startPrivateRedis(program, folder);
    const logger = pino({ level: "silent" });
    const connection = new RedisConnection({ url: redis.url, logger, keyPrefix: "" });
    const pidFile = join(folder, "redis", "redis.pid");
    const pid = Number(readFileSync(pidFile, "utf8"));
    try {
      await connection.connect(5000);
      process.kill(pid, "SIGSTOP");
      await pause(4000);
      process.kill(pid, "SIGCONT");
      await pause(1500);
      expect(Number(readFileSync(pidFile, "utf8"))).to.equal(pid);
      const other = new RedisConnection({ url: redis.url, logger, keyPrefix: "" });
      await other.connect(5000);
      const info = String(await other.command("INFO", "server"));
      other.close();
      expect(info).to.include(`process_id:${pid}\r`);
    } finally {
      connection.close();
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("[M9] ends when its server was killed, also where its folder has gone with it", async function () {
    this.timeout(60_000);
    const program = needRedis(this);
    const folder = mkdtempSync(join(tmpdir(), "driftsea-private-"));
    const built = new URL("../../dist/redis/private-redis.js", import.meta.url).href;
    const script = `const { startPrivateRedis } = await import(${JSON.stringify(built)});
      await startPrivateRedis(${JSON.stringify(program)}, ${JSON.stringify(folder)});
      console.log("it answers");
      setInterval(() => {}, 1000);`;
    const server = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(server, "exit");
    await once(server.stdout, "data");
    const redis = Number(readFileSync(join(folder, "redis", "redis.pid"), "utf8"));
    server.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
    const isGone = (): boolean => {
      try {
        process.kill(redis, 0);
        return false;
      } catch {
        return true;
      }
    };
    await until(isGone, "Redis to end", 30_000);
  });
});
