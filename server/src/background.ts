import { TOUCH_MS } from "./circles/circles.service.ts";
import type { SeaCatalogue } from "./bottles/sea-catalogue.ts";
import type { Tide } from "./bottles/tide.ts";
import type { Config } from "./config.ts";
import type { FeedErrands } from "./feed/feed.errands.ts";
import type { Metrics } from "./lib/metrics.ts";
import type { Bus } from "./nodes/bus.ts";
import type { Nodes } from "./nodes/nodes.ts";
import type { NodeId } from "./presence/node-id.ts";
import type { ReviewService } from "./review/review.service.ts";
import type { Lists } from "./screening/lists.ts";
import type { SessionService } from "./sessions/sessions.service.ts";
import type { Stores } from "./stores.ts";
import type { Dispatch } from "./transport/dispatch.ts";
import type { Doorkeeper } from "./transport/doorkeeper.ts";
import type { Gateway } from "./transport/gateway.ts";
import type { SocketPublisher } from "./transport/publisher.ts";
import { inSlices } from "./lib/in-slices.ts";
import { Ticker } from "./lib/ticker.ts";
import type { Services } from "./transport/handlers.ts";

const SWEEP_MS = 500;
const BEAT_MS = 500;
/** Drifters that are taken back at once by a process that had been taken for dead. */
const AT_ONCE = 50;
/** A process that has not beaten for this long is dead, in ms. */
const SILENT_MS = 2000;
const TIDE_MS = 2000;
/** How often rooms that are due, the hole and the queue of meets are looked at, in ms. */
const ROOMS_MS = 200;
/** What was released is shown within this, in ms. */
const FEED_MS = 500;
/** How often owners of ask boxes are told that something waits, in ms. */
const ASKED_MS = 2000;
const CROWD_MS = 5000;
/** How often it is looked whether so many come that a puzzle is asked for, in ms. */
const CROWDING_MS = 500;
const HALL_MS = 1000;
/** How often the operator's figures of the review queue are read anew, in ms. */
const BACKLOG_MS = 10_000;
/** What a running process settles within this time is no leftover, in ms. */
const LEFTOVER_MS = 2000;
/** A changed word list is in force within this, in ms. */
const LISTS_MS = 2000;
const HOUR_MS = 60 * 60 * 1000;

/** Above this share of what the store may take no more words are taken: the rest is for people who come, and for ends. */
const FULL = 0.9;

/** Which services have something to do that nobody asks for. */
type Tended =
  | "asks"
  | "bottles"
  | "circles"
  | "hole"
  | "meets"
  | "places"
  | "puzzles"
  | "quotas"
  | "rooms"
  | "streams"
  | "threads";

export interface BackgroundParts extends Pick<Services, Tended> {
  bus: Bus | null;
  config: Config;
  dispatch: Dispatch;
  doorkeeper: Doorkeeper;
  errands: FeedErrands;
  gateway: Gateway;
  metrics: Metrics;
  node: NodeId;
  nodes: Nodes;
  publisher: SocketPublisher;
  review: ReviewService;
  lists: Lists;
  seas: SeaCatalogue;
  sessions: SessionService;
  stores: Stores;
  tide: Tide;
  onFault: (error: unknown) => void;
}

/** Which other processes are alive. */
export async function othersAlive({
  stores,
  node,
}: Pick<BackgroundParts, "stores" | "node">): Promise<string[]> {
  const known = await stores.presence.known();
  const since = stores.clock.now() - SILENT_MS;
  return known.flatMap((one) => (one.lastBeatAt >= since && one.node !== node ? [one.node] : []));
}

/** What a process does without being asked, and how often: it is done by all of them, each safe to repeat. */
export function startBackground(parts: BackgroundParts): Ticker {
  const {
    asks,
    bottles,
    bus,
    circles,
    config,
    dispatch,
    doorkeeper,
    errands,
    gateway,
    hole,
    meets,
    metrics,
    node,
    nodes,
    places,
    publisher,
    puzzles,
    quotas,
    review,
    rooms,
    lists,
    seas,
    sessions,
    stores,
    streams,
    threads,
    tide,
  } = parts;
  const ticker = new Ticker(parts.onFault);
  ticker.every(SWEEP_MS, () => tide.sweep());
  ticker.every(LEFTOVER_MS, () => tide.settleLeftovers(stores.clock.now(), LEFTOVER_MS));
  // Where a sea can end, that is told at once.
  ticker.every(config.seaSilenceMs > 0 ? SWEEP_MS : TIDE_MS, () => tide.publish());
  ticker.every(TIDE_MS, () => seas.refresh());
  ticker.every(ROOMS_MS, () => rooms.tend());
  ticker.every(ROOMS_MS, () => hole.tend());
  ticker.every(LEFTOVER_MS, () => threads.tend());
  ticker.every(ROOMS_MS, () => meets.match());
  ticker.every(LEFTOVER_MS, () => meets.sweep());
  ticker.every(FEED_MS, () => streams.tend());
  ticker.every(LEFTOVER_MS, () => errands.sweep());
  ticker.every(LEFTOVER_MS, () => review.sweep());
  ticker.every(BACKLOG_MS, async () => {
    const { waiting, oldestSince } = await review.backlog();
    metrics.reviewWaiting.set(waiting);
    metrics.reviewOldestSeconds.set(
      oldestSince === null ? 0 : Math.max(0, stores.clock.now() - oldestSince) / 1000,
    );
  });
  ticker.every(LEFTOVER_MS, () => circles.sweep());
  ticker.every(TOUCH_MS, () => circles.touchAll());
  ticker.every(ASKED_MS, () => asks.tend());
  ticker.every(CROWD_MS, async () => {
    metrics.rooms.set(rooms.attended);
    await rooms.tellCrowds();
  });
  ticker.every(HALL_MS, () => rooms.tendHall());
  let isTakenForDead = false;
  ticker.every(BEAT_MS, async () => {
    // Where others took this process for dead, what its drifters hold is theirs again; the store may go
    // away once more meanwhile, and says it no second time.
    if (await stores.presence.beat(node)) isTakenForDead = true;
    await bus?.beat(await othersAlive(parts));
  });
  // Beside the beat: one that waited for it would be taken for dead again meanwhile, for ever.
  ticker.every(BEAT_MS, async () => {
    if (!isTakenForDead) return;
    isTakenForDead = false;
    try {
      await inSlices(publisher.drifters(), AT_ONCE, (drifter) => bottles.arrived(drifter));
      await rooms.hold();
      await meets.hold();
    } catch (error) {
      isTakenForDead = true;
      throw error;
    }
  });
  ticker.every(BEAT_MS, async () => {
    // Asked anew: what a process knew that has just stood still says nothing of the others.
    const known = await stores.presence.known();
    const before = stores.clock.now() - SILENT_MS;
    // The store was away for all where it is this one: it has not died.
    const silent = known.filter((one) => one.lastBeatAt < before && one.node !== node);
    await inSlices(silent, AT_ONCE, async (dead) => {
      const bottlesBack = bottles.orphan(dead.node, dead.lastBeatAt, async (drifter) => {
        // He may have come to another process before it was known that this one has died.
        if (publisher.isConnected(drifter)) await bottles.arrived(drifter);
        else await nodes.tell(drifter, "departed", { drifter });
      });
      // Rooms may lie in another Redis, which has a clock of its own.
      const ago = stores.clock.now() - dead.lastBeatAt;
      const roomsLeft = rooms.orphan(dead.node, stores.roomsClock.now() - ago);
      // What cannot be done now keeps nothing else from being done, and is done again.
      const all = [bottlesBack, roomsLeft, meets.orphan(dead.node)];
      await inSlices(all, all.length, (one) => one);
      await stores.presence.remove(dead.node);
    });
  });
  ticker.every(TIDE_MS, () => metrics.askStore(stores.ping));
  ticker.every(TIDE_MS, async () => {
    const fullness = await stores.fullness();
    metrics.storeFullness.set(fullness);
    dispatch.isFull = fullness > FULL;
  });
  ticker.every(TIDE_MS, () => quotas.settleOwed());
  ticker.every(TIDE_MS, () => gateway.settleOwed());
  ticker.every(CROWDING_MS, () => puzzles.look());
  ticker.every(10_000, () => stores.syncClock());
  ticker.every(HOUR_MS, () => sessions.renew(publisher.drifters()));
  ticker.every(LISTS_MS, () => lists.look());
  ticker.every(60_000, () => places.tend());
  ticker.every(60_000, () => rooms.noteAttended());
  ticker.every(60_000, async () => void (await puzzles.refresh()));
  ticker.every(60_000, async () => {
    doorkeeper.sweep();
    for (const store of [
      stores.sessions,
      stores.quotas,
      stores.threads,
      stores.safety,
      stores.blocks,
      stores.screening,
      stores.penalties,
      stores.review,
      stores.rooms,
      stores.meets,
      stores.circles,
      stores.feed,
      stores.asks,
      stores.places,
      stores.push,
      stores.puzzles,
      stores.desk,
    ])
      store.sweep?.();
  });
  return ticker;
}
