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
import { findRedis } from "../../src/redis/private-redis.ts";
import { startCluster } from "./cluster.ts";
import type { TestCluster } from "./cluster.ts";

/**
 * Lua that reads the time from a key which the test moves: deadlines come without waiting. On a
 * Cluster there is one for each master, and a script reads the one that lies where it runs.
 */
const manualTime = (keys: readonly string[]): string => `local function now_ms()
  for _, key in ipairs({${keys.map((key) => `"${key}"`).join(", ")}}) do
    local at = redis.pcall("GET", key)
    if type(at) == "string" then return tonumber(at) end
  end
end
`;

export interface TestRedis {
  url: string;
  /** Hash tags that between them reach every master. */
  tags: readonly string[];
  /** A connection with a key prefix of its own; closed with the server. */
  connect(options?: Pick<Partial<RedisOptions>, "time" | "keyPrefix">): Promise<RedisConnection>;
  stop(): Promise<void>;
}

export type RedisForm = "single" | "cluster";

/** What a suite gets that does not say: `DRIFTSEA_REDIS=cluster` runs everything on a Cluster. */
export const FORM: RedisForm = process.env["DRIFTSEA_REDIS"] === "cluster" ? "cluster" : "single";

/** One for all suites of this process: six servers for each would be too many. */
let cluster: Promise<TestCluster> | null = null;

/** The `redis-server` on PATH; null where there is none, which fails where nothing may be skipped. */
function redisProgram(): string | null {
  const program = findRedis(process.env["PATH"]);
  if (program === null && process.env["DRIFTSEA_REQUIRE_ALL"])
    throw new Error("redis-server is required here");
  return program;
}

/** The `redis-server` on PATH; where there is none, the test or the suite is skipped. */
export const needRedis = (test: Mocha.Context): string => redisProgram() ?? test.skip();

/** A Redis of the test's own, or a Cluster that is empty, or null where there is none on PATH. */
export async function startRedis(form = FORM): Promise<TestRedis | null> {
  const program = redisProgram();
  if (program === null) return null;
  if (form === "single") return startSingle(program);
  cluster ??= startCluster(program);
  const { url, tags } = await cluster;
  const redis = onUrl(url, tags, async () => {});
  await (await redis.connect()).command("FLUSHALL");
  return redis;
}

async function startSingle(program: string): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), "driftsea-redis-"));
  const socket = join(folder, "s");
  const child = spawn(
    program,
    ["--port", "0", "--unixsocket", socket, "--dir", folder, "--save", "", "--appendonly", "no"],
    { stdio: "ignore" },
  );
  const redis = onUrl(`unix:${socket}`, ["now"], async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  });
  await untilListening(redis);
  return redis;
}

function onUrl(url: string, tags: readonly string[], end: () => Promise<void>): TestRedis {
  const open: RedisConnection[] = [];
  return {
    url,
    tags,
    connect: async (options = {}) => {
      const logger = pino({ level: "silent" });
      const keyPrefix = options.keyPrefix ?? `${nanoid(8)}:`;
      const connection = new RedisConnection({ url, logger, ...options, keyPrefix });
      open.push(connection);
      await connection.connect(5000);
      return connection;
    },
    async stop() {
      for (const connection of open) connection.close();
      await end();
    },
  };
}

/** A connection whose scripts live by a clock that the test moves, from `startMs` on. */
export async function connectWithClock(redis: TestRedis, startMs: number) {
  const keyPrefix = `${nanoid(8)}:`;
  const timeKeys = redis.tags.map((tag) => `now:${keyPrefix}{${tag}}`);
  const clock = new ManualClock(startMs);
  const time = { source: manualTime(timeKeys), clock };
  const connection = await redis.connect({ keyPrefix, time });
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await Promise.all(timeKeys.map((key) => connection.command("SET", key, clock.now())));
  };
  await advance(0);
  return { connection, advance, now: () => clock.now() };
}

async function untilListening(redis: TestRedis): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await redis.connect();
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
