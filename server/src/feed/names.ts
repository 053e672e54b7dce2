import * as lists from "./names-lists.ts";

/** Where something stands in a text, in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
}

const HAN = /\p{sc=Han}/u;
const ALL_HAN = /^[\p{sc=Han}]+$/u;
/** A word as a name is written: Anna, O'Brien, McAdams, Smith-Jones. */
const WORD =
  "\\p{Lu}(?:['’]\\p{Lu})?\\p{Ll}{1,20}(?:\\p{Lu}\\p{Ll}{1,20})?(?:-\\p{Lu}\\p{Ll}{1,20})?";
const TITLED = new RegExp(
  `\\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor)\\.?[ \\t]{1,2}(${WORD})(?:[ \\t]{1,2}${WORD})?`,
  "gu",
);
const CAPITALS = new RegExp(WORD, "gu");

/**
 * What is likely a private person's full name (F9). In Chinese a surname and one or two characters, where
 * the words beside it speak of a person; in English a common given name and another word in capitals,
 * or a title and a name. Whom everybody knows is left out. Costs O(text).
 */
export function findNames(text: string): Span[] {
  return [...titled(text), ...fullNames(text), ...chinese(text)];
}

function titled(text: string): Span[] {
  const found: Span[] = [];
  for (const match of text.matchAll(TITLED))
    if (!lists.PUBLIC_TITLED.has(match[1]!))
      found.push({ start: match.index, end: match.index + match[0].length });
  return found;
}

function fullNames(text: string): Span[] {
  const found: Span[] = [];
  let before: { word: string; end: number; start: number } | null = null;
  for (const match of text.matchAll(CAPITALS)) {
    const [word, start, end] = [match[0], match.index, match.index + match[0].length];
    const isNext = before !== null && /^[ \t]{1,2}$/.test(text.slice(before.end, start));
    if (before && isNext && isFullName(before.word, word)) {
      found.push({ start: before.start, end });
      before = null;
    } else {
      before = /[\p{L}\p{N}]/u.test(text[start - 1] ?? "") ? null : { word, start, end };
    }
  }
  return found;
}

function isFullName(given: string, surname: string): boolean {
  const plain = surname.replace(/['’]s?$/u, "");
  return (
    lists.GIVEN_EN.has(given) &&
    !lists.NOT_SURNAME_EN.has(plain) &&
    !lists.PUBLIC_EN.has(`${given}_${plain}`)
  );
}

function chinese(text: string): Span[] {
  const found: Span[] = [];
  for (const word of lists.AFTER_NAME)
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      const length = [4, 3, 2].find((chars) =>
        isName(text.slice(Math.max(0, at - chars), at), chars),
      );
      if (length !== undefined) found.push({ start: at - length, end: at });
    }
  for (const word of lists.BEFORE_NAME)
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      const start = at + word.length;
      const length = [4, 3, 2].find(
        (chars) =>
          isName(text.slice(start, start + chars), chars) && endsAt(text[start + chars] ?? ""),
      );
      if (length !== undefined) found.push({ start, end: start + length });
    }
  return found;
}

const endsAt = (next: string): boolean => !HAN.test(next) || lists.GOES_ON.has(next);

/** A surname and one or two characters that are no other word. */
function isName(name: string, chars: number): boolean {
  if (name.length !== chars || lists.PUBLIC_ZH.has(name)) return false;
  for (let length = 2; length <= chars; length += 1)
    if (lists.NOT_NAMES.has(name.slice(0, length))) return false;
  const isLong = lists.LONG_SURNAMES.has(name.slice(0, 2));
  if (!isLong && !lists.SURNAMES.has(name[0]!)) return false;
  const given = name.slice(isLong ? 2 : 1);
  if (given.length < 1 || given.length > 2) return false;
  if (lists.AFTER_NAME.some((word) => given.startsWith(word)) || given.startsWith("老"))
    return false;
  return ALL_HAN.test(given) && !given.split("").some((one) => lists.NOT_GIVEN.has(one));
}
