import type { Puzzle, PuzzleSolution } from "@driftsea/protocol";

/** Null where it could not be fetched or solved: who tries again is given another one. */
export const solved = (puzzle: Puzzle | undefined): Promise<PuzzleSolution | null> =>
  import("./index.ts").then(
    ({ solve }) => (puzzle ? solve(puzzle) : null),
    () => null,
  );
