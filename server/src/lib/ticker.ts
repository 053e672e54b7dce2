/**
 * Work that is repeated. A round begins when the one before has ended, so none runs twice at once;
 * one that fails is reported and tried again in the next round.
 */
export class Ticker {
  readonly #onFailure: (error: unknown) => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  every(ms: number, work: () => Promise<void>): void {
    if (this.#stopped) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const round = work()
        .catch(this.#onFailure)
        .then(() => {
          this.#running.delete(round);
          this.every(ms, work);
        });
      this.#running.add(round);
    }, ms);
    this.#timers.add(timer);
  }

  /** Begins nothing more, and resolves when what is running has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#running);
  }
}
