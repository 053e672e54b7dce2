import { once } from "node:events";
import { connect, type Socket as NetSocket } from "node:net";
import { pino } from "pino";
import type { Socket as ServerSocket } from "socket.io";
import { io as connectIo, type Socket as ClientSocket } from "socket.io-client";
import { WebSocket } from "ws";
import { openTransport } from "./open-transport.ts";
import type { Transport, TransportOptions } from "./transport.ts";

/** The suites run on each. */
export const KINDS = ["uws", "node"] as const;

const DEADLINE_MS = 6000;

export interface TestTransport extends Transport {
  counts: { admitted: number; released: number; metered: number };
  /** What was logged as a warning or worse, as JSON. */
  logged: string[];
  /** A socket.io-client that does not reconnect; closed with the transport. */
  client: () => ClientSocket;
  /** A WebSocket after the handshake of Engine.IO; closed with the transport. */
  raw: () => Promise<RawClient>;
  /** A bare TCP connection; closed with the transport. */
  net: () => Promise<NetSocket>;
}

/** Opens a transport that echoes `echo` and puts everybody into the channel `hall`. */
export async function openTest(
  kind: TransportOptions["kind"],
  overrides: Partial<TransportOptions> = {},
): Promise<TestTransport> {
  const counts = { admitted: 0, released: 0, metered: 0 };
  const logged: string[] = [];
  const cleanups: (() => void)[] = [];
  const transport = await openTransport({
    kind,
    host: "127.0.0.1",
    port: 0,
    logger: pino({ level: "warn" }, { write: (line: string) => void logged.push(line) }),
    admit: () => {
      counts.admitted += 1;
      return { admitted: true, release: () => void (counts.released += 1) };
    },
    handle: ({ path }) => ({ status: 404, headers: {}, body: `nothing at ${path}` }),
    meter: null,
    onMetered: () => void (counts.metered += 1),
    ...overrides,
  });
  const { port } = transport;
  transport.io.on("connection", (socket) => {
    void socket.join("hall");
    socket.on("echo", (value: unknown, ack?: unknown) => {
      if (typeof ack === "function") ack(value);
    });
  });
  return {
    ...transport,
    counts,
    logged,
    client: () => {
      const options = { transports: ["websocket"], forceNew: true, reconnection: false };
      const client = connectIo(`http://127.0.0.1:${port}`, options);
      cleanups.push(() => client.close());
      return client;
    },
    raw: async () => {
      const raw = new RawClient(port);
      cleanups.push(() => raw.websocket.terminate());
      await raw.next((packet) => packet.startsWith("0"));
      return raw;
    },
    net: async () => {
      const socket = connect(port, "127.0.0.1");
      cleanups.push(() => socket.destroy());
      socket.on("error", () => {});
      await within(once(socket, "connect"), "connect");
      return socket;
    },
    close: async () => {
      for (const cleanup of cleanups) cleanup();
      await within(transport.close(), "the transport's close");
    },
  };
}

/** The server's side of the next socket that connects. */
export function nextSocket(t: TestTransport): Promise<ServerSocket> {
  return within(new Promise((resolve) => t.io.once("connection", resolve)), "connection");
}

/** Speaks Engine.IO and Socket.IO by hand. */
export class RawClient {
  readonly websocket: WebSocket;
  readonly packets: string[] = [];
  readonly closed: Promise<void>;

  constructor(port: number) {
    const url = `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`;
    this.websocket = new WebSocket(url, { perMessageDeflate: false });
    this.websocket.on("message", (data: Buffer) => void this.packets.push(data.toString()));
    this.websocket.on("error", () => {});
    this.closed = new Promise((resolve) => {
      this.websocket.once("close", () => resolve());
    });
  }

  send(packet: string | Buffer): void {
    this.websocket.send(packet);
  }

  /** Joins `/`. */
  async join(): Promise<void> {
    this.send("40");
    await this.next((packet) => packet.startsWith("40"));
  }

  /** The first packet that fits, among those that came and those to come. */
  async next(fits: (packet: string) => boolean): Promise<string> {
    await eventually(() => this.packets.some(fits), "a packet");
    return this.packets.find(fits)!;
  }
}

/** Rejects where the promise takes longer than a test should. */
export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} in ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until something holds. */
export async function eventually(holds: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`${what}: not in ${DEADLINE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** The head of an upgrade; `lines` are further headers or, with the same name, other values. */
export function upgradeRequest(
  target = "/socket.io/?EIO=4&transport=websocket",
  lines: Record<string, string> = {},
): string {
  const headers = {
    host: "drift.example",
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...lines,
  };
  const text = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${target} HTTP/1.1\r\n${text.join("")}\r\n`;
}

/** A masked text frame of at most 125 bytes (RFC 6455, 5.2), with a mask of zeros. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** Everything a connection gets, as text. */
export function collect(socket: NetSocket): () => string {
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  return () => received;
}

/** Sends one request and gives the whole answer of a connection that then closes. */
export async function exchange(t: TestTransport, request: string): Promise<string> {
  const socket = await t.net();
  const received = collect(socket);
  const closed = once(socket, "close");
  socket.write(request);
  await within(closed, `end of the answer to ${JSON.stringify(request.slice(0, 80))}`);
  return received();
}
