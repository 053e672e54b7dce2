/**
 * How long to wait for the next whole multiple of `ms`, where so much has passed: half of `ms` at least, so that
 * work that takes long leaves room to others. In ms.
 */
export function untilNext(ms: number, passedMs: number): number {
  const left = ms - (passedMs % ms);
  return left < ms / 2 ? left + ms : left;
}

/**
 * Work that is repeated. A round begins when the one before has ended, so none runs twice at once;
 * one that fails is reported and tried again in the next round. Rounds begin at whole multiples of their
 * time: what is due together wakes the process, and asks the store, once.
 */
export class Ticker {
  readonly #onFailure: (error: unknown) => void;
  readonly #startedAt = performance.now();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  every(ms: number, work: () => Promise<void>): void {
    if (this.#stopped) return;
    const waitMs = untilNext(ms, performance.now() - this.#startedAt);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const round = work()
        .catch(this.#onFailure)
        .then(() => {
          this.#running.delete(round);
          this.every(ms, work);
        });
      this.#running.add(round);
    }, waitMs);
    this.#timers.add(timer);
  }

  /** Begins nothing more, and resolves when what is running has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#running);
  }
}
