import { nanoid } from "nanoid";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { LIMITS, PROTOCOL_VERSION } from "@driftsea/protocol";
import type { RoomId, SeaId, SecretId } from "@driftsea/protocol";
import { AskService } from "./asks/asks.service.ts";
import { Settlement } from "./bottles/bottles.settle.ts";
import { BottleService } from "./bottles/bottles.service.ts";
import { SeaCatalogue } from "./bottles/sea-catalogue.ts";
import { Tide } from "./bottles/tide.ts";
import type { Config } from "./config.ts";
import { AROUND_MS, CircleService, TOUCH_MS } from "./circles/circles.service.ts";
import { DeskService } from "./desk/desk.service.ts";
import { createFeed } from "./feed/create-feed.ts";
import { HoleService } from "./hole/hole.service.ts";
import type { Context } from "./lib/connection-context.ts";
import { watchLoop } from "./lib/loop-delay.ts";
import { Metrics } from "./lib/metrics.ts";
import { secureRandom, seededRandom } from "./lib/random.ts";
import { Ticker } from "./lib/ticker.ts";
import { MeetService } from "./meets/meets.service.ts";
import { Bus } from "./nodes/bus.ts";
import { alone } from "./nodes/nodes.ts";
import { PenaltyService } from "./penalties/penalties.service.ts";
import { PlaceCatalogue } from "./places/place-catalogue.ts";
import { PlaceService } from "./places/places.service.ts";
import { PuzzleService } from "./puzzles/puzzles.service.ts";
import { ALLOWANCES, NO_BOUND, QuotaService } from "./quotas/quotas.service.ts";
import { wordOf as reportReasonOf } from "./review/review.items.ts";
import { ReviewService } from "./review/review.service.ts";
import type { Review } from "./review/review.ts";
import { RoomService } from "./rooms/rooms.service.ts";
import { BlockService } from "./safety/blocks.service.ts";
import { openScreening } from "./screening/create-screening.ts";
import { ReviewQueue, heldTexts } from "./screening/review-queue.ts";
import { holdersOf } from "./safety/holders.ts";
import { ReporterService } from "./safety/reporters.service.ts";
import { itemOf } from "./safety/safety.keys.ts";
import { SafetyService } from "./safety/safety.service.ts";
import { ViewerService } from "./safety/viewers.service.ts";
import { NoticeService } from "./sessions/notices.service.ts";
import { SessionService } from "./sessions/sessions.service.ts";
import type { Stores } from "./stores.ts";
import { ThreadService } from "./threads/threads.service.ts";
import { createDeskApi } from "./transport/desk-api.ts";
import { Dispatch } from "./transport/dispatch.ts";
import { Doorkeeper } from "./transport/doorkeeper.ts";
import { Gateway } from "./transport/gateway.ts";
import type { Services } from "./transport/handlers.ts";
import { openTransport } from "./transport/open-transport.ts";
import { SocketPublisher } from "./transport/publisher.ts";
import { createRouter } from "./transport/router.ts";
import { loadStatic } from "./transport/static-files.ts";

/** What one connection may send before it is closed; far above what any page does. */
const METER = {
  packets: { burst: 2000, perSecond: 200 },
  bytes: { burst: 64 * 1024 * 1024, perSecond: 4 * 1024 * 1024 },
};
/** What one connection may ask before it is told `rate_limited`. */
const COMMANDS = { burst: 1000, perSecond: 100 };

const SWEEP_MS = 500;
const BEAT_MS = 500;
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
/** Longest time that commands in work are waited for when the server stops, in ms. */
const DRAIN_MS = 5000;
/** An erasure takes no longer, in ms. */
const FORGET_MS = 30_000;
/** When those who are told that the server stops should come back, in ms. */
const RECONNECT_MS = 1000;

export interface App {
  readonly port: number;
  readonly transport: "uws" | "node";
  /** What waits for moderators, for whoever serves them. */
  readonly review: Review;
  /** Undoes everything in reverse: tells everybody, finishes what is in work, lets go. */
  close: () => Promise<void>;
}

export interface AppParts {
  config: Config;
  stores: Stores;
  logger: Logger;
  /** Folder of the built client. */
  clientFolder: string;
  /** What `/metrics` answers; where several processes are one server, for all of them. */
  wholeOf?: (own: Registry) => Pick<Registry, "contentType" | "metrics">;
}

/** Puts the server together. The only place that knows every part. */
export async function createApp({
  config,
  stores,
  logger,
  clientFolder,
  wholeOf = (own) => own,
}: AppParts): Promise<App> {
  const node = nanoid();
  const metrics = new Metrics();
  const fault =
    (what: string) =>
    (error: unknown): void => {
      metrics.faults.inc();
      logger.error({ err: error }, `${what} failed`);
    };
  let isForgerySaid = false;
  const bus =
    stores.wakeUps &&
    new Bus({
      wakeUps: stores.wakeUps,
      node,
      clock: stores.clock,
      onSent: () => metrics.nodesSent.inc(),
      onDropped: (reason) => {
        metrics.nodesDropped.inc({ reason });
        if (reason !== "forged" || isForgerySaid) return;
        isForgerySaid = true;
        logger.warn("what another process said is not believed: has each the same NODE_SECRET?");
      },
      onGap: () => metrics.nodesGaps.inc(),
      onFault: fault("hearing other processes"),
    });
  const nodes = bus ?? alone;
  const screens = await openScreening({ config, registry: metrics.registry, logger });
  const publisher = new SocketPublisher(nodes, (payload) => screens.care.markNow(payload));

  const notices = new NoticeService(stores.sessions, publisher, nodes);
  const sessions = new SessionService(stores.sessions);
  const penalties = new PenaltyService({
    store: stores.penalties,
    notices,
    publisher,
    clock: stores.clock,
  });
  const blocks = new BlockService({
    store: stores.blocks,
    boxOf: (drifter) => sessions.boxOf(drifter),
  });
  const quotas = new QuotaService(stores.quotas, stores.clock, {
    throws: config.throwsPerDay,
    catches: config.catchesPerDay,
    ...(config.rateLimits ? ALLOWANCES : NO_BOUND),
  });
  const threads = new ThreadService(stores.threads, publisher, notices, nodes);
  const seas = new SeaCatalogue(
    stores.bottles,
    config.seas,
    config.places.map(({ id, title }) => ({ id: id as string as SeaId, title })),
    nodes,
  );
  const settlement = new Settlement(stores.bottles, threads, quotas, notices);
  const bottles = new BottleService({
    store: stores.bottles,
    seas,
    quotas,
    threads,
    settlement,
    blockedOf: (drifter) => blocks.of(drifter),
    clock: stores.clock,
    rng: config.seed === null ? secureRandom : seededRandom(config.seed),
    node,
    rules: {
      lifeMs: config.bottleLifeMs,
      leaseMs: config.leaseMs,
      leaseMaxMs: config.leaseMaxMs,
      holderGraceMs: config.holderGraceMs,
      creatureProbability: config.creatureProbability,
      seaSilenceMs: config.seaSilenceMs,
    },
    onUnsettled: fault("settling"),
  });
  const rooms = new RoomService({
    store: stores.rooms,
    publisher,
    nodes,
    clock: stores.roomsClock,
    node,
    rules: {
      minLifetimeMs: config.roomMinLifetimeMs,
      maxLifetimeMs: config.roomMaxLifetimeMs,
      idleCapMs: config.roomIdleCapMs,
      backlog: config.roomBacklog,
      isBounded: config.rateLimits,
    },
  });
  const hole = new HoleService(stores.hole, publisher, stores.roomsClock, {
    silenceMs: config.holeSilenceMs,
  });
  const meets = new MeetService({
    store: stores.meets,
    publisher,
    nodes,
    rooms,
    blockedOf: (drifter) => blocks.of(drifter),
    areParting: (one, other) => blocks.areParting(one, other),
    node,
    rules: { relaxMs: config.meetRelaxMs, windowMs: config.shakeWindowMs },
    onUnsettled: fault("a meeting"),
  });
  rooms.watch({
    left: (room, drifter) => void meets.left(drifter, room).catch(fault("a meeting")),
    ended: (room, reason) => void meets.roomEnded(room, reason).catch(fault("a meeting")),
  });
  const circles = new CircleService({
    store: stores.circles,
    quotas,
    clock: stores.clock,
    rules: {
      minFriends: config.circleMinFriends,
      k: config.circleK,
      epochMs: config.epochMs,
      establishedAfterMs: config.establishedAfterMs,
      aroundMs: Math.max(config.releaseDelayMaxMs, AROUND_MS),
    },
  });
  const places = new PlaceService({
    store: stores.places,
    catalogue: new PlaceCatalogue(config.places),
    clock: stores.clock,
    rules: { minPeople: config.placeMinPeople },
  });
  const review = new ReviewService({
    store: stores.review,
    clock: stores.clock,
    rng: secureRandom,
    notices,
    penalties,
    onDecided: (subject, outcome) => stores.safety.decide(itemOf(subject), outcome),
    onUnsettled: fault("a review"),
    onHidden: (kind) => metrics.hidden.inc({ kind }),
  });
  const viewers = new ViewerService(stores.safety, fault("counting a reader"));
  const { feed, streams, errands } = createFeed({
    store: stores.feed,
    circles,
    quotas,
    places,
    publisher,
    nodes,
    viewers,
    standingOf: (id) => review.standingOf({ kind: "secret", id }),
    clock: stores.clock,
    random: secureRandom,
    rules: {
      releaseDelayMaxMs: config.releaseDelayMaxMs,
      worldAtCircles: config.worldAtCircles,
    },
    onUnsettled: fault("bringing a secret"),
  });
  const asks = new AskService({ store: stores.asks, quotas, publisher, clock: stores.clock });
  const screening = screens.create({
    store: stores.screening,
    reviewers: new ReviewQueue({
      review,
      hasModerators: () => desk.hasModerators(),
      writerOf: (id, seq) => threads.writerOf(id, seq),
      clock: stores.clock,
    }),
    onUnsettled: fault("putting a text before people"),
  });
  review.register(
    holdersOf({ bottles, threads, rooms, hole, feed }),
    heldTexts((mark, state) => screening.decided(mark, state)),
  );
  const reporters = new ReporterService({
    store: stores.safety,
    penalties,
    clock: stores.clock,
  });
  const desk = new DeskService({
    store: stores.desk,
    review,
    clock: stores.clock,
    isBounded: config.rateLimits,
    onUnsettled: fault("a line of the desk's log"),
  });
  const safety = new SafetyService({
    store: stores.safety,
    reporters,
    viewers,
    review,
    sessions,
    clock: stores.clock,
    freshMs: config.reporterFreshMs,
    onReport: (reason) => metrics.reports.inc({ reason: reportReasonOf(reason) }),
    blocks,
    bottles,
    threads,
    rooms,
    hole,
    meets,
    feed,
  });
  const forget = async (context: Context): Promise<void> => {
    const { drifter, box, circle, mask } = context;
    await Promise.all([dispatch.closeTo(drifter), nodes.ask(drifter, "forgetting", { drifter })]);
    try {
      await eraseAll(context);
      await sessions.erase(drifter);
      // Last: who is still known keeps his list, and nobody writes into that of one who is not.
      await blocks.end(box);
    } catch (error) {
      dispatch.openTo(drifter);
      void nodes.tell(drifter, "forgotten", { drifter, isDone: false });
      throw error;
    }
    if (nodes.areOthers) {
      await nodes.ask(drifter, "forgotten", { drifter, isDone: true });
      // That he was there, another process may have noted until it put him out.
      await places.erase({ circle, mask });
      await circles.erase(circle);
    }
    setImmediate(() => {
      publisher.disconnect(drifter);
      dispatch.openTo(drifter);
    });
  };
  nodes.hear("forgetting", async ({ drifter }) => {
    // Whoever forgets him may die over it.
    setTimeout(() => dispatch.openTo(drifter), FORGET_MS).unref();
    await dispatch.closeTo(drifter, { isAskedHere: false });
  });
  nodes.hear("forgotten", ({ drifter, isDone }) => {
    if (isDone) publisher.disconnect(drifter);
    dispatch.openTo(drifter);
  });
  nodes.hear("departed", async ({ drifter }) => {
    if (publisher.isConnected(drifter)) await bottles.arrived(drifter);
  });
  nodes.onMissed(async () => {
    for (const drifter of publisher.drifters()) {
      if ((await sessions.boxOf(drifter)) === null) publisher.disconnect(drifter);
      else await bottles.arrived(drifter);
    }
  });
  const eraseAll = async ({ drifter, circle, mask }: Context): Promise<void> => {
    // What others could still see first.
    await bottles.erase(drifter);
    await threads.erase(drifter);
    await meets.erase(drifter);
    await rooms.erase(drifter);
    await hole.erase(drifter);
    await feed.erase(circle);
    await places.erase({ circle, mask });
    await circles.erase(circle);
    await quotas.erase(drifter);
    await penalties.erase(drifter);
    await reporters.erase({ mask });
  };
  const loop = watchLoop();
  const puzzles = new PuzzleService({
    store: stores.puzzles,
    clock: stores.clock,
    mode: config.puzzle,
    lateMs: loop.lateMs,
    onAnswer: (outcome) => metrics.puzzles.inc({ outcome }),
    onLevel: (level) => metrics.puzzleLevel.set(level),
  });
  const services: Services = {
    bottles,
    threads,
    rooms,
    hole,
    meets,
    circles,
    feed,
    streams,
    asks,
    places,
    puzzles,
    quotas,
    notices,
    safety,
    screening,
    viewers,
    review,
    penalties,
    forget,
  };

  let draining = false;
  const doorkeeper = new Doorkeeper({
    allowedOrigins: config.allowedOrigins,
    trustedProxies: config.trustedProxies,
    connectionsPerAddress: config.rateLimits ? config.connectionsPerAddress : null,
    isDraining: () => draining,
    onRefused: (reason) => metrics.refused.inc({ reason }),
    onCrowd: () => puzzles.turnedAway(),
  });
  const dispatch: Dispatch = new Dispatch({ services, metrics, logger });
  const isReady = async (): Promise<boolean> => {
    if (draining) return false;
    await stores.ping();
    return true;
  };
  // It hears before it is known, and is known before it serves anybody: so it misses nothing, and
  // whoever it serves is looked after when it dies.
  const others = async (): Promise<string[]> => {
    const known = await stores.presence.known();
    const since = stores.clock.now() - SILENT_MS;
    return known.flatMap((one) => (one.lastBeatAt >= since && one.node !== node ? [one.node] : []));
  };
  await bus?.start();
  await stores.presence.beat(node);
  await bus?.greet(await others());
  await seas.refresh();
  await puzzles.refresh();
  const transport = await openTransport({
    kind: config.transport,
    host: config.host,
    port: config.port,
    isShared: config.workers > 1,
    logger,
    admit: (upgrade) => doorkeeper.admit(upgrade),
    handle: createRouter({
      files: loadStatic(clientFolder),
      registry: wholeOf(metrics.registry),
      metricsToken: config.metricsToken,
      isReady,
      // A secret has one photo at most, and its address says so.
      photo: (place, photoId) =>
        place === photoId ? feed.photo(place as SecretId) : rooms.photo(place as RoomId, photoId),
    }),
    posts: createDeskApi({
      desk,
      review,
      metrics,
      logger,
      mayCome: (from) => doorkeeper.mayCome(from),
      markOf: (from) => doorkeeper.markOf(from),
    }),
    meter: config.rateLimits ? METER : null,
    onMetered: () => {
      metrics.metered.inc();
      puzzles.turnedAway();
    },
  });
  publisher.attach(transport.io);
  const gateway = new Gateway({
    sessions,
    blocks,
    quotas,
    bottles,
    rooms,
    meets,
    circles,
    streams,
    asks,
    places,
    puzzles,
    penalties,
    publisher,
    nodes,
    dispatch,
    metrics,
    logger,
    commandLimit: config.rateLimits ? COMMANDS : null,
    hello: {
      protocol: PROTOCOL_VERSION,
      limits: LIMITS,
      features: [
        "bottles",
        "rooms",
        "hole",
        "meets",
        "circle",
        "feed",
        "asks",
        ...(config.places.length > 0 ? ["places"] : []),
      ],
    },
    clock: stores.clock,
  });
  gateway.open(transport.io);

  const tide = new Tide(stores.bottles, seas, settlement, publisher);
  // How they stand before anybody is served: what ends from now on is told.
  await tide.publish();
  const ticker = new Ticker(fault("background work"));
  ticker.every(SWEEP_MS, () => tide.sweep());
  ticker.every(LEFTOVER_MS, () => tide.settleLeftovers(stores.clock.now(), LEFTOVER_MS));
  // Where a sea can end, that is told at once.
  ticker.every(config.seaSilenceMs > 0 ? SWEEP_MS : TIDE_MS, () => tide.publish());
  ticker.every(TIDE_MS, () => seas.refresh());
  ticker.every(ROOMS_MS, () => rooms.tend());
  ticker.every(ROOMS_MS, () => hole.tend());
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
  ticker.every(CROWD_MS, () => rooms.tellCrowds());
  ticker.every(HALL_MS, () => rooms.tendHall());
  let isTakenForDead = false;
  ticker.every(BEAT_MS, async () => {
    // Where others took this process for dead, what its drifters hold is theirs again; the store may go
    // away once more meanwhile, and says it no second time.
    if (await stores.presence.beat(node)) isTakenForDead = true;
    if (isTakenForDead) {
      for (const drifter of publisher.drifters()) await bottles.arrived(drifter);
      await rooms.hold();
      isTakenForDead = false;
    }
    await bus?.beat(await others());
  });
  ticker.every(BEAT_MS, async () => {
    // Asked anew: what a process knew that has just stood still says nothing of the others.
    const known = await stores.presence.known();
    const before = stores.clock.now() - SILENT_MS;
    for (const silent of known.filter(({ lastBeatAt }) => lastBeatAt < before)) {
      // The store was away for all: this process has not died.
      if (silent.node === node) continue;
      for (const drifter of await bottles.orphan(silent.node, silent.lastBeatAt)) {
        // He may have come to another process before it was known that this one has died.
        if (publisher.isConnected(drifter)) await bottles.arrived(drifter);
        else await nodes.tell(drifter, "departed", { drifter });
      }
      await rooms.orphan(silent.node, silent.lastBeatAt);
      await meets.orphan(silent.node);
      await stores.presence.remove(silent.node);
    }
  });
  ticker.every(TIDE_MS, () => quotas.settleOwed());
  ticker.every(TIDE_MS, () => gateway.settleOwed());
  ticker.every(CROWDING_MS, () => puzzles.look());
  ticker.every(10_000, () => stores.syncClock());
  ticker.every(HOUR_MS, () => sessions.renew(publisher.drifters()));
  ticker.every(LISTS_MS, () => screens.lists.look());
  ticker.every(60_000, () => places.tend());
  ticker.every(60_000, async () => void (await puzzles.refresh()));
  ticker.every(60_000, async () => {
    doorkeeper.sweep();
    for (const store of [
      stores.sessions,
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
      stores.puzzles,
      stores.desk,
    ])
      store.sweep();
  });

  return {
    port: transport.port,
    transport: transport.kind,
    review,
    close: async () => {
      draining = true;
      transport.stopListening();
      publisher.toEveryone("session:draining", { reconnectInMs: RECONNECT_MS });
      await dispatch.untilIdle(DRAIN_MS);
      await ticker.stop();
      loop.stop();
      threads.close();
      rooms.stop();
      await transport.close();
      await gateway.settled();
      await bus?.idle();
      // Whoever does not come back to another process within the grace loses what he holds.
      await bottles.orphan(node, stores.clock.now()).catch(fault("leaving"));
      await rooms.orphan(node, stores.roomsClock.now()).catch(fault("leaving"));
      await meets.orphan(node).catch(fault("leaving"));
      await meets.idle();
      await desk.idle();
      await streams.close();
      await errands.idle();
      await stores.presence.remove(node).catch(fault("leaving"));
    },
  };
}
