import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { usageOf } from "../../measure/process-usage.ts";
import { linearSlope } from "../../measure/memory-slope.ts";
import type { Report } from "../../report/report.ts";
import { SATURATED_BELOW, Run } from "../../run/run.ts";
import type { Settings } from "../../run/settings.ts";
import { pause } from "../../run/together.ts";
import { scenarioOf } from "../../scenarios/index.ts";
import { RedisMachine, ServerMachine } from "../machines.ts";
import { Judge, round } from "./strike.ts";
import type { Finding, Strike, Terms } from "./strike.ts";

const SHARE = 0.6;
const LOOK_MS = 1000;
/** Between two collections, after each of which it is looked how much is held. */
const COLLECT_MS = 60_000;
const SAY_EVERY = 5;
/** What may still be open when everybody has gone is gone after the graces of rooms and meets, in ms. */
const EMPTY_WITHIN_MS = 45_000;
/** This share of it is the warm-up: what lives for half an hour is all there by then. */
const WARM_UP = 1 / 4;
/** Resident memory may grow by so much of itself in an hour; told where a soak is long enough to say it. */
const SLOPE_MAX = 0.01;
const SLOPE_FROM_MS = 30 * 60_000;
/** What asking for it keeps open itself, and what rounds of work that begin and end come to. */
const ASKING: Open = { sockets: 2, timers: 5 };
const COUNTS = fileURLToPath(new URL("../count-on-signal.mjs", import.meta.url));
const SCENARIO = "mixed";
/** A rate is held where it is held for so long: what falls behind is not seen sooner, in ms. */
const STEP_MS = 10_000;
/** As many as keep the server busy, and not each other waiting: a part of them meets for as long as that takes. */
const PEOPLE = { connections: 1000, rampMs: 3000, stages: [{ durationMs: STEP_MS, rate: 100 }] };
/** Of the short form. */
const FEW = { connections: 100, rampMs: 0, rate: 50 };

function mixed(url: URL, more: Partial<Settings>): Settings {
  return {
    scenario: SCENARIO,
    url,
    store: null,
    workers: 1,
    processes: 1,
    payload: 100,
    size: 10,
    closed: false,
    findMax: false,
    warmupMs: 1000,
    objectives: [{ text: "errors<1%", of: "errors", operation: null, belowShare: 0.01 }],
    ...PEOPLE,
    ...more,
  };
}

/** After a collection, in bytes. */
interface Look {
  atMs: number;
  rss: number;
  heap: number;
}

async function run({ isLong, soakMs, note }: Terms): Promise<Finding> {
  const judge = new Judge({ isLong });
  const redis = await RedisMachine.start();
  const watch = new AbortController();
  let server: ServerMachine | null = null;
  try {
    const settings = { ...scenarioOf(SCENARIO).server, REDIS_URL: redis.url };
    server = await ServerMachine.start(settings, ["--import", COUNTS]);
    const { url, pid } = server;
    const before = await holdings(server);
    const rate = isLong ? await maximum(url, judge) : FEW.rate;
    note(`${round(rate)} operations a second can be held`);
    let most = 0;
    const looking = setInterval(() => (most = Math.max(most, usageOf(pid)?.rss ?? 0)), LOOK_MS);
    watch.signal.addEventListener("abort", () => clearInterval(looking));
    const looks = looksAt(
      server,
      Math.min(COLLECT_MS, soakMs / 20),
      watch.signal,
      (look, count) => {
        if (count % SAY_EVERY === 0)
          note(`${megabytes(look.rss)}, Redis ${megabytes(usageOf(redis.pid)?.rss ?? 0)}`);
      },
    );
    looks.catch(() => {});
    const { connections, rampMs } = isLong ? PEOPLE : FEW;
    const stages = [{ durationMs: soakMs, rate: Math.max(1, rate * SHARE) }];
    const report = await new Run(mixed(url, { connections, rampMs, stages }))
      .start()
      .finally(() => watch.abort());
    // Behind it thousands of bottles are looked for, which is no load of people's.
    const warm = (await looks).filter(({ atMs }) => atMs > soakMs * WARM_UP && atMs < soakMs);
    const slope = growthOf(warm, ({ rss }) => rss);
    const meanRss = mean(warm.map(({ rss }) => rss));
    judgeLoad(judge, report, isLong);
    if (soakMs >= SLOPE_FROM_MS)
      judge.holds(slope <= SLOPE_MAX, `memory grows by ${round(100 * slope)} % an hour`);
    const left = await untilEmpty(server, before);
    for (const [what, count] of Object.entries(left))
      judge.holds(count === 0, `${count} ${what} are left`);
    const operations = Object.values(report.operations);
    const sum = (of: (each: (typeof operations)[number]) => number): number =>
      operations.reduce((total, each) => total + of(each), 0);
    return {
      done: `${round(soakMs / 60_000)} min at ${Math.round(100 * SHARE)} % of ${round(rate)} a second, ${connections} people`,
      figures: {
        achieved: `${round(report.rate.achieved)} a second`,
        counted: `${sum(({ count }) => count)}, of them ${sum(({ errors }) => errors)} refused or late`,
        "of these": refusals(report),
        memory: `${megabytes(meanRss)} after a collection, ${round(100 * slope)} % more an hour, after the first quarter; ${megabytes(most)} at most`,
        "of it the heap": `${round(100 * growthOf(warm, ({ heap }) => heap))} % more an hour`,
        "of Redis": megabytes(usageOf(redis.pid)?.rss ?? 0),
        "invariants broken": String(report.invariants.broken),
        "open afterwards": Object.entries(left)
          .map(([what, count]) => `${count} ${what}`)
          .join(", "),
      },
      faults: judge.faults,
    };
  } finally {
    watch.abort();
    await server?.end("SIGTERM").catch(() => {});
    for (const error of server?.errors().slice(0, 5) ?? []) judge.faults.push(`log: ${error}`);
    await redis.stop();
  }
}

function judgeLoad(judge: Judge, report: Report, isLong: boolean): void {
  const { verdict, because, invariants, rate } = report;
  // Failed: an invariant or an objective was broken, or what was to be looked at in the end was not answered.
  const isWhole = verdict === "held" || verdict === "saturated";
  judge.holds(isWhole, `${verdict}: ${because.join("; ")}`);
  // What is saturated may have broken an objective too.
  for (const { text, held } of report.objectives) judge.holds(held, `${text} was not kept`);
  for (const { kind, text } of invariants.first.slice(0, 5)) judge.faults.push(`${kind}: ${text}`);
  // The short form runs beside other tests.
  if (isLong)
    judge.holds(
      rate.achievedShare >= SATURATED_BELOW,
      `achieved: ${round(rate.achieved)} a second`,
    );
}

/** What was not done, by operation and code; the most frequent. */
function refusals({ operations }: Report): string {
  const all = Object.entries(operations).flatMap(([name, { errorsByCode }]) =>
    Object.entries(errorsByCode).map(([code, count]) => ({ what: `${name} ${code}`, count })),
  );
  all.sort((a, b) => b.count - a.count);
  return all.length === 0
    ? "none"
    : all
        .slice(0, 5)
        .map(({ what, count }) => `${count} ${what}`)
        .join(", ");
}

async function maximum(url: URL, judge: Judge): Promise<number> {
  const { findMax, rate } = await new Run(mixed(url, { findMax: true })).start();
  if (findMax?.rate) return findMax.rate;
  judge.faults.push("not even the first step was held: this machine is too busy");
  return rate.achieved;
}

interface Open {
  sockets: number;
  timers: number;
}

/** What the process has open and holds, after a collection. */
async function holdings(server: ServerMachine): Promise<Open & Omit<Look, "atMs">> {
  const said = server.output.length;
  server.signal("SIGUSR2");
  let found: RegExpExecArray | null = null;
  while (!found) {
    if (server.crashes > 0) throw new Error("the server has ended");
    await pause(20);
    found = /holds (\d+) (\d+) (\d+)/.exec(server.output.slice(said));
  }
  const [timers, rss, heap] = found.slice(1).map(Number) as [number, number, number];
  return { sockets: server.sockets, timers, rss, heap };
}

/** Looks again and again until `signal`. */
async function looksAt(
  server: ServerMachine,
  everyMs: number,
  signal: AbortSignal,
  onLook: (look: Look, count: number) => void,
): Promise<Look[]> {
  const looks: Look[] = [];
  const from = performance.now();
  for (;;) {
    await sleep(everyMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return looks;
    const { rss, heap } = await holdings(server);
    looks.push({ atMs: performance.now() - from, rss, heap });
    onLook(looks.at(-1)!, looks.length);
  }
}

/** What is open that was not before, when all have gone; waits until it is nothing. */
async function untilEmpty(
  server: ServerMachine,
  before: Open,
): Promise<Record<"connections" | "rooms" | keyof Open, number>> {
  const until = performance.now() + EMPTY_WITHIN_MS;
  for (;;) {
    const connections = await server.metric("driftsea_connections");
    const rooms = await server.metric("driftsea_rooms");
    const now = await holdings(server);
    const left = {
      connections,
      rooms,
      sockets: Math.max(0, now.sockets - before.sockets - ASKING.sockets),
      timers: Math.max(0, now.timers - before.timers - ASKING.timers),
    };
    if (Object.values(left).every((count) => count === 0) || performance.now() > until) return left;
    await pause(500);
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** In an hour, as a share of what it is. */
function growthOf(looks: readonly Look[], of: (look: Look) => number): number {
  const points = looks.map((look) => [look.atMs / 3_600_000, of(look)] as const);
  return linearSlope(points) / mean(looks.map(of));
}

const megabytes = (bytes: number): string => `${round(bytes / 2 ** 20)} MB`;

export const soak: Strike = { summary: "60 % of what can be held, for long; then nobody", run };
