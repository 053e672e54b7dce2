import { load, save } from "./store.ts";

/** What was written and not yet handed over stays, whatever happens to the sheet or the page. */
export const draftOf = (place: string): string => load(`draft:${place}`) ?? "";

export function keepDraft(place: string, text: string): void {
  save(`draft:${place}`, text === "" ? null : text);
}
