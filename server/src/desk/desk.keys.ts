import { sha256 } from "../lib/sha256.ts";

/** The desk lives in one slot. */
const base = (prefix: string): string => `${prefix}{desk}`;

export const namesKey = (prefix: string): string => `${base(prefix)}:names`;
export const accountKey = (prefix: string, name: string): string =>
  `${base(prefix)}:account:${name}`;
/** The hash of the token alone: whoever has the database cannot sign in. */
export const sessionKey = (prefix: string, token: string): string =>
  `${base(prefix)}:session:${sha256("desk session", token)}`;
export const triesKey = (prefix: string, mark: string): string => `${base(prefix)}:tries:${mark}`;
