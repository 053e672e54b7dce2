import { emptyMeasured } from "../measure/operations.ts";
import type { Measured } from "../measure/operations.ts";

const STATISTICS = ["p50", "p75", "p90", "p95", "p99", "p99.9", "max", "mean"] as const;
export type Statistic = (typeof STATISTICS)[number];

/** What a run must keep below. */
export type Objective =
  | { text: string; of: "latency"; operation: string; statistic: Statistic; belowMs: number }
  /** Of one operation, or of all that are asked for. */
  | { text: string; of: "errors"; operation: string | null; belowShare: number };

export interface ObjectiveResult {
  text: string;
  held: boolean;
  /** As the objective counts: ms, or a share. */
  measured: number;
}

/** Nobody asks for these, and none fails: beside a thousand of them no error would be one in a hundred. */
const HEARD: ReadonlySet<string> = new Set(["deliver", "stream", "told"]);

const LATENCY = /^([a-z]+)\.(p50|p75|p90|p95|p99|p99\.9|max|mean)<(\d+(?:\.\d+)?)(?:ms)?$/;
const ERRORS = /^(?:([a-z]+)\.)?errors<(\d+(?:\.\d+)?)(%?)$/;

/** Reads `catch.p99<200,errors<0.1%`. Faults say what was not understood, and the accepted form. */
export function readObjectives(
  text: string,
  operations: readonly string[],
): { objectives: Objective[]; faults: string[] } {
  const objectives: Objective[] = [];
  const faults: string[] = [];
  for (const part of text.split(",").map((each) => each.trim())) {
    const latency = LATENCY.exec(part);
    const errors = ERRORS.exec(part);
    const operation = latency?.[1] ?? errors?.[1] ?? null;
    if (!latency && !errors)
      faults.push(`"${part}" is not <operation>.p99<ms or errors<percent%, like catch.p99<200`);
    else if (operation !== null && !operations.includes(operation))
      faults.push(`"${part}": its operation is one of ${operations.join(", ")}`);
    else if (latency) {
      const statistic = latency[2] as Statistic;
      const belowMs = Number(latency[3]);
      objectives.push({ text: part, of: "latency", operation: operation!, statistic, belowMs });
    } else if (errors) {
      const belowShare = Number(errors[2]) / (errors[3] === "%" ? 100 : 1);
      objectives.push({ text: part, of: "errors", operation, belowShare });
    }
  }
  return { objectives, faults };
}

export function errorsOf({ errors }: Measured): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0);
}

/** A statistic of an operation's latency, in ms; NaN where nothing was measured. */
export function statisticOf({ latency }: Measured, statistic: Statistic): number {
  if (latency.count === 0) return Number.NaN;
  if (statistic === "max") return latency.max / 1000;
  if (statistic === "mean") return latency.mean / 1000;
  return latency.percentile(Number(statistic.slice(1))) / 1000;
}

/** What was never measured keeps no objective. */
export function judge(
  objective: Objective,
  operations: Readonly<Record<string, Measured>>,
): ObjectiveResult {
  const { text } = objective;
  const of = (name: string): Measured => operations[name] ?? emptyMeasured();
  if (objective.of === "latency") {
    const measured = statisticOf(of(objective.operation), objective.statistic);
    return { text, held: measured < objective.belowMs, measured };
  }
  const { operation } = objective;
  const asked = Object.keys(operations).filter((name) => !HEARD.has(name));
  const these = (operation === null ? asked : [operation]).map(of);
  const errors = these.reduce((sum, each) => sum + errorsOf(each), 0);
  const done = these.reduce((sum, each) => sum + each.latency.count, 0);
  const measured = errors === 0 ? 0 : errors / (errors + done);
  // An allowance of nothing is kept by nothing.
  return { text, held: measured < objective.belowShare || measured === 0, measured };
}
