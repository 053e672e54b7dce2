import { expect } from "chai";
import { Latencies, percentile } from "./latencies.ts";
import { Ledger } from "./ledger.ts";

describe("the ledger of a load test", () => {
  it("[M10] finds nothing where all went well", () => {
    const ledger = new Ledger();
    ledger.thrown("b", 1);
    ledger.caught("b", 2, -1);
    ledger.letGo("b");
    ledger.caught("b", 3, -1);
    ledger.arrived("answer to b");
    ledger.acknowledged("answer to b");
    expect(ledger.missing).to.equal(0);
    expect(ledger.audit()).to.deep.equal([]);
  });

  it("[M10] finds one's own bottle, one held twice, one caught again", () => {
    const ledger = new Ledger();
    ledger.thrown("b", 1);
    ledger.caught("b", 1, -1);
    ledger.caught("b", 2, -1);
    ledger.letGo("b");
    ledger.caught("b", 2, -1);
    expect(ledger.audit()).to.deep.equal([
      "1 caught its own bottle b",
      "2 caught bottle b while 1 held it",
      "2 caught bottle b a second time",
    ]);
  });

  it("[M10] finds a bottle that was caught after its deadline, and counts failed commands", () => {
    const ledger = new Ledger();
    ledger.caught("b", 1, 7);
    ledger.failed("bottle:throw", "internal");
    expect(ledger.errors).to.equal(1);
    expect(ledger.audit()).to.deep.equal([
      "1 caught bottle b 7 ms after its deadline",
      "bottle:throw: internal",
    ]);
  });

  it("[M10] finds what was acknowledged and lost, and what came twice; not what nobody acknowledged", () => {
    const ledger = new Ledger();
    ledger.acknowledged("x");
    ledger.arrived("y");
    ledger.arrived("y");
    ledger.arrived("z");
    expect(ledger.missing).to.equal(1);
    expect(ledger.audit()).to.deep.equal(["lost: x", "arrived 2 times: y"]);
  });

  it("[M10] percentiles are nearest ranks", () => {
    const sorted = Array.from({ length: 100 }, (_each, i) => i + 1);
    expect([0.5, 0.95, 0.99, 1].map((q) => percentile(sorted, q))).to.deep.equal([50, 95, 99, 100]);
    expect(percentile([7], 0.5)).to.equal(7);
    expect(percentile([], 0.5)).to.be.NaN;
    const latencies = new Latencies();
    latencies.add("throw", 2);
    latencies.add("throw", 1);
    expect(latencies.lines()).to.deep.equal([
      "throw                        2     1.0     2.0     2.0     2.0",
    ]);
  });
});
