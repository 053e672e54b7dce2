import { TRADITIONAL } from "./han-tables.ts";
import {
  BEGINS_DRAWN,
  boxed,
  drawnAt,
  ENDS_SENTENCE,
  isOwnScript,
  LEET,
  LOOKS,
  STANDS_FOR,
} from "./looks.ts";

/** What stands before a letter, from nothing to the end of a sentence. */
export const GAP = { none: 0, sign: 1, space: 2, end: 3 } as const;

/** Letters that there is room for at first. */
const SHORT = 64;

/** What a letter was before it was folded. */
export const WAS = { latin: 1, leet: 2, digit: 3, han: 4, other: 5 } as const;

/**
 * A text as letters alone: a to z, digits, Han characters, and letters of other scripts as they are, each
 * with where it stood. A letter that is repeated is one, with its count. Columns hold `length` letters; what
 * stands behind them is of another text.
 */
export class Folded {
  length = 0;
  /** UTF-16 units. */
  letters = new Uint16Array(SHORT);
  /** Where in the text, in UTF-16 units. */
  start = new Uint32Array(SHORT);
  end = new Uint32Array(SHORT);
  /** How many of the same in a row. */
  run = new Uint32Array(SHORT);
  gap = new Uint8Array(SHORT);
  /** Signs that may cover a letter in the gap before: f*ck. */
  covered = new Uint32Array(SHORT);
  was = new Uint8Array(SHORT);
  /** 1 where it is written so that it should not be read by a machine: it looks like another letter, or
   * something that cannot be seen stands before it. */
  hidden = new Uint8Array(SHORT);
  hasHan = false;
  /** Whether signs stand between letters that may cover several. */
  isCovered = false;
  /** Whether some of it is written as it usually is not: for which the text is read as it is meant. */
  isOdd = false;
  /** Signs that are read as i, and may be an l; in order. */
  ones: One[] = [];
  /** Letters before which a sign stands for another one: p*rn. */
  masks: number[] = [];

  /** Of no text. */
  clear(): this {
    this.length = 0;
    this.hasHan = this.isOdd = this.isCovered = false;
    if (this.ones.length > 0) this.ones = [];
    if (this.masks.length > 0) this.masks = [];
    return this;
  }

  add(
    code: number,
    start: number,
    end: number,
    run: number,
    gap: number,
    covered: number,
    was: number,
    isHidden: boolean,
  ): void {
    const at = this.length;
    if (at === this.letters.length) this.grow();
    this.letters[at] = code;
    this.start[at] = start;
    this.end[at] = end;
    this.run[at] = run;
    this.gap[at] = gap;
    this.covered[at] = covered;
    if (covered > 1) this.isCovered = true;
    this.was[at] = was;
    this.hidden[at] = isHidden ? 1 : 0;
    this.length = at + 1;
  }

  /** The letters as a text. */
  get word(): string {
    return String.fromCharCode(...this.letters.subarray(0, this.length));
  }

  private grow(): void {
    const size = this.length * 2;
    this.letters = copied(this.letters, new Uint16Array(size));
    this.start = copied(this.start, new Uint32Array(size));
    this.end = copied(this.end, new Uint32Array(size));
    this.run = copied(this.run, new Uint32Array(size));
    this.gap = copied(this.gap, new Uint8Array(size));
    this.covered = copied(this.covered, new Uint32Array(size));
    this.was = copied(this.was, new Uint8Array(size));
    this.hidden = copied(this.hidden, new Uint8Array(size));
  }
}

function copied<T extends Uint8Array | Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** A 1, ! or |, or a capital I within a word. */
export interface One {
  /** Among the letters, and among those in a row that are one there. */
  at: number;
  nth: number;
  /** Where in the text, in UTF-16 units. */
  start: number;
  end: number;
  /** Whether there is another before it in the same word. */
  isLater: boolean;
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
/** What a letter that is drawn with signs is followed by, where it begins a word. */
const GOES_ON = /[a-z0-9@$!|\\/([]/i;
const PICTURES_FROM = 0x2190;
const PICTURE = /\p{Extended_Pictographic}/u;
/** 53xting: digits that a word may begin with. */
const SIGNS_BEFORE_LETTER = 3;

const isCyrillicOrGreek = (code: number): boolean => code >= 0x370 && code < 0x530;

/** Letters that are looked through beside one. */
const NEARBY = 6;

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
const STROKES: ReadonlySet<number> = new Set(
  Array.from("丨丶丿亅乀乁", (sign) => sign.charCodeAt(0)),
);

function kindOf(sign: string): number {
  const code = sign.charCodeAt(0);
  if (STROKES.has(code)) return KIND.sign;
  if (isLatin(code)) return KIND.latin;
  if (isDigit(code)) return KIND.digit;
  if (isHan(code)) return KIND.han;
  if (APOSTROPHE.test(sign)) return KIND.nothing;
  if (sign !== "\n" && /\s/.test(sign)) return KIND.space;
  if (ENDS_SENTENCE.test(sign)) return KIND.end;
  if (LETTER.test(sign)) return KIND.letter;
  return COVERS.test(sign) ? KIND.covers : KIND.sign;
}
const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
const ASCII_KINDS = ASCII.map(kindOf);
const LEET_CODES = ASCII.map((char) => LEET.get(char)?.charCodeAt(0) ?? 0);
const MAY_DRAW = ASCII.map((char) => BEGINS_DRAWN.test(char));
/** The one of them that may stand for a character. */
const PLUS = 43;
/** What 1, ! and | are read as. */
const I = 105;
const CAPITAL_I = 73;

/** Costs O(text). `into` is used again, so that nothing has to be made for each text. */
export function fold(text: string, into = new Folded()): Folded {
  const folding = new Folding(text, into.clear());
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    // As most are: a letter, or another sign that stands for nothing else.
    if (isLatin(code | 32)) {
      folding.put(code | 32, WAS.latin, at, at + 1);
      // sIut: a capital within a word may be an l.
      if (code === CAPITAL_I && isLatin(text.charCodeAt(at - 1))) folding.noteOne(at, at + 1);
      at += 1;
    } else if (code < 128 && code !== PLUS) {
      const drawn = MAY_DRAW[code] ? folding.takeDrawn(at) : 0;
      if (drawn === 0) folding.takeSign(ASCII[code]!, code, at, at + 1);
      at += drawn || 1;
    } else {
      const char = String.fromCodePoint(text.codePointAt(at)!);
      folding.take(char, at, at + char.length);
      at += char.length;
    }
  }
  return folding.folded;
}

const ofWord = new Folded();

/** A word of a list, which is short, as there are many: always the same object, good until the next word. */
export const foldWord = (word: string): Folded => fold(word, ofWord);

class Folding {
  readonly folded: Folded;
  private readonly text: string;
  private isMasked = false;
  /** Full-width letters beside others are no habit of a keyboard. */
  private hasAscii: boolean | undefined;
  /** Words so far, and which of them the last 1, ! or | stands in. */
  private words = 0;
  private oneOf = -1;
  /** Something that cannot be seen stands before the next letter. */
  private isUnseen = false;
  private keepsOwn: boolean | undefined;
  private gap: number = GAP.none;
  private covered = 0;

  constructor(text: string, folded: Folded) {
    this.folded = folded;
    this.text = text;
  }

  take(char: string, start: number, end: number): void {
    const first = char.charCodeAt(0);
    if (first >= 0x4e00 && first <= 0x9fff && !STROKES.has(first)) {
      this.put((SIMPLIFIED.get(char) ?? char).charCodeAt(0), WAS.han, start, end);
    } else if (isCyrillicOrGreek(first) && this.isOwn() && !this.isBesideLatin(start, end)) {
      this.put(char.toLowerCase().charCodeAt(0), WAS.other, start, end);
    } else {
      const said = STANDS_FOR.get(char)?.(this.text[start - 1] ?? " ", this.text[end] ?? " ");
      const shown = said ?? (first < 128 ? char.toLowerCase() : plain(char));
      if (shown === "" && INSERTED.test(char)) this.isUnseen = true;
      if (shown.length === 1) this.takeSign(shown, first, start, end);
      else for (const sign of shown) this.takeSign(sign, first, start, end);
    }
  }

  private isOwn(): boolean {
    return (this.keepsOwn ??= isOwnScript(this.text));
  }

  /** Of how many signs a letter is drawn here; 0 where none is. */
  takeDrawn(at: number): number {
    const [signs, letter] = drawnAt(this.text, at) ?? [];
    if (signs === undefined || letter === undefined) return 0;
    const end = at + signs.length;
    if (!this.isAfterLetter() && !GOES_ON.test(this.text.charAt(end))) return 0;
    this.put(letter.charCodeAt(0), WAS.leet, at, end);
    return signs.length;
  }

  takeSign(sign: string, first: number, start: number, end: number): void {
    const code = sign.charCodeAt(0);
    const kind = code < 128 ? ASCII_KINDS[code] : kindOf(sign);
    if (kind === KIND.latin)
      return this.put(code, WAS.latin, start, end, !this.isPlainLatin(first));
    if (kind === KIND.han) return this.put(code, WAS.han, start, end);
    if (kind === KIND.letter) return this.put(code, WAS.other, start, end);
    const letter = code < 128 ? this.letterFor(code, kind === KIND.digit, start, end) : 0;
    if (letter > 0) {
      this.put(letter, WAS.leet, start, end);
      return letter === I ? this.noteOne(start, end) : undefined;
    }
    if (kind === KIND.digit) return this.put(code, WAS.digit, start, end);
    if (kind === KIND.nothing) return undefined;
    const isPicture = kind === KIND.sign && code >= PICTURES_FROM && PICTURE.test(sign);
    if (isPicture || kind === KIND.covers) {
      this.isMasked =
        this.isAfterLetter() && (isPicture || MASKS.test(sign)) && this.isLetterAt(end);
      this.covered += 1;
    }
    const endsHere = kind === KIND.end || (sign === "." && /^\s?$/.test(this.text.charAt(end)));
    const by = endsHere ? GAP.end : kind === KIND.space ? GAP.space : GAP.sign;
    if (by > this.gap) this.gap = by;
    this.words += 1;
    return undefined;
  }

  put(code: number, was: number, start: number, end: number, isLook = false): void {
    const { folded } = this;
    const isHidden = isLook || (this.isUnseen && this.gap === GAP.none && folded.length > 0);
    if (this.isMasked) folded.masks.push(folded.length);
    if (was === WAS.han) folded.hasHan = true;
    if (isHidden || was === WAS.leet) folded.isOdd = true;
    this.isMasked = false;
    this.isUnseen = false;
    const last = folded.length - 1;
    if (last >= 0 && folded.letters[last] === code && this.gap === GAP.none && was !== WAS.digit) {
      folded.run[last]! += 1;
      if (folded.run[last]! > 2) folded.isOdd = true;
      folded.end[last] = end;
      if (isHidden) folded.hidden[last] = 1;
      return;
    }
    folded.add(code, start, end, 1, this.gap, this.covered, was, isHidden);
    this.gap = GAP.none;
    this.covered = 0;
  }

  /** What a digit or a sign is read as where it stands among letters; 0 where it stands for itself. */
  private letterFor(code: number, isNumber: boolean, start: number, end: number): number {
    const letter = LEET_CODES[code]!;
    if (letter === 0) return 0;
    const isLetter = isNumber ? this.isAmong(start, end) : this.isSignOfWord(ASCII[code]!, end);
    return isLetter ? letter : 0;
  }

  /** Of the letter that has just been put. */
  noteOne(start: number, end: number): void {
    const { folded, words } = this;
    const at = folded.length - 1;
    const nth = folded.run[at]! - 1;
    folded.ones.push({ at, nth, start, end, isLater: this.oneOf === words });
    this.oneOf = words;
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

  /** ASCII, full-width, or under an accent: as people write without a thought. */
  private isPlainLatin(code: number): boolean {
    return (
      code < 128 ||
      (code >= 0xc0 && code < 0x250) ||
      (code >= 0xff00 && code < 0xff5f && !(this.hasAscii ??= /[a-z]/i.test(this.text)))
    );
  }

  private isAmong(start: number, end: number): boolean {
    if (this.isAfterLetter() || this.isSpelled(start, end)) return true;
    for (let at = end; at < end + SIGNS_BEFORE_LETTER; at += 1) {
      if (this.isLetterAt(at)) return true;
      if (!(LEET_CODES[this.text.charCodeAt(at)]! > 0)) return false;
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
    const next = this.text.charCodeAt(end);
    const goesOn =
      this.isLetterAt(end) || isDigit(next) || (LEET_CODES[next]! > 0 && this.isLetterAt(end + 1));
    if (sign === "!" || sign === "|") return goesOn;
    return sign === "@" || sign === "$"
      ? this.isAfterLetter() || goesOn
      : this.isAfterLetter() && goesOn;
  }

  /** In a word that has Latin letters as well, nearby. */
  private isBesideLatin(start: number, end: number): boolean {
    const { text } = this;
    for (const [from, step] of [
      [start - 1, -1],
      [end, 1],
    ] as const)
      for (let at = from; Math.abs(at - from) < NEARBY; at += step) {
        const code = text.charCodeAt(at);
        if (isLatin(code | 32)) return true;
        if (!isCyrillicOrGreek(code)) break;
      }
    return false;
  }
}
