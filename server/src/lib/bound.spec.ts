import { expect } from "chai";
import { Bound } from "./bound.ts";

describe("a bound", () => {
  it("lets so many through in a period, each name by itself, and says how long to wait", () => {
    let now = 500;
    const bound = new Bound(2, 1000, () => now);
    expect([bound.take("ann"), bound.take("ann"), bound.take("bo")]).to.deep.equal([
      null,
      null,
      null,
    ]);
    now += 400;
    expect(bound.take("ann")).to.equal(600);
    expect(bound.take("bo")).to.equal(null);
    now += 599;
    expect(bound.take("ann")).to.equal(1);
    now += 1;
    expect(bound.take("ann")).to.equal(null);
  });
});
