import type { Objective } from "../report/objectives.ts";
import type { ScenarioName } from "../scenarios/index.ts";
import type { Stage } from "./plan.ts";

/** What a run is asked to do, checked. */
export interface Settings {
  scenario: ScenarioName;
  /** Null: a server of its own. */
  url: URL | null;
  /** Of an own server; null: Redis where there is one. */
  store: "memory" | "redis" | null;
  /** Of an own server, on one port. */
  processes: number;
  connections: number;
  /** Processes of the generator. */
  workers: number;
  payload: number;
  size: number;
  /** How long, at which rate; in the closed model one stage whose rate means nothing. */
  stages: readonly Stage[];
  closed: boolean;
  findMax: boolean;
  rampMs: number;
  warmupMs: number;
  objectives: readonly Objective[];
}
