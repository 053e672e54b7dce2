import { WORDS_A_STEP } from "./making.ts";
import type { Making } from "./making.ts";

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

  static *of(words: readonly string[]): Making<Automaton> {
    const most = words.reduce((sum, word) => sum + word.length, 1);
    const automaton = new Automaton(words.length, most);
    yield* automaton.take(words, most);
    return automaton;
  }

  private constructor(words: number, most: number) {
    let size = 16;
    while (size < most * 2) size *= 2;
    this.mask = size - 1;
    this.from = new Int32Array(size).fill(NONE);
    this.by = new Uint16Array(size);
    this.to = new Int32Array(size);
    this.fail = new Int32Array(most);
    this.ends = new Int32Array(most).fill(NONE);
    this.shorter = new Int32Array(most).fill(NONE);
    this.alike = new Int32Array(words).fill(NONE);
  }

  private *take(words: readonly string[], most: number): Making<void> {
    const parent = new Int32Array(most);
    const letter = new Uint16Array(most);
    const depth = new Uint16Array(most);
    let states = 1;
    let deepest = 0;
    for (const [id, word] of words.entries()) {
      if (id % WORDS_A_STEP === 0) yield;
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
      deepest = Math.max(deepest, word.length);
    }
    // Shorter states first: a state's failure is shorter than itself.
    const place = new Int32Array(deepest + 2);
    for (let state = 1; state < states; state += 1) place[depth[state]! + 1]! += 1;
    for (let deep = 1; deep < place.length; deep += 1) place[deep]! += place[deep - 1]!;
    const order = new Int32Array(states - 1);
    for (let state = 1; state < states; state += 1) {
      order[place[depth[state]!]!] = state;
      place[depth[state]!]! += 1;
    }
    for (const [i, state] of order.entries()) {
      if (i % (WORDS_A_STEP * 5) === 0) yield;
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
  search(
    letters: ArrayLike<number>,
    length: number,
    found: (word: number, last: number) => void,
  ): number {
    let steps = 0;
    let state = 0;
    for (let i = 0; i < length; i += 1) {
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
