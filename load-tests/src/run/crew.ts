import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Ledger } from "../ledger/ledger.ts";
import { noLoad } from "../measure/generator.ts";
import type { GeneratorLoad } from "../measure/generator.ts";
import type { Counts } from "../measure/histogram.ts";
import { addMeasured, emptyMeasured } from "../measure/operations.ts";
import type { Measured } from "../measure/operations.ts";
import { durationOf } from "./plan.ts";
import type { Stage } from "./plan.ts";
import type { Arrivals, Assignment, FromWorker, Round, Second, ToWorker } from "./messages.ts";

const PROGRAM = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** A process that has not ended so long after it was asked to is ended, in ms. */
const LEAVE_WITHIN_MS = 2000;

/** What all processes together found in one round. */
export interface RoundResult {
  operations: Record<string, Measured>;
  arrivals: Arrivals;
  /** The worst of them. */
  generator: GeneratorLoad;
  stages: readonly Stage[];
  /** How long was measured, in s: less than the stages take where it was interrupted. */
  measuredS: number;
}

/** The scenario cannot be begun, or not be carried on, with this server. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
}

/** A process of the generator has ended before its time. */
export class GeneratorError extends Error {
  override readonly name = "GeneratorError";
}

/** The processes of a generator. Each may have open as many files as the system lets a process have. */
export class Workers {
  readonly #all: ChildProcess[];
  readonly #ledger: Ledger;
  readonly #cpuMs: number[] = [];
  /** Called for each of them, each second. */
  onSecond: (seconds: Second["seconds"]) => void = () => {};

  constructor(count: number, assignment: Omit<Assignment, "worker" | "workers">, ledger: Ledger) {
    this.#ledger = ledger;
    this.#all = Array.from({ length: count }, (_, worker) => {
      const execArgv = ["--import=tsx", "--conditions=source"];
      const child = fork(PROGRAM, { execArgv, serialization: "advanced" });
      // Each order waits with a listener of its own.
      child.setMaxListeners(0);
      child.on("message", (message: FromWorker) => this.#hear(worker, message));
      child.send({
        do: "begin",
        assignment: { ...assignment, worker, workers: count },
      } satisfies ToWorker);
      return child;
    });
  }

  /** CPU that all have used, in ms. */
  get cpuMs(): number {
    return this.#cpuMs.reduce((sum, ms) => sum + ms, 0);
  }

  #hear(worker: number, message: FromWorker): void {
    if (message.is !== "second") return;
    for (const fact of message.facts) this.#ledger.tell(fact);
    this.#cpuMs[worker] = message.cpuMs;
    this.onSecond(message.seconds);
  }

  /** Connects all; what connecting took. @throws ScenarioError, GeneratorError */
  async prepare(): Promise<Measured> {
    const sum = emptyMeasured();
    for (const { connected } of await this.#each({ do: "prepare" }, "prepared"))
      addMeasured(sum, connected);
    return sum;
  }

  /** @throws ScenarioError, GeneratorError */
  async run(round: Round): Promise<RoundResult> {
    const { startAt, stages, rampMs, warmupMs } = round;
    const answers = await this.#each({ do: "run", round }, "ran");
    const endedAt = Math.max(...answers.map((one) => one.endedAt));
    const measuredMs = Math.min(endedAt - (startAt + rampMs + warmupMs), durationOf(stages));
    const result: RoundResult = {
      operations: together(answers),
      arrivals: { offered: 0, completed: 0, inTime: 0 },
      generator: noLoad(),
      stages,
      measuredS: Math.max(0, measuredMs) / 1000,
    };
    for (const { arrivals, generator } of answers) {
      for (const key of ["offered", "completed", "inTime"] as const)
        result.arrivals[key] += arrivals[key];
      for (const key of ["delayP99Ms", "delayMaxMs", "lateP99Ms", "busy"] as const)
        result.generator[key] = Math.max(result.generator[key], generator[key]);
    }
    return result;
  }

  /** Ends a round before its time. */
  stop(): void {
    this.#tell({ do: "stop" });
  }

  /**
   * Ends the scenario; the operations of the last round, with what belongs to it and came later.
   * @throws ScenarioError, GeneratorError
   */
  async settle(): Promise<Record<string, Measured>> {
    return together(await this.#each({ do: "settle" }, "settled"));
  }

  async leave(): Promise<void> {
    const ends = this.#all
      .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
      .map((child) => once(child, "exit"));
    this.#tell({ do: "leave" });
    const timer = setTimeout(() => {
      for (const child of this.#all) child.kill("SIGKILL");
    }, LEAVE_WITHIN_MS);
    await Promise.all(ends);
    clearTimeout(timer);
  }

  #tell(order: ToWorker): void {
    for (const child of this.#all) if (child.connected) child.send(order);
  }

  /** Gives all an order and waits until each has done it. */
  async #each<K extends FromWorker["is"]>(
    order: ToWorker,
    done: K,
  ): Promise<Extract<FromWorker, { is: K }>[]> {
    const answers = this.#all.map(
      (child) =>
        new Promise<Extract<FromWorker, { is: K }>>((resolve, reject) => {
          const fail = (): void =>
            reject(new GeneratorError("a process of the generator has ended"));
          const hear = (message: FromWorker): void => {
            if (message.is === "failed") reject(new ScenarioError(message.message));
            else if (message.is !== done) return;
            else resolve(message as Extract<FromWorker, { is: K }>);
            child.off("message", hear);
            child.off("exit", fail);
          };
          child.on("message", hear);
          child.on("exit", fail);
          if (!child.connected) fail();
        }),
    );
    this.#tell(order);
    return Promise.all(answers);
  }
}

function together(
  parts: readonly { all: Record<string, Measured<Counts>> }[],
): Record<string, Measured> {
  const sum: Record<string, Measured> = {};
  for (const { all } of parts)
    for (const [name, measured] of Object.entries(all))
      addMeasured((sum[name] ??= emptyMeasured()), measured);
  return sum;
}
