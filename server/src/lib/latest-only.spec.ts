import { expect } from "chai";
import { LatestOnly } from "./latest-only.ts";

describe("the latest only", () => {
  const open = () => {
    const told: string[] = [];
    const ends: (() => void)[] = [];
    const stored = new Map<string, string>();
    const latest = new LatestOnly<string, string>(
      250,
      (value) => told.push(value),
      async (name) => {
        if (stored.get(name) === "away") throw new Error("away");
        return stored.get(name) ?? null;
      },
      (ms, then) => {
        expect(ms).to.equal(250);
        ends.push(then);
      },
    );
    /** The time between two is over for all. */
    const pass = async (): Promise<void> => {
      for (const end of ends.splice(0)) end();
      await new Promise(setImmediate);
    };
    return { ends, latest, pass, stored, told };
  };

  it("is told at once, and then as it is after a while, of each name apart", async () => {
    const { ends, latest, pass, stored, told } = open();
    for (const value of ["a1", "a2", "a3"]) latest.give("a", value);
    latest.give("b", "b1");
    expect(told).to.deep.equal(["a1", "b1"]);
    // Another process has written since.
    stored.set("a", "a4");
    await pass();
    expect(told).to.deep.equal(["a1", "b1", "a4"]);
    latest.give("a", "a5");
    expect(told.at(-1), "a little later").to.equal("a4");
    latest.give("b", "b2");
    expect(told.at(-1), "b has been quiet").to.equal("b2");
    stored.set("a", "a5");
    await pass();
    expect(told.slice(4)).to.deep.equal(["a5"]);
    await pass();
    await pass();
    expect(ends).to.have.length(0);
    expect(told).to.have.length(5);
  });

  it("of what is gone, or cannot be read, nothing more is told", async () => {
    const { latest, pass, stored, told } = open();
    for (const name of ["gone", "away"]) {
      if (name === "away") stored.set(name, "away");
      latest.give(name, "first");
      latest.give(name, "second");
    }
    await pass();
    await pass();
    expect(told).to.deep.equal(["first", "first"]);
    latest.give("gone", "third");
    expect(told).to.have.length(3);
  });
});
