import { inUnits } from "../i18n/index.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A span as a rule says it: in days from two on, and never rounded away. */
export function lifeOf(ms: number): string {
  const [unit, each] =
    ms >= 2 * DAY_MS
      ? (["day", DAY_MS] as const)
      : ms >= HOUR_MS
        ? (["hour", HOUR_MS] as const)
        : ms >= MINUTE_MS
          ? (["minute", MINUTE_MS] as const)
          : (["second", SECOND_MS] as const);
  return inUnits(ms / each, unit);
}
