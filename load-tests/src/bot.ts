import { nanoid } from "nanoid";
import { io } from "socket.io-client";
import type { Socket } from "socket.io-client";
import type {
  CommandName,
  Data,
  Events,
  Payload,
  Refusal,
  Reply,
  ThreadId,
  WriteId,
} from "@driftsea/protocol";
import type { Latencies } from "./latencies.ts";
import type { Ledger } from "./ledger.ts";

/** Longest wait for a reply, in ms. */
const PATIENCE_MS = 10_000;

/** What all bots of a run share. */
export interface Run {
  url: string;
  ledger: Ledger;
  latencies: Latencies;
  /** When an acknowledged thing was sent, by what it is, so that its arrival can be timed. */
  sentAt: Map<string, number>;
}

/** One visitor: throws, catches, answers, and writes back to whoever answers him. */
export class Bot {
  readonly #run: Run;
  readonly #number: number;
  readonly #socket: Socket;

  /** What the server's clock is ahead by, in ms; a little less, for the way of the message. */
  readonly #aheadMs: number;

  private constructor(run: Run, number: number, socket: Socket, serverTime: number) {
    this.#aheadMs = serverTime - Date.now();
    this.#run = run;
    this.#number = number;
    this.#socket = socket;
    socket.on("bottle:answered", ({ bottleId, thread }: Events["bottle:answered"]) => {
      this.#arrived("answer told", `answer to ${bottleId}`);
      void this.#thank(thread.id);
    });
    socket.on("thread:message", ({ message }: Events["thread:message"]) => {
      if (!message.mine) this.#arrived("letter told", `letter ${message.text}`);
    });
  }

  /** @throws Error with the reason where the server does not let it in. */
  static async connect(run: Run, number: number): Promise<Bot> {
    const socket = io(run.url, {
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
      timeout: PATIENCE_MS,
      auth: { protocol: 1 },
    });
    return run.latencies.time("connect", () => {
      return new Promise((resolve, reject) => {
        socket.once("session:ready", ({ serverTime }: Events["session:ready"]) => {
          resolve(new Bot(run, number, socket, serverTime));
        });
        socket.once("connect_error", (error: Error & { data?: Refusal }) => {
          socket.close();
          reject(new Error(error.data?.code ?? error.message));
        });
      });
    });
  }

  async throwBottle(): Promise<void> {
    const text = `A bottle of a load test. ${nanoid(6)}`;
    const id = nanoid<WriteId>();
    const data = await this.#ask("bottle:throw", { id, text, lifetimeMs: 3_600_000 });
    if (data) this.#run.ledger.thrown(data.bottle.id, this.#number);
  }

  /** Catches; answers what this run threw, and throws back what people did. */
  async catchBottle(): Promise<void> {
    const { ledger, sentAt } = this.#run;
    const sentAtMs = Date.now() + this.#aheadMs;
    const data = await this.#ask("bottle:catch", {});
    if (data?.outcome !== "bottle") return;
    const bottleId = data.bottle.id;
    // Its lease ends with its life at the latest.
    ledger.caught(bottleId, this.#number, sentAtMs - data.leaseEndsAt);
    if (!ledger.isOurs(bottleId) && !data.bottle.text.startsWith("A bottle of a load test.")) {
      ledger.letGo(bottleId);
      await this.#ask("bottle:release", { bottleId });
      return;
    }
    const what = `answer to ${bottleId}`;
    sentAt.set(what, performance.now());
    const id = nanoid<WriteId>();
    const answered = await this.#ask("bottle:answer", { id, bottleId, text: `Answer ${id}` });
    if (answered) ledger.acknowledged(what);
  }

  async #thank(threadId: ThreadId): Promise<void> {
    const id = nanoid<WriteId>();
    const text = `Thanks ${id}`;
    const what = `letter ${text}`;
    this.#run.sentAt.set(what, performance.now());
    const sent = await this.#ask("thread:send", { id, threadId, text });
    if (sent) this.#run.ledger.acknowledged(what);
  }

  #arrived(name: string, what: string): void {
    const { ledger, latencies, sentAt } = this.#run;
    ledger.arrived(what);
    const sent = sentAt.get(what);
    if (sent !== undefined) latencies.add(name, performance.now() - sent);
  }

  /** The data of a reply; null where it was an error, which the ledger then has. */
  async #ask<N extends CommandName>(name: N, payload: Payload<N>): Promise<Data<N> | null> {
    const { ledger, latencies } = this.#run;
    try {
      const reply = await latencies.time(name, async () => {
        const answer: unknown = await this.#socket.timeout(PATIENCE_MS).emitWithAck(name, payload);
        return answer as Reply<Data<N>>;
      });
      if (reply.ok) return reply.data;
      ledger.failed(name, reply.error.code);
    } catch {
      ledger.failed(name, `no reply in ${PATIENCE_MS} ms`);
    }
    return null;
  }

  /** Leaves nothing behind: what it threw, wrote and was. */
  async forget(): Promise<void> {
    await this.#socket
      .timeout(PATIENCE_MS)
      .emitWithAck("session:forget", {})
      .catch(() => {});
    this.#socket.close();
  }

  close(): void {
    this.#socket.close();
  }
}
