import { createChallenge, randomInt, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/sha";
import type { Puzzle, PuzzleSolution } from "@driftsea/protocol";

/** How long a puzzle may be solved, in ms. Who solves on a slow phone needs some seconds of it. */
export const PUZZLE_LIFE_MS = 2 * 60 * 1000;

/**
 * Hashes that a puzzle takes at most, by level; half of them on average. A slow phone does some
 * 150 000 a second: 0.2 s, 0.9 s, 3.5 s at most.
 */
const MOST_HASHES = [2 ** 15, 2 ** 17, 2 ** 19] as const;

export type Difficulty = 1 | 2 | 3;

/**
 * A signed proof of work (altcha-lib 2). Its answer is drawn beforehand: so the work has an end that
 * is known, where a prefix of zeros would now and then take many times as long.
 * SHA-256 once, since checking has to cost the server less than asking costs the one who asks.
 */
export async function makePuzzle(
  secret: string,
  difficulty: Difficulty,
  now: number,
): Promise<Puzzle> {
  const most = MOST_HASHES[difficulty - 1]!;
  const challenge = await createChallenge({
    algorithm: "SHA-256",
    cost: 1,
    counter: randomInt(most, 0),
    data: { most },
    deriveKey,
    expiresAt: Math.floor((now + PUZZLE_LIFE_MS) / 1000),
    hmacSignatureSecret: secret,
  });
  return challenge as Puzzle;
}

/** Whether it was made under one of the secrets, has not ended by now, and is solved. */
export async function isSolved(
  { challenge, solution }: PuzzleSolution,
  secrets: readonly string[],
  now: number,
): Promise<boolean> {
  if (challenge.parameters.expiresAt * 1000 <= now) return false;
  for (const hmacSignatureSecret of secrets) {
    const result = await verifySolution({ challenge, deriveKey, hmacSignatureSecret, solution });
    if (result.verified) return true;
  }
  return false;
}
