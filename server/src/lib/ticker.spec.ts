import { expect } from "chai";
import { Ticker, untilNext } from "./ticker.ts";

describe("ticker", () => {
  it("[M9] rounds begin at whole multiples, half of their time after the one before at least", () => {
    expect(untilNext(200, 0)).to.equal(200);
    expect(untilNext(200, 201)).to.equal(199);
    expect(untilNext(200, 300)).to.equal(100);
    expect(untilNext(200, 301)).to.equal(299);
    expect(untilNext(200, 399.9), "a timer that was early").to.be.closeTo(200.1, 1e-6);
    expect(untilNext(500, 1_000_000)).to.equal(500);
  });

  it("[M9] one that fails is reported and tried again, and none runs twice at once", async () => {
    const failures: unknown[] = [];
    const ticker = new Ticker((error) => failures.push(error));
    let [rounds, running] = [0, 0];
    await new Promise<void>((done) => {
      ticker.every(2, async () => {
        running += 1;
        expect(running).to.equal(1);
        await new Promise((turned) => setTimeout(turned, 5));
        running -= 1;
        rounds += 1;
        if (rounds === 3) done();
        throw new Error(`round ${rounds}`);
      });
    });
    await ticker.stop();
    const before = rounds;
    await new Promise((turned) => setTimeout(turned, 20));
    expect(rounds).to.equal(before);
    expect(failures.map(String)).to.deep.equal([
      "Error: round 1",
      "Error: round 2",
      "Error: round 3",
    ]);
  });
});
