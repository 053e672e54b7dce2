import { LIMITS } from "./limits.ts";

/*
 * What is invisible is taken out of every text before it is measured or stored: control characters,
 * zero-width characters and bidirectional overrides hide words from readers and from screening.
 * A single joiner stays where writing needs it: inside an emoji, and between letters of the scripts
 * (Arabic, Syriac, Indic) whose shape depends on it.
 */
const LINE_ENDS = /\r\n?|[\u0085\u2028\u2029]/g;
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]|[\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
/** Marks upon marks on one letter: more than any language writes, they cover the lines above and below. */
const PILED = /((?:[\u200c\u200d]?\p{M}){8})(?:[\u200c\u200d]?\p{M})+/gu;
const LONE_SURROGATE = /\p{Surrogate}/u;
const VARIATION_RUN = /[\ufe00-\ufe0f]{2,}/g;
const JOINERS = /[\u200c\u200d]+/gu;
const JOINS_BEFORE =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Oriya}]$/u;
const JOINS_AFTER =
  /^[\p{Extended_Pictographic}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Oriya}]/u;

/** Printable ASCII, and what Chinese and Japanese are written with: nothing of it is taken out. */
const PLAIN = /^[\n\x20-\x7e\u3001-\u30ff\u3400-\u9fff\uff01-\uff5e]*$/;

/** The text as it is kept: `\n` as the only line break, nothing invisible, no blank ends. */
export function cleanText(raw: string): string {
  if (PLAIN.test(raw)) return raw.trim();
  return raw
    .replace(LINE_ENDS, "\n")
    .replaceAll("\t", " ")
    .replace(INVISIBLE, "")
    .replace(VARIATION_RUN, (run) => run.slice(0, 1))
    .replace(JOINERS, (run, at: number, all: string) => {
      const before = all.slice(Math.max(0, at - 2), at);
      const after = all.slice(at + run.length, at + run.length + 2);
      return run.length === 1 && JOINS_BEFORE.test(before) && JOINS_AFTER.test(after) ? run : "";
    })
    .replace(PILED, "$1")
    .trim();
}

/** Unicode code points: the unit of every limit on text. */
export function countChars(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export function countLineBreaks(text: string): number {
  return text.split("\n").length - 1;
}

/** What is so many times as long before it is cleaned is too long: cleaning costs, and takes little away. */
const RAW_MAX = 8;

/** What is wrong with a text, or nothing. Measured on the cleaned text; the unit is the code point. */
export function textFault(raw: unknown, maxChars: number): string | undefined {
  if (typeof raw !== "string") return "must be a text";
  // A lone surrogate is no character: it cannot be written as UTF-8, so it cannot be kept as sent.
  if (LONE_SURROGATE.test(raw)) return "must be well-formed Unicode";
  const tooLong = `must have at most ${maxChars} characters`;
  if (raw.length > RAW_MAX * maxChars) return tooLong;
  const text = cleanText(raw);
  if (text === "") return "must not be empty";
  if (text.length > maxChars && countChars(text) > maxChars) return tooLong;
  if (countLineBreaks(text) > LIMITS.lineBreaks)
    return `must have at most ${LIMITS.lineBreaks} line breaks`;
  return undefined;
}
