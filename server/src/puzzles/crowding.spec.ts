import { expect } from "chai";
import { Crowding, WINDOW_MS } from "./crowding.ts";

const LOOK_MS = 500;
const HOUR_MS = 60 * 60 * 1000;

/** Looks on and on, by a clock that the test moves. */
function watch() {
  const crowding = new Crowding();
  let now = 1_000_000;
  const look = (
    newcomers: number,
    forMs = LOOK_MS,
    more: { throws?: number; lateMs?: number } = {},
  ) => {
    for (let passed = 0; passed < forMs; passed += LOOK_MS) {
      now += LOOK_MS;
      crowding.look({ newcomers, throws: more.throws ?? 0 }, more.lateMs ?? 0, now);
    }
    return crowding.level;
  };
  return { look };
}

describe("crowding", () => {
  it("[M4] a raid turns the puzzle on within a second, one peak does not", () => {
    const { look } = watch();
    expect(look(10, 60_000)).to.equal(0);
    expect(look(700)).to.equal(0);
    expect(look(10)).to.equal(0);
    expect(look(700)).to.equal(0);
    expect(look(700)).to.equal(1);
  });

  it("[M4] it is the harder the more come", () => {
    const { look } = watch();
    expect(look(700, 2000)).to.equal(1);
    expect(look(2100, 2000)).to.equal(2);
    expect(look(7000, 2000)).to.equal(3);
    expect(look(500_000, 60_000)).to.equal(3);
    const other = watch();
    expect(other.look(7000, 1000)).to.equal(3);
  });

  it("[M4] calm turns it off, a step a minute, and not while it is nearly a raid", () => {
    const { look } = watch();
    look(7000, 2000);
    expect(look(10, 55_000)).to.equal(3);
    expect(look(10, 10_000)).to.equal(2);
    expect(look(10, 60_000)).to.equal(1);
    // Above the half of it, nothing changes, however long.
    expect(look(400, 10 * 60_000)).to.equal(1);
    expect(look(250, 55_000)).to.equal(1);
    expect(look(400, LOOK_MS)).to.equal(1);
    expect(look(250, 55_000)).to.equal(1);
    expect(look(250, 10_000)).to.equal(0);
  });

  it("[M4] throws alone turn it on", () => {
    const { look } = watch();
    expect(look(0, 1000, { throws: 1900 })).to.equal(0);
    expect(look(0, 1000, { throws: 2100 })).to.equal(1);
  });

  it("[M4] a late event loop makes a crowd count double, and asks nothing of a few", () => {
    const { look } = watch();
    expect(look(400, 2000)).to.equal(0);
    expect(look(50, 60_000, { lateMs: 5000 })).to.equal(0);
    expect(look(400, 2000, { lateMs: 500 })).to.equal(1);
  });

  it("[M4] what is usual here is no raid, and a raid never becomes usual", () => {
    const { look } = watch();
    // A large instance in its evening: it becomes busier little by little.
    for (let crowd = 50; crowd <= 600; crowd += 50) look(crowd, HOUR_MS);
    expect(look(1800, WINDOW_MS)).to.equal(0);
    expect(look(4500, WINDOW_MS)).to.equal(1);
    expect(look(4500, 3 * HOUR_MS)).to.equal(1);
  });
});
