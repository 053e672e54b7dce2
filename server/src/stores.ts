import type { Logger } from "pino";
import { MemoryBottleStore } from "./bottles/bottles.store.memory.ts";
import { RedisBottleStore } from "./bottles/bottles.store.redis.ts";
import type { BottleStore } from "./bottles/bottles.store.ts";
import type { Config } from "./config.ts";
import { ConfigError } from "./config.ts";
import { systemClock } from "./lib/clock.ts";
import type { Clock } from "./lib/clock.ts";
import { RedisPresenceStore } from "./presence/presence.store.redis.ts";
import { noPresence } from "./presence/presence.store.ts";
import type { PresenceStore } from "./presence/presence.store.ts";
import { MemoryQuotaStore } from "./quotas/quotas.store.memory.ts";
import { RedisQuotaStore } from "./quotas/quotas.store.redis.ts";
import type { QuotaStore } from "./quotas/quotas.store.ts";
import { RedisConnection } from "./redis/connection.ts";
import { findRedis, startPrivateRedis } from "./redis/private-redis.ts";
import { MemorySafetyStore } from "./safety/safety.store.memory.ts";
import { RedisSafetyStore } from "./safety/safety.store.redis.ts";
import type { SafetyStore } from "./safety/safety.store.ts";
import { MemorySessionStore } from "./sessions/sessions.store.memory.ts";
import { RedisSessionStore } from "./sessions/sessions.store.redis.ts";
import type { SessionStore } from "./sessions/sessions.store.ts";
import { MemoryThreadStore } from "./threads/threads.store.memory.ts";
import { RedisThreadStore } from "./threads/threads.store.redis.ts";
import type { ThreadStore } from "./threads/threads.store.ts";

/** Put before every key of ours in a Redis that others may use too. */
const KEY_PREFIX = "driftsea:";
/** How long a given Redis may take to be reached at the start, in ms. */
const CONNECT_WITHIN_MS = 5000;

export interface Stores {
  bottles: BottleStore;
  threads: ThreadStore;
  sessions: SessionStore;
  quotas: QuotaStore;
  safety: SafetyStore;
  presence: PresenceStore;
  clock: Clock;
  /** Rejects where the store is away. */
  ping: () => Promise<void>;
  /** Keeps the clock with the store's. */
  syncClock: () => Promise<void>;
  close: () => Promise<void>;
}

/**
 * The stores that the settings ask for: a given Redis, else a private one where a program for it is
 * on `path`, else this process's memory. Says in one line which.
 * @throws ConfigError where a given Redis cannot be reached.
 */
export async function openStores(
  config: Config,
  logger: Logger,
  path: string | undefined,
): Promise<Stores> {
  if (config.redisUrl !== null) {
    const stores = await onRedis(config.redisUrl, logger).catch((error: unknown) => {
      throw new ConfigError([
        `REDIS_URL: cannot be reached (${reasonOf(error)}); must name a running Redis 7 or Valkey`,
      ]);
    });
    return stores;
  }
  const program = findRedis(path);
  if (program === null) {
    logger.warn(
      "neither REDIS_URL nor redis-server on PATH: everything is kept in memory and lost at a restart",
    );
    return inMemory();
  }
  const redis = await startPrivateRedis(program, config.dataDir);
  const stores = await onRedis(redis.url, logger).catch(async (error: unknown) => {
    await redis.stop();
    throw error;
  });
  logger.info({ program, dataDir: config.dataDir }, "a private Redis keeps everything");
  return {
    ...stores,
    close: async () => {
      await stores.close();
      await redis.stop();
    },
  };
}

async function onRedis(url: string, logger: Logger): Promise<Stores> {
  const redis = new RedisConnection({ url, logger, keyPrefix: KEY_PREFIX });
  try {
    await redis.connect(CONNECT_WITHIN_MS);
  } catch (error) {
    redis.close();
    throw error;
  }
  const weakness = await redis.durability();
  if (weakness !== null) logger.warn(weakness);
  return {
    bottles: new RedisBottleStore(redis),
    threads: new RedisThreadStore(redis),
    sessions: new RedisSessionStore(redis),
    quotas: new RedisQuotaStore(redis),
    safety: new RedisSafetyStore(redis),
    presence: new RedisPresenceStore(redis),
    clock: redis.clock,
    ping: async () => {
      await redis.command("PING");
    },
    syncClock: () => redis.syncClock(),
    close: async () => redis.close(),
  };
}

function inMemory(): Stores {
  const clock = systemClock;
  return {
    bottles: new MemoryBottleStore(clock),
    threads: new MemoryThreadStore(clock),
    sessions: new MemorySessionStore(clock),
    quotas: new MemoryQuotaStore(clock),
    safety: new MemorySafetyStore(clock),
    presence: noPresence,
    clock,
    ping: async () => {},
    syncClock: async () => {},
    close: async () => {},
  };
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code ?? message ?? "unknown reason";
}
