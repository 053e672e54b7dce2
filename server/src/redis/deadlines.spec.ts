import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { DeadlineExceeded, Deadlines } from "./deadlines.ts";

describe("one deadline for many", () => {
  const never = (): Promise<never> => new Promise(() => {});
  const endOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.catch((error: unknown) => error);

  it("what ends in time keeps its end; what does not is told so, each after its own time", async () => {
    const deadlines = new Deadlines(60);
    const first = endOf(deadlines.within(never()));
    const quick = endOf(deadlines.within(Promise.resolve("here")));
    const failed = endOf(deadlines.within(Promise.reject(new RangeError("no"))));
    await sleep(30);
    const second = endOf(deadlines.within(never()));
    const slow = endOf(deadlines.within(sleep(10, "late but here")));
    let isSecondOver = false;
    void second.then(() => (isSecondOver = true));
    expect(await quick).to.equal("here");
    expect(await failed).to.be.instanceOf(RangeError);
    expect(await slow).to.equal("late but here");
    expect(await first).to.be.instanceOf(DeadlineExceeded);
    expect(isSecondOver, "its own time").to.equal(false);
    expect(await second).to.be.instanceOf(DeadlineExceeded);
    expect(deadlines.size).to.equal(0);
  });

  it("an answer that comes too late changes nothing", async () => {
    const deadlines = new Deadlines(10);
    const late = sleep(30, "too late");
    expect(await endOf(deadlines.within(late))).to.be.instanceOf(DeadlineExceeded);
    await late;
    expect(await deadlines.within(Promise.resolve("next"))).to.equal("next");
    expect(deadlines.size).to.equal(0);
  });

  it("holds no more than those who wait, whatever the order in which they end", async () => {
    const deadlines = new Deadlines(10_000);
    const ends: (() => void)[] = [];
    const all = Array.from({ length: 5000 }, () =>
      deadlines.within(new Promise<void>((resolve) => ends.push(resolve))),
    );
    for (const end of ends.slice(1).reverse()) end();
    await Promise.all(all.slice(1));
    expect(deadlines.size, "the first waits still").to.equal(5000);
    ends[0]!();
    await all[0];
    expect(deadlines.size).to.equal(0);
  });
});
