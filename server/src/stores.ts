import type { Logger } from "pino";
import { MemoryAskStore } from "./asks/asks.store.memory.ts";
import { RedisAskStore } from "./asks/asks.store.redis.ts";
import type { AskStore } from "./asks/asks.store.ts";
import { MemoryBottleStore } from "./bottles/bottles.store.memory.ts";
import { RedisBottleStore } from "./bottles/bottles.store.redis.ts";
import type { BottleStore } from "./bottles/bottles.store.ts";
import { MemoryCircleStore } from "./circles/circles.store.memory.ts";
import { RedisCircleStore } from "./circles/circles.store.redis.ts";
import type { CircleStore } from "./circles/circles.store.ts";
import type { Config } from "./config.ts";
import { ConfigError } from "./config.ts";
import { MemoryDeskStore } from "./desk/desk.store.memory.ts";
import { RedisDeskStore } from "./desk/desk.store.redis.ts";
import type { DeskStore } from "./desk/desk.store.ts";
import { MemoryFeedStore } from "./feed/feed.store.memory.ts";
import { RedisFeedStore } from "./feed/feed.store.redis.ts";
import type { FeedStore } from "./feed/feed.store.ts";
import { MemoryHoleStore } from "./hole/hole.store.memory.ts";
import { RedisHoleStore } from "./hole/hole.store.redis.ts";
import type { HoleStore } from "./hole/hole.store.ts";
import { systemClock } from "./lib/clock.ts";
import type { Clock } from "./lib/clock.ts";
import { MemoryMeetStore } from "./meets/meets.store.memory.ts";
import { RedisMeetStore } from "./meets/meets.store.redis.ts";
import type { MeetStore } from "./meets/meets.store.ts";
import { MemoryPenaltyStore } from "./penalties/penalties.store.memory.ts";
import { RedisPenaltyStore } from "./penalties/penalties.store.redis.ts";
import type { PenaltyStore } from "./penalties/penalties.store.ts";
import { MemoryPlaceStore } from "./places/places.store.memory.ts";
import { RedisPlaceStore } from "./places/places.store.redis.ts";
import type { PlaceStore } from "./places/places.store.ts";
import { RedisPresenceStore } from "./presence/presence.store.redis.ts";
import { RedisWakeUps } from "./nodes/wake-ups.redis.ts";
import type { WakeUps } from "./nodes/wake-ups.ts";
import { noPresence } from "./presence/presence.store.ts";
import type { PresenceStore } from "./presence/presence.store.ts";
import { MemoryPushStore } from "./push/push.store.memory.ts";
import { RedisPushStore } from "./push/push.store.redis.ts";
import type { PushStore } from "./push/push.store.ts";
import { MemoryPuzzleStore } from "./puzzles/puzzles.store.memory.ts";
import { RedisPuzzleStore } from "./puzzles/puzzles.store.redis.ts";
import type { PuzzleStore } from "./puzzles/puzzles.store.ts";
import { MemoryQuotaStore } from "./quotas/quotas.store.memory.ts";
import { RedisQuotaStore } from "./quotas/quotas.store.redis.ts";
import type { QuotaStore } from "./quotas/quotas.store.ts";
import { MemoryReviewStore } from "./review/review.store.memory.ts";
import { RedisReviewStore } from "./review/review.store.redis.ts";
import type { ReviewStore } from "./review/review.store.ts";
import { RedisConnection } from "./redis/connection.ts";
import { findRedis, startPrivateRedis } from "./redis/private-redis.ts";
import { MemoryRoomStore } from "./rooms/rooms.store.memory.ts";
import { RedisRoomStore } from "./rooms/rooms.store.redis.ts";
import type { RoomStore } from "./rooms/rooms.store.ts";
import { MemoryBlockStore } from "./safety/blocks.store.memory.ts";
import { RedisBlockStore } from "./safety/blocks.store.redis.ts";
import type { BlockStore } from "./safety/blocks.store.ts";
import { MemorySafetyStore } from "./safety/safety.store.memory.ts";
import { RedisSafetyStore } from "./safety/safety.store.redis.ts";
import type { SafetyStore } from "./safety/safety.store.ts";
import { MemoryScreeningStore } from "./screening/screening.store.memory.ts";
import { RedisScreeningStore } from "./screening/screening.store.redis.ts";
import type { ScreeningStore } from "./screening/screening.store.ts";
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
  blocks: BlockStore;
  screening: ScreeningStore;
  penalties: PenaltyStore;
  review: ReviewStore;
  presence: PresenceStore;
  /** Between processes; null where there is one alone. */
  wakeUps: WakeUps | null;
  rooms: RoomStore;
  hole: HoleStore;
  meets: MeetStore;
  circles: CircleStore;
  feed: FeedStore;
  asks: AskStore;
  places: PlaceStore;
  push: PushStore;
  puzzles: PuzzleStore;
  desk: DeskStore;
  clock: Clock;
  /** The clock of rooms, hole and meets: theirs may be another Redis. */
  roomsClock: Clock;
  /** Rejects where the store is away. */
  ping: () => Promise<void>;
  /** How full the fullest is of what it may take, 0 to 1; 0 where that has no bound. */
  fullness: () => Promise<number>;
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
    return onGiven(config, config.redisUrl, logger);
  }
  const program = findRedis(path);
  if (program === null) {
    logger.warn(
      "neither REDIS_URL nor redis-server on PATH: everything is kept in memory and lost at a restart",
    );
    return inMemory();
  }
  const redis = await startPrivateRedis(program, config.dataDir);
  const connection = await connectTo(redis.url, logger).catch(async (error: unknown) => {
    await redis.stop();
    throw error;
  });
  const stores = await onRedis(connection, connection, config.nodeSecret, logger);
  logger.info({ program, dataDir: config.dataDir }, "a private Redis keeps everything");
  return {
    ...stores,
    close: async () => {
      await stores.close();
      await redis.stop();
    },
  };
}

/** What the operator named; each fault by its own variable. */
async function onGiven(config: Config, url: string, logger: Logger): Promise<Stores> {
  const roomsUrl = config.roomsRedisUrl;
  const [main, forRooms] = await Promise.allSettled([
    connectTo(url, logger),
    roomsUrl === null ? null : connectTo(roomsUrl, logger),
  ]);
  const faults: string[] = [];
  const form = "must name a running Redis 7 or Valkey";
  for (const [name, connected] of [
    ["REDIS_URL", main],
    ["ROOMS_REDIS_URL", forRooms],
  ] as const) {
    if (connected.status === "rejected")
      faults.push(`${name}: cannot be reached (${reasonOf(connected.reason)}); ${form}`);
  }
  if (main.status === "rejected" || forRooms.status === "rejected") {
    for (const one of [main, forRooms]) if (one.status === "fulfilled") one.value?.close();
    throw new ConfigError(faults);
  }
  return onRedis(main.value, forRooms.value ?? main.value, config.nodeSecret, logger);
}

async function connectTo(url: string, logger: Logger): Promise<RedisConnection> {
  const redis = new RedisConnection({ url, logger, keyPrefix: KEY_PREFIX });
  try {
    await redis.connect(CONNECT_WITHIN_MS);
  } catch (error) {
    redis.close();
    throw error;
  }
  return redis;
}

async function onRedis(
  redis: RedisConnection,
  forRooms: RedisConnection,
  secret: string | null,
  logger: Logger,
): Promise<Stores> {
  for (const weakness of await redis.durability()) logger.warn(weakness);
  const all = [...new Set([redis, forRooms])];
  const wakeUps = new RedisWakeUps(redis, { secret, logger });
  return {
    bottles: new RedisBottleStore(redis),
    threads: new RedisThreadStore(redis),
    sessions: new RedisSessionStore(redis),
    quotas: new RedisQuotaStore(redis),
    safety: new RedisSafetyStore(redis),
    blocks: new RedisBlockStore(redis),
    screening: new RedisScreeningStore(redis),
    penalties: new RedisPenaltyStore(redis),
    review: new RedisReviewStore(redis),
    presence: new RedisPresenceStore(redis),
    wakeUps,
    rooms: new RedisRoomStore(forRooms),
    hole: new RedisHoleStore(forRooms),
    meets: new RedisMeetStore(forRooms),
    circles: new RedisCircleStore(redis),
    feed: new RedisFeedStore(redis),
    asks: new RedisAskStore(redis),
    places: new RedisPlaceStore(redis),
    push: new RedisPushStore(redis),
    puzzles: new RedisPuzzleStore(redis),
    desk: new RedisDeskStore(redis),
    clock: redis.clock,
    roomsClock: forRooms.clock,
    ping: async () => {
      await Promise.all(all.map((one) => one.everyMaster("PING")));
    },
    fullness: async () => Math.max(...(await Promise.all(all.map((one) => one.fullness())))),
    syncClock: async () => {
      await Promise.all(all.map((one) => one.syncClock()));
    },
    close: async () => {
      wakeUps.close();
      for (const one of all) one.close();
    },
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
    blocks: new MemoryBlockStore(clock),
    screening: new MemoryScreeningStore(clock),
    penalties: new MemoryPenaltyStore(clock),
    review: new MemoryReviewStore(clock),
    rooms: new MemoryRoomStore(clock),
    hole: new MemoryHoleStore(clock),
    meets: new MemoryMeetStore(clock),
    circles: new MemoryCircleStore(clock),
    feed: new MemoryFeedStore(clock),
    asks: new MemoryAskStore(clock),
    places: new MemoryPlaceStore(clock),
    push: new MemoryPushStore(clock),
    puzzles: new MemoryPuzzleStore(clock),
    desk: new MemoryDeskStore(clock),
    roomsClock: clock,
    presence: noPresence,
    wakeUps: null,
    clock,
    ping: async () => {},
    fullness: async () => 0,
    syncClock: async () => {},
    close: async () => {},
  };
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code ?? message ?? "unknown reason";
}
