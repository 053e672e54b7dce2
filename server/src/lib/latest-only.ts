/** Runs something after so many ms; keeps no process alive. */
type Wait = (ms: number, then: () => void) => void;

const later: Wait = (ms, then) => void setTimeout(then, ms).unref();

/**
 * Tells the first of what is given of one name at once, and of what follows within `everyMs` the last alone, at
 * the end of that: of what changes very often everybody hears now and then.
 */
export class LatestOnly<K, V> {
  readonly #everyMs: number;
  readonly #tell: (value: V) => void;
  readonly #wait: Wait;
  /** Of names that were told of a moment ago, what was given since. */
  readonly #since = new Map<K, { value: V } | null>();

  constructor(everyMs: number, tell: (value: V) => void, wait = later) {
    this.#everyMs = everyMs;
    this.#tell = tell;
    this.#wait = wait;
  }

  give(name: K, value: V): void {
    if (this.#since.has(name)) this.#since.set(name, { value });
    else this.#now(name, value);
  }

  #now(name: K, value: V): void {
    this.#since.set(name, null);
    this.#wait(this.#everyMs, () => {
      const newer = this.#since.get(name);
      this.#since.delete(name);
      if (newer) this.#now(name, newer.value);
    });
    this.#tell(value);
  }
}
