import { expect } from "chai";
import { LATE_SHARE, achievedShare } from "./dispatch.ts";
import { durationOf, timetable } from "./plan.ts";

describe("the timetable of a load test", () => {
  it("[M10] operations are due evenly, whatever became of those before", () => {
    const table = timetable([{ durationMs: 2000, rate: 10 }], 0, 1000);
    expect(table.count).to.equal(30);
    expect(table.measuredCount).to.equal(20);
    expect(table.measuredFromMs).to.equal(1000);
    expect(table.durationMs).to.equal(3000);
    const due = Array.from({ length: 30 }, (_, i) => table.dueMs(i));
    for (const [i, ms] of due.entries()) expect(ms).to.be.closeTo(i * 100, 1e-6);
  });

  it("[M10] stages follow each other, each at its rate", () => {
    const stages = [
      { durationMs: 1000, rate: 100 },
      { durationMs: 500, rate: 1000 },
    ];
    const table = timetable(stages, 0, 0);
    expect(table.count).to.equal(600);
    expect(durationOf(stages)).to.equal(1500);
    expect(table.dueMs(99)).to.be.closeTo(990, 1e-6);
    expect(table.dueMs(100)).to.be.closeTo(1000, 1e-6);
    expect(table.dueMs(599)).to.be.closeTo(1499, 1e-6);
  });

  it("[M10] a ramp rises evenly from nothing to the first rate", () => {
    const table = timetable([{ durationMs: 1000, rate: 100 }], 2000, 0);
    expect(table.count).to.equal(200);
    expect(table.measuredCount).to.equal(100);
    // After t seconds 25 t² operations were due: half of the ramp's after 1.41 s.
    expect(table.dueMs(25)).to.be.closeTo(1000, 1e-6);
    expect(table.dueMs(50)).to.be.closeTo(2000 * Math.SQRT1_2, 1e-6);
    const due = Array.from({ length: 200 }, (_, i) => table.dueMs(i));
    expect(due).to.deep.equal(due.toSorted((a, b) => a - b));
  });

  it("[M10] the achieved share is that of the rates, though what is under way at the end may end", () => {
    const share = (completed: number, inTime: number): number =>
      achievedShare({ offered: 1000, completed, inTime });
    expect(share(1000, 990)).to.equal(1);
    expect(share(1010, 1000)).to.equal(1);
    // At 97 % of the rate, and a little longer.
    expect(share(970 * (1 + LATE_SHARE), 970)).to.be.closeTo(0.97, 1e-9);
  });

  it("[M10] what was refused at once lowers the achieved share by no more than itself", () => {
    expect(achievedShare({ offered: 1000, completed: 985, inTime: 985 })).to.equal(0.985);
  });
});
