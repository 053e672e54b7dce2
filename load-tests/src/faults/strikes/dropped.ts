import { createHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { eachOf, pause } from "../../run/together.ts";
import { Drifter, sweepEach } from "../drifter.ts";
import type { Shore } from "../drifter.ts";
import { Load } from "../load.ts";
import { RedisMachine, ServerMachine } from "../machines.ts";
import { Judge, round, times } from "./strike.ts";
import type { Finding, Strike, Terms } from "./strike.ts";

const BACK_WITHIN_MS = 15_000;
const BACK_SHARE = 0.95;
const OTHERS_WITHIN_MS = 250;
/** The page's pauses: half a second, then twice as long each time up to 8 s, each by up to half of it by chance. */
const FIRST_MS = 500;
const LONGEST_MS = 8000;

/** All of a crowd lose their line at one instant; others write on. */
async function run({ rng, isLong }: Terms): Promise<Finding> {
  const people = isLong ? 5000 : 300;
  const judge = new Judge({ isLong });
  const redis = await RedisMachine.start();
  const shore: Shore = {
    rng,
    backAfterMs: (tries) => Math.min(LONGEST_MS, FIRST_MS * 2 ** tries) * (0.5 + rng.uniform()),
    drifters: new Set(),
  };
  const sweep = sweepEach(shore);
  let server: ServerMachine | null = null;
  let load: Load | null = null;
  try {
    server = await ServerMachine.start({ REDIS_URL: redis.url });
    const { url } = server;
    const drifters = Array.from({ length: people }, (_, i) => new Drifter(shore, url, `one ${i}`));
    await eachOf(people, (i) => drifters[i]!.come());
    let answers = createHistogram({ lowest: 1, highest: 120_000_000, figures: 3 });
    load = await Load.begin({
      rng,
      urlOf: () => url,
      rate: 100,
      writers: 20,
      kinds: ["rooms", "bottles"],
      onAnswer: (sentAt) =>
        answers.record(Math.max(1, Math.round((performance.now() - sentAt) * 1000))),
    });
    const measured = async (ms: number): Promise<number> => {
      answers.reset();
      await pause(ms);
      return answers.percentile(99) / 1000;
    };
    const usual = await measured(isLong ? 5000 : 2000);
    answers.reset();
    // The crowd is of this process, too: what it waits for itself is not the server's.
    const ownDelay = monitorEventLoopDelay({ resolution: 1 });
    ownDelay.enable();
    const from = performance.now();
    for (const drifter of drifters) drifter.drop();
    const least = Math.ceil(people * BACK_SHARE);
    const back = (): number => drifters.filter(({ isThere }) => isThere).length;
    while (back() < least && performance.now() < from + 4 * BACK_WITHIN_MS) await pause(20);
    const backAfter = performance.now() - from;
    const meanwhile = answers.percentile(99) / 1000;
    ownDelay.disable();
    const waits = drifters.filter(({ isThere }) => isThere).map(({ backAt }) => backAt - from);
    judge.within(`${least} of ${people} back`, backAfter, BACK_WITHIN_MS);
    judge.within("p99 of the others", meanwhile, OTHERS_WITHIN_MS);
    await load.settle();
    const { count } = load.ledger.audit();
    judge.holds(count === 0, `${count} writes of the others were lost or doubled`);
    return {
      done: `${people} lines cut at one instant`,
      figures: {
        "95 % back after": `${(backAfter / 1000).toFixed(2)} s`,
        "back after": times(waits),
        "p99 of those who stayed, before and meanwhile": `${round(usual)} ms, ${round(meanwhile)} ms`,
        "meanwhile the campaign's own event loop was late by (p99)": `${round(ownDelay.percentile(99) / 1e6)} ms`,
      },
      faults: judge.faults,
    };
  } finally {
    load?.close();
    for (const drifter of shore.drifters) drifter.close();
    clearInterval(sweep);
    await server?.end("SIGTERM").catch(() => {});
    for (const error of server?.errors().slice(0, 5) ?? []) judge.faults.push(`log: ${error}`);
    await redis.stop();
  }
}

export const dropped: Strike = { summary: "a crowd loses its lines at one instant", run };
