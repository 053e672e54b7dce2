import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pino } from "pino";
import { createApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { openStores } from "../../src/stores.ts";
import type { RedisConnection } from "../../src/redis/connection.ts";
import type { Review } from "../../src/review/review.ts";
import type { Stores } from "../../src/stores.ts";
import { FORM, startRedis } from "./redis.ts";
import type { TestRedis } from "./redis.ts";

export interface TestServer {
  url: string;
  port: number;
  transport: "uws" | "node";
  /** As moderators have it. */
  review: Review;
  /** Everything that was logged, one JSON text a line. */
  log: () => string;
  stores: Stores;
  close: () => Promise<void>;
}

export type Settings = Record<string, string | number>;

/** One way to run the server; the whole suite is green on each (M9). */
export interface Setup {
  name: string;
  /** A fresh server with nothing in its store. */
  start: (settings?: Settings, spoil?: (stores: Stores) => void) => Promise<TestServer>;
  /** Everything in the store as one text, or null where it is memory. */
  dump: () => Promise<string | null>;
}

type Store = "memory" | "redis" | "cluster";

/**
 * Runs a suite on uWebSockets.js with a real Redis and on Node's transport in memory: each engine and each store. With
 * DRIFTSEA_LONG=1 on each engine with each store.
 */
export function onEverySetup(title: string, suite: (setup: Setup) => void): void {
  onSetups(title, suite, ["memory", "redis"]);
}

/** As `onEverySetup`, and on a Redis Cluster too: for what goes from slot to slot. */
export function onEverySetupAndCluster(title: string, suite: (setup: Setup) => void): void {
  onSetups(title, suite, FORM === "cluster" ? ["memory", "redis"] : ["memory", "redis", "cluster"]);
}

function onSetups(title: string, suite: (setup: Setup) => void, stores: readonly Store[]): void {
  for (const transport of ["uws", "node"] as const) {
    for (const store of stores) {
      if (store === "cluster" && transport === "node") continue;
      const isUsual = (store === "memory") === (transport === "node");
      if (!isUsual && !process.env["DRIFTSEA_LONG"]) continue;
      describe(`${title} [M9] (${transport}, ${store})`, () => {
        let redis: TestRedis | null = null;
        const open = new Set<TestServer>();
        before(async function () {
          if (store === "memory") return;
          this.timeout(60_000);
          redis = await startRedis(store === "cluster" ? "cluster" : FORM);
          if (!redis) this.skip();
        });
        after(async () => redis?.stop());
        afterEach(async () => {
          for (const server of open) await server.close();
          open.clear();
        });
        suite({
          name: `${transport}, ${store}`,
          start: async (settings = {}, spoil = () => {}) => {
            if (redis) await (await redis.connect()).command("FLUSHALL");
            const url: Settings = redis ? { REDIS_URL: redis.url } : {};
            const server = await startServer({ TRANSPORT: transport, ...url, ...settings }, spoil);
            open.add(server);
            return server;
          },
          dump: async () => (redis ? dump(redis) : null),
        });
      });
    }
  }
}

/** Starts the app in this process, on a free port. Without REDIS_URL it keeps all in memory. */
export async function startServer(
  settings: Settings = {},
  /** Faults that a test puts into the stores. */
  spoil: (stores: Stores) => void = () => {},
  /** Folder of the built client, where a page is to be seen. */
  builtClient: string | null = null,
): Promise<TestServer> {
  const env = {
    HOST: "127.0.0.1",
    PORT: 0,
    CREATURE_PROBABILITY: 0,
    LOG_LEVEL: "debug",
    ...settings,
  };
  const config = readConfig(
    Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])),
  );
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const logger = pino({ level: config.logLevel, base: null }, sink);
  const stores = await openStores(config, logger, "");
  spoil(stores);
  const emptyFolder = mkdtempSync(join(tmpdir(), "driftsea-client-"));
  const clientFolder = builtClient ?? emptyFolder;
  const app = await createApp({ config, stores, logger, clientFolder });
  let closed: Promise<void> | null = null;
  return {
    url: `http://127.0.0.1:${app.port}`,
    port: app.port,
    transport: app.transport,
    review: app.review,
    log: () => lines.join(""),
    stores,
    close: () =>
      (closed ??= app.close().then(async () => {
        await stores.close();
        rmSync(emptyFolder, { recursive: true, force: true });
      })),
  };
}

async function dump(redis: TestRedis): Promise<string> {
  return dumpOf(await redis.connect());
}

/** Everything in a Redis as one text. */
export async function dumpOf(connection: RedisConnection): Promise<string> {
  const keys = (await connection.command("KEYS", "*")) as string[];
  const values = await Promise.all(
    keys.map(async (key) => {
      const type = await connection.command("TYPE", key);
      const read = {
        string: () => connection.command("GET", key),
        hash: () => connection.command("HGETALL", key),
        list: () => connection.command("LRANGE", key, 0, -1),
        set: () => connection.command("SMEMBERS", key),
        zset: () => connection.command("ZRANGE", key, 0, -1, "WITHSCORES"),
      }[String(type)];
      // One that has ended meanwhile.
      if (!read) return JSON.stringify([key]);
      return JSON.stringify([key, await read()]);
    }),
  );
  return values.join("\n");
}
