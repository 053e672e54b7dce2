import type { Rng } from "../../../../server/src/lib/random.ts";

/** What one scenario was asked for. */
export interface Terms {
  rng: Rng;
  /** The counts of the requirement, and not the gate's short form. */
  isLong: boolean;
  /** How often it strikes, where that was asked for. */
  times: number | null;
  /** Of the soak, in ms. */
  soakMs: number;
  note: (text: string) => void;
}

export interface Finding {
  /** What was done, with how often. */
  done: string;
  /** Figures, by what they say. */
  figures: Record<string, string>;
  /** What did not hold; none: it held. */
  faults: string[];
  /** It could not be done here, and why. */
  skipped?: string;
}

export interface Strike {
  summary: string;
  run: (terms: Terms) => Promise<Finding>;
}

/** The short form runs beside other tests: it looks for what is lost, and not for how fast. */
const SHORT_PATIENCE = 10;

/** Gathers what does not hold. */
export class Judge {
  readonly faults: string[] = [];
  readonly #patience: number;

  constructor({ isLong }: Pick<Terms, "isLong">) {
    this.#patience = isLong ? 1 : SHORT_PATIENCE;
  }

  holds(condition: boolean, otherwise: string): void {
    if (!condition) this.faults.push(otherwise);
  }

  /** In ms. */
  within(what: string, ms: number, mostMs: number): void {
    const most = mostMs * this.#patience;
    this.holds(ms <= most, `${what}: ${round(ms)} ms, at most ${most}`);
  }
}

export const round = (value: number): string =>
  String(Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10);

/** The middle and the longest of some times in ms, as seconds. */
export function times(ms: readonly number[]): string {
  if (ms.length === 0) return "-";
  const sorted = [...ms].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)]!;
  return `${(middle / 1000).toFixed(2)} s, ${(sorted.at(-1)! / 1000).toFixed(2)} s at most`;
}
