import { nanoid } from "nanoid";
import { io } from "socket.io-client";
import type { Socket } from "socket.io-client";
import type {
  CommandName,
  Data,
  EventName,
  Events,
  Payload,
  Refusal,
  Reply,
  WriteId,
} from "@driftsea/protocol";
import { checkEvent, checkReply } from "./wire-forms.ts";

/** Longest time that anything in a test is waited for, in ms. */
const PATIENCE_MS = 10_000;
/** What is told at once is on a screen within this, in ms; beside other tests a machine is late. */
export const AT_ONCE_MS = process.env["DRIFTSEA_LONG"] ? 1000 : 4000;

export const writeId = (): WriteId => nanoid<WriteId>();

/** A client over a real socket, as the page is one. What it hears must be as the wire is described. */
export class Visitor {
  readonly socket: Socket;
  readonly ready: Events["session:ready"];
  token: string;
  readonly seen: { event: string; payload: unknown }[];

  private constructor(
    socket: Socket,
    ready: Events["session:ready"],
    token: string,
    seen: { event: string; payload: unknown }[],
  ) {
    this.socket = socket;
    this.ready = ready;
    this.token = token;
    this.seen = seen;
  }

  /** Rejects with the refusal's `data` where the server does not let it in. */
  static async come(
    url: string,
    auth: {
      token?: string;
      blocksKey?: string;
      locale?: string;
      protocol?: unknown;
      puzzle?: unknown;
    } = {},
    extraHeaders: Record<string, string> = {},
  ): Promise<Visitor> {
    const socket = io(url, {
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
      auth: { protocol: 1, ...auth },
      extraHeaders,
    });
    const seen: { event: string; payload: unknown }[] = [];
    socket.onAny((event: string, payload: unknown) => {
      seen.push({ event, payload });
      checkEvent(event, payload);
    });
    const ready = await new Promise<Events["session:ready"]>((resolve, reject) => {
      socket.once("session:ready", resolve);
      socket.once("connect_error", (error: Error & { data?: Refusal }) => {
        reject(Object.assign(new Error(error.message), error.data));
        if (error.data) checkEvent("connect_error", error.data);
      });
    });
    return new Visitor(socket, ready, ready.token ?? auth.token!, seen);
  }

  async send<N extends CommandName>(name: N, payload: Payload<N>): Promise<Reply<Data<N>>> {
    return (await this.raw(name, payload)) as Reply<Data<N>>;
  }

  /** Sends whatever it is given. */
  async raw(name: string, ...args: unknown[]): Promise<Reply<unknown>> {
    const reply: unknown = await this.socket.timeout(PATIENCE_MS).emitWithAck(name, ...args);
    checkReply(name, args[0], reply);
    return reply as Reply<unknown>;
  }

  /** The data of a reply that must be ok. */
  async ask<N extends CommandName>(name: N, payload: Payload<N>): Promise<Data<N>> {
    const reply = await this.send(name, payload);
    if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.error)}`);
    return reply.data;
  }

  /** The code of a reply that must be an error. */
  async refused<N extends CommandName>(name: N, payload: Payload<N>): Promise<string> {
    const reply = await this.send(name, payload);
    if (reply.ok) throw new Error(`${name} was not refused`);
    return reply.error.code;
  }

  events<N extends EventName>(event: N): Events[N][] {
    return this.seen.filter((s) => s.event === event).map((s) => s.payload as Events[N]);
  }

  /** The first such event from the beginning on; waits for it. */
  async event<N extends EventName>(event: N, withinMs = PATIENCE_MS): Promise<Events[N]> {
    await until(() => this.events(event).length > 0, `${event} to come`, withinMs);
    return this.events(event)[0]!;
  }

  async throws(text: string, more: Partial<Payload<"bottle:throw">> = {}) {
    return (await this.ask("bottle:throw", { id: writeId(), text, ...more })).bottle;
  }

  /** Catches until a bottle comes; where the sea is calm, waits for one to drift in. */
  async catches(more: Payload<"bottle:catch"> = {}) {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const caught = await this.ask("bottle:catch", more);
      if (caught.outcome === "bottle") return caught;
      if (Date.now() > deadline) throw new Error(`no bottle, but ${caught.outcome}`);
      await pause(50);
    }
  }

  async answers(bottleId: Payload<"bottle:answer">["bottleId"], text: string) {
    return this.ask("bottle:answer", { id: writeId(), bottleId, text });
  }

  async leave(): Promise<void> {
    this.socket.disconnect();
  }
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Waits for a condition, at the longest `withinMs`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await pause(10);
  }
}
