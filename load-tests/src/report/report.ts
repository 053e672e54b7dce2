import { cpus, totalmem } from "node:os";
import type { Violation } from "../ledger/facts.ts";
import type { GeneratorLoad } from "../measure/generator.ts";
import type { Histogram } from "../measure/histogram.ts";
import type { Measured } from "../measure/operations.ts";
import type { Point } from "../measure/timeline.ts";
import { errorsOf } from "./objectives.ts";
import type { ObjectiveResult } from "./objectives.ts";

/** Grows with each change that a reader of the JSON must know of. */
export const SCHEMA = 4;

/** Violations that a report names; the others are counted. */
export const NAMED = 10;

export const PERCENTILES = [50, 75, 90, 95, 99, 99.9] as const;

/** Times in ms. */
export type Times = Record<
  "p50" | "p75" | "p90" | "p95" | "p99" | "p99.9" | "max" | "mean",
  number
>;

export interface OperationReport {
  count: number;
  errors: number;
  errorsByCode: Record<string, number>;
  /** From the scheduled time, and from the time of sending; null where nothing was measured. */
  latencyMs: Times | null;
  serviceMs: Times | null;
  /** Of the latency, as a curve: percent of all, and within how many ms they were done. */
  curve: [percent: number, ms: number][];
}

/** One of the rates that `--find-max` tried. */
export interface Step {
  rate: number;
  achievedShare: number;
  held: boolean;
  why: string;
}

export type Verdict = "held" | "failed" | "saturated" | "invalid" | "interrupted";

/** What a run found: the JSON report as it is written. */
export interface Report {
  schema: typeof SCHEMA;
  verdict: Verdict;
  /** Why it is not `held`, in words. */
  because: string[];
  scenario: string;
  url: string;
  /** Whether the run started the server. */
  ownServer: boolean;
  startedAt: string;
  settings: {
    connections: number;
    workers: number;
    /** Of the server, where the run started it. */
    processes: number | null;
    payload: number;
    size: number;
    model: "open" | "closed";
    stages: { durationMs: number; rate: number }[];
    rampMs: number;
    warmupMs: number;
  };
  machine: { cpu: string; cores: number; memoryBytes: number; node: string; system: string };
  /** Operations a second of the measured time; offered is null in the closed model. */
  rate: { offered: number | null; achieved: number; achievedShare: number };
  generator: GeneratorLoad & { cpuPercent: number };
  operations: Record<string, OperationReport>;
  objectives: ObjectiveResult[];
  invariants: { broken: number; first: Violation[] };
  findMax: { steps: Step[]; rate: number | null } | null;
  /** By how much the server's resident memory grew in an hour, in bytes; null where nobody can say. */
  memorySlope: number | null;
  timeline: Point[];
}

export function machine(): Report["machine"] {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? "unknown",
    cores: all.length,
    memoryBytes: totalmem(),
    node: process.version,
    system: `${process.platform} ${process.arch}`,
  };
}

const inMs = (us: number): number => Math.round(us) / 1000;

function times(histogram: Histogram): Times | null {
  if (histogram.count === 0) return null;
  const percentiles = PERCENTILES.map((q) => [`p${q}`, inMs(histogram.percentile(q))]);
  return {
    ...(Object.fromEntries(percentiles) as Omit<Times, "max" | "mean">),
    max: inMs(histogram.max),
    mean: inMs(histogram.mean),
  };
}

export function operationReport(measured: Measured): OperationReport {
  const { latency, service, errors } = measured;
  return {
    count: latency.count,
    errors: errorsOf(measured),
    errorsByCode: { ...errors },
    latencyMs: times(latency),
    serviceMs: times(service),
    curve: curve(latency),
  };
}

/** Points that lie closer together the nearer they are to 100 %. */
function curve(histogram: Histogram): [number, number][] {
  if (histogram.count === 0) return [];
  const points: [number, number][] = [];
  for (let rest = 100; rest > 0.005; rest /= 1.4) {
    const percent = Math.max(0.001, 100 - rest);
    points.push([Math.round(percent * 1000) / 1000, inMs(histogram.percentile(percent))]);
  }
  points.push([100, inMs(histogram.max)]);
  return points;
}

/** Whether an operation waited for its turn, to a hundredth of a ms: else both times are the same. */
export function hasWaited({ latencyMs, serviceMs }: OperationReport): boolean {
  if (!latencyMs || !serviceMs) return false;
  return Object.entries(latencyMs).some(
    ([name, ms]) => Math.abs(ms - serviceMs[name as keyof Times]) >= 0.01,
  );
}

/** Those that were tried at all. */
export function triedOperations({ operations }: Report): [string, OperationReport][] {
  return Object.entries(operations).filter(([, { count, errors }]) => count + errors > 0);
}

/** By how much the server grew, in words; null where nobody can say. */
export function slopeText({ memorySlope }: Report): string | null {
  return memorySlope === null ? null : `${(memorySlope / 1e6).toFixed(1)} MB more an hour`;
}
