import { STATUS_CODES } from "node:http";
import { uServer, type Socket as EngineSocket, type Transport as EngineTransport } from "engine.io";
import type * as Uws from "uWebSockets.js";
import { BARE_REQUEST, Connection, release, type Admitted, type Wire } from "./connection.ts";
import { createIo, ENGINE_OPTIONS, HEARTBEAT, MAX_BACKPRESSURE_BYTES, PING } from "./create-io.ts";
import { Heartbeats } from "./heartbeats.ts";
import {
  answer,
  answerPost,
  BodyReader,
  contentLength,
  isBodiless,
  plainAnswer,
  postsFor,
  secured,
} from "./http.ts";
import type { HttpRequest, HttpResponse, Posts, Transport, TransportOptions } from "./transport.ts";
import { canonicalAddress, judgeUpgrade, SOCKET_PATH, type Refused } from "./upgrade.ts";
import { uwsAdapter } from "./uws-adapter.ts";
import { OperatorError } from "../lib/errors.ts";
import { FewATurn } from "../lib/few-a-turn.ts";

/**
 * Silence after which a connection is closed, in seconds. A ping and the wait for its answer are 43 s
 * together at most; this is for a peer that has vanished while it is being closed.
 */
const IDLE_TIMEOUT_S = 60;

/** Connections whose end is told of in one turn of the event loop: a crowd that is cut off makes nobody wait. */
const DEPARTURES_A_TURN = 32;

/**
 * A header `Connection` of this length is `close` to uWebSockets.js. With such an upgrade, where a long answer went out
 * just before, it closes the connection and then upgrades it: memory that is freed, and is never told of as closed.
 */
const CLOSE_LENGTH = "close".length;

/** A packet of Engine.IO. */
interface EnginePacket {
  type: string;
  data?: unknown;
}

/** What travels with a WebSocket; uWebSockets.js copies the outer object, never this one. */
interface UserData {
  held: Held;
}

interface Held {
  admission: Admitted;
  connection: Connection | undefined;
  line: UwsLine | undefined;
}

/** Members of engine.io's transport for uWebSockets.js that it declares private or protected. */
interface UwsTransport extends Pick<EngineTransport, "writable" | "send" | "emit"> {
  socket: Uws.WebSocket<UserData>;
  onClose: () => void;
  doClose: (closing?: () => void) => void;
  line: UwsLine;
}

/** What a connection and engine.io ask of one WebSocket. No function of its own for each: there are many of them. */
class UwsLine implements Wire {
  readonly transport: UwsTransport;
  /** What reaches this one alone, from when it has come in. */
  topic: string | undefined;
  /** A WebSocket that has closed throws when it is touched. */
  isOpen = true;
  /** The server ends it: what the peer says to that is no word of his. */
  isEnding = false;
  readonly #app: Uws.TemplatedApp;
  readonly #ws: Uws.WebSocket<UserData>;

  constructor(app: Uws.TemplatedApp, ws: Uws.WebSocket<UserData>, transport: EngineTransport) {
    this.#app = app;
    this.#ws = ws;
    this.transport = transport as unknown as UwsTransport;
    this.transport.line = this;
    this.transport.socket = ws;
    this.transport.send = sendPackets;
    this.transport.doClose = closeInOrder;
    this.transport.writable = true;
  }

  ping(): void {
    if (this.isOpen) this.#ws.send(PING);
  }

  /** What is published to it in one turn of the event loop goes out in one call of the system. */
  send(packet: string): void {
    if (!this.isOpen) return;
    if (this.topic === undefined) this.#ws.send(`4${packet}`);
    else this.#app.publish(this.topic, `4${packet}`);
  }

  kill(): void {
    if (this.isOpen) this.#ws.close();
  }
}

/** Instead of engine.io's own, which it falls back on. */
function sendPackets(this: UwsTransport, packets: EnginePacket[]): void {
  if (!this.line.isOpen) return;
  const [first] = packets;
  if (packets.length !== 1 || first?.type !== "message" || typeof first.data !== "string") {
    const { send } = Object.getPrototypeOf(this) as UwsTransport;
    this.socket.cork(() => send.call(this, packets as never));
    return;
  }
  this.line.send(first.data);
  this.emit("drain");
  this.emit("ready");
}

function closeInOrder(this: UwsTransport, closing?: () => void): void {
  closing?.();
  if (!this.line.isOpen) return;
  this.line.isEnding = true;
  // In good order uWebSockets.js waits up to 15 s for a peer that does not close its end.
  if (this.socket.getUserData().held.connection?.isStranger) this.socket.close();
  else this.socket.end();
}

/**
 * engine.io's server for uWebSockets.js without what it does on plain HTTP requests and without
 * anything asynchronous between a request and its WebSocket: `res` is not touched again once the
 * handler has returned, so it does not matter when the client hangs up.
 */
export class UwsEngine extends uServer {
  readonly #options: TransportOptions;
  #app: Uws.TemplatedApp | null = null;
  readonly #open = new Map<EngineSocket, Uws.WebSocket<UserData>>();
  readonly heartbeats = new Heartbeats(HEARTBEAT);
  readonly #departures = new FewATurn<Held>(DEPARTURES_A_TURN, (held) => this.#departed(held));
  #isListening = true;

  constructor(options: TransportOptions) {
    super(ENGINE_OPTIONS);
    this.#options = options;
  }

  override attach(app: Uws.TemplatedApp): void {
    this.#app = app;
    app.ws<UserData>(SOCKET_PATH, {
      compression: 0,
      idleTimeout: IDLE_TIMEOUT_S,
      sendPingsAutomatically: false,
      maxPayloadLength: ENGINE_OPTIONS.maxHttpBufferSize,
      maxBackpressure: MAX_BACKPRESSURE_BYTES,
      closeOnBackpressureLimit: true,
      upgrade: (res, req, context) => this.#upgrade(res, req, context),
      open: (ws) => this.#opened(ws),
      message: (ws, message, isBinary) =>
        ws.getUserData().held.connection?.receive(Buffer.from(message), isBinary),
      ping: (ws, message) => void ws.getUserData().held.connection?.count(message.byteLength),
      pong: (ws, message) => void ws.getUserData().held.connection?.count(message.byteLength),
      close: (ws, code) => {
        const { held } = ws.getUserData();
        if (!held.line?.isEnding) held.connection?.closed(code);
        this.#closed(held);
      },
    });
  }

  /** Connections that ask from now on are turned away, on TCP connections that are still open. */
  refuseUpgrades(): void {
    this.#isListening = false;
  }

  /** From now on what is for this connection alone is published to `topic`, which it must have. */
  joined(socket: EngineSocket, topic: string): void {
    const line = this.#open.get(socket)?.getUserData().held.line;
    if (line) line.topic = topic;
  }

  /** The WebSocket under an Engine.IO socket, while it may be touched. */
  websocketOf(socket: EngineSocket): Uws.WebSocket<UserData> | undefined {
    return this.#open.get(socket);
  }

  #upgrade(res: Uws.HttpResponse, req: Uws.HttpRequest, context: Uws.us_socket_context_t): void {
    const headers = headersOf(req);
    const header = (name: string): string | undefined => headers.get(name);
    const refused = (status: Refused["status"]): Refused => ({ admitted: false, status });
    const request = { query: req.getQuery(), header, address: addressOf(res) };
    let verdict: Admitted | Refused;
    if (!this.#isListening) verdict = refused(503);
    else if (req.getHeader("connection").length === CLOSE_LENGTH) verdict = refused(400);
    else verdict = judgeUpgrade(request, this.#options);
    if (!verdict.admitted) {
      writeLater(
        res,
        secured(header("host"), plainAnswer(verdict.status, { connection: "close" })),
      );
      return;
    }
    const held: Held = { admission: verdict, connection: undefined, line: undefined };
    // no subprotocol and no extension, whatever was offered
    res.upgrade<UserData>({ held }, req.getHeader("sec-websocket-key"), "", "", context);
  }

  /** Runs inside `res.upgrade`. From here on `close` is called, once, however it ends. */
  #opened(ws: Uws.WebSocket<UserData>): void {
    const { held } = ws.getUserData();
    try {
      const transport = this.createTransport("websocket", BARE_REQUEST as never) as EngineTransport;
      held.line = new UwsLine(this.#app!, ws, transport);
      held.connection = new Connection(
        this,
        transport,
        held.admission,
        held.line,
        this.heartbeats,
        this.#options,
      );
      this.#open.set(held.connection.engineSocket, ws);
    } catch (error) {
      this.#options.logger.error({ err: error }, "a connection could not be opened");
      ws.close();
    }
  }

  #closed(held: Held): void {
    const { connection, line } = held;
    // at once, so that nothing touches the WebSocket; uWebSockets.js drops its topics itself
    if (line) line.isOpen = false;
    if (connection) this.#open.delete(connection.engineSocket);
    this.#departures.take(held);
  }

  #departed({ admission, connection, line }: Held): void {
    if (!connection) {
      release(admission, this.#options);
      return;
    }
    try {
      line?.transport.onClose();
    } catch (error) {
      this.#options.logger.error({ err: error }, "a listener of a disconnect threw");
    } finally {
      connection.ended();
    }
  }
}

/** All headers, as the request is gone once the handler has returned. */
function headersOf(req: Uws.HttpRequest): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  req.forEach((name, value) => {
    const earlier = headers.get(name);
    // As Node does: `Host` counts once, lists are joined. A trusted proxy may add its own line of
    // X-Forwarded-For behind the client's, so none may get lost.
    if (earlier === undefined) headers.set(name, value);
    else if (name !== "host") headers.set(name, `${earlier}, ${value}`);
  });
  return headers;
}

function addressOf(res: Uws.HttpResponse): string {
  return Buffer.from(res.getRemoteAddressAsText()).toString();
}

/** Answers and, where `connection: close` is among the headers, closes. */
function write(res: Uws.HttpResponse, response: HttpResponse, isHead = false): void {
  const { status, headers, body } = response;
  const isLast = headers["connection"] === "close";
  res.cork(() => {
    res.writeStatus(`${status} ${STATUS_CODES[status] ?? ""}`);
    for (const [name, value] of Object.entries(headers)) {
      // said by uWebSockets.js itself where it closes
      if (name !== "connection") res.writeHeader(name, value);
    }
    if (isHead && !isBodiless(status)) {
      res.writeHeader("content-length", String(contentLength(body)));
    }
    // Without arguments: with a length it takes the response for one that has yet to be sent, and
    // ends the process when the handler returns.
    if (isHead || isBodiless(status)) res.endWithoutBody();
    else if (isLast || contentLength(body) === 0) res.end(body ?? "", isLast);
    else endSlowly(res, typeof body === "string" ? Buffer.from(body) : body!);
  });
}

/**
 * Ends an answer as fast as the other end takes it. uWebSockets.js keeps nothing of it, and closes a connection that
 * asks again before it has read: else an answer to each of many requests would wait in memory for who reads none.
 */
function endSlowly(res: Uws.HttpResponse, body: Uint8Array): void {
  const [, isDone] = res.tryEnd(body, body.byteLength);
  if (isDone) return;
  res.onAborted(() => {});
  res.onWritable((sent) => res.tryEnd(body.subarray(sent), body.byteLength)[0]);
}

function serve(res: Uws.HttpResponse, req: Uws.HttpRequest, options: TransportOptions): void {
  const headers = headersOf(req);
  const method = req.getMethod().toUpperCase();
  const isHead = method === "HEAD";
  const header = (name: string): string | undefined => headers.get(name);
  const request = { method, path: req.getUrl(), header };
  const posts = postsFor(request, options);
  if (posts) {
    servePost(res, request, posts, options);
    return;
  }
  writeLater(res, answer(request, options), isHead);
}

/**
 * Never from within a callback of uWebSockets.js. It goes on with what else came in one packet, also where an answer has
 * closed the connection: into memory that is freed; and a thousand requests of one packet would be answered before
 * anybody else is. So it finds one that is not answered yet, and closes. `onAborted`: who asked has gone.
 */
function writeLater(
  res: Uws.HttpResponse,
  response: HttpResponse | Promise<HttpResponse>,
  isHead = false,
  onAborted = (): void => {},
): void {
  let isAborted = false;
  // touching `res` after an abort throws
  res.onAborted(() => {
    isAborted = true;
    onAborted();
  });
  // it does not reject
  void Promise.resolve(response).then((settled) =>
    setImmediate(() => {
      if (!isAborted) write(res, settled, isHead);
    }),
  );
}

function servePost(
  res: Uws.HttpResponse,
  request: HttpRequest,
  posts: Posts,
  options: TransportOptions,
): void {
  const address = canonicalAddress(addressOf(res));
  let reader!: BodyReader;
  const response = new Promise<HttpResponse>((settle) => {
    reader = new BodyReader(posts, (body) => {
      const given =
        typeof body === "number"
          ? { refused: body, host: request.header("host") }
          : { ...request, address, body };
      settle(answerPost(given, posts, options));
    });
  });
  writeLater(res, response, false, () => reader.stop());
  // The chunk's memory is uWebSockets.js's own, and gone when this returns.
  res.onData((chunk, isLast) => reader.push(Buffer.from(chunk.slice(0)), isLast));
}

/** Opens the transport on uWebSockets.js. */
export function openUws(uws: typeof Uws, options: TransportOptions): Promise<Transport> {
  const app = uws.App();
  const engine = new UwsEngine(options);
  engine.attach(app);
  app.any("/*", (res, req) => serve(res, req, options));
  const io = createIo(
    uwsAdapter(app, {
      websocketOf: (socket) => engine.websocketOf(socket.conn),
      joined: (socket, topic) => engine.joined(socket.conn, topic),
    }),
  );
  io.bind(engine);

  return new Promise((resolve, reject) => {
    listen(uws, app, options, (listenSocket) => {
      if (!listenSocket) {
        app.close();
        void io.close();
        reject(
          new OperatorError(
            `cannot listen on ${options.host}:${options.port}: the port is in use, or the address or the port is not ours to take`,
          ),
        );
        return;
      }
      let isListening = true;
      const stopListening = (): void => {
        if (!isListening) return;
        isListening = false;
        engine.refuseUpgrades();
        uws.us_listen_socket_close(listenSocket);
      };
      let closing: Promise<void> | undefined;
      const close = async (): Promise<void> => {
        stopListening();
        await io.close();
        engine.heartbeats.close();
        app.close();
      };
      resolve({
        kind: "uws",
        port: uws.us_socket_local_port(listenSocket),
        io,
        stopListening,
        close: () => (closing ??= close()),
      });
    });
  });
}

/** No flag of uWebSockets.js. */
const LIBUS_LISTEN_DEFAULT = 0;

/**
 * Without the flag two servers could share a port unnoticed, and the kernel would deal the
 * connections out among them: as it does where that is wanted.
 */
function listen(
  uws: typeof Uws,
  app: Uws.TemplatedApp,
  { host, port, isShared = false }: TransportOptions,
  callback: (listenSocket: Uws.us_listen_socket | false) => void,
): void {
  // the form with both host and options is missing in the types
  const listenOn = app.listen.bind(app) as unknown as (
    host: string,
    port: number,
    options: number,
    callback: (listenSocket: Uws.us_listen_socket | false) => void,
  ) => void;
  // not an enumeration at run time: a constant of the module
  const { LIBUS_LISTEN_EXCLUSIVE_PORT } = uws as unknown as { LIBUS_LISTEN_EXCLUSIVE_PORT: number };
  listenOn(host, port, isShared ? LIBUS_LISTEN_DEFAULT : LIBUS_LISTEN_EXCLUSIVE_PORT, callback);
}
