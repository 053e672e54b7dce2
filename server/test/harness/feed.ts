import type { CircleId, DrifterId, EventName } from "@driftsea/protocol";
import { CircleService } from "../../src/circles/circles.service.ts";
import { MemoryCircleStore } from "../../src/circles/circles.store.memory.ts";
import { createFeed } from "../../src/feed/create-feed.ts";
import { MemoryFeedStore } from "../../src/feed/feed.store.memory.ts";
import { ManualClock } from "../../src/lib/clock.ts";
import type { Context } from "../../src/lib/connection-context.ts";
import type { ConnectionId, Publisher } from "../../src/lib/publisher.ts";
import { seededRandom } from "../../src/lib/random.ts";
import { PlaceCatalogue } from "../../src/places/place-catalogue.ts";
import { PlaceService } from "../../src/places/places.service.ts";
import { MemoryPlaceStore } from "../../src/places/places.store.memory.ts";
import { ALLOWANCES, QuotaService } from "../../src/quotas/quotas.service.ts";
import { quotasInMemory } from "./quotas.ts";

export const HOUR = 60 * 60 * 1000;
export const EPOCH = 24 * HOUR;

export const contextOf = (name: string): Context => ({
  drifter: `drifter ${name}` as DrifterId,
  connection: name,
  locale: "en",
  circle: name as CircleId,
  mask: `mask ${name}`,
  box: `box ${name}`,
  persona: { name: 0, hue: 0, creature: 0 },
});

/** Circles and feed in memory, by a clock that the test moves; `told` is what connections heard. */
export function openFeed(perDay: Partial<typeof ALLOWANCES> = {}) {
  const clock = new ManualClock(100 * EPOCH + 1234);
  const store = new MemoryFeedStore(clock);
  const circleStore = new MemoryCircleStore(clock);
  const limits = { ...ALLOWANCES, throws: 0, catches: 0, ...perDay };
  const quotas = new QuotaService(quotasInMemory(clock), clock, limits);
  const told: { to: string; event: EventName; payload: unknown }[] = [];
  const heard = new Map<ConnectionId, Set<string>>();
  const publisher: Publisher = {
    here: { toDrifter: () => {}, toRoom: () => {}, closeRoom: () => {} },
    drifters: () => [],
    isConnected: () => true,
    toDrifter: () => {},
    hasRead: async () => true,
    watch: () => {},
    toConnection: (to, event, payload) => told.push({ to, event, payload }),
    join: (connection, place) => {
      heard.set(connection, (heard.get(connection) ?? new Set()).add(place));
      return true;
    },
    leave: (connection, place) => void heard.get(connection)?.delete(place),
    toRoom: () => {},
    toEveryone: () => {},
    disconnect: () => {},
  };
  const circles = new CircleService({
    store: circleStore,
    quotas,
    clock,
    rules: { minFriends: 2, k: 2, epochMs: EPOCH, establishedAfterMs: 0, aroundMs: HOUR },
  });
  const parts = createFeed({
    store,
    circles,
    quotas,
    places: new PlaceService({
      store: new MemoryPlaceStore(clock),
      catalogue: new PlaceCatalogue([]),
      clock,
      rules: { minPeople: 20 },
    }),
    publisher,
    viewers: { saw: () => {} },
    standingOf: async () => null,
    clock,
    random: seededRandom("feed"),
    rules: { releaseDelayMaxMs: 1, worldAtCircles: 30 },
    onUnsettled: (error) => {
      throw error;
    },
  });
  const hears = (connection: string, place: string): boolean =>
    heard.get(connection)?.has(place) ?? false;
  return { clock, store, circleStore, circles, told, hears, ...parts };
}
