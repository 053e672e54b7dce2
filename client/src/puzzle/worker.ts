import type { Puzzle } from "@driftsea/protocol";
import { solving } from "./solver.ts";

self.addEventListener("message", ({ data }: MessageEvent<Puzzle>) => {
  const search = solving(data);
  let found = search.next();
  while (!found.done) found = search.next();
  self.postMessage(found.value);
});
