import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import type { Socket } from "socket.io";

type Ack = (reply: object) => void;

export interface FakeServer {
  url: string;
  /** Puts everybody out. */
  putOut: () => void;
  close: () => Promise<void>;
}

/** What the fake does wrong. */
export interface Faults {
  /** Messages of rooms that are acknowledged and told to nobody: those of these numbers. */
  loses?: readonly number[];
  /** Those that are told twice. */
  doubles?: readonly number[];
  /** How long each command takes, one after the other, in ms. */
  slowMs?: number;
  /** Whoever comes with a token is refused with this code. */
  refuses?: string;
  /** So many are refused who ask for their bottles, and whoever asks while another is being answered. */
  busyLists?: number;
  /** The shortest life that a room may have, in ms. */
  shortestMs?: number;
  /** Bottles that were acknowledged and are in no list: those of these numbers. */
  drops?: readonly number[];
}

/** How long somebody's bottles take to be listed. */
const LIST_MS = 20;

/** A server with sessions, bottles that nobody catches, meetings and one room for all, which breaks its promises as it is told to. */
export async function startFakeServer(faults: Faults = {}): Promise<FakeServer> {
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"], serveClient: false });
  let head = 0;
  let queue: Promise<void> = Promise.resolve();
  const inTurn = (act: () => void): void => {
    const { slowMs } = faults;
    if (slowMs === undefined) act();
    else queue = queue.then(() => new Promise((done) => setTimeout(done, slowMs))).then(act);
  };
  let seeker: Socket | null = null;
  let thrown = 0;
  const bottles = new Map<string, { id: string }[]>();
  let { busyLists = 0 } = faults;
  let isListing = false;
  const listOf = async (socket: Socket, ack: Ack): Promise<void> => {
    if (isListing || busyLists > 0) {
      busyLists -= 1;
      ack({ ok: false, error: { code: "unavailable" } });
      return;
    }
    isListing = true;
    await new Promise((done) => setTimeout(done, LIST_MS));
    isListing = false;
    ack({ ok: true, data: { bottles: bottles.get(socket.id) ?? [], held: [] } });
  };
  const room = () => ({ id: "room", deadlineAt: Date.now() + 60_000, head });
  const handlers: Record<string, (socket: Socket, payload: never) => object> = {
    "session:quotas": () => ({}),
    "meet:seek": (socket) => {
      const meeting = { meetId: socket.id, roomId: "room" };
      for (const one of seeker ? [seeker, socket] : []) one.emit("meet:found", meeting);
      seeker = seeker ? null : socket;
      return {};
    },
    "meet:skip": () => ({}),
    "bottle:throw": (socket) => {
      thrown += 1;
      const bottle = { id: `b${thrown}` };
      const own = bottles.get(socket.id) ?? [];
      if (!faults.drops?.includes(thrown)) own.push(bottle);
      bottles.set(socket.id, own);
      return { bottle };
    },
    "bottle:catch": () => ({ outcome: "none" }),
    "room:create": () => ({ room: room() }),
    "room:enter": (socket) => {
      void socket.join("room");
      return { room: room(), messages: [], recovered: true };
    },
    "room:send": (_socket, { id, text }: { id: string; text: string }) => {
      head += 1;
      const event = { roomId: "room", message: { seq: head, id, text } };
      if (!faults.loses?.includes(head)) io.emit("room:message", event);
      if (faults.doubles?.includes(head)) io.emit("room:message", event);
      return { seq: head };
    },
  };
  io.use((socket, next) => {
    const { refuses: code } = faults;
    const isKnown = code !== undefined && "token" in socket.handshake.auth;
    next(isKnown ? Object.assign(new Error(code), { data: { code } }) : undefined);
  });
  io.on("connection", (socket) => {
    socket.emit("session:ready", { token: socket.id, serverTime: Date.now() });
    for (const [name, handle] of Object.entries(handlers)) {
      socket.on(name, (payload: { lifetime?: { ms: number } }, ack: Ack) => {
        if ((payload.lifetime?.ms ?? Infinity) < (faults.shortestMs ?? 0))
          return ack({ ok: false, error: { code: "invalid" } });
        inTurn(() => ack({ ok: true, data: handle(socket, payload as never) }));
      });
    }
    socket.on("bottle:mine", (_payload: object, ack: Ack) => void listOf(socket, ack));
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    putOut: () => io.disconnectSockets(true),
    close: async () => {
      await io.close();
    },
  };
}
