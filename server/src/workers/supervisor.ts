import type { Logger } from "pino";
import { OperatorError } from "../lib/errors.ts";

/** A worker that has lived so long has not failed by its start, in ms. */
const STEADY_MS = 10_000;
/** So often in a row each may fail within that time: then something is wrong that a start does not mend. */
const FAILURES_MAX = 5;
/** Before the first restart, in ms; doubled with each failure. */
const BACKOFF_MS = 100;
/** Who has not ended by then is ended, in ms. */
const STOP_WITHIN_MS = 9300;

/** One process that serves. */
export interface Worker {
  /** Resolves when it serves; to nothing where it ends before. */
  ready: Promise<{ transport: "uws" | "node" } | null>;
  /** Resolves to how it ended, for the log. */
  ended: Promise<string>;
  /** Asks it to finish what it has in work and go. */
  stop: () => void;
  kill: () => void;
}

/** Of one worker after the other: how often in a row it failed, and whether the one that is there serves. */
interface Place {
  failures: number;
  serves: boolean;
}

const isGivenUp = ({ failures, serves }: Place): boolean => failures > FAILURES_MAX && !serves;

export interface SupervisorParts {
  count: number;
  start: () => Worker;
  logger: Logger;
}

/** Keeps a number of workers running: starts again what ends, and gives up where that is of no use. */
export class Supervisor {
  readonly #p: SupervisorParts;
  readonly #running = new Set<Worker>();
  readonly #places: Place[] = [];
  readonly #waiting = new Set<NodeJS.Timeout>();
  #stopping: Promise<void> | null = null;
  #end: (how: "stopped" | "crashed") => void = () => {};
  /** Resolves when all have ended: by `stop`, or because one has failed again and again. */
  readonly over = new Promise<"stopped" | "crashed">((resolve) => (this.#end = resolve));
  #hasCrashed = false;

  constructor(parts: SupervisorParts) {
    this.#p = parts;
  }

  /**
   * Resolves when all serve. The first alone: what keeps it from serving is said once.
   * @throws OperatorError where one ends before it has served.
   */
  async open(): Promise<{ transport: "uws" | "node" }> {
    const first = await this.#first();
    await Promise.all(Array.from({ length: this.#p.count - 1 }, () => this.#first()));
    return first;
  }

  async #first(): Promise<{ transport: "uws" | "node" }> {
    const place: Place = { failures: 0, serves: false };
    this.#places.push(place);
    const worker = this.#start(place);
    const served = await worker.ready;
    if (served) return served;
    await this.stop();
    throw new OperatorError(`a worker did not come up (${await worker.ended})`);
  }

  #start(place: Place): Worker {
    const worker = this.#p.start();
    const startedAt = performance.now();
    let hasServed = place.failures > 0;
    void worker.ready.then((served) => {
      if (!served) return;
      hasServed = true;
      place.serves = this.#running.has(worker);
    });
    this.#running.add(worker);
    void worker.ended.then((how) => {
      this.#running.delete(worker);
      place.serves = false;
      if (this.#stopping || !hasServed) return;
      const isSteady = performance.now() - startedAt >= STEADY_MS;
      place.failures = isSteady ? 1 : place.failures + 1;
      this.#again(place, how);
    });
    return worker;
  }

  #again(place: Place, how: string): void {
    const { logger } = this.#p;
    // Where others serve, what keeps this one from coming up, as a store that is away, may pass.
    if (this.#places.every(isGivenUp)) {
      logger.fatal({ how }, "workers end again and again: giving up");
      this.#hasCrashed = true;
      void this.stop();
      return;
    }
    const afterMs = BACKOFF_MS * 2 ** (Math.min(place.failures, FAILURES_MAX) - 1);
    logger.error({ how, afterMs }, "a worker has ended and is started again");
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#start(place);
    }, afterMs);
    this.#waiting.add(timer);
  }

  /** Resolves when all have ended. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    for (const timer of this.#waiting) clearTimeout(timer);
    const all = [...this.#running];
    const late = setTimeout(() => {
      for (const worker of this.#running) worker.kill();
    }, STOP_WITHIN_MS);
    for (const worker of all) worker.stop();
    await Promise.all(all.map((worker) => worker.ended));
    clearTimeout(late);
    this.#end(this.#hasCrashed ? "crashed" : "stopped");
  }
}
