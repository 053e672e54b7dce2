import { Automaton } from "./automaton.ts";
import type { Making } from "./making.ts";
import { foldWord, GAP, WAS } from "./fold.ts";
import type { Folded } from "./fold.ts";

/** Letters of a word as it is looked for, by column. */
interface Columns {
  run: readonly number[];
  /** Where a gap is usual: between the words of an entry. */
  gapAt: readonly boolean[];
  /** Letters that are covered by as many signs: f*ck. */
  covered: readonly number[];
  isDigit: readonly boolean[];
  isLatin: readonly boolean[];
}

/** How a word is written otherwise than in the list. */
interface Form {
  letters: string;
  /** Which letters of the word they are. */
  at: readonly number[];
  covered?: readonly number[];
  /** Letters that follow themselves are set apart: each is one. */
  isSetApart?: true;
}

/** A word as it is looked for. All but its letters is found out when they first stand in a text: few ever do. */
export class Pattern {
  /** Which entry it belongs to. */
  readonly id: number;
  readonly letters: string;
  readonly startsOpen: boolean;
  readonly endsOpen: boolean;
  /** Found as it is written alone, without any disguise. */
  readonly isExact: boolean;
  private readonly bare: string;
  private readonly form: Form | null;
  private known: Columns | null = null;

  constructor(id: number, word: string, letters: string, form: Form | null, isExact: boolean) {
    this.id = id;
    this.startsOpen = word.startsWith("*");
    this.endsOpen = word.length > 1 && word.endsWith("*");
    this.bare = bareOf(word);
    this.letters = letters;
    this.form = form;
    this.isExact = isExact;
  }

  /** Found where signs cover some of its letters, and nowhere else. */
  get isCovered(): boolean {
    return this.form?.covered !== undefined;
  }

  get columns(): Columns {
    this.known ??= columnsOf(foldWord(this.bare), this.form);
    return this.known;
  }
}

const bareOf = (word: string): string =>
  word.slice(word.startsWith("*") ? 1 : 0, word.length > 1 && word.endsWith("*") ? -1 : undefined);

function columnsOf({ run, gap, was, length }: Folded, form: Form | null): Columns {
  const at = form?.at ?? Array.from({ length }, (_, i) => i);
  return {
    run: at.map((i) => (form?.isSetApart ? 1 : run[i]!)),
    gapAt: at.map((i, k) => gap[i] !== GAP.none && !(form?.isSetApart && at[k - 1] === i)),
    covered: form?.covered ?? at.map(() => 0),
    isDigit: at.map((i) => was[i] === WAS.digit || was[i] === WAS.leet),
    isLatin: at.map((i) => was[i]! <= WAS.digit),
  };
}

/** A word that is found as it stands alone. */
export const exactPattern = (id: number, word: string): Pattern =>
  new Pattern(id, word, foldWord(bareOf(word)).word, null, true);

/** A word, and the forms of it that are written on purpose; `isCovered`: also with some of its letters under signs. */
export function patternsOf(id: number, word: string, isCovered: boolean): Pattern[] {
  const folded = foldWord(bareOf(word));
  const plain = new Pattern(id, word, folded.word, null, false);
  return [
    plain,
    ...disguises(folded, plain.letters, isCovered).map(
      (form) => new Pattern(id, word, form.letters, form, false),
    ),
  ];
}

/** Ph for f, f**k, and a letter twice that is set apart. */
function disguises({ run, gap, length }: Folded, letters: string, isCovered: boolean): Form[] {
  const forms: Form[] = [];
  let [isOnce, isUpToTwice, hasGap] = [true, true, false];
  for (let i = 0; i < length; i += 1) {
    if (run[i]! > 1) isOnce = false;
    if (run[i]! > 2) isUpToTwice = false;
    if (gap[i] !== GAP.none) hasGap = true;
  }
  if (!isOnce) {
    const at: number[] = [];
    for (let i = 0; i < length; i += 1) for (let k = 0; k < run[i]!; k += 1) at.push(i);
    forms.push({ letters: lettersAt(letters, at), at, isSetApart: true });
  }
  if (length < 4 || hasGap || !/^[a-z]+$/.test(letters)) return forms;
  const between = (from: number, to: number): number => {
    let sum = 0;
    for (let i = from; i < to; i += 1) sum += run[i]!;
    return sum;
  };
  if (length <= 6) {
    const at = [0, length - 1];
    forms.push({ letters: lettersAt(letters, at), at, covered: [0, between(1, length - 1)] });
  }
  if (isCovered && isUpToTwice && length <= COVERED_MAX) maskedForms(letters, between, forms);
  if (letters.startsWith("f") && run[0] === 1) {
    const at = Array.from({ length: length + 1 }, (_, i) => Math.max(0, i - 1));
    forms.push({ letters: `ph${letters.slice(1)}`, at });
  }
  return forms;
}

/** Letters of a word that is written with some of them under signs: of a longer one there would be very many forms. */
const COVERED_MAX = 10;

/** Two or three letters in the middle of a word under as many signs: wh**e. As much as that is seen of it. */
function maskedForms(
  letters: string,
  between: (from: number, to: number) => number,
  forms: Form[],
): void {
  for (let from = 1; from < letters.length - 1; from += 1)
    for (let to = from + 1; to < letters.length; to += 1) {
      const hidden = between(from, to);
      if (hidden > 3) break;
      const at: number[] = [];
      for (let i = 0; i < letters.length; i += 1) if (i < from || i >= to) at.push(i);
      if (hidden < 2 || at.length < 3) continue;
      const covered = at.map((_, i) => (i === from ? hidden : 0));
      forms.push({ letters: lettersAt(letters, at), at, covered });
    }
}

const lettersAt = (letters: string, at: readonly number[]): string =>
  at.map((i) => letters[i]).join("");

export interface Found {
  id: number;
  /** First and last letter, in the folded text. */
  first: number;
  last: number;
  /** Whether it is written so that it should not be found. */
  isHidden: boolean;
}

/** Short words that part by chance: "as s" is no disguise where both are words, "a ss" is one. */
const COMMON = new Set(
  "a i am an as at be by do go he hi if in is it me my no of oh ok on or so to up us we the and for you but not all can her was one our out day get has him his how man new now old see two way who boy did its let put say she too use pen rap ten men hell push back wet set sit tit an old her whore cock tail dick head ass hat horse lol shot poor".split(
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
  const { columns } = pattern;
  if (columns.isLatin[0] && !pattern.startsOpen && !partsBefore(text, first)) return null;
  if (columns.isLatin[length - 1] && !pattern.endsOpen && !partsAfter(text, next)) return null;
  let [gaps, odd, leet, look, covered, twice] = [0, 0, 0, 0, 0, 0];
  let worst: number = GAP.none;
  let isEven = true;
  let isStretched = false;
  let isPacked = columns.gapAt.includes(true);
  for (let i = 0; i < length; i += 1) {
    const at = first + i;
    const run = text.run[at]!;
    if (run < columns.run[i]!) return null;
    if (run > columns.run[i]!) {
      if (pattern.isExact) return null;
      if (!mayStretch(pattern, i, run)) {
        // 傻傻逼逼: each of them is written twice.
        if (columns.isLatin[i] || twice < i) return null;
        twice += 1;
      }
      if (run > 2 && i < length - 1) isStretched = true;
    }
    const was = text.was[at]!;
    if (columns.isDigit[i] && was !== WAS.digit && was !== WAS.leet) return null;
    if (was === WAS.leet && !columns.isDigit[i]) leet += 1;
    if (text.hidden[at]) look += 1;
    if (i === 0) continue;
    const gap = text.gap[at]!;
    if (columns.covered[i]! > 0) {
      if (gap !== GAP.sign || text.covered[at] !== columns.covered[i]) return null;
      covered += 1;
      continue;
    }
    if (gap !== GAP.none) gaps += 1;
    if (i > 1 && gap !== text.gap[at - 1]) isEven = false;
    if (columns.gapAt[i]) {
      if (gap === GAP.end || (pattern.isExact && gap === GAP.none)) return null;
      if (gap !== GAP.none) isPacked = false;
    } else if (gap !== GAP.none) {
      odd += 1;
      worst = Math.max(worst, gap);
    }
  }
  if (twice > 0 && twice < length) return null;
  if (pattern.isExact) return odd === 0 && leet === 0 ? "plain" : null;
  if (leet > 0 && leet >= length) return null;
  // Cumin is no "cum in".
  if (isPacked && length <= PACKED_MAX) return null;
  if (odd === 0) return leet + look + covered + twice > 0 || isStretched ? "hidden" : "plain";
  const isSpaced = gaps === length - 1 && isEven && (length > 2 || !columns.isLatin[0]);
  if (isSpaced)
    return length > 3 || !columns.isLatin[0] || isApart(text, first, next) ? "hidden" : null;
  if (worst === GAP.end) return null;
  if (!columns.isLatin.includes(true)) return worst === GAP.sign || length > 2 ? "hidden" : null;
  return isTornApart(pattern, text, first) ? "hidden" : null;
}

/** Letters of an entry of several words that has to be written as such. */
const PACKED_MAX = 6;

function mayStretch(pattern: Pattern, i: number, run: number): boolean {
  return run > 2 || (pattern.columns.isLatin[i] === true && pattern.letters.length > 3);
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
    if (i === 0 || (text.gap[first + i] !== GAP.none && !pattern.columns.gapAt[i]))
      pieces.push(letter);
    else pieces[pieces.length - 1] += letter;
  }
  // "who really" is no whore: what goes on behind the last piece makes it another word.
  if (!partsAfter(text, first + pattern.letters.length)) pieces.pop();
  return pieces.some((piece) => !COMMON.has(piece));
}
