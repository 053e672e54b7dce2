import { below } from "../lib/random.ts";
import type { Rng } from "../lib/random.ts";
import { AROUND_MS, enoughOf } from "../circles/circles.service.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Days in which people come and go; the secret is written in the second. */
const DAYS = 8;
const SESSIONS_A_DAY = 3;
const SESSION_MS = 8 * MINUTE_MS;
const SESSION_MAX_MS = 60 * MINUTE_MS;
const AWAKE_FROM_MS = 8 * 60 * MINUTE_MS;
const AWAKE_MS = 16 * 60 * MINUTE_MS;
const RELEASE_DELAY_MAX_MS = 20 * MINUTE_MS;
/** How often a held secret is looked at here, and how exact the attacker reckons, in ms. */
const STEP_MS = 5 * MINUTE_MS;
const GRAIN_MS = MINUTE_MS;

type Session = readonly [from: number, to: number];

export interface TimingFigures {
  /** How often the best guess at the author is right, 0 to 1. */
  right: number;
  /** How well presence tells the author from those who were around when it came, 0.5 for not at all. */
  aucAround: number;
  /** And from everybody of the circle. */
  aucAll: number;
  /** Median of how much longer than its delay a secret was held, in ms. */
  heldMs: number;
}

/**
 * An attacker who knows of everybody who counts in one circle when he was here, to the instant, and
 * who reads there himself: he sees when each secret comes, and reckons for each person how likely it is
 * that a secret of theirs, under the rule of F15, came just then.
 */
export function guessByTiming(people: number, secrets: number, k: number, rng: Rng): TimingFigures {
  const enough = enoughOf(k, people);
  let [right, written] = [0, 0];
  const [around, all] = [new Auc(), new Auc()];
  const held: number[] = [];
  while (written < secrets) {
    const lives = Array.from({ length: people }, () => life(rng));
    const author = below(rng, people);
    const own = lives[author]!.filter(([from]) => from >= DAY_MS && from < 2 * DAY_MS);
    if (own.length === 0) continue;
    const [from, to] = own[below(rng, own.length)]!;
    const releaseAt = from + rng.uniform() * (to - from) + rng.uniform() * RELEASE_DELAY_MAX_MS;
    // From which release on enough have been here since, at an instant: what comes then, comes.
    const openFrom = (at: number): number => {
      const lasts = lives.map((sessions) => lastHere(sessions, at)).sort((a, b) => b - a);
      return Math.min(at, lasts[enough - 1]! + AROUND_MS);
    };
    let cameAt = releaseAt;
    while (openFrom(cameAt) < releaseAt) cameAt += STEP_MS;
    const closedFrom = cameAt > releaseAt ? openFrom(cameAt - STEP_MS) : cameAt;
    const likely = lives.map((sessions) => likelihood(sessions, closedFrom, cameAt));
    const best = Math.max(...likely);
    const guesses = likely.filter((each) => each === best);
    if (likely[author] === best) right += 1 / guesses.length;
    written += 1;
    held.push(cameAt - releaseAt);
    for (const [i, each] of likely.entries()) {
      if (i === author) continue;
      all.add(likely[author]!, each);
      if (isHere(lives[i]!, Math.min(closedFrom, cameAt - AROUND_MS), cameAt))
        around.add(likely[author]!, each);
    }
  }
  held.sort((a, b) => a - b);
  return {
    right: right / written,
    aucAround: around.value(),
    aucAll: all.value(),
    heldMs: held[Math.floor(held.length / 2)]!,
  };
}

/**
 * How likely it is that what one wrote while he was here came just then. Held since `closedFrom`, its
 * own delay ended anywhere between; not held, it ended then.
 */
function likelihood(sessions: readonly Session[], closedFrom: number, cameAt: number): number {
  let sum = 0;
  for (const [from, to] of sessions) {
    const last = Math.min(to, cameAt);
    for (let at = Math.max(from, closedFrom - RELEASE_DELAY_MAX_MS); at < last; at += GRAIN_MS) {
      const ends = Math.min(at + RELEASE_DELAY_MAX_MS, cameAt) - Math.max(at, closedFrom);
      // One who is here for long writes no more for it: each session has its secret.
      sum += (closedFrom === cameAt ? RELEASE_DELAY_MAX_MS : Math.max(0, ends)) / (to - from);
    }
  }
  return sum;
}

/** When he was here last before an instant. */
function lastHere(sessions: readonly Session[], at: number): number {
  return Math.max(
    -Infinity,
    ...sessions.map(([from, to]) => (from > at ? -Infinity : Math.min(to, at))),
  );
}

function isHere(sessions: readonly Session[], since: number, until: number): boolean {
  return sessions.some(([from, to]) => from <= until && to >= since);
}

function life(rng: Rng): Session[] {
  const sessions: Session[] = [];
  for (let day = 0; day < DAYS; day += 1) {
    for (let n = poisson(SESSIONS_A_DAY, rng); n > 0; n -= 1) {
      const from = day * DAY_MS + AWAKE_FROM_MS + rng.uniform() * AWAKE_MS;
      const length = MINUTE_MS - Math.log(1 - rng.uniform()) * SESSION_MS;
      sessions.push([from, from + Math.min(SESSION_MAX_MS, length)]);
    }
  }
  return sessions;
}

/** Knuth's way: for small means. */
function poisson(mean: number, rng: Rng): number {
  const end = Math.exp(-mean);
  let n = 0;
  for (let product = rng.uniform(); product > end; product *= rng.uniform()) n += 1;
  return n;
}

/** Area under the ROC curve: how often the author stands above another, ties by half. */
class Auc {
  #above = 0;
  #pairs = 0;

  add(author: number, other: number): void {
    this.#pairs += 1;
    this.#above += author > other ? 1 : author === other ? 0.5 : 0;
  }

  value(): number {
    return this.#pairs === 0 ? 0.5 : this.#above / this.#pairs;
  }
}
