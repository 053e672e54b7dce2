import type { BoxHash } from "./asks.store.ts";

const NAMES = ["box", "entries", "waiting", "answered", "writes", "was"] as const;

/** Keys of an ask box, in the order in which its scripts take them. */
export const boxKeys = (prefix: string, box: BoxHash): string[] =>
  NAMES.map((name) => `${prefix}{q:${box}}:${name}`);
