import type { Stage } from "../run/plan.ts";
import type { Crew } from "../run/user.ts";

/** What one process of the generator does in a scenario. */
export interface Play {
  /** Connects all, and makes what is needed before the first operation. */
  prepare(): Promise<void>;
  /**
   * The next operation, with all that belongs to it. True where it succeeded; never rejects for
   * what the server does.
   * @param scheduledAt When it was due, in ms of the machine's clock: latency counts from there.
   */
  act(scheduledAt: number): Promise<boolean>;
  /** The run is to end before its time: nothing more is waited for. */
  stop?(): void;
  /** Waits for what is under way and tells the ledger what only the end shows. */
  settle(): Promise<void>;
}

export interface Scenario {
  summary: string;
  /** Names of what is measured; the first is what `--rate` counts. */
  operations: readonly string[];
  defaults: { connections: number; stages: readonly Stage[] };
  /** Processes of a server that the run starts itself; 1 where it is missing. */
  processes?: number;
  /** Its settings. */
  server: Readonly<Record<string, string | number>>;
  /** Half way one of the server's processes is killed; whom it served comes back. */
  kills?: true;
  /** Members of the largest room that a process with so many connections can fill, where there are rooms. */
  largestRoom?: (connections: number) => number;
  /** What `--slo` says where it is not given. */
  slo?: string;
  create: (crew: Crew) => Play;
}
