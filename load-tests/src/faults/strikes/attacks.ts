import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { RecordableHistogram } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { pause, until } from "../../run/together.ts";
import type { Attack, Told } from "../attackers.ts";
import { FLOOD_KINDS, SLOW_KINDS } from "../attackers.ts";
import type { Settings } from "../machines.ts";
import { inMicroseconds, p99, recordMs } from "../crowd.ts";
import { onScene } from "./kills.ts";
import type { Scene } from "./kills.ts";
import { round, times } from "./strike.ts";
import type { Finding, Strike, Terms } from "./strike.ts";

const PROGRAM = fileURLToPath(new URL("../attackers.ts", import.meta.url));
const ENGINES = ["uws", "node"] as const;
/** By so much may the others' answers be later than before, however busy the machine is. */
const OTHERS_MAX = 2;
/** Times below this differ by chance, in ms. */
const FLOOR_MS = 20;
/** Whoever is slow is out within, in ms; the short form runs beside other tests. */
const outWithinMs = (isLong: boolean): number => (isLong ? 15_000 : 30_000);
/** And who floods. */
const FLOOD_OUT_WITHIN_MS = 200;
/** So long the others are measured after he is out: what he has delayed is written by then, in ms. */
const AFTER_FLOOD_MS = 100;
/** From then to the next, in ms. */
const BETWEEN_FLOODS_MS = 400;
/** What neither end of the attack explains is said to be stuck after, in ms. */
const STUCK_MS = 60_000;

/** Attackers, in a process of their own, until it is ended. */
class Attackers {
  readonly out: { who: string; afterMs: number }[] = [];
  /** How many attacks have all their people there. */
  there = 0;
  readonly #child: ChildProcess;

  private constructor() {
    this.#child = fork(PROGRAM, { execArgv: ["--import=tsx", "--conditions=source"] });
    this.#child.on("message", (told: Told) => {
      if (told.is === "there") this.there += 1;
      else if (told.is === "out") this.out.push(told);
    });
  }

  static async gather(): Promise<Attackers> {
    const attackers = new Attackers();
    await once(attackers.#child, "message");
    return attackers;
  }

  attack(attack: Attack): void {
    this.#child.send(attack);
  }

  end(): void {
    this.#child.kill("SIGKILL");
  }
}

type Attempt = (
  scene: Scene,
  attackers: Attackers,
  /** While this goes on, the others' writes are measured; all such times together. */
  measured: (act: () => Promise<void>) => Promise<void>,
) => Promise<Omit<Finding, "faults">>;

/** People write in rooms, and somebody attacks. */
async function onEngine(
  engine: (typeof ENGINES)[number],
  terms: Terms,
  settings: Settings,
  attempt: Attempt,
): Promise<Finding> {
  const [before, during] = [inMicroseconds(), inMicroseconds()];
  let into: RecordableHistogram | null = null;
  const onWritten = (lateMs: number): void => {
    if (into) recordMs(into, lateMs);
  };
  const measure = async (of: RecordableHistogram, act: () => Promise<void>): Promise<void> => {
    into = of;
    await act();
    into = null;
  };
  const rate = terms.isLong ? 600 : 150;
  const load = { kinds: ["rooms"] as const, rate, writers: 60, onWritten };
  const attackers = await Attackers.gather();
  return onScene(terms, { settings: { TRANSPORT: engine, ...settings }, load }, async (scene) => {
    await pause(1000);
    await measure(before, () => pause(terms.isLong ? 10_000 : 2000));
    const { done, figures } = await attempt(scene, attackers, (act) => measure(during, act));
    const [usual, meanwhile] = [p99(before), p99(during)];
    scene.judge.holds(during.count > 0, "nothing was written meanwhile");
    scene.judge.holds(scene.load.losses === 0, `${scene.load.losses} lines of others were lost`);
    // The short form runs beside much else.
    const floor = terms.isLong ? FLOOR_MS : 10 * FLOOR_MS;
    scene.judge.within("p99 of the others", meanwhile, Math.max(floor, OTHERS_MAX * usual));
    const others = `${round(usual)} ms, ${round(meanwhile)} ms`;
    return { done, figures: { ...figures, "p99 of the others, before and meanwhile": others } };
  }).finally(() => attackers.end());
}

/** One after the other where times are judged; else both at once. */
async function onEachEngine(terms: Terms, settings: Settings, attempt: Attempt): Promise<Finding> {
  const runs: Promise<Finding>[] = [];
  for (const engine of ENGINES) {
    runs.push(onEngine(engine, terms, settings, attempt));
    if (terms.isLong) await runs.at(-1);
  }
  const found = await Promise.all(runs);
  const named = found.flatMap(({ figures }, i) =>
    Object.entries(figures).map(([what, figure]) => [`${ENGINES[i]}: ${what}`, figure]),
  );
  return {
    done: found[0]!.done,
    figures: Object.fromEntries(named) as Finding["figures"],
    faults: found.flatMap(({ faults }, i) => faults.map((fault) => `${ENGINES[i]}: ${fault}`)),
  };
}

const slowSockets: Strike = {
  summary: "sockets that say nothing, or a byte a second",
  run: (terms) =>
    onEachEngine(terms, {}, async ({ server, judge }, attackers, measured) => {
      const count = terms.times ?? (terms.isLong ? 2000 : 100);
      const outWithin = outWithinMs(terms.isLong);
      const before = server.sockets;
      let left = count;
      let leftAfter = 0;
      await measured(async () => {
        attackers.attack({ how: "slow", url: server.url.href, count });
        await until(() => attackers.there > 0, STUCK_MS);
        const from = performance.now();
        // By the server's files: whether the other end has noticed is nothing to go by.
        await until(() => {
          left = server.sockets - before;
          leftAfter = performance.now() - from;
          return left <= 0;
        }, outWithin);
      });
      judge.holds(left <= 0, `${left} of ${count} were there after ${outWithin} ms`);
      await until(() => attackers.out.length === count, 1000);
      const slowest = SLOW_KINDS.map((kind, i) => {
        const after = attackers.out.filter(({ who }) => who === kind);
        const all = Math.ceil((count - i) / SLOW_KINDS.length);
        judge.holds(after.length === all, `${all - after.length} of who ${kind} were not put out`);
        const longest = Math.max(0, ...after.map(({ afterMs }) => afterMs));
        const isSoon = longest <= outWithin;
        judge.holds(isSoon, `who ${kind} was put out after ${round(longest / 1000)} s`);
        return `${kind} ${round(longest / 1000)} s`;
      });
      return {
        done: `${count} slow sockets of ${SLOW_KINDS.length} kinds`,
        figures: {
          "out at the latest": slowest.join(", "),
          "none is left": `${round(leftAfter / 1000)} s after the last came`,
        },
      };
    }),
};

/** Limits as they are by default; only that all come from one address is allowed. */
const LIMITED: Settings = { RATE_LIMITS: "on", CONNECTIONS_PER_ADDRESS: 10_000 };

const flooder: Strike = {
  summary: "one who sends as fast as he can",
  run: (terms) =>
    onEachEngine(terms, LIMITED, async ({ server, judge }, attackers, measured) => {
      const floods = terms.times ?? (terms.isLong ? 30 : FLOOD_KINDS.length);
      for (let i = 0; i < floods; i += 1) {
        const what = FLOOD_KINDS[i % FLOOD_KINDS.length]!;
        await measured(async () => {
          attackers.attack({ how: "flood", url: server.url.href, what });
          await until(() => attackers.out.length > i, STUCK_MS);
          await pause(AFTER_FLOOD_MS);
        });
        await pause(BETWEEN_FLOODS_MS);
      }
      judge.holds(attackers.there === floods, `${floods - attackers.there} never came in`);
      const { out } = attackers;
      judge.holds(out.length === floods, `${floods - out.length} were not put out`);
      const longest = FLOOD_KINDS.map((kind) => {
        const after = out.filter(({ who }) => who === kind).map(({ afterMs }) => afterMs);
        const most = Math.max(0, ...after);
        judge.within(`who floods with ${kind} is put out`, most, FLOOD_OUT_WITHIN_MS);
        return `${kind} ${round(most)} ms`;
      });
      const metered = await server.metric("driftsea_metered_total");
      judge.holds(metered === floods, `${metered} of ${floods} were put out by the meter`);
      return {
        done: `${floods} flooders, one at a time`,
        figures: {
          "put out after": times(out.map(({ afterMs }) => afterMs)),
          "at the latest": longest.join(", "),
        },
      };
    }),
};

export const attacks = { "slow-sockets": slowSockets, flooder };
