import { expect } from "chai";
import { now } from "../measure/clock.ts";
import { GeneratorWatch, generatorFaults } from "../measure/generator.ts";
import { Operations } from "../measure/operations.ts";
import { Dispatcher } from "./dispatch.ts";

describe("who begins the operations of a load test", () => {
  it("[M10] one long stall of the generator is seen by the operations that it began late", async () => {
    let began = 0;
    const play = {
      prepare: async () => {},
      settle: async () => {},
      act: async () => {
        began += 1;
        const until = now() + (began === 20 ? 200 : 0);
        while (now() < until);
        return true;
      },
    };
    const stages = [{ durationMs: 500, rate: 200 }];
    const round = { startAt: now() + 20, stages, rampMs: 0, warmupMs: 0, closed: false };
    const alone = { worker: 0, workers: 1, connections: 1 };
    const dispatcher = new Dispatcher(play, new Operations(["act"]), round, alone);
    await dispatcher.run(
      () => {},
      () => {},
    );
    expect(dispatcher.arrivals.offered).to.equal(100);
    const load = new GeneratorWatch().stop(dispatcher.lateness);
    expect(load.lateP99Ms).to.be.within(150, 2000);
    expect(generatorFaults(load).join()).to.match(/it began operations \d+ ms late/);
  });
});
