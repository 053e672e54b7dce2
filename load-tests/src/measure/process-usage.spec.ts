import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { childrenOf, commandOf, usageOf, usagesOf } from "./process-usage.ts";

describe("what a process uses", () => {
  it("[M10] of one that has ended nothing is known, and nobody who asks is stopped by it", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    expect(usageOf(pid)).to.equal(null);
    expect(usagesOf([pid]).size).to.equal(0);
    expect(childrenOf(pid)).to.deep.equal([]);
    expect(commandOf(pid)).to.deep.equal([]);
  });
});
