import { startCluster } from "../../../../server/test/harness/cluster.ts";
import { pause } from "../../run/together.ts";
import { Load } from "../load.ts";
import { ServerMachine } from "../machines.ts";
import { CIRCLES_AT_ONCE } from "../writing.ts";
import { Judge, round, times as timesOf } from "./strike.ts";
import type { Finding, Strike, Terms } from "./strike.ts";

const BACK_WITHIN_MS = 6000;

/**
 * A Cluster acknowledges first and copies then: what its lost masters took with them is counted. That
 * something comes twice, or in another order, is a fault here too.
 */
async function run({ rng, isLong, times, note }: Terms): Promise<Finding> {
  const strikes = times ?? (isLong ? 20 : 1);
  const judge = new Judge({ isLong });
  const cluster = await startCluster();
  let server: ServerMachine | null = null;
  let load: Load | null = null;
  try {
    server = await ServerMachine.start({ ...CIRCLES_AT_ONCE, REDIS_URL: cluster.url });
    const { url, pid } = server;
    load = await Load.begin({
      rng,
      urlOf: () => url,
      rate: isLong ? 300 : 100,
      writers: 30,
      kinds: ["rooms", "bottles"],
      mayLose: true,
    });
    const backs: number[] = [];
    for (let i = 1; i <= strikes; i += 1) {
      await pause(500 + rng.uniform() * 1000);
      load.fails();
      // By turns the master of each third, and where the world's bottles lie.
      const key = i % 2 === 0 ? "{b:world:0}" : `{${cluster.tags[i % cluster.tags.length]}}`;
      const struckAt = performance.now();
      const struck = await cluster.strike(key, "SIGKILL");
      backs.push(await load.eachAcknowledgedSince(struckAt));
      load.works();
      await struck.revive();
      if (i % 5 === 0) note(`${i} masters killed`);
    }
    await load.settle();
    judge.within("all written again", Math.max(...backs), BACK_WITHIN_MS);
    judge.holds(server.pid === pid, "the server has ended");
    const { count, violations } = load.ledger.audit();
    const lost = violations.filter(({ kind }) => kind === "lost");
    const others = violations.filter(({ kind }) => kind !== "lost");
    for (const { kind, text } of others.slice(0, 5)) judge.faults.push(`${kind}: ${text}`);
    return {
      done: `${strikes} × kill -9 of a Cluster's master`,
      figures: {
        "each written again after": timesOf(backs),
        acknowledged: `${load.acknowledged}, ${round(load.perSecond)} a second`,
        "lost with their master": `${lost.length}`,
        "twice, or out of order": String(count - lost.length),
      },
      faults: judge.faults,
    };
  } finally {
    load?.close();
    await server?.end("SIGTERM").catch(() => {});
    for (const error of server?.errors().slice(0, 5) ?? []) judge.faults.push(`log: ${error}`);
    judge.holds((server?.crashes ?? 0) === 0, "the server ended by itself");
    await cluster.stop();
  }
}

export const master: Strike = {
  summary: "a master of a Redis Cluster is killed while all is written",
  run,
};
