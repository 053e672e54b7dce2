import type { Puzzle, PuzzleSolution } from "@driftsea/protocol";
import { blockOf, hashBlock, hexOf } from "./sha256.ts";

/** Counters that are tried in one go; some hundredths of a second on a phone. */
const BATCH = 4096;
const COUNTER_BYTES = 4;

/** Searches, and lets go after each batch. Null where there is no solution up to `data.most`. */
export function* solving(challenge: Puzzle): Generator<void, PuzzleSolution | null> {
  const { salt, nonce, keyPrefix, data } = challenge.parameters;
  const head = salt + nonce;
  const message = Uint8Array.from({ length: head.length / 2 + COUNTER_BYTES }, (_, i) =>
    parseInt(head.slice(i * 2, i * 2 + 2) || "0", 16),
  );
  const block = blockOf(message);
  // The counter is one word of the block where salt and nonce are whole words, as they are.
  const at = head.length / 2 / COUNTER_BYTES;
  if (!Number.isInteger(at) || keyPrefix.length < 8) return null;
  const first = parseInt(keyPrefix.slice(0, 8), 16) | 0;
  const hash = new Int32Array(8);
  for (let counter = 0; counter <= data.most; counter += 1) {
    block[at] = counter;
    hashBlock(block, hash);
    if (hash[0] === first && hexOf(hash).startsWith(keyPrefix))
      return { challenge, solution: { counter, derivedKey: hexOf(hash) } };
    if (counter % BATCH === BATCH - 1) yield;
  }
  return null;
}
