import { Socket as EngineSocket, type Transport as EngineTransport } from "engine.io";
import { nanoid } from "nanoid";
import type { Socket } from "socket.io";
import { answerPacket, commandIn } from "./command-packet.ts";
import type { Heartbeats, Line } from "./heartbeats.ts";
import { Meter } from "./meter.ts";
import type { Admission, TransportOptions } from "./transport.ts";

/** How long a peer may take to answer the closing of its connection, in ms. */
export const CLOSE_GRACE_MS = 2000;

export type Admitted = Extract<Admission, { admitted: true }>;

export type ConnectionOptions = Pick<TransportOptions, "logger" | "meter" | "onMetered">;

/**
 * What engine.io's socket and Socket.IO read of the request that opened a connection. The real
 * one is not kept: its headers and address have no business in memory for the life of a
 * connection. It is one object for all, hence frozen.
 */
export const BARE_REQUEST = Object.freeze({
  method: "GET",
  url: "/socket.io/",
  headers: Object.freeze({}),
  connection: Object.freeze({}),
  _query: Object.freeze({ EIO: "4", transport: "websocket" }),
});

/** Members of engine.io's `BaseServer` that it declares private or protected. */
interface EngineInternals {
  clients: Record<string, EngineSocket>;
  clientsCount: number;
  emit: (event: "connection", socket: EngineSocket) => boolean;
}

/** Members of engine.io's transports that it declares protected. */
interface TransportInternals {
  onData: (data: string | Buffer) => void;
}

/** A socket without timers of its own: its heartbeat is that of all. */
class BeatenSocket extends EngineSocket {}
(BeatenSocket.prototype as unknown as { schedulePing: () => void }).schedulePing = () => {};

/** What Engine.IO closes a socket by, which it declares private. */
interface SocketInternals {
  onClose: (reason: string) => void;
}

/** The code of a WebSocket that has ended without a close frame of the peer (RFC 6455, 7.1.5). */
const NO_CLOSE_FRAME = 1006;

/** What comes later than this behind something was not on its way when that was sent, in ms. */
const ON_ITS_WAY_MS = 5000;
/** Engine.IO's packet that answers a ping. */
const PONG = 0x33;
const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];

/** What a connection asks of the engine that has it. */
export interface Wire {
  /** Sends one Engine.IO ping; only while the connection is open. */
  ping: () => void;
  /** Sends a packet of Socket.IO behind all that was sent before; only while the connection is open. */
  send: (packet: string) => void;
  /** Ends the TCP connection at once; nothing where it has ended. */
  kill: () => void;
}

/**
 * What is left to Socket.IO it hands on as arguments, one for each part: from some 125 000 on the call itself throws,
 * where nothing catches it. What announces an attachment is held, parsed, until that has come. A photo's command has
 * some hundred characters; a packet above this has few parts, and its attachment comes within two heartbeats.
 */
const PACKET_USUAL = 16 * 1024;
const PARTS_MAX = 1000;

const connections = new WeakMap<EngineSocket, Connection>();

/** The connection under a Socket.IO socket. */
export function connectionOf(socket: Pick<Socket, "conn">): Connection | undefined {
  return connections.get(socket.conn);
}

/**
 * One WebSocket, from its opening to its end, on either engine: counts what comes in, before it is
 * parsed; lets it join the namespace `/` once and no other; sees that closing it ends the TCP
 * connection too; and gives the admission back at its end, exactly once.
 */
export class Connection implements Line {
  readonly engineSocket: EngineSocket;
  /** It was never let in and is told nothing: its end waits for nobody. */
  isStranger = true;
  isWatched = false;
  /** Pings that have gone out, and answers to them. */
  #pings = 0;
  #pongs = 0;
  /** Who wants to know whether it has read, by the number of the ping that asks for it, and since when. */
  #waiting: { ping: number; since: number; done: (hasRead: boolean) => void }[] | null = null;
  #isAsking = false;
  readonly #admission: Admitted;
  readonly #transport: TransportInternals;
  readonly #options: ConnectionOptions;
  readonly #meter: Meter | null;
  readonly #wire: Wire;
  readonly #heartbeats: Heartbeats;
  #state: "open" | "dropped" | "ended" = "open";
  #onCommand: ((packet: unknown[]) => void) | null = null;
  /** A packet was begun, and the bytes that belong to it have yet to come. */
  #awaitsBytes = false;
  /** What began it was long: held, and for how long. */
  #longHeader: "held" | "pinged" | null = null;
  #askedToConnect = false;
  #hasSaidGoodbye = false;
  #grace: NodeJS.Timeout | undefined;

  /**
   * Registers with the engine, synchronously. engine.io's own handshake waits for its id in
   * between, and a peer that hangs up meanwhile meets a half-made connection.
   */
  constructor(
    engine: unknown,
    transport: EngineTransport,
    admission: Admitted,
    wire: Wire,
    heartbeats: Heartbeats,
    options: ConnectionOptions,
  ) {
    const server = engine as EngineInternals;
    this.#admission = admission;
    this.#transport = transport as unknown as TransportInternals;
    this.#wire = wire;
    this.#heartbeats = heartbeats;
    this.#options = options;
    this.#meter = options.meter && new Meter(options.meter);

    // random: engine.io's own ids carry a counter of all connections, and this one is sent out
    const id = nanoid();
    const socket = new BeatenSocket(
      id,
      engine as ConstructorParameters<typeof EngineSocket>[1],
      transport,
      BARE_REQUEST as unknown as ConstructorParameters<typeof EngineSocket>[3],
      4,
    );
    this.engineSocket = socket;
    heartbeats.add(this);
    connections.set(socket, this);
    server.clients[id] = socket;
    server.clientsCount += 1;
    socket.once("close", () => {
      // Who says that he goes has been there until then; of a line that just ended nobody knows.
      this.#gone(this.#hasSaidGoodbye);
      delete server.clients[id];
      server.clientsCount -= 1;
      heartbeats.remove(this);
      // whatever closed it (a missed pong, Socket.IO, the peer): the TCP connection goes as well
      this.#startGrace();
    });
    server.emit("connection", socket);
  }

  ping(): void {
    if (this.#longHeader === "pinged") return this.drop();
    if (this.#longHeader === "held") this.#longHeader = "pinged";
    this.#sendPing();
  }

  #sendPing(): void {
    this.#pings += 1;
    this.#wire.ping();
  }

  /**
   * See `Publisher.hasRead`. Whatever else comes at first may have been on its way when that was sent; the answer to a
   * ping behind it was not.
   */
  hasRead(): Promise<boolean> {
    if (!this.#isOpen()) return Promise.resolve(false);
    // One for all that is sent in this turn of the event loop.
    if (!this.#isAsking) setImmediate(() => this.#ask());
    this.#isAsking = true;
    const ping = this.#pings + 1;
    const since = performance.now();
    return new Promise((done) => (this.#waiting ??= []).push({ ping, since, done }));
  }

  #ask(): void {
    this.#isAsking = false;
    if (this.#isOpen()) this.#sendPing();
  }

  #hasCome(): void {
    const before = performance.now() - ON_ITS_WAY_MS;
    // In their order: those whom it answers are the first.
    const all = this.#waiting ?? [];
    let answered = 0;
    for (const { ping, since, done } of all) {
      if (ping > this.#pongs && since > before) break;
      answered += 1;
      done(true);
    }
    this.#waiting = answered < all.length ? all.slice(answered) : null;
  }

  #gone(hasRead: boolean): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const { done } of waiting) done(hasRead);
  }

  /** It was pinged, and has said nothing. */
  expire(): void {
    (this.engineSocket as unknown as SocketInternals).onClose("ping timeout");
  }

  /** A message of the peer. The memory of `frame` is the engine's and is copied. */
  receive(frame: Buffer, isBinary: boolean): void {
    if (!this.count(frame.byteLength)) return;
    this.#heartbeats.heard(this);
    const isPong = frame.byteLength === 1 && frame[0] === PONG && !isBinary;
    if (isPong) this.#pongs += 1;
    if (this.#waiting) this.#hasCome();
    if (isPong) return;
    const data = isBinary ? Buffer.from(frame) : frame.toString();
    if (typeof data === "string") {
      if (data.startsWith("40") && !this.#mayConnect(data)) return;
      if (this.#isCommand(data)) return;
    }
    const isLong = typeof data === "string" && data.length > PACKET_USUAL;
    if (isLong && hasMoreParts(data, PARTS_MAX)) return this.drop();
    this.#awaitsBytes = typeof data === "string" && (data[1] === "5" || data[1] === "6");
    this.#longHeader = null;
    if (this.#awaitsBytes && isLong) {
      this.#longHeader = "held";
      this.isWatched = true;
    }
    try {
      this.#transport.onData(data);
    } catch (error) {
      this.#options.logger.error(
        { err: error, correlationId: nanoid() },
        "a packet made the parser throw",
      );
      this.drop();
    }
  }

  /**
   * From now on commands are given to `listener`, each with the function that answers it, straight from the
   * frame that brought them; null: no more. Socket.IO would do the same by way of ten functions, which is half of
   * what a message costs. All else goes its way.
   */
  onCommand(listener: ((packet: unknown[]) => void) | null): void {
    this.#onCommand = listener;
  }

  /** Whether it was a command, and has been given. */
  #isCommand(data: string): boolean {
    if (!this.#onCommand || this.#awaitsBytes || !this.#isOpen()) return false;
    const command = commandIn(data);
    if (!command) return false;
    const { id, packet } = command;
    packet.push((reply: object) => {
      if (this.#isOpen()) this.#wire.send(answerPacket(id, reply));
    });
    this.#onCommand(packet);
    return true;
  }

  #isOpen(): boolean {
    return this.#state === "open" && this.engineSocket.readyState === "open";
  }

  /** Counts a frame, control frames too. False: it is not to be read, the connection is closed. */
  count(bytes: number): boolean {
    if (this.#state !== "open") return false;
    if (this.#meter?.take(bytes) !== false) return true;
    this.drop();
    this.#options.onMetered();
    return false;
  }

  /** Closes in good order: what is queued goes out, then a close frame; by force after the grace. */
  end(): void {
    if (this.#state !== "open") return;
    this.engineSocket.close();
    this.#startGrace();
  }

  /** Closes by force, sending nothing more. */
  drop(): void {
    if (this.#state !== "open") return;
    this.#state = "dropped";
    this.#wire.kill();
  }

  /** To be called by the engine when the WebSocket is closed, before anything that follows from it. */
  closed(code: number): void {
    this.#hasSaidGoodbye = code !== NO_CLOSE_FRAME && this.#state !== "dropped";
  }

  /** To be called by the engine when the connection has ended, however it did. */
  ended(): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    clearTimeout(this.#grace);
    release(this.#admission, this.#options);
  }

  #startGrace(): void {
    if (this.#state === "ended" || this.#grace) return;
    this.#grace = setTimeout(() => this.#wire.kill(), CLOSE_GRACE_MS).unref();
  }

  /**
   * One CONNECT a connection, to `/`. Socket.IO makes a socket and runs the middleware for each
   * CONNECT that arrives before the first one is through: without this, one connection could be
   * any number of drifters.
   */
  #mayConnect(packet: string): boolean {
    const namespace = packet[2] === "/" ? packet.slice(2).split(",", 1)[0]! : "/";
    if (namespace === "/" && !this.#askedToConnect) {
      this.#askedToConnect = true;
      return true;
    }
    this.isStranger = false;
    // said in Socket.IO's words, so that its client gives up; never echoing an arbitrary text
    if (/^\/[\w-]{1,64}$/.test(namespace)) {
      this.engineSocket.write(`4${namespace},{"message":"Invalid namespace"}`);
    }
    this.end();
    return false;
  }
}

/** Whether some JSON has more members and elements than that, about. Costs O(json) at most. */
function hasMoreParts(json: string, most: number): boolean {
  let parts = 0;
  for (let i = 0; i < json.length && parts <= most; i += 1) {
    const code = json.charCodeAt(i);
    if (code === COMMA || code === BRACKET || code === BRACE) parts += 1;
  }
  return parts > most;
}

/** Gives an admission back. A fault in that must not take the engine's callback down. */
export function release(admission: Admitted, options: Pick<ConnectionOptions, "logger">): void {
  try {
    admission.release();
  } catch (error) {
    options.logger.error(
      { err: error, correlationId: nanoid() },
      "the release of an upgrade threw",
    );
  }
}
