import type { Screener } from "@driftsea/protocol/screening";
import type { Late } from "./late.ts";

/** Parts that stand beside others, in whichever part of the page those are. */
export interface Parts {
  safety: Late<typeof import("./safety/index.ts")>;
  care: Late<typeof import("./care/index.ts")>;
  screener: Late<Screener>;
  rules: Late<typeof import("./rules/index.ts")>;
}

/**
 * They are put in here by what fetches them: a part that is fetched itself and imported that would
 * be a circle, and the bundler would cut the page's first load into pieces.
 */
export let parts: Parts;
export function putParts(all: Parts): void {
  parts = all;
}
