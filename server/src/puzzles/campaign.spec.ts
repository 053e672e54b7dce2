import { expect } from "chai";
import type { DrifterId, Puzzle, PuzzleSolution } from "@driftsea/protocol";
import { eachStore } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { solve } from "../../test/harness/puzzles.ts";
import { writeId } from "../../test/harness/visitor.ts";
import { below, seededRandom } from "../lib/random.ts";
import type { Rng } from "../lib/random.ts";
import { PUZZLE_LIFE_MS, makePuzzle } from "./challenge.ts";
import { PuzzleService } from "./puzzles.service.ts";
import { MemoryPuzzleStore } from "./puzzles.store.memory.ts";
import { RedisPuzzleStore } from "./puzzles.store.redis.ts";
import type { PuzzleStore } from "./puzzles.store.ts";

/** DRIFTSEA_SEED=x tries others; DRIFTSEA_LONG=1 a hundred thousand. */
const SEED = process.env["DRIFTSEA_SEED"] ?? "puzzles";
const TRIES = process.env["DRIFTSEA_LONG"] ? 100_000 : 1000;
const AT_ONCE = 50;

const HEX_MEMBERS = ["keyPrefix", "nonce", "salt"] as const;

/** One digit of something that is signed, or of what was found, is another. */
function forged(rng: Rng, { challenge, solution }: PuzzleSolution): PuzzleSolution {
  const { parameters, signature } = challenge;
  const changed = (hex: string): string => {
    const at = below(rng, hex.length);
    const digit = (parseInt(hex[at]!, 16) + 1 + below(rng, 15)) % 16;
    return hex.slice(0, at) + digit.toString(16) + hex.slice(at + 1);
  };
  const member = HEX_MEMBERS[below(rng, HEX_MEMBERS.length)]!;
  const forgeries: PuzzleSolution[] = [
    { challenge: { parameters, signature: changed(signature) }, solution },
    {
      challenge: {
        parameters: { ...parameters, [member]: changed(parameters[member]) },
        signature,
      },
      solution,
    },
    {
      challenge: {
        parameters: { ...parameters, expiresAt: parameters.expiresAt + 1 + below(rng, 1000) },
        signature,
      },
      solution,
    },
    { challenge, solution: { ...solution, derivedKey: changed(solution.derivedKey) } },
    { challenge, solution: { ...solution, counter: solution.counter + 1 + below(rng, 1000) } },
  ];
  return forgeries[below(rng, forgeries.length)]!;
}

eachStore<PuzzleStore>(
  "puzzle campaign",
  (clock) => new MemoryPuzzleStore(clock),
  (connection) => new RedisPuzzleStore(connection),
  (open) => {
    let t: TimedStore<PuzzleStore>;
    let services: PuzzleService[];
    beforeEach(async () => {
      t = await open();
      const parts = { store: t.store, clock: t, mode: "on" } as const;
      const quiet = { lateMs: () => 0, onAnswer: () => {}, onLevel: () => {} };
      // As two processes on one store.
      services = [
        new PuzzleService({ ...parts, ...quiet }),
        new PuzzleService({ ...parts, ...quiet }),
      ];
    });
    const asked = async (): Promise<Puzzle> => (await services[0]!.newcomer(undefined))!;

    it(`[M4] ${TRIES} replayed, forged, foreign and expired solutions, at once: none gets in`, async function () {
      this.timeout(TRIES * 20);
      const rng = seededRandom(SEED);
      const spent = await solve(await asked());
      expect(await services[0]!.newcomer(spent)).to.equal(null);
      const unspent = await solve(await asked());
      const foreign = await solve(await makePuzzle("another server's secret", 1, t.now()));
      const expired = await solve(await asked());
      await t.advance(PUZZLE_LIFE_MS);
      // Those were still good a moment ago; these are.
      const fresh = await solve(await asked());
      const bad = (): PuzzleSolution =>
        [spent, foreign, expired, unspent, forged(rng, fresh)][below(rng, 5)]!;
      let got = 0;
      for (let done = 0; done < TRIES; done += AT_ONCE) {
        const tries = Array.from({ length: AT_ONCE }, async (_, i): Promise<boolean> => {
          const service = services[i % 2]!;
          if (i % 4 > 0) return (await service.newcomer(bad())) === null;
          const write = { id: writeId(), puzzle: bad() };
          return service.throw("ann" as DrifterId, write).then(
            () => true,
            () => false,
          );
        });
        got += (await Promise.all(tries)).filter((isIn) => isIn).length;
      }
      expect(got).to.equal(0);
      expect(await services[1]!.newcomer(fresh)).to.equal(null);
    });

    it(`[M4] in ${TRIES} parallel uses, each solution counts exactly once`, async function () {
      this.timeout(TRIES * 20);
      for (let done = 0; done < TRIES; done += AT_ONCE * 4) {
        const solved = await solve(await asked());
        const tries = Array.from({ length: AT_ONCE * 4 }, (_, i) =>
          services[i % 2]!.newcomer(solved),
        );
        const results = await Promise.all(tries);
        expect(results.filter((puzzle) => puzzle === null)).to.have.length(1);
      }
    });
  },
);
