import type { Tell } from "./facts.ts";

/** One reader of a dense, numbered stream: each number once, none left out, none after another. */
export class StreamReader {
  readonly name: string;
  readonly #tell: Tell;
  #next: number;

  /** @param head The number of the newest message that it need not see. */
  constructor(name: string, head: number, tell: Tell) {
    this.name = name;
    this.#next = head + 1;
    this.#tell = tell;
  }

  /** Number of the newest that it has seen: the cursor to go on from. */
  get head(): number {
    return this.#next - 1;
  }

  saw(seq: number): void {
    if (seq === this.#next) this.#next += 1;
    else if (seq < this.#next)
      this.#tell({ fact: "broken", kind: "duplicate", text: `${this.name} saw ${seq} again` });
    else {
      const text = `${this.name} saw ${seq} after ${this.#next - 1}`;
      this.#tell({ fact: "broken", kind: "gap", text });
      this.#next = seq + 1;
    }
  }

  /** The server says itself that it cannot give what was missed. */
  skipTo(head: number): void {
    this.#next = Math.max(this.#next, head + 1);
  }

  /** At the end: everything up to here was acknowledged to its writer. */
  mustHaveSeen(head: number): void {
    if (head < this.#next) return;
    const text = `${this.name} never saw ${this.#next} to ${head}, which were acknowledged`;
    this.#tell({ fact: "broken", kind: "lost", text });
  }
}
