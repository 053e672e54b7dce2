import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Lists } from "./lists.ts";

describe("word lists of the operator", () => {
  let folder: string;
  let loaded: number[];
  let faults: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "driftsea-lists-"));
    [loaded, faults] = [[], []];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const open = (): Promise<Lists> =>
    Lists.open({
      folder,
      onLoaded: (words) => loaded.push(words),
      onFault: (fault) => faults.push(fault),
    });
  const verdict = (lists: Lists, text: string): string => lists.screener.screen(text).verdict;

  it("[M12] a changed, a new and a removed file are in force without a restart", async () => {
    write("one.txt", "kraken | slur | confirm\n");
    const lists = await open();
    expect(verdict(lists, "you kraken")).to.equal("confirm");
    await lists.look();
    expect(loaded, "nothing has changed").to.deep.equal([1]);
    write("one.txt", "kraken | slur | refuse\nwhirlpool | spam | refuse\n");
    await lists.look();
    expect(verdict(lists, "you kraken")).to.equal("refuse");
    write("two.txt", "mermaid | sexual | hold\n");
    write("notes.md", "this is none | of | them\n");
    await lists.look();
    expect(verdict(lists, "a mermaid")).to.equal("hold");
    rmSync(join(folder, "one.txt"));
    await lists.look();
    expect(verdict(lists, "you kraken")).to.equal("fine");
    expect(loaded).to.deep.equal([1, 2, 3, 1]);
    expect(faults).to.deep.equal([]);
  });

  it("[M12] a faulty file leaves the lists as they were, and says file, line and fault, once", async () => {
    write("one.txt", "kraken | slur | confirm\n");
    const lists = await open();
    write("one.txt", "# fine\nkraken | slur | refuse\nwhirlpool | spam\n");
    await lists.look();
    await lists.look();
    expect(verdict(lists, "you kraken")).to.equal("confirm");
    expect(faults).to.have.length(1);
    expect(faults[0]).to.match(/^one\.txt:3: /);
    write("one.txt", "kraken | slur | refuse\n");
    await lists.look();
    expect(verdict(lists, "you kraken")).to.equal("refuse");
    rmSync(join(folder, "one.txt"));
    await lists.look();
    expect(verdict(lists, "you kraken"), "an empty folder is a fault").to.equal("refuse");
    expect(faults).to.have.length(2);
  });

  it("[M12] twenty thousand words hold up nothing else while they are loaded", async function () {
    this.timeout(60_000);
    write("one.txt", "kraken | slur | confirm\n");
    const lists = await open();
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const wordOf = (i: number): string =>
      [17, 5, 11, 3, 7, 19, 23, 2]
        .map((by) => letters[(i * by + Math.floor(i / by)) % 26])
        .join("");
    const words = Array.from({ length: 20_000 }, (_, i) => `${wordOf(i)}${i % 7} | spam | refuse`);
    write("two.txt", `${words.join("\n")}\nkelpie | spam | refuse\n`);
    const look = { isDone: false };
    const looking = lists.look().then(() => (look.isDone = true));
    /** What a turn of the event loop costs of the processor, in ms: neither other programs nor threads are counted. */
    const turns: number[] = [];
    while (!look.isDone) {
      const began = threadCpuMs();
      await new Promise((done) => setImmediate(done));
      turns.push(threadCpuMs() - began);
    }
    await looking;
    expect(faults).to.deep.equal([]);
    expect(verdict(lists, "a kelpie")).to.equal("refuse");
    expect(loaded.at(-1)).to.equal(20_002);
    expect(turns.length).to.be.above(20);
    expect(Math.max(...turns)).to.be.below(50);
  });

  it("[M12] at the start a fault is the operator's to mend", async () => {
    const failure = async (): Promise<string> =>
      open().then(
        () => "none",
        (error: Error) => `${error.name}: ${error.message}`,
      );
    expect(await failure()).to.match(/^OperatorError: SCREEN_LISTS: no \*\.txt in /);
    write("zh.txt", "x\n");
    expect(await failure()).to.match(/^OperatorError: SCREEN_LISTS: zh\.txt:1: /);
  });
});

/** What the thread of the event loop has had of the processor, in ms. Source: sched-stats of the Linux kernel. */
function threadCpuMs(): number {
  return (
    Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6
  );
}
