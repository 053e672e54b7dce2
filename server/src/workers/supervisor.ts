import type { Logger } from "pino";
import { OperatorError } from "../lib/errors.ts";

/** A worker that has lived so long has not failed by its start, in ms. */
const STEADY_MS = 10_000;
/** So often in a row one may fail within that time, where no other serves: a start does not mend that. */
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

export interface SupervisorParts {
  count: number;
  start: () => Worker;
  logger: Logger;
}

/** Keeps a number of workers running: starts again what ends, and gives up where that is of no use. */
export class Supervisor {
  readonly #p: SupervisorParts;
  readonly #running = new Set<Worker>();
  readonly #serving = new Set<Worker>();
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
    const worker = this.#start(0);
    const served = await worker.ready;
    if (served) return served;
    await this.stop();
    throw new OperatorError(`a worker did not come up (${await worker.ended})`);
  }

  #start(failures: number): Worker {
    const worker = this.#p.start();
    const startedAt = performance.now();
    let hasServed = failures > 0;
    void worker.ready.then((served) => {
      hasServed ||= served !== null;
      if (served && this.#running.has(worker)) this.#serving.add(worker);
    });
    this.#running.add(worker);
    void worker.ended.then((how) => {
      this.#running.delete(worker);
      this.#serving.delete(worker);
      if (this.#stopping || !hasServed) return;
      const isSteady = performance.now() - startedAt >= STEADY_MS;
      this.#again(isSteady ? 1 : failures + 1, how);
    });
    return worker;
  }

  #again(failures: number, how: string): void {
    const { logger } = this.#p;
    // Where others serve, what keeps this one from coming up, as a store that is away, may pass.
    if (failures > FAILURES_MAX && this.#serving.size === 0) {
      logger.fatal({ how }, "a worker ends again and again: giving up");
      this.#hasCrashed = true;
      void this.stop();
      return;
    }
    const afterMs = BACKOFF_MS * 2 ** (Math.min(failures, FAILURES_MAX) - 1);
    logger.error({ how, afterMs }, "a worker has ended and is started again");
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#start(failures);
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
