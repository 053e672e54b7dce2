import { seededRandom } from "../../../server/src/lib/random.ts";
import { eachOf, pause } from "../run/together.ts";
import { Drifter, sweepEach } from "./drifter.ts";
import type { Shore } from "./drifter.ts";

/*
 * Many who lose their line at one instant and come back as the page does. A process of its own: that so many connect
 * holds up its event loop, and nobody else is to be measured by that.
 */
export type CrowdOrder =
  | { do: "come"; url: string; people: number; seed: string }
  | { do: "drop"; share: number; withinMs: number };
/** Times are ms since the drop. */
export type CrowdAnswer = { is: "there" } | { is: "back"; afterMs: number; waitsMs: number[] };

/** The page's pauses: half a second, then twice as long each time up to 8 s, each by up to half of it by chance. */
const FIRST_MS = 500;
const LONGEST_MS = 8000;

let drifters: Drifter[] = [];

async function come(order: Extract<CrowdOrder, { do: "come" }>): Promise<CrowdAnswer> {
  const rng = seededRandom(order.seed);
  const shore: Shore = {
    rng,
    backAfterMs: (tries) => Math.min(LONGEST_MS, FIRST_MS * 2 ** tries) * (0.5 + rng.uniform()),
    drifters: new Set(),
  };
  sweepEach(shore);
  const url = new URL(order.url);
  drifters = Array.from({ length: order.people }, (_, i) => new Drifter(shore, url, `one ${i}`));
  await eachOf(order.people, (i) => drifters[i]!.come());
  return { is: "there" };
}

async function drop(order: Extract<CrowdOrder, { do: "drop" }>): Promise<CrowdAnswer> {
  const from = performance.now();
  for (const drifter of drifters) drifter.drop();
  const least = Math.ceil(drifters.length * order.share);
  const back = (): Drifter[] => drifters.filter(({ isThere }) => isThere);
  while (back().length < least && performance.now() < from + order.withinMs) await pause(20);
  const afterMs = performance.now() - from;
  return { is: "back", afterMs, waitsMs: back().map(({ backAt }) => backAt - from) };
}

process.on("message", (order: CrowdOrder) => {
  void (order.do === "come" ? come(order) : drop(order)).then((answer) => process.send!(answer));
});
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit());
