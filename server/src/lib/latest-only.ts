/** Runs something after so many ms; keeps no process alive. */
type Wait = (ms: number, then: () => void) => void;

const later: Wait = (ms, then) => void setTimeout(then, ms).unref();

/**
 * What changes very often is told now and then: what is given of a name at once, and where more was given within
 * `everyMs` of it, what `read` finds at the end of that, for others may have changed it since.
 */
export class LatestOnly<K, V> {
  readonly #everyMs: number;
  readonly #tell: (value: V) => void;
  readonly #read: (name: K) => Promise<V | null>;
  readonly #wait: Wait;
  /** Names that were told of a moment ago, and whether more was given since. */
  readonly #told = new Map<K, boolean>();

  /** @param read Null where there is nothing to tell any more; where it rejects, nothing is told. */
  constructor(
    everyMs: number,
    tell: (value: V) => void,
    read: (name: K) => Promise<V | null>,
    wait = later,
  ) {
    this.#everyMs = everyMs;
    this.#tell = tell;
    this.#read = read;
    this.#wait = wait;
  }

  give(name: K, value: V): void {
    if (this.#told.has(name)) this.#told.set(name, true);
    else this.#now(name, value);
  }

  #now(name: K, value: V): void {
    this.#rest(name);
    this.#tell(value);
  }

  #rest(name: K): void {
    this.#told.set(name, false);
    this.#wait(this.#everyMs, () => {
      const isChanged = this.#told.get(name);
      this.#told.delete(name);
      if (isChanged) void this.#again(name);
    });
  }

  async #again(name: K): Promise<void> {
    // What is given while it is read may be later than that.
    this.#rest(name);
    const value = await this.#read(name).catch(() => null);
    if (value !== null) this.#tell(value);
  }
}
