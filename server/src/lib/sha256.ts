import { createHash } from "node:crypto";
import type { OwnerHash, OwnerKey } from "@driftsea/protocol";

/** SHA-256 of some words, set apart by "|". */
export const digest = (...parts: string[]): Buffer =>
  createHash("sha256").update(parts.join("|")).digest();

/** The same, as base64url. */
export const sha256 = (...parts: string[]): string => digest(...parts).toString("base64url");

/** What is kept of an owner key. */
export const ownerHashOf = (key: OwnerKey): OwnerHash =>
  createHash("sha256").update(Buffer.from(key, "base64url")).digest("base64url") as OwnerHash;
