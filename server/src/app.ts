import { setTimeout as sleep } from "node:timers/promises";
import { nanoid } from "nanoid";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { LIMITS, PROTOCOL_VERSION } from "@driftsea/protocol";
import type { RoomId, SeaId, SecretId } from "@driftsea/protocol";
import { AskService } from "./asks/asks.service.ts";
import { othersAlive, startBackground } from "./background.ts";
import { BOX_LIFE_MS } from "./asks/asks.store.ts";
import { Settlement } from "./bottles/bottles.settle.ts";
import { BottleService } from "./bottles/bottles.service.ts";
import { KEEP_MS } from "./bottles/bottles.store.ts";
import { SeaCatalogue } from "./bottles/sea-catalogue.ts";
import { Tide } from "./bottles/tide.ts";
import type { Config } from "./config.ts";
import { AROUND_MS, CircleService } from "./circles/circles.service.ts";
import { DeskService } from "./desk/desk.service.ts";
import { createFeed } from "./feed/create-feed.ts";
import { SECRET_LIFE_MS } from "./feed/feed.store.ts";
import { Forgetting } from "./sessions/forgetting.ts";
import { HoleService } from "./hole/hole.service.ts";
import { watchLoop } from "./lib/loop-delay.ts";
import { Metrics } from "./lib/metrics.ts";
import { secureRandom, seededRandom } from "./lib/random.ts";
import { MeetService } from "./meets/meets.service.ts";
import { Bus } from "./nodes/bus.ts";
import { alone } from "./nodes/nodes.ts";
import { PenaltyService } from "./penalties/penalties.service.ts";
import { PlaceCatalogue } from "./places/place-catalogue.ts";
import { PlaceService } from "./places/places.service.ts";
import { PushService } from "./push/push.service.ts";
import { Vapid, newServerKey } from "./push/vapid.ts";
import { PuzzleService } from "./puzzles/puzzles.service.ts";
import { ALLOWANCES, NO_BOUND, QuotaService } from "./quotas/quotas.service.ts";
import { wordOf as reportReasonOf } from "./review/review.items.ts";
import { ReviewService } from "./review/review.service.ts";
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

/** Longest time that commands in work are waited for when the server stops, in ms. */
const DRAIN_MS = 5000;
/** Longest wait for who was told something to have read it, in ms. */
const READ_MS = 1000;
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
/** So long other processes have to tell somebody themselves, before anything is pushed, in ms. */
const PUSH_WAIT_MS = 2000;
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

  const notices = new NoticeService({
    store: stores.sessions,
    publisher,
    nodes,
    onUnsettled: fault("a notice"),
  });
  const sessions = new SessionService(stores.sessions, { freshMs: config.reporterFreshMs });
  const penalties = new PenaltyService({
    store: stores.penalties,
    notices,
    publisher,
    nodes,
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
    isHere: (drifter) => publisher.isConnected(drifter),
    nodes,
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
    quotas,
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
  const vapid =
    config.pushContact === null
      ? null
      : new Vapid(await stores.push.serverKey(newServerKey()), config.pushContact);
  const push = new PushService({
    store: stores.push,
    vapid,
    hosts: config.pushHosts,
    bottlesOf: async (drifter) => (await bottles.mine(drifter)).bottles,
    isUnread: (drifter, seq) => notices.isUnread(drifter, seq),
    clock: stores.clock,
    waitMs: PUSH_WAIT_MS,
    onSent: (outcome) => metrics.pushes.inc({ outcome }),
    onFault: fault("a push"),
  });
  notices.whenWaiting((...what) => push.waits(...what));
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
    left: (room, drifter) =>
      meets.left(drifter, room).catch((error: unknown) => {
        fault("a meeting")(error);
        throw error;
      }),
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
  const asks = new AskService({
    store: stores.asks,
    quotas,
    publisher,
    nodes,
    clock: stores.clock,
  });
  const reviewers = new ReviewQueue({
    review,
    hasModerators: () => desk.hasModerators(),
    writerOf: (id, seq) => threads.writerOf(id, seq),
    clock: stores.clock,
  });
  const screening = screens.create({
    store: stores.screening,
    reviewers,
    isNewcomer: async (drifter) => {
      const standing = await sessions.standing(drifter);
      return standing === null || stores.clock.now() - standing.since < config.reporterFreshMs;
    },
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
  nodes.hear("departed", async ({ drifter }) => {
    if (publisher.isConnected(drifter)) await bottles.arrived(drifter);
  });
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
    push,
    puzzles,
    quotas,
    notices,
    safety,
    screening,
    viewers,
    review,
    penalties,
    forget: (context) => forgetting.forget(context),
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
  const dispatch = new Dispatch({ services, metrics, logger });
  const forgetting = new Forgetting({
    ...services,
    dispatch,
    nodes,
    publisher,
    sessions,
    blocks,
    reporters,
  });
  const isReady = async (): Promise<boolean> => {
    if (draining) return false;
    await stores.ping();
    return true;
  };
  // It hears before it is known, and is known before it serves anybody: so it misses nothing, and
  // whoever it serves is looked after when it dies.
  await bus?.start();
  await stores.presence.beat(node);
  await bus?.greet(await othersAlive({ stores, node }));
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
      adminPassword: config.adminPassword,
      isReady,
      // A secret has one photo at most, and its address says so.
      photo: (place, photoId) =>
        place === photoId ? feed.photo(place as SecretId) : rooms.photo(place as RoomId, photoId),
      hasServiceWorker: config.serviceWorker,
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
    onMetered: () => {
      metrics.metered.inc();
      puzzles.turnedAway();
    },
  });
  publisher.attach(transport.io);
  const gateway = new Gateway({
    ...services,
    sessions,
    blocks,
    publisher,
    dispatch,
    metrics,
    logger,
    commandLimit: config.rateLimits ? COMMANDS : null,
    hello: {
      protocol: PROTOCOL_VERSION,
      limits: LIMITS,
      pushKey: vapid?.publicKey ?? null,
      features: [
        "bottles",
        "rooms",
        "hole",
        "meets",
        "circle",
        "feed",
        "asks",
        ...(config.places.length > 0 ? ["places"] : []),
        ...(config.serviceWorker ? ["shell"] : []),
      ],
    },
    clock: stores.clock,
  });
  gateway.open(transport.io);

  const tide = new Tide(stores.bottles, seas, settlement, publisher);
  // How they stand before anybody is served: what ends from now on is told.
  await tide.publish();
  const ticker = startBackground({
    ...services,
    bus,
    config,
    dispatch,
    doorkeeper,
    errands,
    gateway,
    metrics,
    node,
    nodes,
    publisher,
    review,
    lists: screens.lists,
    seas,
    sessions,
    stores,
    tide,
    onFault: fault("background work"),
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
      // Whoever has read what he was just told is not to find it in his inbox again.
      await Promise.race([notices.idle(), sleep(READ_MS)]);
      await transport.close();
      await gateway.settled();
      await notices.idle();
      await bus?.idle();
      await push.close();
      // Whoever does not come back to another process within the grace loses what he holds.
      const left = stores.clock.now();
      await bottles.orphan(node, left, () => Promise.resolve()).catch(fault("leaving"));
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
