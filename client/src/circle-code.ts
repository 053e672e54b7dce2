import type { CircleCode } from "@driftsea/protocol";
import { load, save } from "./store.ts";

/*
 * A code that stood in a link into a circle waits here until somebody says yes or no to it. It is
 * read before the part of the page that knows about circles is loaded.
 */
const KEY = "circle-arrival";
const LINK = /^#\/circle\/([\w-]{43})$/;

/** The code in an address, which is kept; whether there was one. */
export function takeCircleCode(hash: string): boolean {
  const code = LINK.exec(hash)?.[1];
  if (code !== undefined) save(KEY, code);
  return code !== undefined;
}

export const waitingCircleCode = (): CircleCode | null => load(KEY) as CircleCode | null;
export const dropCircleCode = (): void => save(KEY, null);
