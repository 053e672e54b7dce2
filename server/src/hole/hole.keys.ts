import type { DrifterId, WriteId } from "@driftsea/protocol";
import { sha256 } from "../lib/sha256.ts";

/** Keys of the hole, in the order in which its scripts take them. */
export function holeKeys(prefix: string): string[] {
  return ["wall", "letters", "order", "writers", "writes"].map((name) => `${prefix}{hole}:${name}`);
}

/** Names a write; nothing leads from it to who wrote. */
export const writeMark = (writer: DrifterId, writeId: WriteId): string =>
  sha256("letter", writer, writeId);
