/** A part of a run in which the rate goes evenly from one value to another, in operations a second. */
export interface Stretch {
  durationMs: number;
  fromRate: number;
  toRate: number;
  /** Whether what is scheduled here counts. */
  measured: boolean;
}

/** `10s:100,30s:1000`: how long, at which rate. */
export interface Stage {
  durationMs: number;
  rate: number;
}

/** The open model's timetable: when each operation is due, whatever became of those before. */
export class Timetable {
  readonly #parts: { fromMs: number; first: number; stretch: Stretch; count: number }[] = [];
  readonly durationMs: number;
  /** Operations in all. */
  readonly count: number;
  readonly measuredFromMs: number;
  /** Operations that count. */
  readonly measuredCount: number;

  /** Stretches that count come last. */
  constructor(stretches: readonly Stretch[]) {
    let fromMs = 0;
    let first = 0;
    let measuredFromMs: number | null = null;
    let measuredCount = 0;
    for (const stretch of stretches) {
      const mean = (stretch.fromRate + stretch.toRate) / 2;
      const count = Math.round((mean * stretch.durationMs) / 1000);
      if (stretch.measured) {
        measuredFromMs ??= fromMs;
        measuredCount += count;
      }
      this.#parts.push({ fromMs, first, stretch, count });
      fromMs += stretch.durationMs;
      first += count;
    }
    this.durationMs = fromMs;
    this.count = first;
    this.measuredFromMs = measuredFromMs ?? fromMs;
    this.measuredCount = measuredCount;
  }

  /** When the operation of this number, from 0, is due, in ms from the beginning. */
  dueMs(number: number): number {
    const part = this.#parts.findLast(({ first }) => first <= number)!;
    const { durationMs, fromRate, toRate } = part.stretch;
    const nth = number - part.first;
    if (fromRate === toRate) return part.fromMs + (nth / part.count) * durationMs;
    // Operations until t (s) are fromRate·t + slope·t²/2; solved for t.
    const slope = (toRate - fromRate) / (durationMs / 1000);
    const t = (Math.sqrt(fromRate ** 2 + 2 * slope * nth) - fromRate) / slope;
    return part.fromMs + Math.min(durationMs, t * 1000);
  }
}

/** Rises to the first rate, warms up at it, then runs the stages, which alone count. */
export function timetable(stages: readonly Stage[], rampMs: number, warmupMs: number): Timetable {
  const rate = stages[0]?.rate ?? 0;
  const ahead: Stretch[] = [];
  if (rampMs > 0) ahead.push({ durationMs: rampMs, fromRate: 0, toRate: rate, measured: false });
  if (warmupMs > 0)
    ahead.push({ durationMs: warmupMs, fromRate: rate, toRate: rate, measured: false });
  const counted = stages.map(({ durationMs, rate }) => ({
    durationMs,
    fromRate: rate,
    toRate: rate,
    measured: true,
  }));
  return new Timetable([...ahead, ...counted]);
}

export const durationOf = (stages: readonly Stage[]): number =>
  stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
