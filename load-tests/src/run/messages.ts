import type { Fact } from "../ledger/facts.ts";
import type { GeneratorLoad } from "../measure/generator.ts";
import type { Counts } from "../measure/histogram.ts";
import type { Measured, SecondOf } from "../measure/operations.ts";
import type { ScenarioName } from "../scenarios/index.ts";
import type { Stage } from "./plan.ts";

/** What a process of the generator is made with. */
export interface Assignment {
  scenario: ScenarioName;
  /** Tells this run's bottles from those of people, and of other runs. */
  runId: string;
  url: string;
  worker: number;
  workers: number;
  /** Of all processes. */
  connections: number;
  payload: number;
  size: number;
}

/** One run at the given rates; a process takes its share of the operations. */
export interface Round {
  /** In ms of the machine's clock. */
  startAt: number;
  stages: readonly Stage[];
  rampMs: number;
  warmupMs: number;
  closed: boolean;
}

export type ToWorker =
  | { do: "begin"; assignment: Assignment }
  | { do: "prepare" }
  | { do: "run"; round: Round }
  /** Ends the round before its time. */
  | { do: "stop" }
  | { do: "settle" }
  | { do: "leave" };

/** Operations of the measured time: those that were due in it. */
export interface Arrivals {
  offered: number;
  /** Those that succeeded in it, or a little later (`LATE_SHARE`). */
  completed: number;
  /** Those that succeeded in it. */
  inTime: number;
}

/** What one process has seen in a second. */
export interface Second {
  seconds: Record<string, SecondOf<Counts>>;
  facts: Fact[];
  /** CPU that it has used since its start, in ms. */
  cpuMs: number;
}

export type FromWorker =
  | { is: "prepared"; connected: Measured<Counts> }
  | ({ is: "second" } & Second)
  | {
      is: "ran";
      all: Record<string, Measured<Counts>>;
      arrivals: Arrivals;
      generator: GeneratorLoad;
      /** When it began nothing more, in ms of the machine's clock. */
      endedAt: number;
    }
  /** With what came after the round, but belongs to it. */
  | { is: "settled"; all: Record<string, Measured<Counts>> }
  | { is: "failed"; message: string };
