import { TRADITIONAL } from "./han-tables.ts";
import { boxed, ENDS_SENTENCE, isOwnScript, LEET, LOOKS, STANDS_FOR } from "./looks.ts";

/** What stands before a letter, from nothing to the end of a sentence. */
export const GAP = { none: 0, sign: 1, space: 2, end: 3 } as const;

/** What a letter was before it was folded. */
export const WAS = { latin: 1, look: 2, leet: 3, digit: 4, han: 5, other: 6 } as const;

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
  /** Whether a sign stands there that is read as i, and may be an l. */
  hasIOrL: boolean;
}

export interface FoldOptions {
  /** What 1, ! and | are read as. */
  one?: "i" | "l";
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

/** ASCII, full-width, or under an accent: as people write without a thought. */
const isPlainLatin = (code: number): boolean =>
  code < 128 || (code >= 0xc0 && code < 0x250) || (code >= 0xff00 && code < 0xff5f);

const isCyrillicOrGreek = (code: number): boolean => code >= 0x370 && code < 0x530;

/** Costs O(text). */
export function fold(text: string, { one = "i" }: FoldOptions = {}): Folded {
  const folded: Folded = {
    length: 0,
    letters: [],
    start: [],
    end: [],
    run: [],
    gap: [],
    covered: [],
    was: [],
    hasIOrL: false,
  };
  const keepsOwn = isOwnScript(text);
  let gap: number = GAP.none;
  let covered = 0;

  const isLetterAt = (at: number): boolean => {
    const code = text.charCodeAt(at);
    return (
      (code >= 97 && code <= 122) ||
      (code >= 65 && code <= 90) ||
      (code > 127 && !Number.isNaN(code) && isLatin(plain(text[at]!).charCodeAt(0)))
    );
  };
  const part = (by: number): void => {
    gap = Math.max(gap, by);
  };
  const put = (code: number, was: number, start: number, end: number): void => {
    const last = folded.length - 1;
    const isSame = last >= 0 && folded.letters[last] === code && gap === GAP.none;
    if (isSame && was !== WAS.digit) {
      folded.run[last]! += 1;
      folded.end[last] = end;
      return;
    }
    folded.letters.push(code);
    folded.start.push(start);
    folded.end.push(end);
    folded.run.push(1);
    folded.gap.push(gap);
    folded.covered.push(covered);
    folded.was.push(was);
    folded.length += 1;
    gap = GAP.none;
    covered = 0;
  };
  /** Whether a sign or digit stands among letters. */
  const isAmong = (start: number, end: number): boolean => {
    const last = folded.length - 1;
    const before = gap === GAP.none && last >= 0 && folded.was[last]! <= WAS.leet;
    return before || isLetterAt(end) || isSpelled(start, end);
  };
  /** s 3 x: between single letters. */
  const isSpelled = (start: number, end: number): boolean =>
    start >= 2 &&
    isLetterAt(start - 2) &&
    !isLetterAt(start - 3) &&
    isLetterAt(end + 1) &&
    !isLetterAt(end + 2);
  const isBeforeLetter = (end: number): boolean => isLetterAt(end) || isDigit(text.charCodeAt(end));

  let at = 0;
  for (const char of text) {
    const [start, end] = [at, at + char.length];
    at = end;
    const first = char.charCodeAt(0);
    if (keepsOwn && isCyrillicOrGreek(first) && !isLetterAtEdge(start, end)) {
      put(char.toLowerCase().charCodeAt(0), WAS.other, start, end);
      continue;
    }
    const said = STANDS_FOR.get(char)?.(text[start - 1] ?? " ", text[end] ?? " ");
    const shown = said ?? (first < 128 ? char.toLowerCase() : plain(char));
    for (const sign of shown) {
      const code = sign.charCodeAt(0);
      if (isLatin(code)) put(code, isPlainLatin(first) ? WAS.latin : WAS.look, start, end);
      else if (isHan(code)) put(code, WAS.han, start, end);
      else if (isDigit(code)) {
        const letter = isAmong(start, end) ? LEET.get(sign) : undefined;
        if (letter === undefined) put(code, WAS.digit, start, end);
        else {
          if (sign === "1") folded.hasIOrL = true;
          put((sign === "1" ? one : letter).charCodeAt(0), WAS.leet, start, end);
        }
      } else if (LEET.has(sign) && isSignOfWord(sign, end)) {
        const isEither = sign === "!" || sign === "|";
        if (isEither) folded.hasIOrL = true;
        put((isEither ? one : LEET.get(sign)!).charCodeAt(0), WAS.leet, start, end);
      } else if (APOSTROPHE.test(sign)) continue;
      else if (/\s/.test(sign) && sign !== "\n") part(GAP.space);
      else if (ENDS_SENTENCE.test(sign)) part(GAP.end);
      else if (sign === "." && /\s/.test(text[end] ?? " ")) part(GAP.end);
      else if (LETTER.test(sign)) put(code, WAS.other, start, end);
      else {
        if (COVERS.test(sign)) covered += 1;
        part(GAP.sign);
      }
    }
  }
  return folded;

  function isLetterAtEdge(start: number, end: number): boolean {
    const isAscii = (code: number): boolean => isLatin(code | 32);
    return isAscii(text.charCodeAt(start - 1)) || isAscii(text.charCodeAt(end));
  }
  function isSignOfWord(sign: string, end: number): boolean {
    const last = folded.length - 1;
    const isAfter = gap === GAP.none && last >= 0 && folded.was[last]! <= WAS.leet;
    if (sign === "@" || sign === "$") return isAfter || isBeforeLetter(end);
    if (sign === "!") return isBeforeLetter(end);
    return isAfter && isBeforeLetter(end);
  }
}
