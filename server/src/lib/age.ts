import type { LetterAge } from "@driftsea/protocol";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Coarse, so that nobody tells from it who was there to write. */
export function ageOf(ms: number): LetterAge {
  if (ms < 10 * MINUTE_MS) return "now";
  if (ms < HOUR_MS) return "hour";
  if (ms < 6 * HOUR_MS) return "hours";
  return ms < 24 * HOUR_MS ? "day" : "days";
}
