import { WORDS_A_STEP } from "./making.ts";
import type { Making } from "./making.ts";

/**
 * What a state has instead of another state or a word: no transition leads back to the beginning, no word ends there,
 * and words are counted from 1. So what has just been made need not be filled.
 */
const NONE = 0;
/** Of a row: four numbers, so that none lies across two lines of a cache. */
const ROW = 4;
const FAIL = 0;
const END = 1;
const SHORTER = 2;

/** Transitions that there is room for at first, twice. */
const FIRST_SLOTS = 1 << 14;
/** Numbers of the table that are moved without a rest. */
const SLOTS_A_STEP = 1 << 15;

/** Bits of `begins`: enough that most of what is written begins no word of a long list, and few enough for a cache. */
const BEGINS_BITS = 1 << 18;
const BEGINS_LETTERS = 4;

/** Which bit up to four letters have, by those before the last and the last. */
const withLetter = (before: number, letter: number): number =>
  Math.imul(before ^ letter, 0x9e3779b1) ^ (before >>> 15);
const bitOf = (hash: number): number => hash >>> 14;

/**
 * Finds every one of many words in a text at one go (Aho and Corasick, 1975). A search takes at most two
 * steps a letter, however many the words are, and one more for each word that ends there.
 */
export class Automaton {
  /**
   * Transitions in one open-addressed table of rows: state, letter, next state. A list of 20 000 words has
   * 100 000 of them, and what a step costs is how far apart in memory it looks.
   */
  private table = new Int32Array(FIRST_SLOTS * ROW);
  private mask = FIRST_SLOTS - 1;
  /** A row a state: where it falls back to, the first word that ends in it, and the longest shorter state in which one ends. */
  private readonly rows: Int32Array;
  /** The next word that ends in the same state. */
  private readonly alike: Int32Array;
  /** A bit for the first four letters of each word, or for all of a shorter one. */
  private readonly begins = new Uint32Array(BEGINS_BITS / 32);
  /** A word of one letter begins everywhere. */
  private beginsAnywhere = false;
  /** From the beginning by a letter of ASCII. */
  private readonly first = new Int32Array(128);

  static *of(words: readonly string[]): Making<Automaton> {
    let most = 1;
    for (const word of words) most += word.length;
    const automaton = new Automaton(words.length, most);
    yield* automaton.take(words, most);
    return automaton;
  }

  private constructor(words: number, most: number) {
    this.rows = new Int32Array(most * ROW);
    this.alike = new Int32Array(words + 1);
  }

  private *take(words: readonly string[], most: number): Making<void> {
    const parent = new Int32Array(most);
    const letter = new Uint16Array(most);
    const depth = new Uint16Array(most);
    let states = 1;
    let deepest = 0;
    for (const [id, word] of words.entries()) {
      if (id % WORDS_A_STEP === 0) yield;
      this.noteBegin(word);
      let state = 0;
      for (let i = 0; i < word.length; i += 1) {
        const code = word.charCodeAt(i);
        let next = this.step(state, code);
        if (next === NONE) {
          next = states;
          states += 1;
          if (states * 2 > this.mask) yield* this.grow();
          this.put(state, code, next);
          parent[next] = state;
          letter[next] = code;
          depth[next] = i + 1;
        }
        state = next;
      }
      this.alike[id + 1] = this.rows[state * ROW + END]!;
      this.rows[state * ROW + END] = id + 1;
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
      const failed = above === 0 ? 0 : this.follow(this.rows[above * ROW + FAIL]!, letter[state]!);
      const row = state * ROW;
      this.rows[row + FAIL] = failed;
      const ends = this.rows[failed * ROW + END] !== NONE;
      this.rows[row + SHORTER] = ends ? failed : this.rows[failed * ROW + SHORTER]!;
    }
    for (let code = 0; code < this.first.length; code += 1) this.first[code] = this.step(0, code);
  }

  private noteBegin(word: string): void {
    if (word.length < 2) this.beginsAnywhere = true;
    let hash = 0;
    for (let i = 0; i < word.length && i < BEGINS_LETTERS; i += 1)
      hash = withLetter(hash, word.charCodeAt(i));
    const bit = bitOf(hash);
    this.begins[bit >>> 5]! |= 1 << (bit & 31);
  }

  /** False where no word does: then the letter need not be looked for far apart in memory. */
  private mayBegin(letters: ArrayLike<number>, at: number, length: number): boolean {
    if (this.beginsAnywhere) return true;
    const end = Math.min(length, at + BEGINS_LETTERS);
    let hash = withLetter(0, letters[at]!);
    for (let i = at + 1; i < end; i += 1) {
      hash = withLetter(hash, letters[i]!);
      const bit = bitOf(hash);
      if ((this.begins[bit >>> 5]! & (1 << (bit & 31))) !== 0) return true;
    }
    return false;
  }

  /** Where a transition stands, or would. */
  private slot(state: number, code: number): number {
    const { table, mask } = this;
    let at = (Math.imul(state, 0x9e3779b1) ^ Math.imul(code, 0x85ebca6b)) >>> 7;
    for (at &= mask; ; at = (at + 1) & mask) {
      const row = at * ROW;
      if (table[row + 2] === NONE || (table[row] === state && table[row + 1] === code)) return row;
    }
  }

  /** `NONE` where there is no such transition: so is the third of a row that is free. */
  private step(state: number, code: number): number {
    return this.table[this.slot(state, code) + 2]!;
  }

  private put(state: number, code: number, next: number): void {
    const row = this.slot(state, code);
    this.table[row] = state;
    this.table[row + 1] = code;
    this.table[row + 2] = next;
  }

  /** Twice as many slots; how many will be needed is known only when all words are in. */
  private *grow(): Making<void> {
    const { table } = this;
    this.table = new Int32Array(table.length * 2);
    this.mask = (table.length / ROW) * 2 - 1;
    for (let row = 0; row < table.length; row += ROW) {
      if (row % SLOTS_A_STEP === 0) yield;
      if (table[row + 2] !== NONE) this.put(table[row]!, table[row + 1]!, table[row + 2]!);
    }
  }

  private follow(state: number, code: number): number {
    for (let at = state; ; at = this.rows[at * ROW + FAIL]!) {
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
    const { rows, alike, first } = this;
    let steps = 0;
    let state = 0;
    for (let i = 0; i < length; i += 1) {
      const code = letters[i]!;
      let next = NONE;
      while (state !== 0) {
        steps += 1;
        next = this.step(state, code);
        if (next !== NONE) break;
        state = rows[state * ROW + FAIL]!;
      }
      if (state === 0) {
        steps += 1;
        if (!this.mayBegin(letters, i, length)) continue;
        next = code < first.length ? first[code]! : this.step(0, code);
      }
      state = next;
      if (state === 0) continue;
      const row = state * ROW;
      for (
        let end = rows[row + END] === NONE ? rows[row + SHORTER]! : state;
        end !== NONE;
        end = rows[end * ROW + SHORTER]!
      ) {
        for (let word = rows[end * ROW + END]!; word !== NONE; word = alike[word]!) {
          steps += 1;
          found(word - 1, i);
        }
      }
    }
    return steps;
  }
}
