import { expect } from "chai";
import { Heartbeats } from "./heartbeats.ts";
import type { Line } from "./heartbeats.ts";

describe("heartbeats", () => {
  let now = 0;
  let beats: Heartbeats;
  let said: string[] = [];

  const line = (name: string, answers = true, isWatched = true): Line => {
    const one: Line = {
      isWatched,
      ping: () => {
        said.push(`ping ${name} ${now}`);
        if (answers) beats.heard(one);
      },
      expire: () => {
        said.push(`end ${name} ${now}`);
        beats.remove(one);
      },
    };
    return one;
  };
  const run = (ms: number): void => {
    for (const end = now + ms; now < end;) {
      now += 100;
      beats.tick();
    }
  };

  beforeEach(() => {
    [now, said] = [0, []];
    beats = new Heartbeats({ intervalMs: 13_000, patience: 3, timeoutMs: 7000 }, () => now);
    // Its own timer goes by a clock that stands still here.
    beats.close();
  });

  it("[R7] pings each line once an interval, whenever it came", () => {
    beats.add(line("a"));
    run(5000);
    beats.add(line("b"));
    run(35_000);
    expect(said).to.deep.equal([
      "ping a 13000",
      "ping b 18000",
      "ping a 26000",
      "ping b 31000",
      "ping a 39000",
    ]);
  });

  it("pings one whom nobody sees each third time, and from the next on once others do", () => {
    let isWatched = false;
    const one = line("a");
    beats.add(Object.defineProperty(one, "isWatched", { get: () => isWatched }));
    run(5000);
    beats.add(line("b", true, false));
    run(80_000);
    isWatched = true;
    run(15_000);
    beats.remove(one);
    run(100_000);
    expect(said.filter((word) => word.startsWith("ping a"))).to.deep.equal([
      "ping a 39000",
      "ping a 78000",
      "ping a 91000",
    ]);
    expect(said.filter((word) => word.startsWith("ping b"))).to.deep.equal([
      "ping b 44000",
      "ping b 83000",
      "ping b 122000",
      "ping b 161000",
      "ping b 200000",
    ]);
  });

  it("ends one whom nobody sees as soon after its ping as any", () => {
    beats.add(line("silent", false, false));
    run(100_000);
    expect(said).to.deep.equal(["ping silent 39000", "end silent 46000"]);
  });

  it("[R7] ends a line that is silent after a ping, and no other", () => {
    beats.add(line("a"));
    beats.add(line("silent", false));
    run(25_000);
    expect(said).to.deep.equal(["ping a 13000", "ping silent 13000", "end silent 20000"]);
    run(2000);
    expect(said.slice(3)).to.deep.equal(["ping a 26000"]);
  });

  it("[R7] whatever comes from a line says that it is there", () => {
    const late = line("late", false);
    beats.add(late);
    run(19_900);
    beats.heard(late);
    run(10_000);
    expect(said).to.deep.equal(["ping late 13000", "ping late 26000"]);
  });

  it("[R7] a process that stood still takes nobody for silent before it has read", () => {
    const lines = Array.from({ length: 130 }, (_, i) => line(`${i}`, false));
    for (const one of lines) {
      beats.add(one);
      run(100);
    }
    run(5000);
    now += 30_000;
    beats.tick();
    // What was answered meanwhile is read after this.
    for (const one of lines) beats.heard(one);
    run(6900);
    expect(said.filter((word) => word.startsWith("end"))).to.deep.equal([]);
  });

  it("[R7] and one that was silent all the while is ended then", () => {
    beats.add(line("silent", false));
    run(14_000);
    now += 30_000;
    run(25_000);
    expect(said.filter((word) => word.startsWith("end"))).to.have.length(1);
  });
});
