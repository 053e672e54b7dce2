/**
 * Says how often something may be done under one name in a period of time, counted in this process alone: against
 * whoever would do without end what costs others. Periods follow one another, so that in the time of one, up to
 * twice as many may fall.
 */
export class Bound {
  readonly #most: number;
  readonly #periodMs: number;
  readonly #now: () => number;
  readonly #times = new Map<string, number>();
  #from = -Infinity;

  /** @param now Milliseconds from any fixed point; must not go backwards. */
  constructor(most: number, periodMs: number, now: () => number = () => performance.now()) {
    this.#most = most;
    this.#periodMs = periodMs;
    this.#now = now;
  }

  /** Counts one. Null: it may be done; else how long there is to wait, in ms. */
  take(name: string): number | null {
    const now = this.#now();
    if (now - this.#from >= this.#periodMs) {
      this.#from = now;
      this.#times.clear();
    }
    const times = this.#times.get(name) ?? 0;
    if (times >= this.#most) return this.#periodMs - (now - this.#from);
    this.#times.set(name, times + 1);
    return null;
  }
}
