import { expect } from "chai";
import type { Progress } from "../run/run.ts";
import { ProgressView, progressLine } from "./progress.ts";

const running: Progress = {
  doing: "running",
  elapsedMs: 3200,
  totalMs: 11_000,
  point: {
    atS: 2,
    operations: { send: { count: 98, errors: 2, p50Ms: 1, p99Ms: 12.34, maxMs: 20 } },
    server: { cpuPercent: 41.4, rss: 1, processes: 1 },
  },
  broken: 3,
};

describe("the progress of a load test", () => {
  const shown = (isTTY: boolean): string => {
    let text = "";
    const write = (part: string): boolean => Boolean((text += part));
    const view = new ProgressView({ isTTY, columns: 40, write } as unknown as NodeJS.WriteStream);
    for (let second = 0; second < 12; second += 1) view.show(running, second * 1000);
    view.end();
    return text;
  };

  it("[M10] says how far it is, what is done in a second, and what broke", () => {
    expect(progressLine(running)).to.equal(
      "3 of 11 s  send 98/s p99 12.3 ms, 2 errors  server 41 %  3 BROKEN",
    );
    expect(progressLine({ ...running, doing: "connecting", point: null })).to.equal("connecting …");
  });

  it("[M10] is one line that is written over on a terminal, else one each five seconds", () => {
    const terminal = shown(true);
    expect(terminal).not.to.include("\n");
    const lines = terminal.split("\r").slice(1);
    expect(lines).to.have.length(13);
    for (const line of lines) expect(line.replace("\u001b[K", "").length).to.be.at.most(39);
    expect(lines.at(-1), "and gone at the end").to.equal("\u001b[K");
    expect(shown(false).match(/^3 of 11 s .*$/gm)).to.have.length(3);
    expect(shown(false)).not.to.match(/[\r\u001b]/);
  });
});
