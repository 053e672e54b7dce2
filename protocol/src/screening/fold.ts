import { TRADITIONAL } from "./han-tables.ts";
import { boxed, ENDS_SENTENCE, IS_I_OR_L, isOwnScript, LEET, LOOKS, STANDS_FOR } from "./looks.ts";

/** What stands before a letter, from nothing to the end of a sentence. */
export const GAP = { none: 0, sign: 1, space: 2, end: 3 } as const;

/** What a letter was before it was folded. */
export const WAS = { latin: 1, leet: 2, digit: 3, han: 4, other: 5 } as const;

/**
 * A text as letters alone: a to z, digits, Han characters, and letters of other scripts as they are, each
 * with where it stood. A letter that is repeated is one, with its count.
 */
export interface Folded {
  length: number;
  /** UTF-16 units. */
  letters: number[];
  /** Where in the text, in UTF-16 units. */
  start: number[];
  end: number[];
  /** How many of the same in a row. */
  run: number[];
  gap: number[];
  /** Signs that may cover a letter in the gap before: f*ck. */
  covered: number[];
  was: number[];
  /** Whether it is written so that it should not be read by a machine: it looks like another letter, or
   * something that cannot be seen stands before it. */
  hidden: boolean[];
  /** Whether a sign is among them that is read as i, and may be an l. */
  hasIOrL: boolean;
  /** Whether two are in one word, which need not be the same letter. */
  hasIAndL: boolean;
  /** Whether a sign stands in a word for a letter. */
  hasMask: boolean;
}

/** What the first 1, ! or | of a word is read as, and what the others are. */
export type One = "ii" | "ll" | "il" | "li";

export interface FoldOptions {
  /** What 1, ! and | are read as. */
  one?: One;
  /** What a sign in a word stands for: p*rn. */
  mask?: string;
}

const INVISIBLE = /^[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]$/u;
const LETTER = /^[\p{L}\p{N}]$/u;
const COVERS = /[*#_•●○×✱＊◯.-]/;
/** Letters of one word, with nothing between: I'm. */
const APOSTROPHE = /['’ʼ`´]/;

const isLatin = (code: number): boolean => code >= 97 && code <= 122;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** Radicals that stand alone among them. */
const isHan = (code: number): boolean =>
  (code >= 0x3400 && code <= 0x9fff) || (code >= 0x2e80 && code < 0x2fe0);

const SIMPLIFIED: ReadonlyMap<string, string> = new Map(
  Array.from({ length: TRADITIONAL.length / 2 }, (_, i): [string, string] => [
    TRADITIONAL[2 * i]!,
    TRADITIONAL[2 * i + 1]!,
  ]),
);

const SEEN_MAX = 4096;
const seen = new Map<string, string>();

/** A character in plain letters; "" where it is nothing to be seen. */
function plain(char: string): string {
  const known = seen.get(char);
  if (known !== undefined) return known;
  const code = char.codePointAt(0)!;
  let shown = boxed(code) ?? LOOKS.get(char) ?? SIMPLIFIED.get(char);
  if (shown === undefined) {
    const parts = INVISIBLE.test(char) ? "" : char.normalize("NFKD").toLowerCase();
    // A few characters stand for whole sentences.
    const folded = parts.length > 8 ? char : parts;
    shown = "";
    for (const part of folded)
      if (!INVISIBLE.test(part)) shown += LOOKS.get(part) ?? SIMPLIFIED.get(part) ?? part;
  }
  if (seen.size >= SEEN_MAX) seen.clear();
  seen.set(char, shown);
  return shown;
}

/** What is put into a word so that it is not found: unseen, or above and below its letters. */
const INSERTED = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u0300-\u036f\u0489\u20d0-\u20ff]/;
const MASKS = /[*#_•●○×✱＊◯°]/;
/** 53xting: digits that a word may begin with. */
const SIGNS_BEFORE_LETTER = 3;

const isCyrillicOrGreek = (code: number): boolean => code >= 0x370 && code < 0x530;

const KIND = {
  latin: 0,
  digit: 1,
  han: 2,
  letter: 3,
  space: 4,
  end: 5,
  nothing: 6,
  covers: 7,
  sign: 8,
};

/** Strokes that part characters as a sign does. */
const STROKES = /[丨丶丿亅乀乁]/;

function kindOf(sign: string): number {
  const code = sign.charCodeAt(0);
  if (STROKES.test(sign)) return KIND.sign;
  if (isLatin(code)) return KIND.latin;
  if (isDigit(code)) return KIND.digit;
  if (isHan(code)) return KIND.han;
  if (APOSTROPHE.test(sign)) return KIND.nothing;
  if (sign !== "\n" && /\s/.test(sign)) return KIND.space;
  if (ENDS_SENTENCE.test(sign)) return KIND.end;
  if (LETTER.test(sign)) return KIND.letter;
  return COVERS.test(sign) ? KIND.covers : KIND.sign;
}
const ASCII_KINDS = Array.from({ length: 128 }, (_, code) => kindOf(String.fromCharCode(code)));

/** Costs O(text). */
export function fold(text: string, { one = "ii", mask = "" }: FoldOptions = {}): Folded {
  const folding = new Folding(text, one, mask);
  let at = 0;
  for (const char of text) {
    folding.take(char, at, at + char.length);
    at += char.length;
  }
  return folding.folded;
}

class Folding {
  readonly folded: Folded = {
    length: 0,
    letters: [],
    start: [],
    end: [],
    run: [],
    gap: [],
    covered: [],
    was: [],
    hidden: [],
    hasIOrL: false,
    hasIAndL: false,
    hasMask: false,
  };
  private readonly text: string;
  private readonly one: string;
  private readonly mask: string;
  /** Full-width letters beside others are no habit of a keyboard. */
  private readonly hasAscii: boolean;
  /** Words so far, and how often a 1, ! or | was read in which of them. */
  private words = 0;
  private ones = 0;
  private onesOf = -1;
  /** Something that cannot be seen stands before the next letter. */
  private isUnseen = false;
  private readonly keepsOwn: boolean;
  private gap: number = GAP.none;
  private covered = 0;

  constructor(text: string, one: string, mask: string) {
    this.text = text;
    this.one = one;
    this.mask = mask;
    this.hasAscii = /[a-z]/i.test(text);
    this.keepsOwn = isOwnScript(text);
  }

  take(char: string, start: number, end: number): void {
    const first = char.charCodeAt(0);
    if (first >= 0x4e00 && first <= 0x9fff && !STROKES.test(char)) {
      this.put((SIMPLIFIED.get(char) ?? char).charCodeAt(0), WAS.han, start, end);
    } else if (this.keepsOwn && isCyrillicOrGreek(first) && !this.isBesideLatin(start, end)) {
      this.put(char.toLowerCase().charCodeAt(0), WAS.other, start, end);
    } else {
      const said = STANDS_FOR.get(char)?.(this.text[start - 1] ?? " ", this.text[end] ?? " ");
      const shown = said ?? (first < 128 ? char.toLowerCase() : plain(char));
      if (shown === "" && INSERTED.test(char)) this.isUnseen = true;
      for (const sign of shown) this.takeSign(sign, first, start, end);
    }
  }

  private takeSign(sign: string, first: number, start: number, end: number): void {
    const code = sign.charCodeAt(0);
    const kind = code < 128 ? ASCII_KINDS[code] : kindOf(sign);
    if (kind === KIND.latin)
      return this.put(code, WAS.latin, start, end, !this.isPlainLatin(first));
    if (kind === KIND.han) return this.put(code, WAS.han, start, end);
    if (kind === KIND.letter) return this.put(code, WAS.other, start, end);
    const letter = this.letterFor(sign, kind === KIND.digit, start, end);
    if (letter !== undefined) return this.put(letter.charCodeAt(0), WAS.leet, start, end);
    if (kind === KIND.digit) return this.put(code, WAS.digit, start, end);
    if (kind === KIND.nothing) return undefined;
    if (kind === KIND.covers) {
      if (this.isMask(sign, end)) {
        this.folded.hasMask = true;
        if (this.mask !== "") return this.put(this.mask.charCodeAt(0), WAS.latin, start, end, true);
      }
      this.covered += 1;
    }
    const endsHere = kind === KIND.end || (sign === "." && /^\s?$/.test(this.text.charAt(end)));
    const by = endsHere ? GAP.end : kind === KIND.space ? GAP.space : GAP.sign;
    if (by > this.gap) this.gap = by;
    this.words += 1;
    return undefined;
  }

  private put(code: number, was: number, start: number, end: number, isLook = false): void {
    const { folded } = this;
    const isHidden = isLook || (this.isUnseen && this.gap === GAP.none && folded.length > 0);
    this.isUnseen = false;
    const last = folded.length - 1;
    if (last >= 0 && folded.letters[last] === code && this.gap === GAP.none && was !== WAS.digit) {
      folded.run[last]! += 1;
      folded.end[last] = end;
      folded.hidden[last] ||= isHidden;
      return;
    }
    folded.letters.push(code);
    folded.start.push(start);
    folded.end.push(end);
    folded.run.push(1);
    folded.gap.push(this.gap);
    folded.covered.push(this.covered);
    folded.was.push(was);
    folded.hidden.push(isHidden);
    folded.length += 1;
    this.gap = GAP.none;
    this.covered = 0;
  }

  /** What a digit or a sign is read as where it stands among letters. */
  private letterFor(sign: string, isNumber: boolean, start: number, end: number) {
    const letter = LEET.get(sign);
    if (letter === undefined) return undefined;
    const isLetter = isNumber ? this.isAmong(start, end) : this.isSignOfWord(sign, end);
    if (!isLetter) return undefined;
    if (!IS_I_OR_L.test(sign)) return letter;
    this.folded.hasIOrL = true;
    this.ones = this.onesOf === this.words ? this.ones + 1 : 0;
    this.onesOf = this.words;
    this.folded.hasIAndL ||= this.ones > 0;
    return this.one[Math.min(1, this.ones)];
  }

  private isAfterLetter(): boolean {
    const last = this.folded.length - 1;
    return this.gap === GAP.none && last >= 0 && this.folded.was[last]! <= WAS.leet;
  }

  private isLetterAt(at: number): boolean {
    const code = this.text.charCodeAt(at);
    if (code < 128) return isLatin(code | 32);
    return !Number.isNaN(code) && isLatin(plain(this.text[at]!).charCodeAt(0));
  }

  private isMask(sign: string, end: number): boolean {
    return MASKS.test(sign) && this.isAfterLetter() && this.isLetterAt(end);
  }

  /** ASCII, full-width, or under an accent: as people write without a thought. */
  private isPlainLatin(code: number): boolean {
    return (
      code < 128 ||
      (code >= 0xc0 && code < 0x250) ||
      (!this.hasAscii && code >= 0xff00 && code < 0xff5f)
    );
  }

  private isAmong(start: number, end: number): boolean {
    if (this.isAfterLetter() || this.isSpelled(start, end)) return true;
    for (let at = end; at < end + SIGNS_BEFORE_LETTER; at += 1) {
      if (this.isLetterAt(at)) return true;
      if (!LEET.has(this.text.charAt(at))) return false;
    }
    return false;
  }

  /** s 3 x: between single letters. */
  private isSpelled(start: number, end: number): boolean {
    return (
      this.isLetterAt(start - 2) &&
      !this.isLetterAt(start - 3) &&
      this.isLetterAt(end + 1) &&
      !this.isLetterAt(end + 2)
    );
  }

  private isSignOfWord(sign: string, end: number): boolean {
    const goesOn = this.isLetterAt(end) || isDigit(this.text.charCodeAt(end));
    if (sign === "!" || sign === "|") return goesOn;
    return sign === "@" || sign === "$"
      ? this.isAfterLetter() || goesOn
      : this.isAfterLetter() && goesOn;
  }

  private isBesideLatin(start: number, end: number): boolean {
    return isLatin(this.text.charCodeAt(start - 1) | 32) || isLatin(this.text.charCodeAt(end) | 32);
  }
}
