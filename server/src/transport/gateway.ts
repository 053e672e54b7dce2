import type { Logger } from "pino";
import type { Server, Socket } from "socket.io";
import Queue from "yocto-queue";
import { PROTOCOL_VERSION, REFUSALS } from "@driftsea/protocol";
import type { DrifterId, Events, Puzzle, Refusal, RefusalCode } from "@driftsea/protocol";
import { Connect, isPuzzleSolution } from "@driftsea/protocol/dto";
import type { Clock } from "../lib/clock.ts";
import type { Context } from "../lib/connection-context.ts";
import { DomainError } from "../lib/errors.ts";
import { inSlices } from "../lib/in-slices.ts";
import type { Metrics } from "../lib/metrics.ts";
import type { BlockService } from "../safety/blocks.service.ts";
import { boxOfToken } from "../sessions/sessions.service.ts";
import type { Arrival, SessionService } from "../sessions/sessions.service.ts";
import { connectionOf } from "./connection.ts";
import type { Dispatch } from "./dispatch.ts";
import { TokenBucket } from "./meter.ts";
import type { SocketPublisher } from "./publisher.ts";
import { validate } from "./validate.ts";
import type { Services } from "./handlers.ts";

/** Whom it tells who has come and gone, and whose words stand in its greeting. */
type Told =
  | "asks"
  | "bottles"
  | "circles"
  | "feed"
  | "meets"
  | "penalties"
  | "places"
  | "puzzles"
  | "quotas"
  | "rooms"
  | "streams";

export interface GatewayParts extends Pick<Services, Told> {
  sessions: SessionService;
  blocks: BlockService;
  publisher: SocketPublisher;
  dispatch: Dispatch;
  metrics: Metrics;
  logger: Logger;
  clock: Clock;
  /** What a connection may ask; null for no limit. */
  commandLimit: { burst: number; perSecond: number } | null;
  hello: Pick<Events["session:ready"], "protocol" | "limits" | "features" | "pushKey">;
}

/** Are had by all in common. */
const NOTHING = Object.freeze({});
const NO_ACKS: ReadonlyMap<number, unknown> = new Map();

/** When a client that was refused as `overloaded` may try again, in ms. */
const OVERLOADED_RETRY_MS = 2000;

/** Commands of one connection that are in work at once, and that are begun in one turn of the event loop. */
const AT_ONCE = 32;
/** And that wait for their turn; whoever asks for more does not wait for what he asks. */
const WAITING_MAX = 4096;

/**
 * What one connection asks, in its order: so much at once, the rest when it is its turn. Else whoever sends a
 * thousand commands in one packet of the net makes all others wait for the thousandth, where the meter would
 * have put him out a moment later.
 */
class Turns {
  readonly #waiting = new Queue<() => Promise<void>>();
  readonly #most: number;
  #running = 0;
  /** In this turn of the event loop. */
  #begun = 0;

  /** @param most So many wait. */
  constructor(most: number) {
    this.#most = most;
  }

  /** `work` does not reject. False: too much waits already. */
  take(work: () => Promise<void>): boolean {
    if (this.#waiting.size >= this.#most) return false;
    this.#waiting.enqueue(work);
    this.#go();
    return true;
  }

  #go(): void {
    while (this.#waiting.size > 0 && this.#running < AT_ONCE && this.#begun < AT_ONCE) {
      this.#running += 1;
      if (this.#begun === 0) afterTurn(this);
      this.#begun += 1;
      void this.#waiting.dequeue()!().then(() => {
        this.#running -= 1;
        this.#go();
      });
    }
  }

  /** The others have been read, too, and what he has sent meanwhile is counted. */
  turned(): void {
    this.#begun = 0;
    this.#go();
  }

  /** What has not begun is let go: whoever asked hears no answer. */
  end(): void {
    this.#waiting.clear();
  }
}

/** Those with something begun in this turn of the event loop. */
let inTurn: Turns[] = [];

function afterTurn(turns: Turns): void {
  inTurn.push(turns);
  if (inTurn.length > 1) return;
  setImmediate(() => {
    const turned = inTurn;
    inTurn = [];
    for (const one of turned) one.turned();
  });
}

/** So many are looked up as they come, and so many departures noted, at once. */
const COMING_AT_ONCE = 8;
const NOTED_AT_ONCE = 4;
/** Departures that are noted at once when the store is back: all of a crowd's may be owed. */
const OWED_AT_ONCE = 16;

/**
 * Those who come, or go, so many at once and the others in their order: else a crowd that goes and comes back at one
 * instant has all of its questions before the store ahead of everybody who is here already.
 */
class Door {
  readonly #waiting = new Queue<{ go: () => void; refuse: (error: DomainError) => void }>();
  readonly #most: number;
  #inside = 0;

  constructor(most: number) {
    this.#most = most;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#most) this.#inside += 1;
    else await new Promise<void>((go, refuse) => this.#waiting.enqueue({ go, refuse }));
    try {
      return await work();
    } catch (error) {
      // The store is away: nobody need wait to hear that one after the other.
      if (error instanceof DomainError && error.code === "unavailable")
        for (const { refuse } of this.#waiting.drain()) refuse(error);
      throw error;
    } finally {
      // His place is handed on.
      const next = this.#waiting.dequeue();
      if (next) next.go();
      else this.#inside -= 1;
    }
  }
}

/** A refusal as Socket.IO carries it: `connect_error` with `data`. */
class ConnectRefused extends Error {
  readonly data: Refusal;

  constructor(code: RefusalCode, more: { puzzle?: Puzzle; retryAfterMs?: number } = {}) {
    super(code);
    this.data = {
      code,
      ...(REFUSALS[code].reconnect ? { retryAfterMs: OVERLOADED_RETRY_MS } : {}),
      ...more,
    };
  }
}

/** From a connection to a drifter: who comes, what he is told first, and what happens at the end. */
export class Gateway {
  readonly #p: GatewayParts;
  readonly #departures = new Set<Promise<void>>();
  readonly #entrance = new Door(COMING_AT_ONCE);
  readonly #exit = new Door(NOTED_AT_ONCE);
  /** What could not be noted, by whom it is of: once, however often he comes and goes meanwhile. */
  readonly #owed = new Map<string, () => Promise<void>>();

  constructor(parts: GatewayParts) {
    this.#p = parts;
  }

  open(io: Server): void {
    io.use((socket, next) => {
      this.#entrance
        .pass(() => this.#arrive(socket))
        .then(
          () => next(),
          (error: unknown) => {
            const refused = error instanceof ConnectRefused ? error : this.#fault(error);
            this.#p.metrics.refused.inc({ reason: refused.data.code });
            next(refused);
          },
        );
    });
    io.on("connection", (socket) => {
      this.#welcome(socket).catch((error: unknown) => {
        this.#fault(error);
        socket.disconnect(true);
      });
    });
  }

  #fault(error: unknown): ConnectRefused {
    // A store that is away is known by readiness and its own line in the log.
    if (!(error instanceof DomainError)) {
      this.#p.metrics.faults.inc();
      this.#p.logger.error({ err: error }, "a connection failed");
    }
    return new ConnectRefused("overloaded");
  }

  async #arrive(socket: Socket): Promise<void> {
    // He has hung up while he waited.
    if (socket.conn.readyState !== "open") throw new ConnectRefused("overloaded");
    const auth = readAuth(socket.handshake.auth);
    // Socket.IO keeps it as long as the connection lives, and the token with it.
    (socket as { handshake: object }).handshake = NOTHING;
    const { sessions, blocks, penalties, puzzles } = this.#p;
    const { token, blocksKey } = auth;
    // Who is known has paid, or came when nobody had to.
    const puzzle = token === undefined ? await puzzles.newcomer(auth.puzzle) : null;
    if (puzzle) throw new ConnectRefused("puzzle_required", { puzzle });
    // A language that is not spoken here is no reason to turn anybody away.
    const locale = auth.locale === "zh" ? "zh" : "en";
    const arrival = await sessions.arrive(token);
    if (!arrival) {
      // Whoever was away for too long comes again as somebody new.
      if (token !== undefined) await blocks.end(boxOfToken(token));
      throw new ConnectRefused("unauthorized");
    }
    if (token !== undefined) {
      const keptOutMs = await penalties.keptOutMs(arrival.drifter);
      if (keptOutMs !== null) throw new ConnectRefused("banned", { retryAfterMs: keptOutMs });
    }
    // A drifter who is known has his blocks.
    const former = token === undefined ? blocksKey : undefined;
    if (former !== undefined) await blocks.takeOn(former, arrival);
    socket.data = { arrival, locale, former };
  }

  async #welcome(socket: Socket): Promise<void> {
    const { blocks, places, publisher } = this.#p;
    const { arrival, locale, former } = socket.data as {
      arrival: Arrival;
      locale: "en" | "zh";
      former: string | undefined;
    };
    // The server asks a client nothing that wants an answer.
    (socket as unknown as { acks: unknown }).acks = NO_ACKS;
    // A token that is new goes out below, and is not kept: nothing that lives as long as the connection sees it.
    socket.data = NOTHING;
    const { drifter, persona, circle, mask, box } = arrival;
    const context: Context = { drifter, connection: socket.id, locale, circle, mask, box, persona };
    const counted = this.#attend(socket, context, former);
    blocks.arrived(arrival);
    places.connected(context);
    publisher.add(drifter, socket);
    await this.#greet(socket, context, arrival.token, counted);
  }

  /** Hears what a connection asks, and its end. What it returns says whether its circle counts it. */
  #attend(socket: Socket, context: Context, former: string | undefined): { isCounted: boolean } {
    const {
      publisher,
      circles,
      feed,
      streams,
      blocks,
      asks,
      places,
      dispatch,
      metrics,
      commandLimit,
    } = this.#p;
    const { drifter, circle } = context;
    const bucket = commandLimit && new TokenBucket(commandLimit, performance.now());
    const counted = { isCounted: false };
    metrics.connections.inc();
    // Most say nothing for long.
    let turns: Turns | null = null;
    const leave = (): void => {
      turns?.end();
      feed.disconnected(context);
      streams.disconnected(context);
      if (counted.isCounted) circles.departed(circle);
      counted.isCounted = false;
      asks.disconnected(context);
      places.disconnected(context);
      this.#leaveRooms(context);
      if (!publisher.remove(drifter, socket)) return;
      blocks.departed(drifter);
      this.#departed(drifter);
    };
    socket.once("disconnect", () => {
      metrics.connections.dec();
      connectionOf(socket)?.onCommand(null);
      // Also where the client only left the namespace: else its TCP connection would stay.
      socket.disconnect(true);
      leave();
    });
    let unspent = former;
    const ask = (packet: readonly unknown[]): void => {
      // Socket.IO hands on what it read before he went.
      if (!socket.connected) return;
      // Who asks for something has his new token.
      if (unspent !== undefined)
        blocks.tookOn(unspent).catch((error: unknown) => this.#fault(error));
      unspent = undefined;
      // Who measures with limits off may ask for as much as he likes.
      turns ??= new Turns(commandLimit ? WAITING_MAX : Infinity);
      const isTaken = turns.take(() =>
        dispatch.answer(context, packet, bucket).catch((error: unknown) => {
          metrics.faults.inc();
          this.#p.logger.error({ err: error }, "dispatch failed");
        }),
      );
      if (!isTaken) socket.disconnect(true);
    };
    connectionOf(socket)?.onCommand(ask);
    socket.onAny((...packet: unknown[]) => ask(packet));
    return counted;
  }

  /** What a connection is told first; `token` where the drifter is new. */
  async #greet(
    socket: Socket,
    context: Context,
    token: Arrival["token"],
    counted: { isCounted: boolean },
  ): Promise<void> {
    const { bottles, circles, places, clock, quotas, penalties, hello } = this.#p;
    const { drifter, circle, persona, box } = context;
    // A drifter who is new holds nothing.
    if (token === undefined) await bottles.arrived(drifter);
    // Who went meanwhile has left already, and would be counted for ever.
    if (!socket.connected) return;
    counted.isCounted = true;
    await circles.arrived(circle);
    await places.renew(context);
    const ready: Events["session:ready"] = {
      ...(token === undefined ? {} : { token, blocksKey: box }),
      serverTime: clock.now(),
      persona,
      quotas: await quotas.quotas(drifter),
      penalties: token === undefined ? await penalties.of(drifter) : [],
      ...hello,
    };
    socket.emit("session:ready", ready);
  }

  // Of what has gone, these hold the names alone while it cannot be noted, and no socket.
  #leaveRooms(context: Context): void {
    this.#depart(context.connection, () => this.#p.rooms.disconnected(context));
  }

  /** The last connection of a drifter here has gone. */
  #departed(drifter: DrifterId): void {
    const { bottles, meets, publisher } = this.#p;
    // Who is back by the time that it can be noted has not gone.
    const unlessBack = (note: () => Promise<void>) => async (): Promise<void> => {
      if (!publisher.isConnected(drifter)) await note();
    };
    this.#depart(
      drifter,
      unlessBack(() => bottles.departed(drifter)),
    );
    this.#depart(
      `${drifter} meets`,
      unlessBack(() => meets.drop(drifter)),
    );
  }

  /** Notes what follows from a departure; what fails now is owed, and tried again by `settleOwed`. */
  #depart(of: string, note: () => Promise<void>): void {
    const departure = this.#exit
      .pass(note)
      .catch((error: unknown) => {
        this.#p.logger.warn({ reason: String(error) }, "a departure could not be noted");
        this.#owed.set(of, note);
      })
      .then(() => {
        this.#departures.delete(departure);
      });
    this.#departures.add(departure);
  }

  /** Else who went while the store was away would be there for ever. */
  async settleOwed(): Promise<void> {
    // One that fails again keeps no other from being noted.
    await inSlices([...this.#owed], OWED_AT_ONCE, ([of, note]) =>
      note().then(
        () => this.#owed.get(of) === note && this.#owed.delete(of),
        () => {},
      ),
    );
  }

  /** Resolves when every departure has been noted. */
  async settled(): Promise<void> {
    await Promise.all(this.#departures);
  }
}

function readAuth(auth: unknown): Connect {
  const { protocol, puzzle } = (auth ?? {}) as { protocol?: unknown; puzzle?: unknown };
  if (protocol !== PROTOCOL_VERSION) throw new ConnectRefused("protocol_unsupported");
  try {
    // A solution that is none of ours is answered as none at all: with a fresh puzzle.
    const isNone = puzzle !== undefined && !isPuzzleSolution(puzzle);
    return validate(Connect, isNone ? { ...(auth as object), puzzle: undefined } : auth);
  } catch (error) {
    // Whatever is wrong with it, it is not a way to be known.
    if (error instanceof DomainError) throw new ConnectRefused("unauthorized");
    throw error;
  }
}
