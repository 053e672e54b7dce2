import { Automaton } from "./automaton.ts";
import type { Making } from "./making.ts";
import { fold, GAP, WAS } from "./fold.ts";
import type { Folded } from "./fold.ts";

/** A word as it is looked for. */
export interface Pattern {
  /** Which entry it belongs to. */
  id: number;
  letters: string;
  run: number[];
  /** Where a gap is usual: between the words of an entry. */
  gapAt: boolean[];
  /** Letters that are covered by as many signs: f*ck. */
  covered: number[];
  isDigit: boolean[];
  isLatin: boolean[];
  startsOpen: boolean;
  endsOpen: boolean;
  /** Found as it is written alone, without any disguise. */
  isExact: boolean;
}

export interface Found {
  id: number;
  /** First and last letter, in the folded text. */
  first: number;
  last: number;
  /** Whether it is written so that it should not be found. */
  isHidden: boolean;
}

export function patternOf(id: number, word: string, isExact: boolean): Pattern {
  const startsOpen = word.startsWith("*");
  const endsOpen = word.length > 1 && word.endsWith("*");
  const bare = word.slice(startsOpen ? 1 : 0, endsOpen ? -1 : undefined);
  const folded = fold(bare);
  const columns = <T>(of: ArrayLike<number>, as: (value: number) => T): T[] =>
    Array.from({ length: folded.length }, (_, i) => as(of[i]!));
  return {
    id,
    letters: folded.word,
    run: columns(folded.run, (run) => run),
    gapAt: columns(folded.gap, (gap) => gap !== GAP.none),
    covered: columns(folded.covered, () => 0),
    isDigit: columns(folded.was, (was) => was === WAS.digit || was === WAS.leet),
    isLatin: columns(folded.was, (was) => was <= WAS.digit),
    startsOpen,
    endsOpen,
    isExact,
  };
}

/** Forms of a word that are written on purpose: ph for f, f**k, and a letter twice that is set apart. */
export function disguises(pattern: Pattern): Pattern[] {
  const forms: Pattern[] = [];
  const { letters, run, gapAt } = pattern;
  if (run.some((times) => times > 1)) {
    const at = run.flatMap((times, i) => Array<number>(times).fill(i));
    forms.push({
      ...picked(pattern, at),
      run: at.map(() => 1),
      gapAt: at.map((i, k) => gapAt[i]! && at[k - 1] !== i),
    });
  }
  if (letters.length < 4 || gapAt.includes(true) || !/^[a-z]+$/.test(letters)) return forms;
  if (letters.length <= 6) {
    const hidden = run.slice(1, -1).reduce((sum, times) => sum + times, 0);
    forms.push({ ...picked(pattern, [0, letters.length - 1]), covered: [0, hidden] });
  }
  if (run.every((times) => times === 1 || times === 2)) forms.push(...masked(pattern));
  if (letters.startsWith("f") && run[0] === 1) {
    const ph = picked(
      pattern,
      Array.from({ length: letters.length + 1 }, (_, i) => Math.max(0, i - 1)),
    );
    forms.push({ ...ph, letters: `ph${letters.slice(1)}` });
  }
  return forms;
}

/** Two or three letters in the middle of a word under as many signs: wh**e. As much as that is seen of it. */
function masked(pattern: Pattern): Pattern[] {
  const { letters, run } = pattern;
  const forms: Pattern[] = [];
  for (let from = 1; from < letters.length - 1; from += 1)
    for (let to = from + 1; to < letters.length; to += 1) {
      const hidden = run.slice(from, to).reduce((sum, times) => sum + times, 0);
      const seen = run.flatMap((_, i) => (i < from || i >= to ? [i] : []));
      if (hidden < 2 || hidden > 3 || seen.length < 3) continue;
      const form = picked(pattern, seen);
      forms.push({ ...form, covered: seen.map((_, i) => (i === from ? hidden : 0)) });
    }
  return forms;
}

/** A pattern of these letters of another. */
function picked(pattern: Pattern, at: readonly number[]): Pattern {
  const pick = <T>(of: readonly T[]): T[] => at.map((i) => of[i]!);
  return {
    ...pattern,
    letters: at.map((i) => pattern.letters[i]).join(""),
    run: pick(pattern.run),
    gapAt: pick(pattern.gapAt),
    covered: pick(pattern.covered),
    isDigit: pick(pattern.isDigit),
    isLatin: pick(pattern.isLatin),
  };
}

/** Short words that part by chance: "as s" is no disguise where both are words, "a ss" is one. */
const COMMON = new Set(
  "a i am an as at be by do go he hi if in is it me my no of oh ok on or so to up us we the and for you but not all can her was one our out day get has him his how man new now old see two way who boy did its let put say she too use pen rap ten men hell push back wet set sit tit an old her whore cock tail dick head ass hat horse lol shot".split(
    " ",
  ),
);

/** Which of many patterns stand in a text. */
export class Matcher {
  private readonly automaton: Automaton;
  private readonly patterns: readonly Pattern[];

  static *of(patterns: readonly Pattern[]): Making<Matcher> {
    return new Matcher(patterns, yield* Automaton.of(patterns.map(({ letters }) => letters)));
  }

  private constructor(patterns: readonly Pattern[], automaton: Automaton) {
    this.patterns = patterns;
    this.automaton = automaton;
  }

  /** Returns the steps that it took. */
  search(text: Folded, found: (match: Found) => void): number {
    return this.automaton.search(text.letters, text.length, (which, last) => {
      const pattern = this.patterns[which]!;
      const first = last - pattern.letters.length + 1;
      const how = howWritten(pattern, text, first);
      if (how) found({ ...wholeWord(pattern, text, first, last), isHidden: how === "hidden" });
    });
  }
}

/** Letters that a mark grows by, at most, where a longer word goes on. */
const GOES_ON_MAX = 20;

function wholeWord({ id, startsOpen, endsOpen }: Pattern, text: Folded, from: number, to: number) {
  let [first, last] = [from, to];
  if (startsOpen) while (from - first < GOES_ON_MAX && !partsBefore(text, first)) first -= 1;
  if (endsOpen) while (last - to < GOES_ON_MAX && !partsAfter(text, last + 1)) last += 1;
  return { id, first, last };
}

/** Whether letters that are the pattern's are the word as well, and whether it is in disguise. */
function howWritten(pattern: Pattern, text: Folded, first: number): "plain" | "hidden" | null {
  const length = pattern.letters.length;
  const next = first + length;
  if (pattern.isLatin[0] && !pattern.startsOpen && !partsBefore(text, first)) return null;
  if (pattern.isLatin[length - 1] && !pattern.endsOpen && !partsAfter(text, next)) return null;
  let [gaps, odd, leet, look, covered] = [0, 0, 0, 0, 0];
  let worst: number = GAP.none;
  let isEven = true;
  let isStretched = false;
  let isPacked = pattern.gapAt.includes(true);
  for (let i = 0; i < length; i += 1) {
    const at = first + i;
    const run = text.run[at]!;
    if (run < pattern.run[i]!) return null;
    if (run > pattern.run[i]!) {
      if (pattern.isExact || !mayStretch(pattern, i, run)) return null;
      if (run > 2 && i < length - 1) isStretched = true;
    }
    const was = text.was[at]!;
    if (pattern.isDigit[i] && was !== WAS.digit && was !== WAS.leet) return null;
    if (was === WAS.leet && !pattern.isDigit[i]) leet += 1;
    if (text.hidden[at]) look += 1;
    if (i === 0) continue;
    const gap = text.gap[at]!;
    if (pattern.covered[i]! > 0) {
      if (gap !== GAP.sign || text.covered[at] !== pattern.covered[i]) return null;
      covered += 1;
      continue;
    }
    if (gap !== GAP.none) gaps += 1;
    if (i > 1 && gap !== text.gap[at - 1]) isEven = false;
    if (pattern.gapAt[i]) {
      if (gap === GAP.end || (pattern.isExact && gap === GAP.none)) return null;
      if (gap !== GAP.none) isPacked = false;
    } else if (gap !== GAP.none) {
      odd += 1;
      worst = Math.max(worst, gap);
    }
  }
  if (pattern.isExact) return odd === 0 && leet === 0 ? "plain" : null;
  if (leet > 0 && leet >= length) return null;
  // Cumin is no "cum in".
  if (isPacked && length <= PACKED_MAX) return null;
  if (odd === 0) return leet + look + covered > 0 || isStretched ? "hidden" : "plain";
  const isSpaced = gaps === length - 1 && isEven && (length > 2 || !pattern.isLatin[0]);
  if (isSpaced)
    return length > 3 || !pattern.isLatin[0] || isApart(text, first, next) ? "hidden" : null;
  if (worst === GAP.end) return null;
  if (!pattern.isLatin.includes(true)) return worst === GAP.sign || length > 2 ? "hidden" : null;
  return isTornApart(pattern, text, first) ? "hidden" : null;
}

/** Letters of an entry of several words that has to be written as such. */
const PACKED_MAX = 6;

function mayStretch(pattern: Pattern, i: number, run: number): boolean {
  return run > 2 || (pattern.isLatin[i] === true && pattern.letters.length > 3);
}

const partsBefore = (text: Folded, first: number): boolean =>
  first === 0 || text.gap[first] !== GAP.none || text.was[first - 1]! > WAS.latin;

/** Whether single letters stand alone, and not in a longer row: "a s s", and not "p a s s e d". */
const isApart = (text: Folded, first: number, next: number): boolean =>
  (first === 0 || text.gap[first] !== text.gap[first + 1] || text.was[first - 1]! > WAS.leet) &&
  (next >= text.length || text.gap[next] !== text.gap[next - 1] || text.was[next]! > WAS.leet);

const partsAfter = (text: Folded, next: number): boolean =>
  next >= text.length || text.gap[next] !== GAP.none || text.was[next]! > WAS.latin;

/** Whether a word in pieces is no row of words: "f u ck", and not "pen is". */
function isTornApart(pattern: Pattern, text: Folded, first: number): boolean {
  const pieces: string[] = [];
  for (let i = 0; i < pattern.letters.length; i += 1) {
    const letter = pattern.letters[i]!.repeat(text.run[first + i]!);
    if (i === 0 || (text.gap[first + i] !== GAP.none && !pattern.gapAt[i])) pieces.push(letter);
    else pieces[pieces.length - 1] += letter;
  }
  // "who really" is no whore: what goes on behind the last piece makes it another word.
  if (!partsAfter(text, first + pattern.letters.length)) pieces.pop();
  return pieces.some((piece) => !COMMON.has(piece));
}
