import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Ledger } from "../ledger/ledger.ts";
import type { GeneratorLoad } from "../measure/generator.ts";
import { addMeasured, emptyMeasured } from "../measure/operations.ts";
import type { Measured, SecondOf } from "../measure/operations.ts";
import type { Arrivals, Assignment, FromWorker, Round, ToWorker } from "./messages.ts";

/** A thread that has not ended so long after it was asked to is ended, in ms. */
const LEAVE_WITHIN_MS = 2000;

/** What all threads together found in one round. */
export interface RoundResult {
  operations: Record<string, Measured>;
  arrivals: Arrivals;
  /** The worst of the threads. */
  generator: GeneratorLoad;
}

/** Called for each thread, each second. */
export type OnSecond = (
  worker: number,
  seconds: Record<string, SecondOf>,
  arrivals: Arrivals,
) => void;

/** The scenario cannot be begun with this server. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
}

/** The threads of a generator. */
export class Workers {
  readonly #threads: Worker[];
  readonly #ledger: Ledger;
  onSecond: OnSecond = () => {};

  constructor(count: number, assignment: Omit<Assignment, "worker" | "workers">, ledger: Ledger) {
    this.#ledger = ledger;
    this.#threads = Array.from({ length: count }, (_, worker) => {
      const workerData: Assignment = { ...assignment, worker, workers: count };
      const thread = new Worker(new URL("./worker.mjs", import.meta.url), { workerData });
      // Each order waits with a listener of its own.
      thread.setMaxListeners(0);
      thread.on("message", (message: FromWorker) => this.#hear(worker, message));
      return thread;
    });
  }

  #hear(worker: number, message: FromWorker): void {
    if (message.is !== "second") return;
    for (const fact of message.facts) this.#ledger.tell(fact);
    this.onSecond(worker, message.seconds, message.arrivals);
  }

  /** Connects all; what connecting took. @throws ScenarioError */
  async prepare(): Promise<Measured> {
    const sum = emptyMeasured();
    for (const { connected } of await this.#all({ do: "prepare" }, "prepared"))
      addMeasured(sum, connected);
    return sum;
  }

  async run(round: Round): Promise<RoundResult> {
    const answers = await this.#all({ do: "run", round }, "ran");
    const result: RoundResult = {
      operations: {},
      arrivals: { offered: 0, completed: 0 },
      generator: { delayP99Ms: 0, delayMaxMs: 0, busy: 0 },
    };
    result.operations = together(answers);
    for (const { arrivals, generator } of answers) {
      result.arrivals.offered += arrivals.offered;
      result.arrivals.completed += arrivals.completed;
      for (const key of ["delayP99Ms", "delayMaxMs", "busy"] as const)
        result.generator[key] = Math.max(result.generator[key], generator[key]);
    }
    return result;
  }

  /** Ends a round before its time. */
  stop(): void {
    this.#tell({ do: "stop" });
  }

  /** Ends the scenario; the operations of the last round, with what belongs to it and came later. */
  async settle(): Promise<Record<string, Measured>> {
    return together(await this.#all({ do: "settle" }, "settled"));
  }

  async leave(): Promise<void> {
    const ends = this.#threads.map((thread) => once(thread, "exit"));
    this.#tell({ do: "leave" });
    // One that was interrupted while it connected has lines that nobody closes.
    const timer = setTimeout(() => {
      for (const thread of this.#threads) void thread.terminate();
    }, LEAVE_WITHIN_MS);
    await Promise.all(ends);
    clearTimeout(timer);
  }

  #tell(order: ToWorker): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    for (const thread of this.#threads) thread.postMessage(order);
  }

  /** Gives all an order and waits until each has done it. */
  async #all<K extends FromWorker["is"]>(
    order: ToWorker,
    done: K,
  ): Promise<Extract<FromWorker, { is: K }>[]> {
    const answers = this.#threads.map(
      (thread) =>
        new Promise<Extract<FromWorker, { is: K }>>((resolve, reject) => {
          const hear = (message: FromWorker): void => {
            if (message.is === "failed") reject(new ScenarioError(message.message));
            else if (message.is !== done) return;
            else resolve(message as Extract<FromWorker, { is: K }>);
            thread.off("message", hear);
            thread.off("error", reject);
          };
          thread.on("message", hear);
          thread.on("error", reject);
        }),
    );
    this.#tell(order);
    return Promise.all(answers);
  }
}

function together(parts: readonly { all: Record<string, Measured> }[]): Record<string, Measured> {
  const sum: Record<string, Measured> = {};
  for (const { all } of parts)
    for (const [name, measured] of Object.entries(all))
      addMeasured((sum[name] ??= emptyMeasured()), measured);
  return sum;
}
