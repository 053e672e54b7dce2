/*
 * A secret of somebody with 500 friends and 20 000 friends of friends, and what opening a feed costs:
 * `npm run bench:feed`. Needs redis-server. Prints figures beside their bounds.
 */
import { randomBytes } from "node:crypto";
import { nanoid } from "nanoid";
import { pino } from "pino";
import type { CircleId, DrifterId, OwnerHash, WriteId } from "@driftsea/protocol";
import { CircleService } from "../src/circles/circles.service.ts";
import { RedisCircleStore } from "../src/circles/circles.store.redis.ts";
import { friendsKey, personKey } from "../src/circles/circles.keys.ts";
import { createFeed } from "../src/feed/create-feed.ts";
import { RedisFeedStore } from "../src/feed/feed.store.redis.ts";
import type { Context } from "../src/lib/connection-context.ts";
import type { Publisher } from "../src/lib/publisher.ts";
import { secureRandom } from "../src/lib/random.ts";
import type { QuotaService } from "../src/quotas/quotas.service.ts";
import { PlaceCatalogue } from "../src/places/place-catalogue.ts";
import { PlaceService } from "../src/places/places.service.ts";
import { RedisPlaceStore } from "../src/places/places.store.redis.ts";
import { RedisConnection } from "../src/redis/connection.ts";
import { startRedis } from "../test/harness/redis.ts";

const FRIENDS = 500;
const FAR = 20_000;
/** Friends that each friend of a friend has among the friends. */
const TIES = 4;
const ONLINE = 1000;
const OPENS = 300;

const server = await startRedis();
if (!server) throw new Error("redis-server is not on PATH");
const redis = new RedisConnection({
  url: server.url,
  logger: pino({ level: "silent" }),
  keyPrefix: "bench:",
});
await redis.connect(5000);

const person = (i: number): CircleId => `person-${i}` as CircleId;
const contextOf = (i: number): Context => ({
  drifter: `d${i}` as DrifterId,
  connection: `c${i}`,
  locale: "en",
  circle: person(i),
  mask: `m${i}`,
  box: `b${i}`,
  persona: { name: 0, hue: 0, creature: 0 },
});
const friend = (i: number): number => 1 + (i % FRIENDS);
const far = (i: number): number => 1 + FRIENDS + i;

const edges: [number, number][] = [];
for (let i = 0; i < FRIENDS; i += 1) edges.push([0, friend(i)]);
for (let i = 0; i < FAR; i += 1)
  for (let t = 0; t < TIES; t += 1) edges.push([far(i), friend(i + t)]);
// One reader with ten friends, who has as much to read as another with five hundred.
const SMALL = far(FAR);
for (let i = 0; i < 10; i += 1) edges.push([SMALL, friend(i)]);
const old = Date.now() - 30 * 24 * 60 * 60 * 1000;
for (let i = 0; i < edges.length; i += 2000) {
  await Promise.all(
    edges
      .slice(i, i + 2000)
      .flatMap(([one, other]) => [
        redis.command("HSET", friendsKey(redis.prefix, person(one)), person(other), "0||x"),
        redis.command("HSET", friendsKey(redis.prefix, person(other)), person(one), "0||x"),
      ]),
  );
}
for (let i = 0; i <= SMALL; i += 2000) {
  await Promise.all(
    Array.from({ length: Math.min(2000, SMALL + 1 - i) }, (_, n) =>
      redis.command(
        "HSET",
        personKey(redis.prefix, person(i + n)),
        "bornAt",
        old,
        "activeAt",
        Date.now(),
      ),
    ),
  );
}
await redis.command("CONFIG", "SET", "slowlog-log-slower-than", 5000);
await redis.command("SLOWLOG", "RESET");

const told = { count: 0 };
const publisher: Publisher = {
  here: { toDrifter: () => {}, toRoom: () => {}, closeRoom: () => {} },
  drifters: () => [],
  isConnected: () => true,
  toDrifter: () => {},
  hasRead: async () => true,
  watch: () => {},
  toConnection: (_connection, event) => {
    if (event === "feed:posted") told.count += 1;
  },
  join: () => true,
  leave: () => {},
  toRoom: () => {},
  toEveryone: () => {},
  disconnect: () => {},
};
/** The circles' clock runs ahead, so that an epoch begins while all are here. */
const ahead = { ms: 0 };
const quotas: Pick<QuotaService, "spend"> = { spend: (_drifter, _name, work) => work() };
const circles = new CircleService({
  quotas,
  store: new RedisCircleStore(redis),
  clock: { now: () => redis.clock.now() + ahead.ms },
  rules: {
    minFriends: 3,
    k: 5,
    epochMs: 86_400_000,
    establishedAfterMs: 3 * 86_400_000,
    aroundMs: 1_200_000,
  },
});
const places = new PlaceService({
  store: new RedisPlaceStore(redis),
  catalogue: new PlaceCatalogue([]),
  clock: redis.clock,
  rules: { minPeople: 20 },
});
const { feed, streams, errands } = createFeed({
  store: new RedisFeedStore(redis),
  circles,
  quotas,
  places,
  publisher,
  viewers: { saw: () => {} },
  standingOf: async () => null,
  clock: redis.clock,
  random: secureRandom,
  rules: { releaseDelayMaxMs: 0, worldAtCircles: 30 },
  onUnsettled: (error) => console.error(error),
});
const post = (text: string) =>
  feed.post(contextOf(0), {
    id: nanoid<WriteId>(),
    text,
    ownerHash: randomBytes(32).toString("base64url") as OwnerHash,
  });

const readers = Array.from({ length: ONLINE }, (_, i) =>
  contextOf(i % 2 === 0 ? friend(i / 2) : far((i * 19) % FAR)),
);
readers.unshift(contextOf(0));
for (const reader of readers) await streams.open(reader);
ahead.ms = 86_400_000;
const began = performance.now();
await streams.tend();
await errands.idle();
console.log(`a new epoch: looked ahead for ${(performance.now() - began).toFixed(0)} ms`);
for (const name of ["first of the epoch", "second", "third"]) {
  const before = told.count;
  const began = performance.now();
  await post(name);
  const replied = performance.now() - began;
  await errands.idle();
  const brought = performance.now() - began;
  const due = new Set(readers.map(({ circle }) => circle)).size;
  // As the ticker does, twice a second.
  while (told.count - before < due && performance.now() - began < 20_000) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await streams.tend();
  }
  console.log(
    `${name}: reply after ${replied.toFixed(0)} ms; in all feeds after ${brought.toFixed(0)} ms; ${told.count - before} of ${due} online told ${(performance.now() - began - brought).toFixed(0)} ms after that (bound 1000)`,
  );
}
const slow = await redis.command("SLOWLOG", "LEN");
console.log(`commands that held Redis for more than 5 ms: ${String(slow)} (bound 0)`);
if (slow !== 0)
  console.log(JSON.stringify(await redis.command("SLOWLOG", "GET", 5)).slice(0, 1000));

for (let i = 0; i < 20; i += 1) await post(`page ${i}`);
await errands.idle();
const medianOf = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1]!;
const [small, large]: [number[], number[]] = [[], []];
for (let i = 0; i < OPENS; i += 1) {
  for (const [who, times] of [
    [SMALL, small],
    [0, large],
  ] as const) {
    const began = performance.now();
    const { posts } = await streams.open(contextOf(who));
    times.push(performance.now() - began);
    if (i === 0) console.log(`${posts.length} posts for ${who === 0 ? FRIENDS : 10} friends`);
  }
}
const [ten, many] = [medianOf(small), medianOf(large)];
console.log(
  `feed:open with 10 friends ${ten.toFixed(2)} ms, with ${FRIENDS} ${many.toFixed(2)} ms: ${(many / ten).toFixed(2)} × (bound 1.3)`,
);
redis.close();
await server.stop();
