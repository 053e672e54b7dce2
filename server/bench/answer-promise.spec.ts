import { expect } from "chai";
import { promisedShare, SEAS, simulate } from "./answer-promise.ts";

describe("the answer promise", () => {
  for (const catches of [1, 2, 4]) {
    for (const answering of [0.1, 0.3, 0.6]) {
      const common = { catches, answering, bottlesPerLife: 1500, seed: "promise" };

      it(`[B13] is kept at ${catches} catches a bottle and an answer in ${answering}`, async () => {
        const ours = { ...common, rules: SEAS.ours };
        expect((await simulate(ours)).answered).to.be.at.least(promisedShare(ours));
      });

      it(`[B13] could not be kept without re-drift: at most r, at ${catches} and ${answering}`, async () => {
        const { answered, bottles } = await simulate({
          ...common,
          rules: SEAS["without re-drift"],
        });
        // Three standard deviations of a share among so many.
        const chance = 3 * Math.sqrt((answering * (1 - answering)) / bottles);
        expect(answered).to.be.at.most(answering + chance);
      });
    }
  }

  it("[B13] fewer bottles are never held than in a sea that draws uniformly", async () => {
    const common = { catches: 2, answering: 0.1, bottlesPerLife: 1500, seed: "held" };
    const ours = await simulate({ ...common, rules: SEAS.ours });
    const uniform = await simulate({ ...common, rules: SEAS.uniform });
    expect(ours.neverHeld).to.be.below(uniform.neverHeld);
  });
});
