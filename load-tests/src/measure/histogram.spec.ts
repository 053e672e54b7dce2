import { expect } from "chai";
import { seededRandom } from "../../../server/src/lib/random.ts";
import { Histogram } from "./histogram.ts";

describe("a histogram", () => {
  it("[M10] knows each percentile to its figures, over the whole range", () => {
    const random = seededRandom("histogram");
    // As many in each power of ten.
    const values = Array.from({ length: 20_000 }, () => Math.floor(10 ** (8 * random.uniform())));
    const sorted = values.toSorted((a, b) => a - b);
    for (const [figures, off] of [
      [2, 1 / 100],
      [3, 1 / 1000],
    ] as const) {
      const histogram = new Histogram(120_000_000, figures);
      for (const value of values) histogram.record(value);
      for (const percent of [0.01, 1, 25, 50, 75, 90, 99, 99.9, 100]) {
        const true_ = sorted[Math.ceil((percent / 100) * sorted.length) - 1]!;
        const found = histogram.percentile(percent);
        expect(found, `p${percent}`).to.be.within(true_, true_ * (1 + off) + 1);
      }
      expect(histogram.max).to.equal(sorted.at(-1));
      expect(histogram.mean).to.be.closeTo(values.reduce((a, b) => a + b) / values.length, 1e-6);
    }
  });

  it("[M10] of a thousand the 99.9th percentile is the last but one", () => {
    const histogram = new Histogram(2000, 3);
    for (let value = 1; value <= 1000; value += 1) histogram.record(value);
    const found = [0.1, 50, 99, 99.9, 100].map((percent) => histogram.percentile(percent));
    expect(found).to.deep.equal([1, 500, 990, 999, 1000]);
  });

  it("[M10] one that was sent to another process adds up as if it had counted there", () => {
    const [one, other, both] = [1, 2, 3].map(() => new Histogram(1000, 3)) as [
      Histogram,
      Histogram,
      Histogram,
    ];
    for (let value = 0; value <= 2000; value += 7) {
      (value % 2 === 0 ? one : other).record(value);
      both.record(value);
    }
    one.add(structuredClone(other));
    expect(one).to.deep.equal(both);
    expect(one.percentile(100), "what is beyond counts as the highest").to.equal(1000);
    expect(new Histogram(10, 2).percentile(50)).to.equal(0);
  });
});
