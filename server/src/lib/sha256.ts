import { createHash } from "node:crypto";

/** SHA-256 of some words, set apart by "|". */
export const digest = (...parts: string[]): Buffer =>
  createHash("sha256").update(parts.join("|")).digest();

/** The same, as base64url. */
export const sha256 = (...parts: string[]): string => digest(...parts).toString("base64url");
