/** The time for an answer is over. */
export class DeadlineExceeded extends Error {
  override readonly name = "DeadlineExceeded";
}

interface Waiting {
  until: number;
  isDone: boolean;
  expire: () => void;
}

/**
 * One deadline for many promises. They end in the order in which they began, so that one timer serves
 * them all: a timer each was a tenth of what a message costs.
 */
export class Deadlines {
  readonly #ms: number;
  /** In order; those before `#first` are done with. */
  #waiting: Waiting[] = [];
  #first = 0;
  #timer: NodeJS.Timeout | null = null;

  /** @param ms How long each may take. */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** How many wait for an answer, or have waited in vain behind one that does. */
  get size(): number {
    return this.#waiting.length - this.#first;
  }

  /** Rejects with `DeadlineExceeded` where the promise has not ended by then. */
  within<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting = {
        until: performance.now() + this.#ms,
        isDone: false,
        expire: () => reject(new DeadlineExceeded(`no answer within ${this.#ms} ms`)),
      };
      this.#waiting.push(waiting);
      this.#timer ??= setTimeout(() => this.#expire(), this.#ms);
      promise.then(
        (value) => {
          this.#done(waiting);
          resolve(value);
        },
        (error: unknown) => {
          this.#done(waiting);
          reject(error);
        },
      );
    });
  }

  #done(waiting: Waiting): void {
    waiting.isDone = true;
    while (this.#waiting[this.#first]?.isDone) this.#first += 1;
    if (this.#first === this.#waiting.length) this.#waiting.length = this.#first = 0;
    else if (this.#first > 1024) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    if (this.#waiting.length > 0 || this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #expire(): void {
    this.#timer = null;
    const now = performance.now();
    while (this.size > 0) {
      const next = this.#waiting[this.#first]!;
      if (!next.isDone && next.until > now) {
        this.#timer = setTimeout(() => this.#expire(), next.until - now);
        return;
      }
      this.#first += 1;
      if (next.isDone) continue;
      next.isDone = true;
      next.expire();
    }
    this.#waiting.length = this.#first = 0;
  }
}
