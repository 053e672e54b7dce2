import { expect } from "chai";
import { inSlices } from "./in-slices.ts";

const all = [1, 2, 3, 4, 5, 6, 7, 8];

describe("work in slices", () => {
  it("one that fails keeps no other from being done, and is told in the end", async () => {
    const begun: number[] = [];
    const work = async (one: number): Promise<void> => {
      begun.push(one);
      if (one === 2 || one === 5) throw new Error(`no ${one}`);
    };
    const failed = await inSlices(all, 3, work).catch((error: Error) => error.message);
    expect(failed).to.equal("no 2");
    expect(begun).to.deep.equal(all);
  });

  it("where all of a slice fail, as with a store that is away, nothing more is begun", async () => {
    const begun: number[] = [];
    const work = async (one: number): Promise<void> => {
      begun.push(one);
      if (one > 3) throw new Error(`no ${one}`);
    };
    const failed = await inSlices(all, 3, work).catch((error: Error) => error.message);
    expect(failed).to.equal("no 4");
    expect(begun).to.deep.equal([1, 2, 3, 4, 5, 6]);
  });
});
