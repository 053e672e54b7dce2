import { expect } from "chai";
import { pino } from "pino";
import { until } from "../../test/harness/visitor.ts";
import { Supervisor } from "./supervisor.ts";
import type { Worker } from "./supervisor.ts";

describe("the process above its workers", () => {
  let all: { end: (how: string) => void; asked: string[] }[];
  /** A worker that serves at once where it `serves`, and ends when it is told to. */
  const worker = (serves: boolean): Worker => {
    let end: (how: string) => void = () => {};
    const ended = new Promise<string>((resolve) => (end = resolve));
    const asked: string[] = [];
    all.push({ end, asked });
    if (!serves) end("exit code 1");
    return {
      ready: Promise.resolve(serves ? { transport: "uws" as const } : null),
      ended,
      stop: () => {
        asked.push("stop");
        end("exit code 0");
      },
      kill: () => void asked.push("kill"),
    };
  };
  const open = (count: number, serves: (number: number) => boolean = () => true) => {
    let number = 0;
    return new Supervisor({
      count,
      start: () => worker(serves((number += 1))),
      logger: pino({ level: "silent" }),
    });
  };
  beforeEach(() => {
    all = [];
  });

  it("[M9] starts as many as there should be, again what ends, and asks all to go", async () => {
    const supervisor = open(3);
    expect(await supervisor.open()).to.deep.equal({ transport: "uws" });
    expect(all).to.have.length(3);
    all[1]!.end("SIGKILL");
    await until(() => all.length === 4, "another");
    await supervisor.stop();
    expect(await supervisor.over).to.equal("stopped");
    expect(all.map(({ asked }) => asked)).to.deep.equal([["stop"], [], ["stop"], ["stop"]]);
  });

  it("[M9] one that does not come up at first is a fault, said once, and the others go", async () => {
    const alone = open(3, () => false);
    let message = "";
    await alone.open().catch((error: Error) => ({ message } = error));
    expect(message).to.include("exit code 1");
    expect(all, "the first was tried alone").to.have.length(1);
    all = [];
    const second = open(2, (number) => number === 1);
    await second.open().catch((error: Error) => ({ message } = error));
    expect(all.map(({ asked }) => asked)).to.deep.equal([["stop"], []]);
  });

  it("[M9] where no other serves, one that ends again and again is given up", async () => {
    const supervisor = open(1, (number) => number <= 1);
    await supervisor.open();
    all[0]!.end("SIGSEGV");
    expect(await supervisor.over).to.equal("crashed");
    expect(all, "tried five times more").to.have.length(6);
  });

  it("[M9] one that does not come up is tried on and on while others serve, and takes none with it", async function () {
    this.timeout(20_000);
    const supervisor = open(2, (number) => number <= 2);
    await supervisor.open();
    all[1]!.end("SIGSEGV");
    await until(() => all.length === 9, "two tries more than where it is alone");
    expect(all[0]!.asked, "the other serves").to.deep.equal([]);
    all[0]!.end("SIGSEGV");
    expect(await supervisor.over).to.equal("crashed");
  });
});
