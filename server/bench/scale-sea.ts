import type { Rng } from "../src/lib/random.ts";
import { WeightedSlots } from "../src/bottles/draw.ts";
import { HANDS_PER_COPY, PLAIN_CLASSES, WEIGHTS } from "../src/bottles/weights.ts";

/* A sea of any size: what a draw sees of it is how many bottles stand in each class. */

const HOUR_MS = 3_600_000;
export const LIFE_MS = 24 * HOUR_MS;
const BOOST_AT_MS = 0.75 * LIFE_MS;
const READING_MS = 60_000;
const WRITING_MS = 4 * 60_000;
const LEASE_MS = 10 * 60_000;
/** Of those who do not answer, so many put the bottle down without throwing it back. */
const LAPSING = 0.1;

export interface Lives {
  /** Bottles for each that is thrown in a life, by class of weight: the steady state. */
  perBottle: readonly number[];
  answered: number;
  neverHeld: number;
  /** Until somebody holds it first, of those that are ever held, in ms. */
  firstHand50Ms: number;
  firstHand99Ms: number;
}

/**
 * The lives of `sample` bottles in a sea so large that one more changes nothing: each is caught at the
 * rate `catches / life × its weight / mean weight afloat`, and the mean is what makes the two agree. The
 * size of the sea is in neither, which is why a sample stands for any.
 */
export function sampleLives(
  rng: Rng,
  { catches, answering, sample }: { catches: number; answering: number; sample: number },
): Lives {
  let mean = 1;
  let lives = oneRound(rng, { catches, answering, sample }, mean);
  // Where little is left afloat each weighs more in the draw, and is caught the sooner: halfway each time.
  for (let round = 0; round < 12; round += 1) {
    mean = Math.sqrt(mean * lives.mean);
    lives = oneRound(rng, { catches, answering, sample }, mean);
  }
  return lives;
}

function oneRound(
  rng: Rng,
  { catches, answering, sample }: { catches: number; answering: number; sample: number },
  mean: number,
): Lives & { mean: number } {
  const spent = WEIGHTS.map(() => 0);
  const firsts: number[] = [];
  let answered = 0;
  for (let i = 0; i < sample; i += 1) {
    let [age, thrownBack, hands] = [0, 0, 0];
    while (age < LIFE_MS && hands < HANDS_PER_COPY) {
      const plain = Math.min(thrownBack, PLAIN_CLASSES - 1);
      const isBoosted = age >= BOOST_AT_MS;
      const weightClass = isBoosted ? plain + PLAIN_CLASSES : plain;
      const untilMs = isBoosted ? LIFE_MS : BOOST_AT_MS;
      const perMs = (catches * WEIGHTS[weightClass]!) / mean / LIFE_MS;
      const caughtAt = age - Math.log(1 - rng.uniform()) / perMs;
      spent[weightClass]! += Math.min(caughtAt, untilMs) - age;
      if (caughtAt >= untilMs) {
        age = untilMs;
        continue;
      }
      hands += 1;
      if (hands === 1) firsts.push(caughtAt);
      if (rng.uniform() < answering) {
        if (caughtAt + WRITING_MS < LIFE_MS) answered += 1;
        break;
      }
      const lapses = rng.uniform() < LAPSING;
      age = caughtAt + (lapses ? LEASE_MS : READING_MS);
      if (!lapses) thrownBack += 1;
    }
  }
  firsts.sort((a, b) => a - b);
  const perBottle = spent.map((ms) => ms / LIFE_MS / sample);
  return {
    perBottle,
    answered: answered / sample,
    neverHeld: 1 - firsts.length / sample,
    firstHand50Ms: firsts[Math.floor(firsts.length * 0.5)] ?? 0,
    firstHand99Ms: firsts[Math.floor(firsts.length * 0.99)] ?? 0,
    mean: perBottle.reduce((sum, share, c) => sum + share * WEIGHTS[c]!, 0),
  };
}

export interface Draws {
  ns: number;
  creatures: number;
  /** Largest distance of a class's share of the draws from its share of the weight, in standard deviations. */
  worstClass: number;
  /** The same for the tenths of the fullest class: no place in it is preferred. */
  worstTenth: number;
}

/** The server's own draw in a sea of so many bottles. */
export function drawIn(
  rng: Rng,
  { counts, draws, creature }: { counts: readonly number[]; draws: number; creature: number },
): Draws {
  const slots = new WeightedSlots(WEIGHTS);
  const fullest = counts.indexOf(Math.max(...counts));
  const hits = counts.map(() => 0);
  const tenths = Array<number>(10).fill(0);
  let creatures = 0;
  const began = performance.now();
  for (let i = 0; i < draws; i += 1) {
    if (rng.uniform() < creature) {
      creatures += 1;
      continue;
    }
    const { weightClass, pos } = slots.locate(rng.uniform(), counts);
    hits[weightClass]! += 1;
    if (weightClass === fullest) tenths[Math.floor((pos / counts[fullest]!) * 10)]! += 1;
  }
  const ns = ((performance.now() - began) / draws) * 1e6;
  const weight = counts.reduce((sum, count, c) => sum + count * WEIGHTS[c]!, 0);
  const bottles = draws - creatures;
  const off = (hit: number, share: number, of: number): number =>
    share === 0 ? hit : Math.abs(hit - share * of) / Math.sqrt(share * (1 - share) * of || 1);
  return {
    ns,
    creatures: creatures / draws,
    worstClass: Math.max(
      ...counts.map((count, c) => off(hits[c]!, (count * WEIGHTS[c]!) / weight, bottles)),
    ),
    worstTenth: Math.max(...tenths.map((hit) => off(hit, 0.1, hits[fullest]!))),
  };
}

/**
 * A sea of several shards: a throw goes to one by chance, a catch picks one by weights that are a second
 * old, and draws there. By how much, at worst, a bottle's chance is off what one sea would give it.
 */
export function shardError(
  rng: Rng,
  { bottles, shards, perS, seconds }: Record<"bottles" | "shards" | "perS" | "seconds", number>,
): number {
  const now = Array.from({ length: shards }, () => bottles / shards);
  let worst = 0;
  for (let second = 0; second < seconds; second += 1) {
    const before = [...now];
    // As many come as go; each by chance, so that a shard's change is normal to a hair.
    for (let i = 0; i < shards; i += 1) {
      const normal =
        Math.sqrt(-2 * Math.log(1 - rng.uniform())) * Math.cos(2 * Math.PI * rng.uniform());
      now[i]! += normal * Math.sqrt((2 * perS) / shards);
    }
    const total = now.reduce((sum, weight) => sum + weight, 0);
    const totalBefore = before.reduce((sum, weight) => sum + weight, 0);
    for (let i = 0; i < shards; i += 1)
      worst = Math.max(worst, Math.abs(before[i]! / totalBefore / (now[i]! / total) - 1));
  }
  return worst;
}
