import { nanoid } from "nanoid";
import { Server, type ServerOptions, type Socket } from "socket.io";
import { Decoder, Encoder } from "socket.io-parser";
import { connectionOf } from "./connection.ts";
import { SOCKET_PATH } from "./upgrade.ts";

/** A connection that has joined no namespace by then is closed, in ms. */
const CONNECT_TIMEOUT_MS = 5000;

/**
 * With the grace that a room gives, a client that fell silent is out of it within 30 s (R7). Whom nobody sees is
 * asked less often: the pings are most of what an idle connection costs, here and on a telephone.
 */
export const HEARTBEAT = { intervalMs: 12_000, patience: 3, timeoutMs: 7000 };
/** Engine.IO's packet that asks for an answer. */
export const PING = "2";

/** Options of engine.io that both engines share. */
export const ENGINE_OPTIONS = {
  transports: ["websocket" as const],
  allowUpgrades: false,
  perMessageDeflate: false,
  httpCompression: false,
  /** The client gives up where it hears nothing for longer than both. */
  pingInterval: HEARTBEAT.intervalMs * HEARTBEAT.patience,
  pingTimeout: HEARTBEAT.timeoutMs,
  /** Above what any command may hold, so that one that is too long gets its reply `invalid`. */
  maxHttpBufferSize: 2 * 1024 * 1024,
};

/**
 * A command carries one attachment at most, a photo. By default ten may be announced, and a
 * connection that sends nine of them and waits would make the server hold those without end.
 */
class OneAttachmentDecoder extends Decoder {
  constructor() {
    super({ maxAttachments: 1 });
  }
}

/** What a connection may have waiting to be sent, in bytes; above it, it is closed. */
export const MAX_BACKPRESSURE_BYTES = 1024 * 1024;

/** Members of Socket.IO's `Namespace` and `Socket` that it declares private or read-only. */
interface SocketInternals {
  id: string;
  nsp: { _preConnectSockets: Map<string, unknown> };
}

/**
 * Socket.IO's own ids end in a counter of all sockets, and CONNECT tells it to the client: two
 * connections would show how many came in between.
 */
function giveRandomId(socket: Socket): void {
  const internals = socket as unknown as SocketInternals;
  const connecting = internals.nsp._preConnectSockets;
  connecting.delete(internals.id);
  internals.id = nanoid();
  connecting.set(internals.id, socket);
}

/** Socket.IO's server, not yet bound to an engine. */
export function createIo(adapter?: ServerOptions["adapter"]): Server {
  const io = new Server({
    path: SOCKET_PATH,
    serveClient: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    parser: { Encoder, Decoder: OneAttachmentDecoder },
    ...(adapter && { adapter }),
  });
  io.use((socket, next) => {
    giveRandomId(socket);
    next();
  });
  io.on("connection", (socket) => {
    const connection = connectionOf(socket);
    if (connection) connection.isStranger = false;
    // A drifter that has left `/`, or was put out, has nothing more to do here; were the
    // connection left open, it would still be one that is subscribed and counted.
    socket.once("disconnect", () => connection?.end());
  });
  return io;
}
