import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { FewATurn } from "./few-a-turn.ts";

describe("what is done a few a turn", () => {
  it("is done at once up to so many, and the rest in order in the next turns", async () => {
    const done: number[] = [];
    const few = new FewATurn<number>(3, (one) => done.push(one));
    for (let i = 0; i < 8; i += 1) few.take(i);
    expect(done).to.deep.equal([0, 1, 2]);
    await nextTurn();
    expect(done).to.deep.equal([0, 1, 2, 3, 4, 5]);
    await nextTurn();
    expect(done).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7]);
    await nextTurn();
    few.take(8);
    expect(done.at(-1)).to.equal(8);
  });

  it("what comes of one waits behind the others", async () => {
    const done: string[] = [];
    const few: FewATurn<string> = new FewATurn(2, (one) => {
      done.push(one);
      if (one === "a") few.take("of a");
    });
    for (const one of ["a", "b", "c"]) few.take(one);
    await nextTurn();
    await nextTurn();
    expect(done.sort()).to.deep.equal(["a", "b", "c", "of a"]);
  });
});
