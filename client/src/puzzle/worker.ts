import type { Puzzle } from "@driftsea/protocol";
import { solving } from "./solver.ts";

self.addEventListener("message", ({ data }: MessageEvent<Puzzle>) => {
  const search = solving(data);
  let found = search.next();
  while (!found.done) found = search.next();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  self.postMessage(found.value);
});
