import { findLinks } from "../links.ts";
import type { ScreenMark } from "./types.ts";

const EMAIL = /[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{2,24}){1,4}/gu;
const WHOLE_EMAIL = new RegExp(`^${EMAIL.source}$`, "u");

/** What leads to a person outside, in order. */
export function findContacts(text: string): ScreenMark[] {
  return findLinks(text).map(({ start, end }) => ({
    start,
    end,
    kind: WHOLE_EMAIL.test(text.slice(start, end)) ? "email" : "link",
  }));
}
