import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { BottleId, DrifterId, PersonaId, SeaId, ThreadId, WriteId } from "@driftsea/protocol";
import { MemoryBottleStore } from "../src/bottles/bottles.store.memory.ts";
import type { OutboxEntry } from "../src/bottles/bottles.store.ts";
import { DRAW_RULES } from "../src/bottles/weights.ts";
import type { DrawRules } from "../src/bottles/weights.ts";
import { ManualClock } from "../src/lib/clock.ts";
import { below, seededRandom } from "../src/lib/random.ts";
import { TimerHeap } from "../src/lib/timer-heap.ts";

/** The answer promise (B13), on the store that the server runs on, in time that is not waited for. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The server's defaults. */
const LIFE_MS = 24 * HOUR_MS;
const LEASE_MS = 10 * MINUTE_MS;
/** How long a bottle is read before it is thrown back, and read and answered. */
const READING_MS = 1 * MINUTE_MS;
const WRITING_MS = 4 * MINUTE_MS;
/** Of those who do not answer, so many put the bottle down without throwing it back. */
const LAPSING = 0.1;
const SEA = "world" as SeaId;

/** Seas beside which ours is shown. */
export const SEAS = {
  ours: DRAW_RULES,
  /** Draws every bottle alike. */
  uniform: { ...DRAW_RULES, weights: DRAW_RULES.weights.map(() => 1) },
  /** One finder, and then no other. */
  "without re-drift": { ...DRAW_RULES, handsPerCopy: 1 },
} satisfies Record<string, DrawRules>;

export interface Simulation {
  /** Catches that are tried for each bottle thrown; calm ones are counted too. */
  catches: number;
  /** Probability that somebody answers what he caught. */
  answering: number;
  /** Bottles thrown during one life of a bottle. */
  bottlesPerLife: number;
  rules: DrawRules;
  seed: string;
}

export interface Outcome {
  bottles: number;
  /** Share of the bottles that somebody answered. */
  answered: number;
  /** Longest and 99th percentile of the time to an answer, among the answered, in ms. */
  longestWaitMs: number;
  wait99Ms: number;
  /** Longest time until somebody held a bottle for the first time, in ms; Infinity: nobody did. */
  longestUnheldMs: number;
  /** Share of the bottles that nobody ever held. */
  neverHeld: number;
}

/** What B13 promises: at least this share is answered. */
export function promisedShare({ catches, answering }: Simulation): number {
  return 0.95 * Math.min(1, catches * answering);
}

type Event = { at: number } & (
  { kind: "throw" | "catch" } | { kind: "answer" | "release"; id: BottleId; holder: DrifterId }
);

/**
 * A sea in its steady state: bottles are thrown and catches tried at random instants for five lives
 * of a bottle. Those count that were thrown in the second to fourth; each is followed to its end.
 */
export async function simulate(s: Simulation): Promise<Outcome> {
  const rng = seededRandom(s.seed);
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const store = new MemoryBottleStore(clock, s.rules);
  const events = new TimerHeap<Event>();
  const start = clock.now();
  const end = start + 5 * LIFE_MS;
  const people = Array.from({ length: 2000 }, (_each, i) => `drifter-${i}` as DrifterId);
  const thrownAt = new Map<BottleId, number>();
  const waits: number[] = [];
  const firstHeldAt = new Map<BottleId, number>();
  let made = 0;

  const counts = (id: BottleId): boolean => {
    const at = thrownAt.get(id)!;
    return at >= start + LIFE_MS && at < start + 4 * LIFE_MS;
  };
  const schedule = (event: Event): void => events.add(event.at, String((made += 1)), event);
  const atRate = (perLife: number): number =>
    clock.now() + (-Math.log(1 - rng.uniform()) * LIFE_MS) / perLife;
  const tell = async (entries: readonly OutboxEntry[]): Promise<void> => {
    for (const { key } of entries) await store.settled(SEA, key);
  };
  const who = (): DrifterId => people[below(rng, people.length)]!;

  const happen = {
    throw: async () => {
      const id = `bottle-${thrownAt.size}` as BottleId;
      thrownAt.set(id, clock.now());
      const owner = who();
      const bottle = { id, owner, text: "", kind: "plain" as const, lifeMs: LIFE_MS, finders: 1 };
      await store.throw(SEA, bottle);
      schedule({ at: atRate(s.bottlesPerLife), kind: "throw" });
    },
    catch: async () => {
      schedule({ at: atRate(s.bottlesPerLife * s.catches), kind: "catch" });
      const holder = who();
      const { result, outbox } = await store.catch(SEA, {
        catcher: holder,
        node: "simulation",
        leaseMs: LEASE_MS,
        leaseMaxMs: LEASE_MS,
        persona: { id: "p" as PersonaId, name: 0, hue: 0, creature: 0 },
        blocked: [],
        draws: Array.from({ length: 8 }, () => rng.uniform()),
      });
      await tell(outbox);
      if (!result) return;
      const { id } = result.bottle;
      if (!firstHeldAt.has(id)) firstHeldAt.set(id, clock.now());
      if (rng.uniform() < s.answering) {
        schedule({ at: clock.now() + WRITING_MS, kind: "answer", id, holder });
      } else if (rng.uniform() >= LAPSING) {
        schedule({ at: clock.now() + READING_MS, kind: "release", id, holder });
      }
    },
    answer: async ({ id, holder }: Event & { kind: "answer" }) => {
      const done = await store.answer(SEA, id, holder, {
        writeId: `w-${id}` as WriteId,
        threadId: `thread-${id}` as ThreadId,
        persona: { id: "q" as PersonaId, name: 0, hue: 0, creature: 0 },
        text: "",
      });
      if (!done) return;
      if (done.entry) await tell([done.entry]);
      if (counts(id)) waits.push(clock.now() - thrownAt.get(id)!);
    },
    release: async ({ id, holder }: Event & { kind: "release" }) => {
      await tell((await store.release(SEA, id, holder)).outbox);
    },
  };

  schedule({ at: start, kind: "throw" });
  schedule({ at: start, kind: "catch" });
  while (clock.now() < end) {
    const [next] = events.takeDue(Infinity, 1);
    clock.advance(next!.at - clock.now());
    for (let swept = 1; swept > 0;) {
      const { result, outbox } = await store.sweep(SEA, 1000);
      await tell(outbox);
      swept = result;
    }
    await happen[next!.kind](next as never);
  }

  const bottles = [...thrownAt.keys()].filter(counts);
  waits.sort((a, b) => a - b);
  return {
    bottles: bottles.length,
    answered: waits.length / bottles.length,
    longestWaitMs: waits.at(-1) ?? 0,
    wait99Ms: waits[Math.floor(waits.length * 0.99)] ?? 0,
    longestUnheldMs: Math.max(
      ...bottles.map((id) => (firstHeldAt.get(id) ?? Infinity) - thrownAt.get(id)!),
    ),
    neverHeld: bottles.filter((id) => !firstHeldAt.has(id)).length / bottles.length,
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      bottles: { type: "string", default: "5000" },
      seed: { type: "string", default: "driftsea" },
    },
  });
  const bottlesPerLife = Number(values.bottles);
  if (!Number.isInteger(bottlesPerLife) || bottlesPerLife < 1) {
    console.error("--bottles: a whole number of bottles thrown during one life, from 1");
    process.exitCode = 1;
    return;
  }
  console.log(
    `${bottlesPerLife} bottles a life of ${LIFE_MS / HOUR_MS} h, three lives counted. ` +
      "c: catches tried for each bottle; r: probability of an answer; waits in hours.\n",
  );
  let isKept = true;
  for (const catches of [1, 2, 4]) {
    for (const answering of [0.1, 0.3, 0.6]) {
      for (const [name, rules] of Object.entries(SEAS)) {
        const simulation = { catches, answering, bottlesPerLife, rules, seed: values.seed };
        const outcome = await simulate(simulation);
        const promised = promisedShare(simulation);
        if (name === "ours" && outcome.answered < promised) isKept = false;
        console.log(
          [
            `c ${catches}  r ${answering}  ${name.padEnd(16)}`,
            `answered ${outcome.answered.toFixed(3)} (promised ${promised.toFixed(3)})`,
            `wait for an answer: longest ${hours(outcome.longestWaitMs)}, p99 ${hours(outcome.wait99Ms)}`,
            `first hand: longest ${hours(outcome.longestUnheldMs)}, never ${(outcome.neverHeld * 100).toFixed(2)} %`,
          ].join("  "),
        );
      }
    }
  }
  console.log(isKept ? "\nThe promise is kept." : "\nThe promise is NOT kept.");
  process.exitCode = isKept ? 0 : 1;
}

const hours = (ms: number): string =>
  (ms === Infinity ? "none" : (ms / HOUR_MS).toFixed(1)).padStart(4);

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
