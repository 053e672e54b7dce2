import type { Rng } from "../../../../server/src/lib/random.ts";
import { pause } from "../../run/together.ts";
import { Load } from "../load.ts";
import type { LoadOptions } from "../load.ts";
import { RedisMachine, ServerMachine } from "../machines.ts";
import type { Settings } from "../machines.ts";
import { CIRCLES_AT_ONCE } from "../writing.ts";
import { Judge, round, times } from "./strike.ts";
import type { Finding, Strike, Terms } from "./strike.ts";

/** Longest time between a server's start and the blow, in ms. */
const BLOW_WITHIN_MS = 1500;
/** Writes a second that must be acknowledged while they can be. */
const LEAST_RATE = 500;
const BACK_WITHIN_MS = 3000;
const EXIT_WITHIN_MS = 10_000;

/** A server, its store and a load on them. */
export interface Scene {
  redis: RedisMachine;
  server: ServerMachine;
  load: Load;
  judge: Judge;
}

export interface SceneOptions {
  load?: Partial<LoadOptions>;
  settings?: Settings;
  redisUrl?: (redis: RedisMachine) => Promise<string>;
}

/** Runs them, and afterwards looks after all that was acknowledged; whatever happens, all of them end. */
export async function onScene(
  { rng, isLong }: Terms,
  { load: more = {}, settings = {}, redisUrl }: SceneOptions,
  play: (scene: Scene) => Promise<Omit<Finding, "faults">>,
): Promise<Finding> {
  const judge = new Judge({ isLong });
  const redis = await RedisMachine.start();
  let server: ServerMachine | null = null;
  let load: Load | null = null;
  try {
    const url = redisUrl ? await redisUrl(redis) : redis.url;
    server = await ServerMachine.start({ ...CIRCLES_AT_ONCE, ...settings, REDIS_URL: url });
    const at = server.url;
    const size = isLong ? { rate: 750, writers: 150 } : { rate: 200, writers: 30 };
    load = await Load.begin({ rng, urlOf: () => at, ...size, ...more });
    const finding = await play({ redis, server, load, judge });
    await load.settle();
    const figures = { ...finding.figures, ...accountOf(load, judge) };
    return { ...finding, figures, faults: judge.faults };
  } finally {
    load?.close();
    await server?.end("SIGTERM").catch(() => {});
    if (server) {
      judge.holds(server.crashes === 0, `the server ended by itself, ${server.crashes} times`);
      for (const error of server.errors().slice(0, 5)) judge.faults.push(`log: ${error}`);
    }
    await redis.stop();
  }
}

function accountOf(load: Load, judge: Judge): Record<string, string> {
  const { count, violations } = load.ledger.audit();
  for (const { kind, text } of violations.slice(0, 5)) judge.faults.push(`${kind}: ${text}`);
  if (count > 5) judge.faults.push(`and ${count - 5} more`);
  const lost = violations.filter(({ kind }) => kind === "lost").length;
  return {
    acknowledged: `${load.acknowledged} of ${load.intended}, ${round(load.perSecond)} a second`,
    lost: String(lost),
    "twice, or out of order": String(count - lost),
  };
}

const instant = (rng: Rng): Promise<void> => pause(rng.uniform() * BLOW_WITHIN_MS);

const killServer: Strike = {
  summary: "kill -9 of the server while all is written",
  run: (terms) =>
    onScene(terms, {}, async ({ server, load, judge }) => {
      const kills = terms.times ?? (terms.isLong ? 100 : 3);
      const backs: number[] = [];
      for (let i = 1; i <= kills; i += 1) {
        await instant(terms.rng);
        load.fails();
        await server.kill();
        await server.run();
        const upAt = performance.now();
        backs.push(await load.acknowledgedSince(upAt));
        load.works();
        if (i % 10 === 0) terms.note(`${i} kills, ${load.acknowledged} acknowledged`);
      }
      await instant(terms.rng);
      if (terms.isLong)
        judge.holds(
          load.perSecond >= LEAST_RATE,
          `${round(load.perSecond)} writes a second, not ${LEAST_RATE}: this machine is too busy`,
        );
      return {
        done: `${kills} × kill -9 of the server`,
        figures: { "all written again after its start": times(backs) },
      };
    }),
};

const killRedis: Strike = {
  summary: "kill -9 of Redis while all is written",
  run: (terms) =>
    onScene(terms, {}, async ({ redis, server, load, judge }) => {
      const kills = terms.times ?? (terms.isLong ? 50 : 3);
      const backs: number[] = [];
      const { pid } = server;
      for (let i = 1; i <= kills; i += 1) {
        await instant(terms.rng);
        load.fails();
        await redis.kill();
        await instant(terms.rng);
        await redis.run();
        backs.push(await load.acknowledgedSince(performance.now()));
        load.works();
        if (i % 10 === 0) terms.note(`${i} kills, ${load.acknowledged} acknowledged`);
      }
      await instant(terms.rng);
      judge.holds(server.pid === pid && server.crashes === 0, "the server has ended");
      judge.within("written again", Math.max(...backs), BACK_WITHIN_MS);
      return {
        done: `${kills} × kill -9 of Redis`,
        figures: { "all written again after Redis is back": times(backs) },
      };
    }),
};

const terminate: Strike = {
  summary: "SIGTERM of the server while all is written",
  run: (terms) =>
    onScene(terms, {}, async ({ server, load, judge }) => {
      const stops = terms.times ?? (terms.isLong ? 20 : 2);
      const exits: number[] = [];
      let told = 0;
      let asked = 0;
      for (let i = 1; i <= stops; i += 1) {
        await instant(terms.rng);
        await load.allThere();
        const drifters = [...load.drifters];
        const hears = new Set<string>();
        const undo = drifters.map((drifter) => {
          const { onEvent } = drifter;
          drifter.onEvent = (event, data) => {
            if (event === "session:draining") hears.add(drifter.name);
            onEvent(event, data);
          };
          return () => void (drifter.onEvent = onEvent);
        });
        const sentAt = performance.now();
        const there = drifters.filter(({ isThere }) => isThere);
        const code = await server.end("SIGTERM");
        load.fails();
        exits.push(performance.now() - sentAt);
        judge.holds(code === 0, `it ended with ${code}`);
        asked += there.length;
        told += there.filter(({ name }) => hears.has(name)).length;
        for (const each of undo) each();
        await server.run();
        await load.acknowledgedSince(performance.now());
        load.works();
      }
      await instant(terms.rng);
      judge.within("the end", Math.max(...exits), EXIT_WITHIN_MS);
      judge.holds(told === asked, `${told} of ${asked} were told that it ends`);
      return {
        done: `${stops} × SIGTERM`,
        figures: { "exit after": times(exits), told: `${told} of ${asked} connected` },
      };
    }),
};

export const kills = { "kill-server": killServer, "kill-redis": killRedis, terminate };
