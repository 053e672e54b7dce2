/**
 * Answers all who ask while one reading goes on by a single further one, which begins when that has ended: after
 * they have asked, so that nobody gets less than was there by then. One reading is under way at most.
 */
export class SharedReading<T> {
  readonly #read: () => Promise<T>;
  #underWay: Promise<unknown> = Promise.resolve();
  #next: Promise<T> | null = null;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  /** Rejects as the reading does. */
  get(): Promise<T> {
    this.#next ??= this.#underWay.then(() => {
      this.#next = null;
      const reading = this.#read();
      this.#underWay = reading.catch(() => {});
      return reading;
    });
    return this.#next;
  }
}
