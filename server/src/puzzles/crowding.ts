import type { Difficulty } from "./challenge.ts";
import type { Crowd } from "./puzzles.store.ts";

/** What is looked at: how many came lately, in ms. */
export const WINDOW_MS = 10_000;
/**
 * What is nothing special within a window, on any instance. One address cannot reach the first by
 * itself: it is let in 317 times in a window, and might have each of those cut off.
 */
const USUAL: Crowd = { newcomers: 650, throws: 2000 };
/** A crowd is so many times what has been usual here for the last hour. */
const TIMES_BASELINE = 5;
const BASELINE_MS = 60 * 60 * 1000;
/** Times that limit, for each difficulty. */
const STEPS = [1, 3, 9] as const;
/** A step is taken up when it was reached in so many looks on end: one peak is no raid. */
const LOOKS_UP = 2;
/** And down when there was less than half of it for so long, in ms. */
const CALM_MS = 60_000;
/** An event loop that is so late, in ms, stands half of what it does otherwise. */
const LATE_MS = 100;

/** 0: no puzzle is asked for. */
export type Level = 0 | Difficulty;

/**
 * How hard a puzzle has to be, from how many come. A server that is slow for another reason asks for
 * none: a puzzle helps against many, and against nothing else.
 */
export class Crowding {
  level: Level = 0;
  #baseline: Crowd = { newcomers: 0, throws: 0 };
  #looksAbove = 0;
  #calmSince: number | null = null;
  #lookedAt: number | null = null;

  /** `crowd`: what came within `WINDOW_MS`; `lateMs`: how late the event loop is. */
  look(crowd: Crowd, lateMs: number, now: number): Level {
    const pressure = this.#pressure(crowd) * (lateMs > LATE_MS ? 2 : 1);
    const reached = STEPS.filter((step) => pressure >= step).length as Level;
    this.#looksAbove = reached > this.level ? this.#looksAbove + 1 : 0;
    if (this.#looksAbove >= LOOKS_UP) {
      this.level = reached;
      this.#looksAbove = 0;
    }
    const isCalm = this.level > 0 && pressure < STEPS[this.level - 1]! / 2;
    this.#calmSince = isCalm ? (this.#calmSince ?? now) : null;
    if (this.#calmSince !== null && now - this.#calmSince >= CALM_MS) {
      this.level = (this.level - 1) as Level;
      this.#calmSince = now;
    }
    // A raid is nothing that one gets used to.
    if (this.level === 0 && reached === 0) this.#learn(crowd, now - (this.#lookedAt ?? now));
    this.#lookedAt = now;
    return this.level;
  }

  #pressure(crowd: Crowd): number {
    const share = (kind: keyof Crowd): number =>
      crowd[kind] / Math.max(USUAL[kind], TIMES_BASELINE * this.#baseline[kind]);
    return Math.max(share("newcomers"), share("throws"));
  }

  #learn(crowd: Crowd, elapsedMs: number): void {
    const weight = 1 - Math.exp(-elapsedMs / BASELINE_MS);
    for (const kind of ["newcomers", "throws"] as const)
      this.#baseline[kind] += (crowd[kind] - this.#baseline[kind]) * weight;
  }
}
