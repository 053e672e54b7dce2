/** Things done one after the other where they share a name, and side by side where they do not. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Whether something under this name has not ended. */
  isTaken(name: string): boolean {
    return this.#last.has(name);
  }

  /** Begins when all that came before under this name has ended, however it ended. */
  async take<T>(name: string, act: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(name) ?? Promise.resolve()).then(act, act);
    this.#last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    }
  }
}
