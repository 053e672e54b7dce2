import { COMMON_WORDS } from "./common-words.ts";

/** More would be read by nobody. */
const MOST = 8;
const SHORTEST = 3;
const WORD = /[\p{sc=Latin}\p{M}]+(?:['’-][\p{sc=Latin}\p{M}]+)*/gu;
const ENDINGS = ["'s", "s", "es", "ed", "d", "ing", "ly", "er", "est", "ness", "y"];

const isCommon = (word: string): boolean => {
  if (COMMON_WORDS.has(word)) return true;
  if (word.includes("-")) return word.split("-").every((part) => part === "" || isCommon(part));
  return ENDINGS.some((ending) => {
    if (!word.endsWith(ending)) return false;
    const stem = word.slice(0, -ending.length);
    if (stem.length < 2) return false;
    const isDoubled = /(.)\1$/.test(stem);
    return (
      COMMON_WORDS.has(stem) ||
      COMMON_WORDS.has(`${stem}e`) ||
      (stem.endsWith("i") && COMMON_WORDS.has(`${stem.slice(0, -1)}y`)) ||
      (isDoubled && COMMON_WORDS.has(stem.slice(0, -1)))
    );
  });
};

/**
 * Words of a text that few others would have used, as they stand in it, each once. A hint and no
 * measure: it knows a short list of common English words and nothing of a writer's way of putting
 * things. Chinese has no spaces, and its words cannot be told apart without a dictionary that is
 * larger than this page; there it finds nothing, and the page says so.
 */
export function rareWords(text: string): string[] {
  const found = new Map<string, string>();
  for (const [word] of text.matchAll(WORD)) {
    const looked = word.toLowerCase().replaceAll("’", "'");
    if (looked.length < SHORTEST || isCommon(looked) || found.has(looked)) continue;
    found.set(looked, word);
  }
  return [...found.values()].slice(0, MOST);
}

/** Whether a text is of a kind of writing that `rareWords` can say something about. */
export const isSpaced = (text: string): boolean => !/\p{sc=Han}/u.test(text);
