import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isLoopback } from "../net/target.ts";
import { readObjectives } from "../report/objectives.ts";
import { SCENARIOS } from "../scenarios/index.ts";
import type { ScenarioName } from "../scenarios/index.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { durationOf } from "../run/plan.ts";
import type { Stage } from "../run/plan.ts";
import type { Settings } from "../run/settings.ts";

/** What is asked of the command line besides the run itself. */
export interface Output {
  json: string | null;
  html: string | null;
  quiet: boolean;
}

/** All that is wrong with a command line, at once. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

/** Kept where nothing else is asked for. */
const DEFAULT_SLO = "errors<1%";
/** Of the rooms, where nothing else is asked for and there are people enough. */
const SIZE = 10;
const SIZE_MIN = 2;
/** A step of `--find-max`, in ms. */
const STEP_MS = 5000;
const DAY_MS = 86_400_000;
/** A timer holds 2^31 - 1 ms, 24.8 days. */
const DAYS_MAX = 24;

const OPTIONS = {
  url: { type: "string" },
  "i-own-this-server": { type: "boolean" },
  store: { type: "string" },
  processes: { type: "string" },
  connections: { type: "string" },
  rate: { type: "string" },
  duration: { type: "string" },
  ramp: { type: "string" },
  warmup: { type: "string" },
  workers: { type: "string" },
  payload: { type: "string" },
  size: { type: "string" },
  closed: { type: "boolean" },
  "find-max": { type: "boolean" },
  slo: { type: "string" },
  json: { type: "string" },
  html: { type: "string" },
  quiet: { type: "boolean" },
  help: { type: "boolean" },
} as const;

const UNITS_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `10s`, `500ms`, `2m`, `1h`, or a number of seconds; null where it is none. */
export function readDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  return match ? Number(match[1]) * UNITS_MS[match[2] ?? "s"]! : null;
}

/** `10s:100,30s:1000`; null where it is none. */
export function readStages(text: string): Stage[] | null {
  const stages: Stage[] = [];
  for (const part of text.split(",")) {
    const [time = "", rate = ""] = part.trim().split(":");
    const durationMs = readDuration(time);
    if (durationMs === null || durationMs <= 0 || !/^\d+(\.\d+)?$/.test(rate) || Number(rate) <= 0)
      return null;
    stages.push({ durationMs, rate: Number(rate) });
  }
  return stages;
}

/**
 * Reads a command line; null where it asks for help.
 * @throws UsageError that names every fault with the accepted form.
 */
export function readOptions(
  args: readonly string[],
): { settings: Settings; output: Output } | null {
  const { values, positionals, faults } = parse(args);
  if (values["help"]) return null;
  const text = (name: string): string | null => (values[name] as string | undefined) ?? null;
  const number = (name: string, fallback: number, least: number, most: number): number => {
    const value = text(name);
    if (value === null) return fallback;
    const parsed = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (parsed >= least && parsed <= most) return parsed;
    faults.push(`--${name} ${value}: a whole number from ${least} to ${most}`);
    return fallback;
  };
  const duration = (name: string, fallbackMs: number): number => {
    const value = text(name);
    const ms = value === null ? fallbackMs : readDuration(value);
    if (ms !== null) return ms;
    faults.push(`--${name} ${value}: a time like 500ms, 10s, 2m or 1h`);
    return fallbackMs;
  };

  const [named, ...more] = positionals;
  const isKnown = (name: string | undefined): name is ScenarioName =>
    name !== undefined && Object.hasOwn(SCENARIOS, name);
  if (!isKnown(named))
    faults.push(
      `${named === undefined ? "a scenario is missing" : `scenario ${named}`}: one of ${Object.keys(SCENARIOS).join(", ")}`,
    );
  if (more.length > 0) faults.push(`${more.join(" ")}: one scenario at a time`);
  const name: ScenarioName = isKnown(named) ? named : "bottles";
  const {
    defaults,
    operations,
    kills,
    largestRoom,
    slo,
    processes: ownProcesses = 1,
  }: Scenario = SCENARIOS[name];

  const closed = values["closed"] === true;
  const findMax = values["find-max"] === true;
  if (closed && values["rate"] !== undefined)
    faults.push("--rate: not with --closed, where each waits for the answer to the last");
  if (closed && findMax) faults.push("--find-max: not with --closed, which has no rate");
  const stages = readPlan(text("rate"), text("duration"), findMax, defaults.stages, faults);
  const { objectives, faults: sloFaults } = readObjectives(
    text("slo") ?? slo ?? DEFAULT_SLO,
    operations,
  );
  for (const fault of sloFaults) faults.push(`--slo ${fault}`);
  const store = text("store");
  if (store !== null && store !== "memory" && store !== "redis")
    faults.push(`--store ${store}: memory or redis`);
  const url = readUrl(text("url"), values["i-own-this-server"] === true, faults);
  if (url !== null && store !== null)
    faults.push("--store: not with --url, where the server has its store");
  const processes = number("processes", ownProcesses, 1, 256);
  if (url !== null && values["processes"] !== undefined)
    faults.push("--processes: not with --url, where the server has its own");
  if (kills && url !== null) faults.push(`${name}: not with --url, it kills a process of its own`);
  if (kills && processes < 2)
    faults.push(`--processes ${processes}: ${name} needs one that is left`);
  if (processes > 1 && store === "memory")
    faults.push("--processes: not with --store memory, which several cannot share");
  const workers = number("workers", 1, 1, 32 * availableParallelism());
  const askedSize = number("size", SIZE, SIZE_MIN, 10_000);
  const enough = largestRoom ? workers * enoughFor(askedSize, largestRoom) : 1;
  const connections = number("connections", Math.max(defaults.connections, enough), 1, 1_000_000);
  const largest = largestRoom?.(Math.floor(connections / workers)) ?? Infinity;
  const size = text("size") === null ? Math.max(SIZE_MIN, Math.min(SIZE, largest)) : askedSize;
  if (largestRoom && largest < size)
    faults.push(
      `--size ${size}: ${name} needs ${workers * enoughFor(size, largestRoom)} --connections for it` +
        (workers > 1 ? ` with ${workers} --workers` : ""),
    );
  const settings: Settings = {
    scenario: name,
    url,
    store: store as Settings["store"],
    processes,
    connections,
    workers,
    payload: number("payload", 100, 60, 1000),
    size,
    stages,
    closed,
    findMax,
    rampMs: duration("ramp", 0),
    warmupMs: duration("warmup", 1000),
    objectives,
  };
  const wholeMs = settings.rampMs + settings.warmupMs + durationOf(stages);
  if (wholeMs > DAYS_MAX * DAY_MS)
    faults.push(
      `--ramp, --warmup and --duration are ${(wholeMs / DAY_MS).toFixed(1)} days together: at most ${DAYS_MAX}`,
    );
  if (settings.workers > settings.connections)
    faults.push(`--workers ${settings.workers}: at most as many as --connections`);
  if (faults.length > 0) throw new UsageError(faults);
  return {
    settings,
    output: { json: text("json"), html: text("html"), quiet: values["quiet"] === true },
  };
}

/** Connections that one process needs for a room of this size. */
function enoughFor(size: number, largestRoom: (connections: number) => number): number {
  let connections = 1;
  while (largestRoom(connections) < size) connections += 1;
  return connections;
}

/** Every unknown option and missing value, where `parseArgs` would throw at the first. */
function parse(args: readonly string[]) {
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, string | boolean> = {};
  const positionals: string[] = [];
  const faults: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(OPTIONS, token.name)
      ? OPTIONS[token.name as keyof typeof OPTIONS]
      : null;
    if (!option) faults.push(`${token.rawName}: there is no such option (--help lists them)`);
    else if (option.type === "boolean" && token.value !== undefined)
      faults.push(`${token.rawName}: takes no value`);
    else if (option.type === "string" && (token.value === undefined || token.value === ""))
      faults.push(`${token.rawName}: needs a value`);
    else if (typeof token.value === "string" && token.value.startsWith("--"))
      faults.push(`${token.rawName} ${token.value}: needs a value, which begins with no --`);
    else values[token.name] = token.value ?? true;
  }
  return { values, positionals, faults };
}

/** `--rate 100 --duration 10s`, or stages in either of them. */
function readPlan(
  rate: string | null,
  duration: string | null,
  findMax: boolean,
  defaults: readonly Stage[],
  faults: string[],
): readonly Stage[] {
  const [first] = defaults;
  const staged = rate?.includes(":") ? rate : null;
  if (staged !== null) {
    const stages = readStages(staged);
    if (duration !== null) faults.push("--duration: not with stages, which have their own");
    if (findMax) faults.push("--find-max: begins at one --rate, not at stages");
    if (stages) return stages;
    faults.push(`--rate ${staged}: stages like 10s:100,30s:1000`);
    return defaults;
  }
  const durationMs =
    duration === null ? (findMax ? STEP_MS : first!.durationMs) : readDuration(duration);
  if (durationMs === null || durationMs <= 0)
    faults.push(`--duration ${duration}: a time like 500ms, 10s, 2m or 1h`);
  const perSecond =
    rate === null ? first!.rate : /^\d+(\.\d+)?$/.test(rate) ? Number(rate) : Number.NaN;
  if (!(perSecond > 0))
    faults.push(`--rate ${rate}: operations a second, or stages like 10s:100,30s:1000`);
  return [{ durationMs: durationMs || first!.durationMs, rate: perSecond || first!.rate }];
}

function readUrl(text: string | null, isOwner: boolean, faults: string[]): URL | null {
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    faults.push(`--url ${text}: like http://127.0.0.1:3000`);
    return null;
  }
  if (!isLoopback(url) && !isOwner)
    faults.push(
      `--url ${text}: a server of other people; load only your own, and say --i-own-this-server`,
    );
  return url;
}
