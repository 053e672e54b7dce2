import { nanoid } from "nanoid";
import type { CommandName, Data, EventName, Events, Payload, WriteId } from "@driftsea/protocol";
import { now } from "../measure/clock.ts";
import type { Operations } from "../measure/operations.ts";
import type { Tell } from "../ledger/facts.ts";
import { Client } from "../net/client.ts";
import type { Answer } from "../net/client.ts";
import { LineError } from "../net/line.ts";
import { socketUrl, sourceOf } from "../net/target.ts";
import { pause } from "./together.ts";

/** What the scenario of one process works with. */
export interface Crew {
  /** Tells this run's things from those of people, and of other runs. */
  runId: string;
  url: URL;
  /** Number of this process, from 0. */
  worker: number;
  workers: number;
  /** Connections that are its own. */
  connections: number;
  /** Number of the first of them: those before belong to another part of a mixed scenario. */
  firstNumber: number;
  /** Characters of a text. */
  payload: number;
  /** Members of a room. */
  size: number;
  operations: Operations;
  tell: Tell;
  /** How long those who lose their line try to come back, as the page does, and repeat what was not answered. */
  comeBack: false | { withinMs: number };
  /** All that are connected, for the sweep. */
  clients: Set<Client>;
}

export const writeId = (): WriteId => nanoid<WriteId>();

/** Longest wait for the first word of the server, in ms. */
const READY_WITHIN_MS = 10_000;
/** The page's pauses before it tries again: half of the first to half as much again, then twice as long, in ms. */
const BACK_AFTER_MS = 500;
const BACK_AFTER_MAX_MS = 8000;
/** With these a server lets nobody in again within a run, however often he comes. */
const REFUSALS: readonly string[] = ["unauthorized", "banned"];
/** So often is repeated what nobody answered. */
const TRIES_MAX = 5;

/** One drifter over one connection; with his token he can come back. */
export class User {
  /** Unique in the run. */
  readonly name: string;
  readonly #crew: Crew;
  readonly #number: number;
  /** Events of the server, until `cut` or `close`. */
  onEvent: <N extends EventName>(event: N, data: Events[N]) => void = () => {};
  /** What it does once it is back, before it asks for anything again. */
  onBack: (() => Promise<unknown>) | null = null;
  token: string | undefined;
  /** What the server's clock is ahead by, in ms, less the way of a message. */
  aheadMs = 0;
  #client: Client | null = null;
  /** While it is away and will be back. */
  #back: Promise<void> | null = null;

  /** @param number Among the connections of its crew, from 0. */
  constructor(crew: Crew, number: number) {
    this.#crew = crew;
    this.#number = crew.firstNumber + number;
    this.name = `${crew.worker}.${this.#number}`;
  }

  get isConnected(): boolean {
    return this.#client?.isOpen ?? false;
  }

  get heartbeats(): number {
    return this.#client?.heartbeats ?? 0;
  }

  /**
   * Connects, and counts it as `connect`; false where it failed, which is counted too.
   * @param scheduledAt When it was due.
   */
  async connect(scheduledAt = now()): Promise<boolean> {
    const { operations } = this.#crew;
    const sentAt = now();
    try {
      await this.#connect();
      operations.done("connect", scheduledAt, sentAt, now());
      return true;
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      operations.failed("connect", scheduledAt, error.code);
      this.#isRefused(error);
      return false;
    }
  }

  /** Whether who was known before is not let in any more, which is a loss. */
  #isRefused({ code }: LineError): boolean {
    if (this.token === undefined || !REFUSALS.includes(code)) return false;
    const text = `${this.name} came back with his token and was refused: ${code}`;
    this.#crew.tell({ fact: "broken", kind: "lost", text });
    return true;
  }

  async #connect(): Promise<void> {
    const { url, worker, workers, clients, operations } = this.#crew;
    let timer: NodeJS.Timeout | undefined;
    let ready: (event: Events["session:ready"]) => void = () => {};
    const isReady = new Promise<Events["session:ready"]>((resolve, reject) => {
      ready = resolve;
      timer = setTimeout(() => reject(new LineError("timeout")), READY_WITHIN_MS);
    });
    isReady.catch(() => {});
    const from = sourceOf(url, this.#number * workers + worker);
    const auth = { protocol: 1, ...(this.token !== undefined && { token: this.token }) };
    try {
      let client: Client | null = null;
      client = await Client.connect(
        { url: socketUrl(url), from, auth },
        {
          event: (name, data) => {
            if (name === "session:ready") ready(data as Events["session:ready"]);
            this.onEvent(name as EventName, data as never);
          },
          lost: (reason) => {
            // Not yet let in: whoever connects is told by what he awaits.
            if (!client) return;
            clients.delete(client);
            const { comeBack } = this.#crew;
            if (comeBack) this.#back ??= this.#comeBack(now(), comeBack.withinMs);
            else operations.lost(reason);
          },
        },
      );
      this.#client = client;
      clients.add(client);
      const { token, serverTime } = await isReady;
      this.token = token ?? this.token;
      this.aheadMs = serverTime - Date.now();
    } finally {
      clearTimeout(timer);
    }
  }

  /** Until it is connected, refused for good, or too late: then what is asked of it is answered with `closed`. */
  async #comeBack(lostAt: number, withinMs: number): Promise<void> {
    const { operations } = this.#crew;
    for (let afterMs = BACK_AFTER_MS; ; afterMs = Math.min(2 * afterMs, BACK_AFTER_MAX_MS)) {
      await pause(afterMs * (0.5 + Math.random()));
      try {
        await this.#connect();
        await this.onBack?.();
      } catch (error) {
        if (!(error instanceof LineError)) throw error;
        if (this.#isRefused(error)) {
          operations.failed("back", lostAt, error.code);
          break;
        }
      }
      if (this.isConnected) {
        operations.done("back", lostAt, lostAt, now());
        break;
      }
      if (now() - lostAt > withinMs) {
        operations.failed("back", lostAt, "never");
        const text = `${this.name} could not come back within ${withinMs} ms`;
        this.#crew.tell({ fact: "broken", kind: "lost", text });
        break;
      }
    }
    this.#back = null;
  }

  /** Sends a command and counts it as this operation; null where the reply was an error. */
  async ask<N extends CommandName>(
    operation: string,
    scheduledAt: number,
    name: N,
    payload: Payload<N>,
  ): Promise<Data<N> | null> {
    const { operations } = this.#crew;
    const sentAt = now();
    const answer = await this.reply(name, payload);
    if (answer.ok) {
      operations.done(operation, scheduledAt, sentAt, now());
      return answer.data as Data<N>;
    }
    operations.failed(operation, scheduledAt, answer.error.code);
    return null;
  }

  /** Sends a command that is not measured. */
  async reply<N extends CommandName>(name: N, payload: Payload<N>): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      await this.#back;
      const answer = await this.replyOnce(name, payload);
      // Nobody knows what became of it; the same write is one write.
      const isOpen = !answer.ok && answer.error.code === "closed" && this.#back !== null;
      if (!isOpen || tries === TRIES_MAX) return answer;
    }
  }

  /** As `reply`, also on the way back; `closed` where the line is lost meanwhile. */
  replyOnce<N extends CommandName>(name: N, payload: Payload<N>): Promise<Answer> {
    return new Promise((done) => {
      if (this.#client) this.#client.ask(name, payload, done);
      else done({ ok: false, error: { code: "closed" } });
    });
  }

  /** As `reply`. @throws Error where it is refused: without it the scenario cannot begin */
  async must<N extends CommandName>(name: N, payload: Payload<N>): Promise<Data<N>> {
    const answer = await this.reply(name, payload);
    if (!answer.ok) throw new Error(`${name} was refused: ${answer.error.code}`);
    return answer.data as Data<N>;
  }

  close(): void {
    if (this.#client) this.#crew.clients.delete(this.#client);
    this.#client?.close();
  }

  /** Loses its net. */
  cut(): void {
    if (this.#client) this.#crew.clients.delete(this.#client);
    this.#client?.cut();
  }
}
