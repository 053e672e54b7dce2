import type { Counts } from "./histogram.ts";
import { emptySecond } from "./operations.ts";
import type { SecondOf } from "./operations.ts";
import type { Usage } from "./process-usage.ts";

/** One second of a run, as it is shown. */
export interface Point {
  /** Seconds since the measured time began. */
  atS: number;
  operations: Record<
    string,
    { count: number; errors: number; p50Ms: number; p99Ms: number; maxMs: number }
  >;
  /** Of the server, where the run started it: CPU in percent of a core, memory in bytes. */
  server?: Used;
  redis?: Used;
}

/** By some processes together. */
interface Used {
  cpuPercent: number;
  rss: number;
  processes: number;
}
type Usages = ReadonlyMap<number, Usage>;

/** What is used is told of no shorter time, in ms. */
const SHORTEST_MS = 200;

const ms = (us: number): number => us / 1000;

/** Gathers what the processes tell each second, and what the server's processes use. */
export class Timeline {
  readonly points: Point[] = [];
  #gathered: Record<string, SecondOf> = {};
  #before: { at: number; server: Usages; redis: Usages } | null = null;
  #startedAt: number | null = null;

  add(seconds: Record<string, SecondOf<Counts>>): void {
    for (const [name, { latency, errors }] of Object.entries(seconds)) {
      const known = (this.#gathered[name] ??= emptySecond());
      known.latency.add(latency);
      known.errors += errors;
    }
  }

  /** Ends a second. */
  close(at: number, server: Usages, redis: Usages): Point | null {
    const before = this.#before;
    this.#before = { at, server, redis };
    const seconds = this.#gathered;
    if (!before || (this.#startedAt === null && Object.keys(seconds).length === 0)) return null;
    this.#startedAt ??= before.at;
    this.#gathered = {};
    const operations: Point["operations"] = {};
    for (const [name, { latency, errors }] of Object.entries(seconds)) {
      const percentile = (q: number): number =>
        latency.count === 0 ? 0 : ms(latency.percentile(q));
      operations[name] = {
        count: latency.count,
        errors,
        p50Ms: percentile(50),
        p99Ms: percentile(99),
        maxMs: latency.count === 0 ? 0 : ms(latency.max),
      };
    }
    const point: Point = { atS: round((at - this.#startedAt) / 1000), operations };
    const wallMs = at - before.at;
    const used = (now: Usages, then: Usages): Used | undefined => {
      // A share of less than that would be one of the clock's ticks.
      if (now.size === 0 || wallMs < SHORTEST_MS) return undefined;
      let [cpuMs, rss] = [0, 0];
      for (const [pid, usage] of now) {
        cpuMs += usage.cpuMs - (then.get(pid)?.cpuMs ?? 0);
        rss += usage.rss;
      }
      return { cpuPercent: round((cpuMs / wallMs) * 100), rss, processes: now.size };
    };
    const [ofServer, ofRedis] = [used(server, before.server), used(redis, before.redis)];
    if (ofServer) point.server = ofServer;
    if (ofRedis) point.redis = ofRedis;
    this.points.push(point);
    return point;
  }
}

const round = (value: number): number => Math.round(value * 10) / 10;
