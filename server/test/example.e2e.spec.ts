import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { onEverySetup } from "./harness/server.ts";
import { Visitor, until } from "./harness/visitor.ts";

const EXAMPLE = fileURLToPath(new URL("../../examples/client.mjs", import.meta.url));
const run = promisify(execFile);

/** As somebody else runs it, without what runs these tests. */
const runExample = (url: string) =>
  run(process.execPath, [EXAMPLE, url], {
    env: { PATH: process.env["PATH"] },
    timeout: 15_000,
  });

onEverySetup("the example", (setup) => {
  it("throws, catches what a stranger threw, and answers it", async () => {
    const server = await setup.start();
    const ann = await Visitor.come(server.url);
    const thrown = await ann.throws("who are you?");
    const { stdout } = await runExample(server.url);
    expect(stdout).to.include("a stranger wrote: who are you?");
    const { bottleId, thread } = await ann.event("bottle:answered");
    expect(bottleId).to.equal(thrown.id);
    expect(stdout).to.include(thread.id);
    const { messages } = await ann.ask("thread:open", { threadId: thread.id });
    expect(messages.map(({ text }) => text)).to.deep.equal(["I am."]);
    let text = "";
    await until(async () => {
      const caught = await ann.ask("bottle:catch", {});
      if (caught.outcome === "bottle") text = caught.bottle.text;
      return text !== "";
    }, "its bottle");
    expect(text).to.equal("Is anybody out there?");
  });

  it("says why it was not let in", async () => {
    const server = await setup.start({ PUZZLE: "on" });
    const error = await runExample(server.url).then(
      () => null,
      (failed: { code: number; stderr: string }) => failed,
    );
    expect(error?.code).to.equal(1);
    expect(error?.stderr).to.include("puzzle_required");
  });
});

describe("the example", () => {
  it("is short, and stands on socket.io-client alone", () => {
    const text = readFileSync(EXAMPLE, "utf8");
    expect(text.split("\n").length).to.be.lessThan(62);
    const imported = [...text.matchAll(/from "([^"]+)"/g)].map(([, name]) => name!);
    expect(imported.filter((name) => !name.startsWith("node:"))).to.deep.equal([
      "socket.io-client",
    ]);
  });
});
