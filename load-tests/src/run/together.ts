import { now } from "../measure/clock.ts";

/** Connections that are being made at once. */
const AT_ONCE = 64;

/** Does something for each number below `count`, some at once. */
export async function eachOf(
  count: number,
  act: (number: number) => Promise<unknown>,
  atOnce = AT_ONCE,
): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await act(next - 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, one));
}

/** Does not by itself keep a process alive. */
export const pause = (ms: number): Promise<void> =>
  new Promise((done) => setTimeout(done, ms).unref());

/** Waits for a condition; says whether it came true in time. */
export async function until(condition: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = now() + withinMs;
  while (!condition()) {
    if (now() > deadline) return false;
    await pause(10);
  }
  return true;
}

/** A text of so many characters that begins with these. */
export function padded(beginning: string, length: number): string {
  const filler = " the sea is calm tonight";
  const missing = length - beginning.length;
  if (missing <= 0) return beginning;
  return beginning + filler.repeat(Math.ceil(missing / filler.length)).slice(0, missing - 1) + ".";
}
