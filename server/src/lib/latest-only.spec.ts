import { expect } from "chai";
import { LatestOnly } from "./latest-only.ts";

describe("the latest only", () => {
  it("is told at once, then after a while, of each name apart; and nothing waits where nothing came", () => {
    const told: string[] = [];
    const ends: (() => void)[] = [];
    const pass = (): void => ends.splice(0).forEach((end) => end());
    const latest = new LatestOnly<string, string>(
      250,
      (value) => told.push(value),
      (ms, then) => {
        expect(ms).to.equal(250);
        ends.push(then);
      },
    );
    for (const value of ["a1", "a2", "a3"]) latest.give("a", value);
    latest.give("b", "b1");
    expect(told).to.deep.equal(["a1", "b1"]);
    pass();
    expect(told).to.deep.equal(["a1", "b1", "a3"]);
    latest.give("a", "a4");
    expect(told.at(-1), "a little later").to.equal("a3");
    latest.give("b", "b2");
    expect(told.at(-1), "b has been quiet").to.equal("b2");
    pass();
    expect(told.slice(4)).to.deep.equal(["a4"]);
    pass();
    pass();
    expect(ends).to.have.length(0);
    expect(told).to.have.length(5);
  });
});
