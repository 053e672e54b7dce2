import { signal } from "@preact/signals";
import { PROTOCOL_VERSION } from "@driftsea/protocol";
import type {
  CommandName,
  Data,
  EventName,
  Events,
  Payload,
  PuzzleSolution,
  Refusal,
  Reply,
} from "@driftsea/protocol";
import { io } from "socket.io-client";
import type { Socket } from "socket.io-client";
import { language } from "./choices.ts";
import { solved } from "./puzzle/late.ts";
import { BLOCKS_KEY, load, save } from "./store.ts";

/** Where the line to the server stands. Exactly one of these, and the page has a quiet word for each. */
export type ConnectionState =
  | { is: "connecting" }
  | { is: "ready" }
  | { is: "reconnecting" }
  | { is: "offline" }
  | { is: "draining" }
  /** So many come that a puzzle is solved first. */
  | { is: "crowded" }
  /** The server speaks another version: the page must be loaded again. */
  | { is: "outdated" }
  /** `untilAt`: it may be tried again then, by the server's clock. */
  | { is: "refused"; code: string; untilAt?: number };

export const connection = signal<ConnectionState>({ is: "connecting" });
/** The old token was no longer known: this browser is somebody new. */
export const isSomebodyNew = signal(false);

/** How long a reply is waited for, in ms. */
const REPLY_MS = 8000;
/** One who is kept out tries again once a day at least: browsers' timers cannot wait for weeks. */
const DAY_MS = 24 * 60 * 60 * 1000;
let socket: Socket | null = null;
let clockOffsetMs = 0;
let drainingUntil = 0;
let puzzle: PuzzleSolution | null = null;
/** The token that this tab came with. */
let sent: string | null = null;

/** The server's time, ms since 1970. */
export const serverNow = (): number => Date.now() + clockOffsetMs;

type Listener = (event: string, payload: never) => void;
let listener: Listener = () => {};

export function connect(onEvent: Listener): void {
  listener = onEvent;
  socket = io({
    transports: ["websocket"],
    auth: (give) => {
      sent = load("token");
      give({
        protocol: PROTOCOL_VERSION,
        locale: language.peek(),
        ...(sent === null ? { ...former(), ...(puzzle && { puzzle }) } : { token: sent }),
      });
    },
    reconnectionDelay: 500,
    reconnectionDelayMax: 8000,
  });
  socket.onAny((event: string, payload: unknown) => receive(event as EventName, payload as never));
  socket.on("connect_error", (error: Error & { data?: Refusal }) => refused(error.data));
  socket.on("disconnect", (reason) => {
    if (connection.value.is !== "outdated") lost();
    if (reason === "io server disconnect") retry(1000);
  });
  // The old line may be dead without knowing it.
  addEventListener("online", () => {
    socket?.disconnect();
    wake();
  });
  addEventListener("offline", lost);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) wake();
  });
}

/** Who was kept apart from this browser stays so under a new name. */
function former(): { blocksKey?: string } {
  const blocksKey = load(BLOCKS_KEY);
  return blocksKey === null ? {} : { blocksKey };
}

function receive(event: EventName, payload: never): void {
  if (event === "session:ready") {
    const ready = payload as Events["session:ready"];
    if (ready.token !== undefined) {
      // Another tab has become somebody meanwhile: this one is the same.
      if (sent === null && load("token") !== null) return reconnect();
      save("token", ready.token);
    }
    if (ready.blocksKey !== undefined) save(BLOCKS_KEY, ready.blocksKey);
    clockOffsetMs = ready.serverTime - Date.now();
    connection.value = { is: "ready" };
  } else if (event === "session:draining") {
    drainingUntil = Date.now() + 30_000;
    connection.value = { is: "draining" };
  }
  listener(event, payload);
}

function lost(): void {
  if (!navigator.onLine) connection.value = { is: "offline" };
  else connection.value = { is: Date.now() < drainingUntil ? "draining" : "reconnecting" };
}

function refused(data: Refusal | undefined): void {
  // Without data it is the network: Socket.IO tries again by itself.
  if (!data) return lost();
  switch (data.code) {
    case "unauthorized":
      if (sent === null) {
        connection.value = { is: "refused", code: data.code };
        return;
      }
      if (load("token") === sent) save("token", null);
      isSomebodyNew.value = true;
      return retry(0);
    case "protocol_unsupported":
      connection.value = { is: "outdated" };
      return;
    case "puzzle_required":
      connection.value = { is: "crowded" };
      void solved(data.puzzle).then((solution) => {
        puzzle = solution;
        retry(solution ? 0 : 2000);
      });
      return;
    case "overloaded":
      lost();
      return retry((data.retryAfterMs ?? 2000) * (1 + Math.random()));
    case "banned": {
      const waitMs = data.retryAfterMs ?? 0;
      connection.value = { is: "refused", code: data.code, untilAt: serverNow() + waitMs };
      return retry(Math.min(waitMs, DAY_MS));
    }
    default:
      connection.value = { is: "refused", code: data.code };
  }
}

function retry(afterMs: number): void {
  setTimeout(() => socket?.connect(), afterMs);
}

/** Asks the sea to be let in now, where that may help. */
export function wake(): void {
  const { is } = connection.value;
  // While a puzzle is being solved, another try would only bring another one.
  if (socket && !socket.connected && is !== "outdated" && is !== "crowded") socket.connect();
}

/** Tells the server another language, by coming again. */
export function reconnect(): void {
  socket?.disconnect().connect();
}

/** One try: null where no reply came, so that it is not known whether it was done. */
export async function send<N extends CommandName>(
  name: N,
  payload: Payload<N>,
  replyMs = REPLY_MS,
): Promise<Reply<Data<N>> | null> {
  if (!socket?.connected) return null;
  try {
    return (await socket.timeout(replyMs).emitWithAck(name, payload)) as Reply<Data<N>>;
  } catch {
    return null;
  }
}
