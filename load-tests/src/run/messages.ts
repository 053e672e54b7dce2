import type { Fact } from "../ledger/facts.ts";
import type { GeneratorLoad } from "../measure/generator.ts";
import type { Measured, SecondOf } from "../measure/operations.ts";
import type { ScenarioName } from "../scenarios/index.ts";
import type { Stage } from "./plan.ts";

/** What a thread is made with. */
export interface Assignment {
  scenario: ScenarioName;
  /** Tells this run's bottles from those of people, and of other runs. */
  runId: string;
  url: string;
  worker: number;
  workers: number;
  /** Of all threads. */
  connections: number;
  payload: number;
  size: number;
}

/** One run at the given rates; a thread takes its share of the operations. */
export interface Round {
  /** In ms of the machine's clock. */
  startAt: number;
  stages: readonly Stage[];
  rampMs: number;
  warmupMs: number;
  closed: boolean;
}

export type ToWorker =
  | { do: "prepare" }
  | { do: "run"; round: Round }
  /** Ends the round before its time. */
  | { do: "stop" }
  | { do: "settle" }
  | { do: "leave" };

/** Operations of the measured time: those that were due in it. */
export interface Arrivals {
  offered: number;
  /** Those that succeeded in it. */
  completed: number;
}

export type FromWorker =
  | { is: "prepared"; connected: Measured }
  | { is: "second"; seconds: Record<string, SecondOf>; facts: Fact[]; arrivals: Arrivals }
  | { is: "ran"; all: Record<string, Measured>; arrivals: Arrivals; generator: GeneratorLoad }
  /** With what came after the round, but belongs to it. */
  | { is: "settled"; all: Record<string, Measured> }
  | { is: "failed"; message: string };
