import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { EventLoopUtilization } from "node:perf_hooks";
import type { Histogram } from "./histogram.ts";

/** How exactly the delay is sampled, in ms: each sample holds it too. */
const RESOLUTION_MS = 5;

/** What the process that generated the load had to do. */
export interface GeneratorLoad {
  /** By how much its timers were late, p99, in ms. */
  delayP99Ms: number;
  delayMaxMs: number;
  /**
   * By how much it began operations later than they were due, p99, in ms: one long stall is a single sample of the
   * event loop, and many late operations. 0 in the closed model, where none is due.
   */
  lateP99Ms: number;
  /** Share of the time in which it was busy, 0 to 1. */
  busy: number;
}

export const noLoad = (): GeneratorLoad => ({
  delayP99Ms: 0,
  delayMaxMs: 0,
  lateP99Ms: 0,
  busy: 0,
});

/** From these on a run says more of its generator than of the server; what is late may be so by `lateMs`. */
export const GENERATOR_LIMITS = { lateMs: 25, busy: 0.85 } as const;

/** Watches the process in which it is made. */
export class GeneratorWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #since: EventLoopUtilization = performance.eventLoopUtilization();

  /** Begins anew. */
  start(): void {
    this.#delay.reset();
    this.#delay.enable();
    this.#since = performance.eventLoopUtilization();
  }

  /** @param lateness By how much operations were begun too late, in µs. */
  stop(lateness: Histogram): GeneratorLoad {
    this.#delay.disable();
    const late = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS);
    const isEmpty = this.#delay.count === 0;
    return {
      delayP99Ms: isEmpty ? 0 : late(this.#delay.percentile(99)),
      delayMaxMs: isEmpty ? 0 : late(this.#delay.max),
      lateP99Ms: lateness.percentile(99) / 1000,
      busy: performance.eventLoopUtilization(this.#since).utilization,
    };
  }
}

/** What of a generator's load makes a run say nothing of the server. */
export function generatorFaults(load: GeneratorLoad): string[] {
  const faults: string[] = [];
  const { lateMs } = GENERATOR_LIMITS;
  if (load.delayP99Ms > lateMs)
    faults.push(
      `its event loop was ${load.delayP99Ms.toFixed(0)} ms late (p99; at most ${lateMs})`,
    );
  if (load.lateP99Ms > lateMs)
    faults.push(
      `it began operations ${load.lateP99Ms.toFixed(0)} ms late (p99; at most ${lateMs})`,
    );
  if (load.busy > GENERATOR_LIMITS.busy)
    faults.push(
      `a process of it was busy ${(load.busy * 100).toFixed(0)} % of the time (at most ${GENERATOR_LIMITS.busy * 100})`,
    );
  return faults;
}
