import { expect } from "chai";
import { areEnough, credibilityOf, wilsonLowerBound } from "./credibility.ts";
import type { Reporter } from "./credibility.ts";

const DAY = 24 * 60 * 60 * 1000;
const known: Reporter = { ageMs: 10 * DAY, days: 5, upheld: 0, dismissed: 0, lately: 1 };
const weightOf = (more: Partial<Reporter>): number => credibilityOf({ ...known, ...more }, DAY);
const grave = (weight: number, most: number, wasKept = false) => ({
  weight,
  graveWeight: weight,
  graveMost: most,
  wasKept,
});
const other = (weight: number) => ({ weight, graveWeight: 0, graveMost: 0, wasKept: false });

describe("credibility", () => {
  it("[M1] who has just come weighs nearly nothing, and more with each day he was here", () => {
    expect(weightOf({ ageMs: DAY - 1, days: 1 })).to.equal(0.01);
    const days = [1, 2, 3, 9].map((many) => weightOf({ days: many }));
    expect(days).to.deep.equal([0.5, 0.75, 1, 1]);
  });

  it("[M1] how former reports were decided counts, and a mass of reports weighs less each", () => {
    expect(weightOf({ upheld: 8 })).to.equal(1);
    expect(weightOf({ dismissed: 8 })).to.equal(0.2);
    expect(weightOf({ upheld: 8, dismissed: 2 })).to.be.within(0.8, 0.9);
    expect(weightOf({ lately: 5 })).to.equal(1);
    expect(weightOf({ lately: 50 })).to.equal(0.1);
  });

  it("[M1] Wilson's lower bound, by the published values", () => {
    // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29; without continuity correction.
    expect(wilsonLowerBound(81, 263)).to.be.closeTo(0.2553, 0.0001);
    expect(wilsonLowerBound(15, 148)).to.be.closeTo(0.0624, 0.0001);
    expect(wilsonLowerBound(0, 20)).to.be.closeTo(0, 0.0001);
    expect(wilsonLowerBound(1, 29)).to.be.closeTo(0.0061, 0.0001);
    expect(wilsonLowerBound(1, 0)).to.equal(0);
  });

  it("[M1] what 500 people have read without complaint, 50 fresh accounts cannot hide", () => {
    expect(areEnough(other(50 * 0.01), 550)).to.equal(false);
    expect(areEnough(grave(50 * 0.01, 0.01), 550)).to.equal(false);
    // Nor where they are all of its readers.
    expect(areEnough(grave(50 * 0.01, 0.01), 50)).to.equal(false);
    expect(areEnough(grave(1000 * 0.01, 0.01), 1500)).to.equal(false);
  });

  it("[M1] one credible report of a threat hides at once, unless a moderator has let it stand", () => {
    expect(areEnough(grave(0.5, 0.5), 500)).to.equal(true);
    expect(areEnough(grave(0.49, 0.49), 500)).to.equal(false);
    expect(areEnough(grave(1, 1, true), 500)).to.equal(false);
    expect(areEnough(grave(2, 1, true), 20)).to.equal(true);
  });

  it("[M1] other reasons need two who are credible, and a share of those who have seen it", () => {
    expect(areEnough(other(1), 1)).to.equal(false);
    expect(areEnough(other(2), 3)).to.equal(true);
    expect(areEnough(other(2), 100)).to.equal(false);
    expect(areEnough(other(12), 100)).to.equal(true);
  });
});
