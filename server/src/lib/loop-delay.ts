import { monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 20;

/** How late this process's event loop is. `lateMs`: on average since it was asked last, in ms. */
export function watchLoop(): { lateMs: () => number; stop: () => void } {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  return {
    lateMs: () => {
      const meanMs = delays.mean / 1e6;
      delays.reset();
      // Without a sample it is NaN.
      return meanMs > RESOLUTION_MS ? meanMs - RESOLUTION_MS : 0;
    },
    stop: () => void delays.disable(),
  };
}
