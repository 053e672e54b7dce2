import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/sha";
import type { Puzzle, PuzzleSolution, Refusal } from "@driftsea/protocol";
import { Visitor } from "./visitor.ts";

/** Solved by altcha-lib itself, as a program that is not ours would do it. */
export async function solve(challenge: Puzzle): Promise<PuzzleSolution> {
  const solution = await solveChallenge({ challenge, deriveKey });
  if (!solution) throw new Error("not solved in time");
  return { challenge, solution };
}

/** What a connection is refused with. */
export async function refusalOf(url: string, auth: object = {}): Promise<Refusal> {
  return Visitor.come(url, auth).then(
    () => {
      throw new Error("it was let in");
    },
    (refusal: Refusal) => refusal,
  );
}

/** The puzzle that somebody new is asked for. */
export async function puzzleFor(url: string, auth: object = {}): Promise<Puzzle> {
  const { code, puzzle } = await refusalOf(url, auth);
  if (code !== "puzzle_required" || !puzzle) throw new Error(`refused with ${code}`);
  return puzzle;
}

export async function comeBySolving(url: string): Promise<Visitor> {
  return Visitor.come(url, { puzzle: await solve(await puzzleFor(url)) });
}
