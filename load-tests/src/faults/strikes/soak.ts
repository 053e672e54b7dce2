import { fileURLToPath } from "node:url";
import { usageOf } from "../../measure/process-usage.ts";
import { pause } from "../../run/together.ts";
import { Run } from "../../run/run.ts";
import type { Settings } from "../../run/settings.ts";
import { RedisMachine, ServerMachine } from "../machines.ts";
import { CIRCLES_AT_ONCE } from "../writing.ts";
import { Judge, round } from "./strike.ts";
import type { Finding, Strike, Terms } from "./strike.ts";

const SHARE = 0.6;
const LOOK_MS = 1000;
/** What may still be open when everybody has gone is gone after the graces of rooms and meets, in ms. */
const EMPTY_WITHIN_MS = 45_000;
/** Resident memory may grow by so much in an hour, in bytes; told where a soak is long enough to say it. */
const SLOPE_MAX = 8 * 2 ** 20;
const SLOPE_FROM_MS = 30 * 60_000;
/** What asking for it keeps open itself, and what rounds of work that begin and end come to. */
const ASKING: Open = { sockets: 2, timers: 5 };
const COUNTS = fileURLToPath(new URL("../count-on-signal.mjs", import.meta.url));

function mixed(url: URL, more: Partial<Settings>): Settings {
  return {
    scenario: "mixed",
    url,
    store: null,
    connections: 100,
    workers: 1,
    processes: 1,
    payload: 100,
    size: 10,
    stages: [{ durationMs: 3000, rate: 50 }],
    closed: false,
    findMax: false,
    rampMs: 0,
    warmupMs: 1000,
    objectives: [],
    ...more,
  };
}

async function run({ isLong, soakMs, note }: Terms): Promise<Finding> {
  const judge = new Judge({ isLong });
  const redis = await RedisMachine.start();
  let server: ServerMachine | null = null;
  try {
    const settings = { ...CIRCLES_AT_ONCE, REDIS_URL: redis.url };
    server = await ServerMachine.start(settings, ["--import", COUNTS]);
    const { url, pid } = server;
    const before = await openIn(server);
    const rate = isLong ? await maximum(url, note) : 50;
    note(`${round(rate)} operations a second can be held`);
    const memory: { atMs: number; rss: number }[] = [];
    const from = performance.now();
    const watch = setInterval(() => {
      const usage = usageOf(pid);
      if (usage) memory.push({ atMs: performance.now() - from, rss: usage.rss });
    }, LOOK_MS);
    const stages = [{ durationMs: soakMs, rate: Math.max(1, rate * SHARE) }];
    const report = await new Run(mixed(url, { stages }))
      .start()
      .finally(() => clearInterval(watch));
    judge.holds(report.invariants.broken === 0, `${report.invariants.broken} invariants broken`);
    for (const { kind, text } of report.invariants.first.slice(0, 5))
      judge.faults.push(`${kind}: ${text}`);
    const slope = slopeOf(memory.filter(({ atMs }) => atMs > soakMs / 2));
    if (soakMs >= SLOPE_FROM_MS)
      judge.holds(slope <= SLOPE_MAX, `memory grows by ${round(slope / 2 ** 20)} MB an hour`);
    const left = await untilEmpty(server, before);
    for (const [what, count] of Object.entries(left))
      judge.holds(count === 0, `${count} ${what} are left`);
    judge.holds(server.crashes === 0, "the server has ended");
    return {
      done: `${soakMs / 60_000} min at ${Math.round(100 * SHARE)} % of ${round(rate)} a second`,
      figures: {
        achieved: `${round(report.rate.achieved)} a second`,
        "memory an hour": `${round(slope / 2 ** 20)} MB, by the second half`,
        "open afterwards": Object.entries(left)
          .map(([what, count]) => `${count} ${what}`)
          .join(", "),
      },
      faults: judge.faults,
    };
  } finally {
    await server?.end("SIGTERM").catch(() => {});
    for (const error of server?.errors().slice(0, 5) ?? []) judge.faults.push(`log: ${error}`);
    await redis.stop();
  }
}

async function maximum(url: URL, note: (text: string) => void): Promise<number> {
  const { findMax, rate } = await new Run(mixed(url, { findMax: true })).start();
  if (findMax?.rate) return findMax.rate;
  note("not even the first step was held: this machine is too busy");
  return rate.achieved;
}

interface Open {
  sockets: number;
  timers: number;
}

/** What the process has open. */
async function openIn(server: ServerMachine): Promise<Open> {
  const said = server.output.length;
  server.signal("SIGUSR2");
  let timers: string | undefined;
  while (timers === undefined) {
    await pause(20);
    timers = /timers (\d+)/.exec(server.output.slice(said))?.[1];
  }
  return { sockets: server.sockets, timers: Number(timers) };
}

/** What is open that was not before, when all have gone; waits until it is nothing. */
async function untilEmpty(
  server: ServerMachine,
  before: Open,
): Promise<Record<"connections" | keyof Open, number>> {
  const until = performance.now() + EMPTY_WITHIN_MS;
  for (;;) {
    const connections = await server.metric("driftsea_connections");
    const now = await openIn(server);
    const left = {
      connections,
      sockets: Math.max(0, now.sockets - before.sockets - ASKING.sockets),
      timers: Math.max(0, now.timers - before.timers - ASKING.timers),
    };
    if (Object.values(left).every((count) => count === 0) || performance.now() > until) return left;
    await pause(500);
  }
}

/** Least squares, in bytes an hour. */
function slopeOf(points: readonly { atMs: number; rss: number }[]): number {
  const mean = (of: (point: { atMs: number; rss: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [at, rss] = [mean((p) => p.atMs), mean((p) => p.rss)];
  const covariance = mean((p) => (p.atMs - at) * (p.rss - rss));
  const variance = mean((p) => (p.atMs - at) ** 2);
  return variance === 0 ? 0 : (covariance / variance) * 3_600_000;
}

export const soak: Strike = { summary: "60 % of what can be held, for long; then nobody", run };
