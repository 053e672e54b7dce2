import type { Step, Verdict } from "../report/report.ts";
import type { RoundResult } from "./crew.ts";

const GROWTH = 1.5;
/** Steps upwards at most: 1.5 to the 24th is 16 000 times the first rate. */
const STEPS_MAX = 24;
/** Halvings between the last rate that held and the first that did not. */
const HALVINGS = 4;

export interface Tried {
  round: RoundResult;
  achievedShare: number;
  faults: { verdict: Verdict; because: string[] };
}

/**
 * Looks for the highest rate that is held: upwards in steps of a half, then by halving. Ends early
 * where `attempt` gives null. The round is that of the highest rate that held, or else the last; null where there
 * is none.
 */
export async function findMax(
  firstRate: number,
  attempt: (rate: number) => Promise<Tried | null>,
): Promise<{ round: RoundResult | null; steps: Step[] }> {
  const steps: Step[] = [];
  let best: { rate: number; round: RoundResult } | null = null;
  let last: RoundResult | null = null;
  const holds = async (rate: number): Promise<boolean | null> => {
    const tried = await attempt(rate);
    if (!tried) return null;
    const { round, achievedShare, faults } = tried;
    const held = faults.verdict === "held";
    const why = held ? "" : `${faults.verdict}: ${faults.because.join("; ")}`;
    steps.push({ rate, achievedShare, held, why });
    last = round;
    if (held && rate > (best?.rate ?? 0)) best = { rate, round };
    return held;
  };
  let low = 0;
  let high: number | null = null;
  let rate = firstRate;
  for (let i = 0; i < STEPS_MAX && high === null; i += 1) {
    const held = await holds(rate);
    if (held === null) break;
    if (held) low = rate;
    else high = rate;
    rate = Math.ceil(rate * GROWTH);
  }
  for (let i = 0; i < HALVINGS && high !== null; i += 1) {
    const middle = Math.round((low + high) / 2);
    if (middle === low || middle === high) break;
    const held = await holds(middle);
    if (held === null) break;
    if (held) low = middle;
    else high = middle;
  }
  steps.sort((a, b) => a.rate - b.rate);
  const found = best as { rate: number; round: RoundResult } | null;
  return { round: found?.round ?? last, steps };
}
