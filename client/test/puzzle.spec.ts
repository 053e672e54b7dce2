import { createHash } from "node:crypto";
import { expect } from "chai";
import type { Puzzle, PuzzleSolution } from "@driftsea/protocol";
import { isSolved, makePuzzle } from "../../server/src/puzzles/challenge.ts";
import { solve } from "../../server/test/harness/puzzles.ts";
import { blockOf, hashBlock, hexOf } from "../src/puzzle/sha256.ts";
import { solving } from "../src/puzzle/solver.ts";

function solveHere(puzzle: Puzzle): { found: PuzzleSolution | null; pauses: number } {
  const search = solving(puzzle);
  for (let pauses = 0; ; pauses += 1) {
    const step = search.next();
    if (step.done) return { found: step.value, pauses };
  }
}

describe("the page's solver", () => {
  it("[M4] hashes as SHA-256 does, every length that fits into a block", () => {
    const out = new Int32Array(8);
    for (let length = 0; length <= 55; length += 1) {
      const message = Uint8Array.from({ length }, (_, i) => (i * 37 + length) % 256);
      hashBlock(blockOf(message), out);
      expect(hexOf(out)).to.equal(createHash("sha256").update(message).digest("hex"));
    }
    expect(() => blockOf(new Uint8Array(56))).to.throw(RangeError);
  });

  it("[M4] finds what altcha-lib finds, and the server takes it", async () => {
    for (let i = 0; i < 8; i += 1) {
      const puzzle = await makePuzzle("secret", 1, Date.now());
      const { found } = solveHere(puzzle);
      expect(await isSolved(found!, ["secret"], Date.now())).to.equal(true);
      if (i > 0) continue;
      const { solution } = await solve(puzzle);
      expect(found!.solution).to.deep.equal({
        counter: solution.counter,
        derivedKey: solution.derivedKey,
      });
    }
  });

  it("[M4] each level is harder, has an end, and lets go in between", async () => {
    const mosts: number[] = [];
    for (const level of [1, 2, 3] as const) {
      const puzzle = await makePuzzle("secret", level, Date.now());
      const { most } = puzzle.parameters.data;
      mosts.push(most);
      const { found, pauses } = solveHere(puzzle);
      expect(found!.solution.counter).to.be.at.most(most);
      expect(pauses).to.equal(Math.floor((found!.solution.counter + 1) / 4096));
    }
    expect(mosts).to.deep.equal([2 ** 15, 2 ** 17, 2 ** 19]);
  });

  it("[M4] gives up what has no solution, and what it does not understand", async () => {
    const { parameters, signature } = await makePuzzle("secret", 1, Date.now());
    const other = (change: Partial<Puzzle["parameters"]>): Puzzle => ({
      parameters: { ...parameters, ...change },
      signature,
    });
    expect(solveHere(other({ keyPrefix: "00".repeat(16) })).found).to.equal(null);
    expect(solveHere(other({ salt: "00".repeat(15) })).found).to.equal(null);
    expect(solveHere(other({ keyPrefix: "" })).found).to.equal(null);
  });
});
