import type { Puzzle, PuzzleSolution } from "@driftsea/protocol";
import { solving } from "./solver.ts";
// oxlint-disable-next-line import/default
import workerUrl from "./worker.ts?worker&url";

interface TrustedTypes {
  createPolicy: (
    name: string,
    rules: { createScriptURL: () => string },
  ) => { createScriptURL: (url: string) => string };
}

/** Whatever it is asked for, it gives this one address: nobody can load anything else by it. */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
  "driftsea-worker",
  { createScriptURL: () => workerUrl },
);

/** Does the work that the server asks for, beside the page. It ends with the page. */
export const solve = (puzzle: Puzzle): Promise<PuzzleSolution | null> =>
  inWorker(puzzle).catch(() => inSlices(puzzle));

function inWorker(puzzle: Puzzle): Promise<PuzzleSolution | null> {
  return new Promise<PuzzleSolution | null>((resolve, reject) => {
    const worker = new Worker(policy?.createScriptURL(workerUrl) ?? workerUrl, { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<PuzzleSolution | null>) => {
      worker.terminate();
      resolve(data);
    });
    worker.addEventListener("error", () => {
      worker.terminate();
      reject(new Error("the worker could not be started"));
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    worker.postMessage(puzzle);
  });
}

/** Where a browser gives no worker: in the page, which stays alive in between. */
async function inSlices(puzzle: Puzzle): Promise<PuzzleSolution | null> {
  const search = solving(puzzle);
  for (;;) {
    const found = search.next();
    if (found.done) return found.value;
    await new Promise((done) => setTimeout(done));
  }
}
