/** What lies between `performance.now()` of this process and the machine's monotonic clock, in ms. */
const offsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Milliseconds of the machine's monotonic clock: the same in every process. */
export function now(): number {
  return performance.now() + offsetMs;
}
