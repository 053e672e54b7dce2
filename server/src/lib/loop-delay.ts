import { monitorEventLoopDelay } from "node:perf_hooks";

/**
 * How often it is looked how late the event loop is, in ms. Each look wakes a process that has nothing to do: at
 * 10 ms, as prom-client has it, that is most of what it costs then.
 */
export const LOOP_LOOK_MS = 50;

/** How late this process's event loop is. `lateMs`: on average since it was asked last, in ms. */
export function watchLoop(): { lateMs: () => number; stop: () => void } {
  const delays = monitorEventLoopDelay({ resolution: LOOP_LOOK_MS });
  delays.enable();
  return {
    lateMs: () => {
      const meanMs = delays.mean / 1e6;
      delays.reset();
      // Without a sample it is NaN.
      return meanMs > LOOP_LOOK_MS ? meanMs - LOOP_LOOK_MS : 0;
    },
    stop: () => void delays.disable(),
  };
}
