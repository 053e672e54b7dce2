import { fork } from "node:child_process";
import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { pause } from "../../run/together.ts";
import { inMicroseconds, p99, recordMs } from "../crowd.ts";
import type { CrowdAnswer, CrowdOrder } from "../crowd-process.ts";
import { Load } from "../load.ts";
import { RedisMachine, ServerMachine } from "../machines.ts";
import { Judge, round, times } from "./strike.ts";
import type { Finding, Strike, Terms } from "./strike.ts";

const PROGRAM = fileURLToPath(new URL("../crowd-process.ts", import.meta.url));

const BACK_WITHIN_MS = 15_000;
const BACK_SHARE = 0.95;
const OTHERS_WITHIN_MS = 250;

/** All of a crowd lose their line at one instant; others write on. */
async function run({ rng, isLong }: Terms): Promise<Finding> {
  const people = isLong ? 5000 : 300;
  const judge = new Judge({ isLong });
  const redis = await RedisMachine.start();
  const crowd = fork(PROGRAM, { execArgv: ["--import=tsx", "--conditions=source"] });
  const ask = async (order: CrowdOrder): Promise<CrowdAnswer> => {
    crowd.send(order);
    const answer = once(crowd, "message");
    const end = once(crowd, "exit").then(() => {
      throw new Error("the crowd's process has ended");
    });
    const [said] = (await Promise.race([answer, end])) as [CrowdAnswer];
    return said;
  };
  let server: ServerMachine | null = null;
  let load: Load | null = null;
  try {
    server = await ServerMachine.start({ REDIS_URL: redis.url });
    const { url } = server;
    const seed = String(rng.uniform());
    await ask({ do: "come", url: url.href, people, seed });
    const late = inMicroseconds();
    load = await Load.begin({
      rng,
      urlOf: () => url,
      rate: 100,
      writers: 20,
      kinds: ["rooms", "bottles"],
      onWritten: (lateMs) => recordMs(late, lateMs),
    });
    await pause(isLong ? 5000 : 2000);
    const usual = p99(late);
    late.reset();
    // What those who write wait for in this process is not the server's.
    const ownDelay = monitorEventLoopDelay({ resolution: 1 });
    ownDelay.enable();
    const withinMs = 4 * BACK_WITHIN_MS;
    const back = await ask({ do: "drop", share: BACK_SHARE, withinMs });
    if (back.is !== "back") throw new Error(`the crowd says "${back.is}"`);
    const meanwhile = p99(late);
    ownDelay.disable();
    judge.within(`${100 * BACK_SHARE} % of ${people} back`, back.afterMs, BACK_WITHIN_MS);
    judge.within("p99 of the others", meanwhile, OTHERS_WITHIN_MS);
    judge.holds(load.losses === 0, `${load.losses} lines of those who stayed were lost`);
    await load.settle();
    const { count } = load.ledger.audit();
    judge.holds(count === 0, `${count} writes of the others were lost or doubled`);
    return {
      done: `${people} lines cut at one instant`,
      figures: {
        "95 % back after": `${(back.afterMs / 1000).toFixed(2)} s`,
        "back after": times(back.waitsMs),
        "p99 of those who stayed, before and meanwhile": `${round(usual)} ms, ${round(meanwhile)} ms`,
        "meanwhile the event loop of those who stayed was late by, at most": `${round(ownDelay.max / 1e6)} ms`,
      },
      faults: judge.faults,
    };
  } finally {
    load?.close();
    crowd.kill("SIGKILL");
    await server?.end("SIGTERM").catch(() => {});
    for (const error of server?.errors().slice(0, 5) ?? []) judge.faults.push(`log: ${error}`);
    await redis.stop();
  }
}

export const dropped: Strike = { summary: "a crowd loses its lines at one instant", run };
