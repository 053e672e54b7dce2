import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import {
  Server as EngineServer,
  type Socket as EngineSocket,
  type Transport as EngineTransport,
} from "engine.io";
import { WebSocketServer, type WebSocket } from "ws";
import { BARE_REQUEST, CLOSE_GRACE_MS, Connection, release, type Admitted } from "./connection.ts";
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
  rawAnswer,
  secured,
} from "./http.ts";
import type { HttpResponse, Posts, Transport, TransportOptions } from "./transport.ts";
import { canonicalAddress, judgeUpgrade, SOCKET_PATH } from "./upgrade.ts";
import { OperatorError } from "../lib/errors.ts";

/** Bounds on how long a stranger may take, in ms: for headers, a request, between two, in silence. */
const HTTP_TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
};
const SILENCE_TIMEOUT_MS = 30_000;

/** What engine.io's socket sends by, which it declares private. */
interface EngineInternals {
  writeBuffer: readonly unknown[];
  sendPacket: (type: "ping") => void;
}

const ignore = (): void => {};

/** engine.io's server for Node without polling and without its asynchronous handshake. */
export class NodeEngine extends EngineServer {
  readonly #options: TransportOptions;
  readonly #websockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: ENGINE_OPTIONS.maxHttpBufferSize,
  });
  readonly heartbeats = new Heartbeats(HEARTBEAT);
  readonly #open = new Set<Duplex>();
  #whenEmpty: (() => void) | undefined;
  #isListening = true;

  constructor(options: TransportOptions) {
    super(ENGINE_OPTIONS);
    this.#options = options;
    // instead of the bare answer of ws
    this.#websockets.on("wsClientError", (_error, socket, request) =>
      refuse(socket, request.headers.host, 400),
    );
  }

  /** Upgrades go through `upgrade` below; engine.io's own WebSocket server is not needed. */
  protected override init(): void {}
  protected override cleanup(): void {}

  /** Connections that ask from now on are turned away, on TCP connections that are still open. */
  refuseUpgrades(): void {
    this.#isListening = false;
  }

  /** Waits until the connections have ended, and ends them by force after `graceMs`. */
  async ended(graceMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    const timer = setTimeout(() => {
      for (const socket of this.#open) socket.destroy();
    }, graceMs);
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
    clearTimeout(timer);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // first of all: Node has taken its own listener away, and without one a reset ends the process
    socket.on("error", ignore);
    if (socket.destroyed) return;
    const { host } = request.headers;
    const [path, query = ""] = splitUrl(request.url);
    if (path !== SOCKET_PATH) return refuse(socket, host, 404);
    if (!this.#isListening) return refuse(socket, host, 503);
    const address = request.socket.remoteAddress;
    if (address === undefined) {
      socket.destroy();
      return;
    }
    const header = headersOf(request);
    const verdict = judgeUpgrade({ query, header, address }, this.#options);
    if (!verdict.admitted) return refuse(socket, host, verdict.status);

    let connection: Connection | undefined;
    this.#open.add(socket);
    // the one event that comes on every path, whether or not there was ever a WebSocket
    socket.once("close", () => {
      this.#open.delete(socket);
      if (connection) connection.ended();
      else release(verdict, this.#options);
      if (this.#open.size === 0) this.#whenEmpty?.();
    });
    this.#websockets.handleUpgrade(request, socket, head, (websocket) => {
      connection = this.#connect(websocket, verdict);
    });
  }

  #connect(websocket: WebSocket, admission: Admitted): Connection {
    const request = { ...BARE_REQUEST, websocket };
    const transport: EngineTransport = this.createTransport("websocket", request as never);
    // Before engine.io's own listener, which tells everybody that it has ended.
    websocket.prependOnceListener("close", (code: number) => connection.closed(code));
    const connection: Connection = new Connection(
      this,
      transport,
      admission,
      {
        ping: () => {
          const waits = connection.engineSocket as unknown as EngineInternals;
          // Behind all that waits in engine.io: it is asked by it whether that was read.
          if (waits.writeBuffer.length > 0) waits.sendPacket("ping");
          else websocket.send(PING);
        },
        send: (packet) => connection.engineSocket.write(packet),
        kill: () => websocket.terminate(),
      },
      this.heartbeats,
      this.#options,
    );
    // the transport's own listener would parse before anything is counted
    websocket.removeAllListeners("message");
    websocket.on("message", (data: Buffer, isBinary: boolean) =>
      connection.receive(data, isBinary),
    );
    for (const control of ["ping", "pong"] as const)
      websocket.on(control, (data: Buffer) => connection.count(data.byteLength));
    watchBacklog(connection.engineSocket, websocket, () => connection.drop());
    return connection;
  }
}

/**
 * Reads a request's headers. Made here: the listener that lives as long as the connection would keep the
 * request, headers and all, if a function beside it had it (M7).
 */
function headersOf(request: IncomingMessage): (name: string) => string | undefined {
  return (name) => request.headers[name]?.toString();
}

/**
 * Closes a connection whose peer reads too slowly. What waits is in two places: in engine.io until
 * the last write is through, then in ws.
 */
function watchBacklog(socket: EngineSocket, websocket: WebSocket, drop: () => void): void {
  let queuedBytes = 0;
  let isChecking = false;
  const isOver = (): boolean => queuedBytes + websocket.bufferedAmount > MAX_BACKPRESSURE_BYTES;
  socket.on("packetCreate", ({ data }: { data?: string | Buffer }) => {
    queuedBytes += data === undefined ? 1 : Buffer.byteLength(data) + 1;
    if (isChecking || !isOver()) return;
    isChecking = true;
    // Not at once: within one turn everything waits, however fast the peer is.
    setImmediate(() => {
      isChecking = false;
      if (isOver()) drop();
    });
  });
  socket.on("flush", () => {
    queuedBytes = 0;
  });
}

function splitUrl(url = "/"): [path: string, query?: string] {
  const mark = url.indexOf("?");
  return mark === -1 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
}

/** Answers on a socket that has left Node's http, and closes it. */
function refuse(socket: Duplex, host: string | undefined, status: number): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.once("finish", () => socket.destroy());
  socket.end(rawAnswer(secured(host, plainAnswer(status))), "latin1");
}

function write(res: ServerResponse, response: HttpResponse, isHead: boolean): void {
  const { status, headers, body } = response;
  if (isBodiless(status)) {
    res.writeHead(status, headers).end();
    return;
  }
  res.writeHead(status, { ...headers, "content-length": contentLength(body) });
  res.end(isHead ? undefined : body);
}

async function serve(
  req: IncomingMessage,
  res: ServerResponse,
  options: TransportOptions,
): Promise<void> {
  res.on("error", ignore);
  const [path] = splitUrl(req.url);
  const method = req.method ?? "";
  const header = headersOf(req);
  const request = { method, path, header };
  const posts = postsFor(request, options);
  const body = posts && (await bodyOf(req, res, posts));
  const response = !posts
    ? await answer(request, options)
    : typeof body === "number"
      ? await answerPost({ refused: body, host: header("host") }, posts, options)
      : body && (await answerPost({ ...request, address: addressOf(req), body }, posts, options));
  if (!response) return;
  if (!res.destroyed) write(res, response, method === "HEAD");
}

const addressOf = (req: IncomingMessage): string =>
  canonicalAddress(req.socket.remoteAddress ?? "");

/** Undefined where whoever sent it has gone. */
function bodyOf(
  req: IncomingMessage,
  res: ServerResponse,
  posts: Posts,
): Promise<Buffer | 408 | 413 | undefined> {
  return new Promise((resolve) => {
    const reader = new BodyReader(posts, resolve);
    req.on("data", (chunk: Buffer) => reader.push(chunk, false));
    req.on("end", () => reader.push(Buffer.alloc(0), true));
    res.once("close", () => {
      reader.stop();
      resolve(undefined);
    });
  });
}

/** Opens the transport on Node's http. */
export async function openNode(options: TransportOptions): Promise<Transport> {
  const engine = new NodeEngine(options);
  const io = createIo();
  io.bind(engine);

  const server = createServer(HTTP_TIMEOUTS);
  server.timeout = SILENCE_TIMEOUT_MS;
  // `answer` does not reject, and headers that Node does not take are a fault of ours
  const handler = (req: IncomingMessage, res: ServerResponse): void => {
    serve(req, res, options).catch((error: unknown) => {
      options.logger.error({ err: error }, "a response could not be written");
      res.destroy();
    });
  };
  server.on("request", handler);
  server.on("checkExpectation", handler);
  server.on("upgrade", (req, socket, head) => engine.upgrade(req, socket, head));
  server.on("clientError", (_error, socket) => refuse(socket, undefined, 400));
  await listen(server, options);
  server.on("error", (error) => options.logger.error({ err: error }, "the http server failed"));

  const closed = new Promise<void>((resolve) => {
    server.once("close", resolve);
  });
  let isListening = true;
  const stopListening = (): void => {
    if (!isListening) return;
    isListening = false;
    engine.refuseUpgrades();
    server.close();
  };
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    stopListening();
    await io.close();
    await engine.ended(CLOSE_GRACE_MS);
    engine.heartbeats.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    kind: "node",
    port: (server.address() as AddressInfo).port,
    io,
    stopListening,
    close: () => (closing ??= close()),
  };
}

function listen(server: Server, { host, port, isShared = false }: TransportOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "the port is in use" : error.message;
      reject(new OperatorError(`cannot listen on ${host}:${port}: ${why}`, { cause: error }));
    });
    server.listen({ host, port, exclusive: !isShared }, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}
