import { signal } from "@preact/signals";
import { plainText } from "@driftsea/protocol";
import { load, loadJson, saveJson, whenChanged } from "../store.ts";

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
whenChanged(KEY, () => (mutedWords.value = loadWords()));

export function muteWord(word: string): void {
  const sought = plainText(word).slice(0, MOST_CHARS);
  if (sought === "" || mutedWords.peek().includes(sought)) return;
  mutedWords.value = [...mutedWords.peek(), sought].slice(-MOST);
  saveJson(KEY, mutedWords.peek());
}

export function unmuteWord(word: string): void {
  mutedWords.value = mutedWords.peek().filter((one) => one !== word);
  saveJson(KEY, mutedWords.peek());
}
