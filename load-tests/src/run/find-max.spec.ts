import { expect } from "chai";
import { noLoad } from "../measure/generator.ts";
import { findMax } from "./find-max.ts";
import type { Tried } from "./find-max.ts";

describe("the search for the highest rate", () => {
  const tried = (rate: number, held: boolean): Tried => ({
    round: {
      operations: {},
      arrivals: { offered: rate, completed: rate, inTime: rate },
      generator: noLoad(),
      stages: [{ durationMs: 1000, rate }],
      measuredS: 1,
    },
    achievedShare: held ? 1 : 0.5,
    faults: { verdict: held ? "held" : "saturated", because: held ? [] : ["too fast"] },
  });
  const search = async (capacity: number, first: number, tries = Infinity) => {
    let made = 0;
    return findMax(first, async (rate) => {
      made += 1;
      return made > tries ? null : tried(rate, rate <= capacity);
    });
  };

  it("[M10] comes within a few percent, from below and from above", async () => {
    for (const [capacity, first] of [
      [137, 10],
      [5000, 100],
      [90, 100],
    ] as const) {
      const { round, steps } = await search(capacity, first);
      const best = steps.findLast(({ held }) => held)!.rate;
      expect(best, `${capacity} from ${first}`).to.be.within(0.95 * capacity, capacity);
      expect(round!.arrivals.offered, "its figures").to.equal(best);
      expect(steps.length).to.be.at.most(16);
    }
  });

  it("[M10] says why a rate was not held, and ends where it is interrupted", async () => {
    const { steps } = await search(10, 100, 1);
    expect(steps).to.deep.equal([
      { rate: 100, achievedShare: 0.5, held: false, why: "saturated: too fast" },
    ]);
    expect(await search(10, 100, 0)).to.deep.equal({ round: null, steps: [] });
  });
});
