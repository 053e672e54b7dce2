import { signal } from "@preact/signals";
import { load, loadJson, saveJson } from "../store.ts";

/*
 * Words that somebody does not want to read. They tell about whoever muted them, so they stay in
 * this browser: the server never hears of them.
 */
const KEY = "muted-words";
/** How many, and how long each may be: more is no list that anybody looks through. */
const MOST = 100;
const MOST_CHARS = 40;

const loadWords = (): string[] => {
  const kept = load(KEY) === null ? [] : loadJson<unknown>(KEY, []);
  return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
};
export const mutedWords = signal<readonly string[]>(loadWords());

const plain = (text: string): string => text.normalize("NFKC").toLowerCase().trim();
const LETTER = /[\p{L}\p{N}\p{M}]/u;
/** Written without spaces, a word may stand anywhere. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u;

/** Whether one of these words stands in a text: whole words where words are spaced. */
export function holdsMuted(text: string, words: readonly string[]): boolean {
  const looked = plain(text);
  return words.some((word) => {
    const sought = plain(word);
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

export function muteWord(word: string): void {
  const sought = plain(word).slice(0, MOST_CHARS);
  if (sought === "" || mutedWords.peek().includes(sought)) return;
  mutedWords.value = [...mutedWords.peek(), sought].slice(-MOST);
  saveJson(KEY, mutedWords.peek());
}

export function unmuteWord(word: string): void {
  mutedWords.value = mutedWords.peek().filter((one) => one !== word);
  saveJson(KEY, mutedWords.peek());
}
