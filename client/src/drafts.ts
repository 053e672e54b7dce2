import { signal } from "@preact/signals";
import { load, save } from "./store.ts";

const drafts = signal<Readonly<Record<string, string>>>({});

/** What was written and not yet handed over stays, whatever happens to the sheet or the page. */
export const draftOf = (place: string): string =>
  drafts.value[place] ?? load(`draft:${place}`) ?? "";

export function keepDraft(place: string, text: string): void {
  save(`draft:${place}`, text === "" ? null : text);
  drafts.value = { ...drafts.value, [place]: text };
}

/** Puts words that could not go where they were meant to back on a paper, below what is there. */
export function layAside(place: string, text: string): void {
  const draft = draftOf(place);
  // As a paragraph of its own: it may as well stand in the midst of another.
  if (text === "" || `\n\n${draft}\n\n`.includes(`\n\n${text}\n\n`)) return;
  keepDraft(place, draft === "" ? text : `${draft}\n\n${text}`);
}

/** What has gone out, or is about to, goes out of the draft; what was written beside it since stays. */
export function takeOut(place: string, text: string): void {
  const apart = `\n\n${draftOf(place)}\n\n`.replace(`\n\n${text}\n\n`, "\n\n");
  keepDraft(place, apart.slice(2, -2));
}

/** Forgets that anything was ever written there. */
export function forgetDraft(place: string): void {
  const { [place]: _gone, ...rest } = drafts.value;
  drafts.value = rest;
  save(`draft:${place}`, null);
}
