import { nanoid } from "nanoid";
import type { Logger } from "pino";
import { LIMITS, PROTOCOL_VERSION } from "@driftsea/protocol";
import type { RoomId, SeaId, SecretId } from "@driftsea/protocol";
import { AskService } from "./asks/asks.service.ts";
import { BOX_LIFE_MS } from "./asks/asks.store.ts";
import { Settlement } from "./bottles/bottles.settle.ts";
import { BottleService } from "./bottles/bottles.service.ts";
import { KEEP_MS } from "./bottles/bottles.store.ts";
import { SeaCatalogue } from "./bottles/sea-catalogue.ts";
import { Tide } from "./bottles/tide.ts";
import type { Config } from "./config.ts";
import { AROUND_MS, CircleService, TOUCH_MS } from "./circles/circles.service.ts";
import { DeskService } from "./desk/desk.service.ts";
import { createFeed } from "./feed/create-feed.ts";
import { SECRET_LIFE_MS } from "./feed/feed.store.ts";
import { HoleService } from "./hole/hole.service.ts";
import type { Context } from "./lib/connection-context.ts";
import { Metrics } from "./lib/metrics.ts";
import { secureRandom, seededRandom } from "./lib/random.ts";
import { Ticker } from "./lib/ticker.ts";
import { MeetService } from "./meets/meets.service.ts";
import { PenaltyService } from "./penalties/penalties.service.ts";
import { PlaceCatalogue } from "./places/place-catalogue.ts";
import { PlaceService } from "./places/places.service.ts";
import { ALLOWANCES, NO_BOUND, QuotaService } from "./quotas/quotas.service.ts";
import { ReviewService, wordOf as reportReasonOf } from "./review/review.service.ts";
import type { Review } from "./review/review.ts";
import { RoomService } from "./rooms/rooms.service.ts";
import { seaRules } from "./rules/sea-rules.ts";
import { BlockService } from "./safety/blocks.service.ts";
import { BLOCK_KEEP_MS } from "./safety/blocks.store.ts";
import { openScreening } from "./screening/create-screening.ts";
import { createListsPage } from "./screening/lists-page.ts";
import { ReviewQueue, heldTexts } from "./screening/review-queue.ts";
import { holdersOf } from "./safety/holders.ts";
import { ReporterService } from "./safety/reporters.service.ts";
import { itemOf } from "./safety/safety.keys.ts";
import { SafetyService } from "./safety/safety.service.ts";
import { REPORT_KEEP_MS } from "./safety/safety.store.ts";
import { ViewerService } from "./safety/viewers.service.ts";
import { NoticeService } from "./sessions/notices.service.ts";
import { SESSION_LIFE_MS, SessionService } from "./sessions/sessions.service.ts";
import type { Stores } from "./stores.ts";
import { THREAD_LIFE_MS, ThreadService } from "./threads/threads.service.ts";
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
/** How often the operator's figures of the review queue are read anew, in ms. */
const BACKLOG_MS = 10_000;
/** What a running process settles within this time is no leftover, in ms. */
const LEFTOVER_MS = 2000;
/** A changed word list is in force within this, in ms. */
const LISTS_MS = 2000;
const HOUR_MS = 60 * 60 * 1000;
/** Longest time that commands in work are waited for when the server stops, in ms. */
const DRAIN_MS = 5000;
/** How long is kept what no setting says, as the rules tell it. */
const KEPT_MS = {
  session: SESSION_LIFE_MS,
  afterBottle: KEEP_MS,
  thread: THREAD_LIFE_MS,
  secret: SECRET_LIFE_MS,
  box: BOX_LIFE_MS,
  report: REPORT_KEEP_MS,
  block: BLOCK_KEEP_MS,
};
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
}

/** Puts the server together. The only place that knows every part. */
export async function createApp({ config, stores, logger, clientFolder }: AppParts): Promise<App> {
  const node = nanoid();
  const metrics = new Metrics();
  const fault =
    (what: string) =>
    (error: unknown): void => {
      metrics.faults.inc();
      logger.error({ err: error }, `${what} failed`);
    };

  const screens = await openScreening({ config, registry: metrics.registry, logger });
  const publisher = new SocketPublisher((payload) => screens.care.markNow(payload));
  const notices = new NoticeService(stores.sessions, publisher);
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
  const allowances = config.rateLimits ? ALLOWANCES : NO_BOUND;
  const quotas = new QuotaService(stores.quotas, stores.clock, {
    throws: config.throwsPerDay,
    catches: config.catchesPerDay,
    ...allowances,
  });
  const threads = new ThreadService(stores.threads, publisher, notices);
  const seas = new SeaCatalogue(
    stores.bottles,
    config.seas,
    config.places.map(({ id, title }) => ({ id: id as string as SeaId, title })),
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
  const reviewers = new ReviewQueue({
    review,
    hasModerators: () => desk.hasModerators(),
    writerOf: (id, seq) => threads.writerOf(id, seq),
    clock: stores.clock,
  });
  const screening = screens.create({
    store: stores.screening,
    reviewers,
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
    const { drifter, box } = context;
    await dispatch.closeTo(drifter);
    try {
      await eraseAll(context);
      await sessions.erase(drifter);
      // Last: who is still known keeps his list, and nobody writes into that of one who is not.
      await blocks.end(box);
    } catch (error) {
      dispatch.openTo(drifter);
      throw error;
    }
    setImmediate(() => {
      publisher.disconnect(drifter);
      dispatch.openTo(drifter);
    });
  };
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
  });
  const dispatch: Dispatch = new Dispatch({ services, metrics, logger });
  const isReady = async (): Promise<boolean> => {
    if (draining) return false;
    await stores.ping();
    return true;
  };
  // Known before it serves anybody: whoever it serves is looked after when it dies.
  await stores.presence.beat(node);
  await seas.refresh();
  const transport = await openTransport({
    kind: config.transport,
    host: config.host,
    port: config.port,
    logger,
    admit: (upgrade) => doorkeeper.admit(upgrade),
    handle: createRouter({
      files: loadStatic(clientFolder),
      registry: metrics.registry,
      metricsToken: config.metricsToken,
      isReady,
      // A secret has one photo at most, and its address says so.
      photo: (place, photoId) =>
        place === photoId ? feed.photo(place as SecretId) : rooms.photo(place as RoomId, photoId),
      lists: createListsPage(screens.lists),
      rules: () =>
        seaRules({
          config,
          allowances,
          kept: KEPT_MS,
          hasModerators: () => reviewers.areThere(),
        }),
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
    onMetered: () => metrics.metered.inc(),
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
    penalties,
    publisher,
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
  ticker.every(BEAT_MS, async () => {
    // Where others took this process for dead, what its drifters hold is theirs again.
    if (await stores.presence.beat(node)) {
      for (const drifter of publisher.drifters()) await bottles.arrived(drifter);
      await rooms.hold();
    }
  });
  ticker.every(BEAT_MS, async () => {
    for (const silent of await stores.presence.silent(SILENT_MS)) {
      await bottles.orphan(silent.node, silent.lastBeatAt);
      await rooms.orphan(silent.node, silent.lastBeatAt);
      await meets.orphan(silent.node);
      await stores.presence.remove(silent.node);
    }
  });
  ticker.every(TIDE_MS, () => quotas.settleOwed());
  ticker.every(TIDE_MS, () => gateway.settleOwed());
  ticker.every(10_000, () => stores.syncClock());
  ticker.every(HOUR_MS, () => sessions.renew(publisher.drifters()));
  ticker.every(LISTS_MS, () => screens.lists.look());
  ticker.every(60_000, () => places.tend());
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
      threads.close();
      rooms.stop();
      await transport.close();
      await gateway.settled();
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
