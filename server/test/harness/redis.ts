import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { nanoid } from "nanoid";
import { pino } from "pino";
import { ManualClock } from "../../src/lib/clock.ts";
import { RedisConnection } from "../../src/redis/connection.ts";
import type { RedisOptions } from "../../src/redis/connection.ts";

/** Lua that reads the time from a key which the test moves: deadlines come without waiting. */
const manualTime = (key: string): string =>
  `local function now_ms() return tonumber(redis.call("GET", "${key}")) end\n`;

export interface TestRedis {
  url: string;
  /** A connection with a key prefix of its own; closed with the server. */
  connect(options?: Pick<Partial<RedisOptions>, "time" | "keyPrefix">): Promise<RedisConnection>;
  stop(): Promise<void>;
}

/** A private redis-server on a unix socket, or null where there is none on PATH. */
export async function startRedis(): Promise<TestRedis | null> {
  const folder = mkdtempSync(join(tmpdir(), "driftsea-redis-"));
  const socket = join(folder, "s");
  const child = spawn(
    "redis-server",
    ["--port", "0", "--unixsocket", socket, "--dir", folder, "--save", "", "--appendonly", "no"],
    { stdio: "ignore" },
  );
  const failed = new Promise<boolean>((resolve) => {
    child.once("error", () => resolve(true));
    child.once("spawn", () => resolve(false));
  });
  if (await failed) {
    rmSync(folder, { recursive: true });
    if (process.env["DRIFTSEA_REQUIRE_ALL"]) throw new Error("redis-server is required here");
    return null;
  }
  const open: RedisConnection[] = [];
  const url = `unix:${socket}`;
  const connect: TestRedis["connect"] = async (options = {}) => {
    const logger = pino({ level: "silent" });
    const keyPrefix = options.keyPrefix ?? `${nanoid(8)}:`;
    const connection = new RedisConnection({ url, logger, ...options, keyPrefix });
    open.push(connection);
    await connection.connect(5000);
    return connection;
  };
  await untilListening(connect);
  return {
    url,
    connect,
    async stop() {
      for (const connection of open) connection.close();
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A connection whose scripts live by a clock that the test moves, from `startMs` on. */
export async function connectWithClock(redis: TestRedis, startMs: number) {
  const keyPrefix = `${nanoid(8)}:`;
  const timeKey = `${keyPrefix}now`;
  const clock = new ManualClock(startMs);
  const time = { source: manualTime(timeKey), clock };
  const connection = await redis.connect({ keyPrefix, time });
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await connection.command("SET", timeKey, clock.now());
  };
  await advance(0);
  return { connection, advance, now: () => clock.now() };
}

async function untilListening(connect: TestRedis["connect"]): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await connect();
      return;
    } catch (error) {
      if (tries === 50) throw error;
      await sleep(20);
    }
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exit;
}
