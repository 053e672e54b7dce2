/*
 * Our engines as the protocol suites of socketio/socket.io expect a server to be: on port 3000, with short
 * heartbeats, and echoing; and as Autobahn's does: WebSockets that echo each message, and say nothing else.
 * `npm run protocol-suite -- engine|socket|websocket uws|node`; CONTRIBUTING says how the suites are run against it,
 * and which of their tests fail because this server is what it is.
 */
import { connect, createServer } from "node:net";
import { parseArgs } from "node:util";
import { Socket as EngineIoSocket } from "engine.io";
import { pino } from "pino";
import { Connection } from "../src/transport/connection.ts";
import { openTransport } from "../src/transport/open-transport.ts";
import { ENGINE_OPTIONS, HEARTBEAT } from "../src/transport/create-io.ts";

const PORT = 3000;
/** What the suites count on, in ms and bytes. */
const PING = { intervalMs: 300, patience: 1, timeoutMs: 200 };
const PAYLOAD_MAX = 1_000_000;
/** What Autobahn sends at most, in bytes, and longer than any of its cases lasts, in ms. */
const WEBSOCKET_PAYLOAD_MAX = 16 * 2 ** 20;
const LONG_MS = 60 * 60 * 1000;
/** Below the 2 s that each of their tests may take, in ms. */
const CONNECT_TIMEOUT_MS = 1000;

const [suite = "", kind = "uws"] = parseArgs({ allowPositionals: true }).positionals;
if (!["engine", "socket", "websocket"].includes(suite) || (kind !== "uws" && kind !== "node")) {
  console.error("usage: npm run protocol-suite -- engine|socket|websocket [uws|node]");
  process.exit(1);
}

const isBare = suite === "websocket";
Object.assign(HEARTBEAT, PING, isBare && { intervalMs: LONG_MS });
Object.assign(ENGINE_OPTIONS, {
  pingInterval: PING.intervalMs,
  pingTimeout: PING.timeoutMs,
  maxHttpBufferSize: isBare ? WEBSOCKET_PAYLOAD_MAX : PAYLOAD_MAX,
});
if (isBare) bare();

/** Engine.IO says nothing, and what comes goes back as it was. */
function bare(): void {
  Object.assign(EngineIoSocket.prototype, {
    onOpen(this: { readyState: string }) {
      this.readyState = "open";
    },
  });
  Connection.prototype.receive = function (frame, isBinary) {
    const { socket } = this.engineSocket.transport as unknown as {
      socket: { send: (data: Buffer, how: boolean | { binary: boolean }) => void };
    };
    socket.send(frame, kind === "uws" ? isBinary : { binary: isBinary });
  };
}

const { io, port } = await openTransport({
  kind,
  host: "127.0.0.1",
  port: 0,
  logger: pino({ level: "warn" }),
  admit: () => ({ admitted: true, release: () => {} }),
  handle: () => ({ status: 404, headers: {}, body: "" }),
  meter: null,
  onMetered: () => {},
});
if (suite === "engine") {
  io.engine.removeAllListeners("connection");
  io.engine.on("connection", (socket: EngineSocket) =>
    socket.on("message", (data) => socket.send(data)),
  );
} else {
  io.connectTimeout(isBare ? LONG_MS : CONNECT_TIMEOUT_MS);
  io.on("connection", (socket) => {
    socket.emit("auth", socket.handshake.auth);
    socket.on("message", (...args: unknown[]) => socket.emit("message-back", ...args));
    socket.on("message-with-ack", (...args: unknown[]) => {
      const ack = args.pop() as (...answer: unknown[]) => void;
      ack(...args);
    });
  });
}

interface EngineSocket {
  on: (event: "message", listener: (data: string | Buffer) => void) => void;
  send: (data: string | Buffer) => void;
}

// One suite asks at /engine.io/: the path is all that is changed on the way.
createServer((client) => {
  const server = connect(port, "127.0.0.1");
  client.once("data", (first) => {
    server.write(first.toString("latin1").replace(" /engine.io/", " /socket.io/"), "latin1");
    client.pipe(server);
  });
  server.pipe(client);
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
}).listen(PORT, "127.0.0.1", () =>
  console.log(`the ${suite} suite's server, on ${kind}, is at http://localhost:${PORT}`),
);
