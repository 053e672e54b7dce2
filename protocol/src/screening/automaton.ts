/** What a state has instead of another state. */
const NONE = -1;

/**
 * Finds every one of many words in a text at one go (Aho and Corasick, 1975). A search takes at most two
 * steps a letter, however many the words are, and one more for each word that ends there.
 */
export class Automaton {
  /** Transitions in one open-addressed table: a list of 20 000 words has 100 000 of them. */
  private readonly from: Int32Array;
  private readonly by: Uint16Array;
  private readonly to: Int32Array;
  private readonly mask: number;
  private readonly fail: Int32Array;
  /** The first word that ends in a state, and the next that ends in the same one. */
  private readonly ends: Int32Array;
  private readonly alike: Int32Array;
  /** The longest shorter state in which a word ends. */
  private readonly shorter: Int32Array;

  constructor(words: readonly string[]) {
    const most = words.reduce((sum, word) => sum + word.length, 1);
    let size = 16;
    while (size < most * 2) size *= 2;
    this.mask = size - 1;
    this.from = new Int32Array(size).fill(NONE);
    this.by = new Uint16Array(size);
    this.to = new Int32Array(size);
    this.fail = new Int32Array(most);
    this.ends = new Int32Array(most).fill(NONE);
    this.shorter = new Int32Array(most).fill(NONE);
    this.alike = new Int32Array(words.length).fill(NONE);
    const parent = new Int32Array(most);
    const letter = new Uint16Array(most);
    const depth = new Uint16Array(most);
    let states = 1;
    words.forEach((word, id) => {
      let state = 0;
      for (let i = 0; i < word.length; i += 1) {
        const code = word.charCodeAt(i);
        let next = this.step(state, code);
        if (next === NONE) {
          next = states;
          states += 1;
          this.put(state, code, next);
          parent[next] = state;
          letter[next] = code;
          depth[next] = i + 1;
        }
        state = next;
      }
      this.alike[id] = this.ends[state]!;
      this.ends[state] = id;
    });
    // Shorter states first: a state's failure is shorter than itself.
    const order = Int32Array.from({ length: states - 1 }, (_, i) => i + 1).sort(
      (a, b) => depth[a]! - depth[b]!,
    );
    for (const state of order) {
      const above = parent[state]!;
      const failed = above === 0 ? 0 : this.follow(this.fail[above]!, letter[state]!);
      this.fail[state] = failed;
      this.shorter[state] = this.ends[failed] === NONE ? this.shorter[failed]! : failed;
    }
  }

  private slot(state: number, code: number): number {
    let at = (Math.imul(state, 0x9e3779b1) ^ Math.imul(code, 0x85ebca6b)) >>> 7;
    at &= this.mask;
    while (this.from[at] !== NONE && (this.from[at] !== state || this.by[at] !== code))
      at = (at + 1) & this.mask;
    return at;
  }

  private step(state: number, code: number): number {
    const at = this.slot(state, code);
    return this.from[at] === NONE ? NONE : this.to[at]!;
  }

  private put(state: number, code: number, next: number): void {
    const at = this.slot(state, code);
    this.from[at] = state;
    this.by[at] = code;
    this.to[at] = next;
  }

  private follow(state: number, code: number): number {
    for (let at = state; ; at = this.fail[at]!) {
      const next = this.step(at, code);
      if (next !== NONE) return next;
      if (at === 0) return 0;
    }
  }

  /** Calls `found` for each word and where its last letter is. Returns the steps that it took. */
  search(letters: ArrayLike<number>, found: (word: number, last: number) => void): number {
    let steps = 0;
    let state = 0;
    for (let i = 0; i < letters.length; i += 1) {
      const code = letters[i]!;
      for (;;) {
        steps += 1;
        const next = this.step(state, code);
        if (next !== NONE) {
          state = next;
          break;
        }
        if (state === 0) break;
        state = this.fail[state]!;
      }
      for (
        let end = this.ends[state] === NONE ? this.shorter[state]! : state;
        end !== NONE;
        end = this.shorter[end]!
      ) {
        for (let word = this.ends[end]!; word !== NONE; word = this.alike[word]!) {
          steps += 1;
          found(word, i);
        }
      }
    }
    return steps;
  }
}
