import type { CommandName, Data, EventName, Events, Payload } from "@driftsea/protocol";
import type { Rng } from "../../../server/src/lib/random.ts";
import { Client } from "../net/client.ts";
import type { Answer } from "../net/client.ts";
import { LineError } from "../net/line.ts";
import { socketUrl } from "../net/target.ts";
import { pause } from "../run/together.ts";

/** Longest wait for the first word of the server, in ms. */
const READY_WITHIN_MS = 10_000;
/** After these the same write is sent again. */
const AGAIN = new Set(["closed", "timeout", "unavailable", "overloaded"]);
const AGAIN_AFTER_MS = 50;
/** Heartbeats and replies that do not come are looked for so often, in ms. */
const SWEEP_MS = 500;

/** A write was refused for good. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly code: string;
  constructor(command: string, code: string, who = "") {
    super(`${command} was refused: ${code}${who}`);
    this.code = code;
  }
}

/** All drifters of a run, and how they try again. */
export interface Shore {
  rng: Rng;
  /** Pause before the n-th try to come back (from 0), in ms. */
  backAfterMs: (tries: number) => number;
  /** Whoever is there, for the sweep. */
  drifters: Set<Drifter>;
  onAnswer?: (sentAt: number, answer: Answer) => void;
}

/** Looks after all lines; to be ended with `clearInterval`. */
export function sweepEach(shore: Shore): NodeJS.Timeout {
  return setInterval(() => {
    for (const drifter of shore.drifters) drifter.sweep();
  }, SWEEP_MS);
}

/** Comes back whatever happens, and sends a write again, with its id, until it is acknowledged. */
export class Drifter {
  readonly name: string;
  token: string | undefined;
  /** What the server's clock is ahead by, in ms, less the way of a message. */
  aheadMs = 0;
  onEvent: <N extends EventName>(event: N, data: Events[N]) => void = () => {};
  /** Before the first write on a new line. */
  onBack: () => Promise<void> = async () => {};
  /** How often it has lost its line. */
  losses = 0;
  /** Why the last line ended, and when it was back; ms of this process. */
  lostBy = "";
  backAt = 0;
  readonly #shore: Shore;
  #url: URL;
  #client: Client | null = null;
  #isIn: Promise<void> = Promise.resolve();
  #isComing = false;
  #isOver = false;

  constructor(shore: Shore, url: URL, name: string) {
    this.#shore = shore;
    this.#url = url;
    this.name = name;
    shore.drifters.add(this);
  }

  get isThere(): boolean {
    return this.#client?.isOpen ?? false;
  }

  /** Resolves once it is connected, however often that has to be tried. */
  come(): Promise<void> {
    this.#isIn = this.#come();
    return this.#isIn;
  }

  async #come(): Promise<void> {
    this.#isComing = true;
    for (let tries = 0; !this.#isOver; tries += 1) {
      try {
        await this.#connect();
        await this.onBack();
        if (!this.isThere) throw new Gone("closed");
        this.backAt = performance.now();
        this.#isComing = false;
        return;
      } catch (error) {
        if (!(error instanceof LineError) && !(error instanceof Gone)) throw error;
        if (error instanceof LineError && error.code === "unauthorized")
          throw new Error(`${this.name} is not known any more`, { cause: error });
        await pause(this.#shore.backAfterMs(tries));
      }
    }
  }

  async #connect(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let ready: (event: Events["session:ready"]) => void = () => {};
    let fail: (error: LineError) => void = () => {};
    const isReady = new Promise<Events["session:ready"]>((resolve, reject) => {
      ready = resolve;
      fail = reject;
      timer = setTimeout(() => reject(new LineError("timeout")), READY_WITHIN_MS);
    });
    isReady.catch(() => {});
    const auth = { protocol: 1, ...(this.token !== undefined && { token: this.token }) };
    let own: Client | null = null;
    try {
      const client = await Client.connect(
        { url: socketUrl(this.#url), auth },
        {
          event: (name, data) => {
            if (name === "session:ready") ready(data as Events["session:ready"]);
            this.onEvent(name as EventName, data as never);
          },
          lost: (reason) => {
            fail(new LineError("closed"));
            if (own !== null && own === this.#client) this.#lost(reason);
          },
        },
      );
      own = client;
      const { token, serverTime } = await isReady.catch((error: unknown) => {
        client.cut();
        throw error;
      });
      this.token = token ?? this.token;
      this.aheadMs = serverTime - Date.now();
      if (this.#isOver) client.close();
      this.#client = client;
      if (!client.isOpen) throw new LineError("closed");
    } finally {
      clearTimeout(timer);
    }
  }

  #lost(reason: string): void {
    this.losses += 1;
    this.lostBy = reason;
    this.#client = null;
    // Whoever is on his way goes on trying.
    if (this.#isOver || this.#isComing) return;
    this.#isIn = pause(this.#shore.backAfterMs(0)).then(() => this.#come());
    // Whoever writes awaits it.
    this.#isIn.catch(() => {});
  }

  /** One try. */
  ask<N extends CommandName>(name: N, payload: Payload<N>): Promise<Answer> {
    const sentAt = performance.now();
    return new Promise((resolve) => {
      const done = (answer: Answer): void => {
        this.#shore.onAnswer?.(sentAt, answer);
        resolve(answer);
      };
      if (this.#client) this.#client.ask(name, payload, done);
      else done({ ok: false, error: { code: "closed" } });
    });
  }

  /** On this line or not at all: what `onBack` needs. @throws Refused, Gone */
  async must<N extends CommandName>(name: N, payload: Payload<N>): Promise<Data<N>> {
    const answer = await this.ask(name, payload);
    if (answer.ok) return answer.data as Data<N>;
    if (!AGAIN.has(answer.error.code)) throw new Refused(name, answer.error.code);
    this.cut();
    throw new Gone(answer.error.code);
  }

  /** Until it is acknowledged; the payload has its id. @throws Refused */
  async write<N extends CommandName>(name: N, payload: Payload<N>): Promise<Data<N>> {
    for (;;) {
      await this.#isIn;
      const answer = await this.ask(name, payload);
      if (answer.ok) return answer.data as Data<N>;
      if (this.#isOver || !AGAIN.has(answer.error.code)) {
        const age = Math.round(performance.now() - this.backAt);
        throw new Refused(
          name,
          answer.error.code,
          `; ${this.name}, ${this.losses} lines lost (${this.lostBy}), on this one for ${age} ms`,
        );
      }
      await pause(AGAIN_AFTER_MS);
    }
  }

  sweep(): void {
    this.#client?.sweep(performance.now());
  }

  /** Loses its net, and does not come back by itself. */
  cut(): void {
    this.#client?.cut();
    this.#client = null;
  }

  /** Loses its net, and comes back as after any loss. */
  drop(): void {
    this.cut();
    this.#lost("dropped");
  }

  /** Reads nothing of what comes, until told to. */
  stopReading(): void {
    this.#client!.stopReading();
  }
  readOn(): void {
    this.#client?.readOn();
  }

  close(): void {
    this.#isOver = true;
    this.#shore.drifters.delete(this);
    this.#client?.close();
  }
}

/** The line ended while it was being taken up again. */
class Gone extends Error {
  override readonly name = "Gone";
}
