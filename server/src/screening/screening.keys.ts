import type { HeldMark } from "./screening.store.ts";

/** Everything about nearly the same texts is one slot: a text's bands must be read together. */
export const nearRoot = (prefix: string): string => `${prefix}{near}`;
export const nearKeyKey = (prefix: string): string => `${nearRoot(prefix)}:key`;
export const heldKey = (prefix: string, mark: HeldMark): string => `${prefix}held:{${mark}}`;
