import { expect } from "chai";
import { SharedReading } from "./shared-reading.ts";

describe("a shared reading", () => {
  /** Readings that go on until they are ended, by number. */
  const open = () => {
    const ends: ((failure?: Error) => void)[] = [];
    const shared = new SharedReading(
      () =>
        new Promise<number>((resolve, reject) => {
          const number = ends.length;
          ends.push((failure) => (failure ? reject(failure) : resolve(number)));
        }),
    );
    return { ends, shared };
  };
  const turn = () => new Promise(setImmediate);

  it("answers all who ask during one by the next, and reads one at a time", async () => {
    const { ends, shared } = open();
    const first = shared.get();
    await turn();
    const others = [shared.get(), shared.get(), shared.get()];
    await turn();
    expect(ends).to.have.length(1);
    ends[0]!();
    expect(await first).to.equal(0);
    await turn();
    expect(ends).to.have.length(2);
    ends[1]!();
    expect(await Promise.all(others)).to.deep.equal([1, 1, 1]);
    const last = shared.get();
    await turn();
    ends[2]!();
    expect(await last).to.equal(2);
  });

  it("one that fails fails for those who asked for it, and for nobody else", async () => {
    const { ends, shared } = open();
    const first = shared.get().catch((error: Error) => error.message);
    await turn();
    const second = shared.get();
    ends[0]!(new Error("away"));
    expect(await first).to.equal("away");
    await turn();
    ends[1]!();
    expect(await second).to.equal(1);
  });
});
