import type { ClosedFunction, DrifterId } from "@driftsea/protocol";

/** One step of the ladder. */
export interface Step {
  function: ClosedFunction;
  /** 1 for the first that has not faded. */
  step: number;
  /** ms since 1970. */
  untilAt: number;
  reason: string;
}

/**
 * What was decided against a drifter, by his hash, until it fades (M3). Every method is one atomic
 * change or reading of one drifter; each may reject with StoreUnavailable and is safe to repeat.
 */
export interface PenaltyStore {
  /**
   * One step more for a function, from now on, as long as the ladder says after those of the same
   * function that have not faded. Again under the same key, it is the step that was made then.
   */
  step(
    drifter: DrifterId,
    key: string,
    what: { function: ClosedFunction; reason: string },
  ): Promise<Step>;
  /** Steps that have not faded, in no order. */
  of(drifter: DrifterId): Promise<Step[]>;
  erase(drifter: DrifterId): Promise<void>;
  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Steps of the ladder, in ms; each that comes after is `FURTHER_MS` longer than the one before. */
export const LADDER_MS = [
  MINUTE_MS,
  5 * MINUTE_MS,
  25 * MINUTE_MS,
  2 * HOUR_MS,
  12 * HOUR_MS,
  3 * DAY_MS,
  7 * DAY_MS,
] as const;
export const FURTHER_MS = 3 * DAY_MS;
/** A step is forgotten so long after its end, in ms. */
export const FADE_MS = 7 * DAY_MS;

/** How long the step of this number lasts, in ms. */
export function durationOf(step: number): number {
  const further = Math.max(0, step - LADDER_MS.length);
  return LADDER_MS[Math.min(step, LADDER_MS.length) - 1]! + further * FURTHER_MS;
}
