import { cleanText } from "./text.ts";

/** What `cleanText` leaves for the sake of a script's shape, and what hides a word from a comparison. */
const SHAPING = /[\u200c\u200d\ufe00-\ufe0f]/g;
const LETTER = /[\p{L}\p{N}\p{M}]/u;
/** Written without spaces, a word may stand anywhere. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u;

/** A text as muted words are compared: as it looks (NFKC), nothing invisible, lower case. */
export const plainText = (text: string): string =>
  cleanText(text.normalize("NFKC")).replace(SHAPING, "").replace(/\s+/g, " ").toLowerCase();

/** Whether one of these words stands in a text: whole words where words are spaced. */
export function holdsMuted(text: string, words: readonly string[]): boolean {
  const looked = plainText(text);
  return words.some((word) => {
    const sought = plainText(word);
    if (sought === "") return false;
    for (let at = looked.indexOf(sought); at >= 0; at = looked.indexOf(sought, at + 1)) {
      if (UNSPACED.test(sought)) return true;
      const before = looked[at - 1] ?? " ";
      const after = looked[at + sought.length] ?? " ";
      const isWhole = (char: string): boolean => !LETTER.test(char) || UNSPACED.test(char);
      if (isWhole(before) && isWhole(after)) return true;
    }
    return false;
  });
}
