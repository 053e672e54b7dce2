import { expect } from "chai";
import { Recent } from "./recent.ts";

describe("what is remembered of late", () => {
  it("is so much at most: what was put in longest ago gives way, and what comes again is new", () => {
    const recent = new Recent<string, number>(3);
    for (const [i, name] of ["a", "b", "c", "a", "d"].entries()) recent.set(name, i);
    expect([...recent]).to.deep.equal([
      ["c", 2],
      ["a", 3],
      ["d", 4],
    ]);
    expect(recent.delete("c")).to.equal(true);
    recent.set("e", 5);
    expect([...recent.keys()]).to.deep.equal(["a", "d", "e"]);
  });
});
