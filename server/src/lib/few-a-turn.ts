import Queue from "yocto-queue";

/**
 * What is done in order: so many in one turn of the event loop, the others in the next ones. A crowd of it makes
 * nobody else wait for its last.
 */
export class FewATurn<T> {
  readonly #most: number;
  readonly #work: (one: T) => void;
  readonly #waiting = new Queue<T>();
  /** In this turn. */
  #begun = 0;

  /** `work` does not throw. */
  constructor(most: number, work: (one: T) => void) {
    this.#most = most;
    this.#work = work;
  }

  /** Done before this returns, where it is among the first of this turn. */
  take(one: T): void {
    this.#waiting.enqueue(one);
    this.#go();
  }

  #go(): void {
    while (this.#waiting.size > 0 && this.#begun < this.#most) {
      if (this.#begun === 0) setImmediate(() => this.#turned());
      this.#begun += 1;
      this.#work(this.#waiting.dequeue()!);
    }
  }

  #turned(): void {
    this.#begun = 0;
    this.#go();
  }
}
