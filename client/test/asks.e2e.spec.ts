import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import type { OwnerKey } from "@driftsea/protocol";
import { newOwner } from "../../server/test/harness/circle.ts";
import { Visitor, writeId } from "../../server/test/harness/visitor.ts";
import { faultsOf, looks } from "./audit.ts";
import { SeaServer, arrived, inBrowser, keeping } from "./harness.ts";

describe("ask boxes in the page", function () {
  this.timeout(120_000);
  let sea: SeaServer;
  const { visit } = inBrowser(async () => {
    for (const one of visitors.splice(0)) await one.leave();
  });
  const visitors: Visitor[] = [];
  const come = async (
    hash = "",
    options: BrowserContextOptions = {},
    kept: Record<string, string> = {},
  ): Promise<Page> => {
    const page = await visit(`${sea.url}/${hash}`, options, keeping(kept));
    await arrived(page);
    return page;
  };
  const visitor = async (): Promise<Visitor> => {
    const one = await Visitor.come(sea.url);
    visitors.push(one);
    return one;
  };
  const makes = async (page: Page): Promise<string> => {
    await page.getByRole("link", { name: "River" }).click();
    await page.getByRole("button", { name: "Ask me anything" }).click();
    await page.getByRole("button", { name: "Set out a box" }).click();
    await page.getByText("Nobody has asked yet.", { exact: false }).waitFor();
    const link = await page.locator(".invite-link").inputValue();
    return link.slice(link.indexOf("#"));
  };
  const asks = async (page: Page, text: string): Promise<void> => {
    await page.getByRole("textbox", { name: "Your question" }).fill(text);
    await page.getByRole("button", { name: "Drop it in" }).click();
  };
  const question = (page: Page, text: string) =>
    page.locator(".box-question").filter({ hasText: text });
  const answers = async (page: Page, asked: string, text: string): Promise<void> => {
    await question(page, asked).getByRole("button", { name: "Answer", exact: true }).click();
    await page.getByRole("textbox", { name: "Your answer" }).fill(text);
    await page.getByRole("button", { name: "Answer for all to read" }).click();
  };

  before(async () => {
    sea = new SeaServer({ CREATURE_PROBABILITY: 0, HOST: "127.0.0.1", RATE_LIMITS: "off" });
    await sea.start();
  });
  after(() => sea?.close());

  it("[F10] one sets out a box, another asks by its link, and sees the answer come", async () => {
    const ann = await come();
    const link = await makes(ann);
    expect(link).to.match(/^#\/ask\/[\w-]{43}$/);
    await ann.getByRole("img", { name: "The link as a QR code" }).waitFor();
    const bo = await come(link);
    await bo.getByText("Nothing is answered yet.", { exact: false }).waitFor();
    await asks(bo, "What do you do at night?");
    await bo.getByText("It lies in the box.").waitFor();
    expect(await bo.getByRole("textbox", { name: "Your question" }).inputValue()).to.equal("");

    await question(ann, "What do you do at night?").waitFor();
    await answers(ann, "What do you do at night?", "I count boats");
    await ann.getByText("It is answered, for everybody to read.").waitFor();
    await ann.getByText("Nothing waits for you.", { exact: false }).waitFor();
    const shown = bo.locator(".box-answer").filter({ hasText: "What do you do at night?" });
    await shown.getByText("I count boats").waitFor();

    // After a reload the box is still hers, and what was answered still stands there.
    await ann.reload();
    await ann.locator(".box-answer").getByText("I count boats").waitFor();
    await bo.reload();
    await shown.getByText("I count boats").waitFor();
    await ann.getByRole("button", { name: "Take it down" }).click();
    await ann.getByRole("button", { name: "Take it down" }).click();
    await shown.waitFor({ state: "detached" });
    await bo.getByText("Nothing is answered yet.", { exact: false }).waitFor();
  });

  it("[F10] shut it takes nothing and says so at once; muted words are let go unseen; closed it is gone", async () => {
    const ann = await come();
    const link = await makes(ann);
    const bo = await come(link);
    await bo.getByRole("textbox", { name: "Your question" }).waitFor();
    await ann.getByText("Words you do not want to be asked with").click();
    await ann.getByLabel("A word").fill("Plum");
    await ann.getByRole("button", { name: "Mute it" }).click();
    await ann.getByRole("button", { name: "Let “Plum” be seen again" }).waitFor();
    const muted = await visitor();
    const box = link.slice(-43) as never;
    await asks(bo, "You plum!");
    await bo.getByText("It lies in the box.").waitFor();
    await muted.ask("ask:ask", { id: writeId(), box, text: "no p\u200blum" });
    await asks(bo, "Do you like quinces?");
    await question(ann, "quinces").waitFor();
    expect(await ann.locator(".box-question").count()).to.equal(1);
    await question(ann, "quinces").getByRole("button", { name: "Drop it" }).click();
    await question(ann, "quinces").getByRole("button", { name: "Drop it" }).click();
    await question(ann, "quinces").waitFor({ state: "detached" });
    await ann.getByRole("button", { name: "Let “Plum” be seen again" }).click();
    await bo.getByRole("textbox", { name: "Your question" }).fill("kept while it is shut");

    await ann.getByLabel("Takes questions").uncheck();
    await bo.getByText("The box is shut just now.", { exact: false }).waitFor();
    expect(await bo.getByRole("textbox", { name: "Your question" }).count()).to.equal(0);
    await bo.getByText("kept while it is shut").waitFor();
    await ann.getByText("while the box is shut nothing comes", { exact: false }).waitFor();
    await ann.getByLabel("Takes questions").check();
    const field = bo.getByRole("textbox", { name: "Your question" });
    await field.waitFor();
    expect(await field.inputValue()).to.equal("kept while it is shut");

    await ann.getByRole("button", { name: "Close it for good" }).click();
    await ann.getByText("end for everybody, for ever?", { exact: false }).waitFor();
    await ann.getByRole("button", { name: "Close it for good" }).click();
    await bo.getByText("This box is gone, or never was.").waitFor();
    await ann.getByRole("button", { name: "Set out a box" }).waitFor();
    const kept = await ann.evaluate(() => JSON.stringify(localStorage));
    expect(kept).to.not.contain("ask-box");
  });

  it("[F10] what was asked without a connection goes out once it is back", async () => {
    const ann = await come();
    const link = await makes(ann);
    const bo = await come(link);
    await bo.getByRole("textbox", { name: "Your question" }).waitFor();
    await bo.context().setOffline(true);
    await bo.evaluate(() => dispatchEvent(new Event("offline")));
    await asks(bo, "Are you there?");
    await bo.locator(".unsent-question").getByText("Are you there?").waitFor();
    await bo.context().setOffline(false);
    await bo.evaluate(() => dispatchEvent(new Event("online")));
    await question(ann, "Are you there?").waitFor();
    await bo.locator(".unsent-question").waitFor({ state: "detached" });
    expect(await question(ann, "Are you there?").count()).to.equal(1);
  });

  it("[F10] an answer to a question that was dropped from elsewhere can be thrown as a bottle", async () => {
    const ann = await come();
    const box = (await makes(ann)).slice(-43) as never;
    const other = await visitor();
    await other.ask("ask:ask", { id: writeId(), box, text: "Do you still wait?" });
    await question(ann, "Do you still wait?").waitFor();
    const kept = await ann.evaluate(() => localStorage.getItem("driftsea:ask-box"));
    const { key: ownerKey } = JSON.parse(kept!) as { key: OwnerKey };
    const { questions } = await other.ask("ask:questions", { box, ownerKey });
    await other.ask("ask:drop", { box, ownerKey, questionId: questions[0]!.id });
    await answers(ann, "Do you still wait?", "Every evening");
    await ann.getByText("answered or dropped from elsewhere", { exact: false }).waitFor();
    await ann.getByRole("button", { name: "Throw them as a bottle" }).click();
    const field = ann.getByRole("textbox", { name: "Your words" });
    expect(await field.inputValue()).to.equal("Every evening");
  });

  it("[F10] a question to a box that is gone by then is told to be kept, also where one has left the box", async () => {
    const ann = await come();
    const bo = await come(await makes(ann));
    const field = bo.getByRole("textbox", { name: "Your question" });
    await field.waitFor();
    await bo.context().setOffline(true);
    await bo.evaluate(() => dispatchEvent(new Event("offline")));
    await asks(bo, "Are you still there?");
    await bo.locator(".unsent-question").waitFor();
    await bo.keyboard.press("Escape");
    await field.waitFor({ state: "detached" });
    for (let i = 0; i < 2; i += 1)
      await ann.getByRole("button", { name: "Close it for good" }).click();
    await ann.getByRole("button", { name: "Set out a box" }).waitFor();
    await bo.context().setOffline(false);
    await bo.evaluate(() => dispatchEvent(new Event("online")));
    await bo.getByText("The box that you asked is gone.", { exact: false }).waitFor();
    await bo.getByRole("button", { name: "Look at it" }).click();
    await bo.getByText("This box is gone, or never was.").waitFor();
    await bo.getByText("Are you still there?", { exact: true }).waitFor();
  });

  it("[F10] a box made in one tab is found in another: no key is written over", async () => {
    const ann = await come("#/box");
    const other = await ann.context().newPage();
    await other.goto(`${sea.url}/#/box`);
    await other.getByRole("button", { name: "Set out a box" }).click();
    await other.locator(".invite-link").waitFor();
    const key = () => ann.evaluate(() => localStorage.getItem("driftsea:ask-box"));
    const before = await key();
    await ann.getByRole("button", { name: "Set out a box" }).click();
    await ann.getByText("Nobody has asked yet.", { exact: false }).waitFor();
    expect(await key()).to.equal(before);
  });

  it("[F10] a link that leads nowhere says so kindly", async () => {
    const page = await come(`#/ask/${"a".repeat(43)}`);
    await page.getByText("This box is gone, or never was.").waitFor();
    await page.getByRole("button", { name: "Back to the river" }).click();
    await page.getByRole("heading", { name: "The lantern river" }).waitFor();
  });

  it("[M11] axe finds nothing at a box, in both lights and languages; 320 px cuts nothing off", async () => {
    const ann = await visitor();
    const { ownerKey, ownerHash } = newOwner();
    const id = writeId();
    const { box } = await ann.ask("ask:make", { id, ownerHash, mutedWords: ["plum", "梅子"] });
    for (const text of ["Why? 为什么", `A long one ${"w".repeat(280)}`, "Third 第三个"])
      await ann.ask("ask:ask", { id: writeId(), box, text });
    const { questions } = await ann.ask("ask:questions", { box, ownerKey });
    await ann.ask("ask:answer", {
      id: writeId(),
      box,
      ownerKey,
      questionId: questions[0]!.id,
      text: `Because 因为 ${"x".repeat(300)}`,
    });
    const mine = JSON.stringify({ id, key: ownerKey, box });
    const found: string[] = [];
    for (const [locale, light] of looks([
      ["en-GB", "night"],
      ["zh-CN", "day"],
      ["zh-CN", "night"],
      ["en-GB", "day"],
    ] as const)) {
      const small = { locale, viewport: { width: 320, height: 568 } };
      const choice = { "choice:light": light };
      const owner = await come("#/box", small, { ...choice, "ask-box": mine });
      await owner.locator(".box-question").first().waitFor();
      await owner.locator(".box-answer").waitFor();
      for (const summary of await owner.locator("summary").all()) await summary.click();
      await owner.locator(".box-question .acts > button").first().click();
      await owner.locator(".box-question textarea").waitFor();
      await owner.locator(".box-answer .acts button").first().click();
      for (const fault of await faultsOf(owner)) found.push(`${locale} ${light} box ${fault}`);
      const reader = await come(`#/ask/${box}`, small, choice);
      await reader.locator(".box-answer").waitFor();
      for (const fault of await faultsOf(reader)) found.push(`${locale} ${light} ask ${fault}`);
      const none = await come("#/box", small, choice);
      await none.locator(".sheet .primary").waitFor();
      for (const fault of await faultsOf(none)) found.push(`${locale} ${light} no box ${fault}`);
    }
    expect(found).to.deep.equal([]);
  });
});
