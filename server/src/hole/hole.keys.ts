import { createHash } from "node:crypto";
import type { DrifterId, WriteId } from "@driftsea/protocol";

/** Keys of the hole, in the order in which its scripts take them. */
export function holeKeys(prefix: string): string[] {
  return ["wall", "letters", "order", "writers", "writes"].map((name) => `${prefix}{hole}:${name}`);
}

/** Names a write; nothing leads from it to who wrote. */
export const writeMark = (writer: DrifterId, writeId: WriteId): string =>
  createHash("sha256").update(`letter|${writer}|${writeId}`).digest("base64url");
