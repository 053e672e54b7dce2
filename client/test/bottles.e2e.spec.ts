import { expect } from "chai";
import type { Page } from "playwright-core";
import type { Settings } from "../../server/test/harness/server.ts";
import { Visitor, until, writeId } from "../../server/test/harness/visitor.ts";
import { SeaServer, inBrowser, keeping, setAdrift } from "./harness.ts";
import { between, refusal } from "./line.ts";
import { en } from "./texts.ts";

describe("bottles in the page, as it seldom goes", function () {
  this.timeout(60_000);
  let sea: SeaServer;
  const { visit } = inBrowser(() => sea?.close());
  const open = async (settings: Settings = {}): Promise<void> => {
    sea = new SeaServer({ CREATURE_PROBABILITY: 0, ...settings });
    await sea.start();
  };
  const come = async (): Promise<Page> => {
    const page = await visit(sea.url);
    await page
      .getByRole("button", { name: /left|more at/ })
      .first()
      .waitFor();
    return page;
  };
  const catchBottle = async (page: Page): Promise<void> => {
    await page.getByRole("button", { name: /^Catch/ }).click();
    await page.getByRole("textbox", { name: en.yourAnswer }).waitFor();
  };

  it("[B4] [B5] [M1] throwing back, reporting, blocking: one tap each, and the hand is free", async () => {
    await open();
    const [ann, bo, eve] = [await come(), await come(), await come()];
    await setAdrift(ann, "Buy my watches");
    await catchBottle(bo);
    await bo.getByRole("button", { name: en.report }).click();
    await bo.getByRole("button", { name: en.reason_spam }).click();
    await bo.getByText(en.reported).waitFor();
    await bo.getByRole("button", { name: en.release }).click();
    await bo.getByText(en.thrownBack).waitFor();
    await bo.getByRole("textbox", { name: en.yourAnswer }).waitFor({ state: "detached" });
    await bo.getByRole("button", { name: /^Catch/ }).click();
    await bo.getByText(en.calmText).waitFor();
    await catchBottle(eve);
    await eve.getByText("Buy my watches").waitFor();
    await eve.getByRole("button", { name: en.block }).click();
    await eve.getByText(en.blocked).waitFor();
    await eve.getByText("Buy my watches").waitFor({ state: "detached" });
    // Ann is told of neither.
    await ann.getByRole("button", { name: en.mine, exact: true }).click();
    await ann.getByText(en.state_afloat, { exact: true }).waitFor();
    expect(["", en.afloatNow]).to.include(await ann.locator(".saying").innerText());
  });

  it("[B3] a creature says its line, and that was a catch", async () => {
    await open({ CREATURE_PROBABILITY: 1 });
    const ann = await come();
    await ann.getByRole("button", { name: /^Catch 20 left/ }).click();
    await ann.getByRole("heading", { name: en.creatureTitle }).waitFor();
    const lines = Object.entries(en).filter(([key]) => key.startsWith("creature_"));
    const said = await ann.locator(".gift").innerText();
    expect(lines.map(([, line]) => line)).to.include(said);
    await ann.getByRole("button", { name: en.fine }).click();
    await ann.getByRole("button", { name: /^Catch 19 left/ }).waitFor();
  });

  it("[B3] calm water is no catch, and shows the way to a bottle of one's own", async () => {
    await open({ CREATURE_PROBABILITY: 0 });
    const ann = await come();
    await ann.getByRole("button", { name: /^Catch 20 left/ }).click();
    await ann.getByText(en.calmText).waitFor();
    await ann.getByRole("button", { name: /^Catch 20 left/ }).waitFor();
    await ann.getByRole("button", { name: en.throwOne }).click();
    await ann.getByRole("textbox", { name: en.yourText }).waitFor();
  });

  it("[B2] who has thrown all for today is told until when", async () => {
    await open({ THROWS_PER_DAY: 1, CATCHES_PER_DAY: 1 });
    const ann = await come();
    await setAdrift(ann, "The only one");
    await ann.getByRole("button", { name: /^Throw more at \d/ }).click();
    await ann.getByText(/^That was all for today\. More at \d/).waitFor();
    await ann.getByRole("textbox", { name: en.yourText }).fill("One too many");
    expect(await ann.getByRole("button", { name: en.rollUp }).isDisabled()).to.equal(true);
    await ann.getByRole("textbox", { name: en.yourText }).press("Control+Enter");
    expect(await ann.getByText(en.flying).count()).to.equal(0);
    await ann.getByRole("textbox", { name: en.yourText }).waitFor();
  });

  it("[B2] whose time has come again goes on without loading the page again", async () => {
    await open();
    const ann = await visit(sea.url, {}, (page) =>
      between(page, {
        answer: (name) =>
          name === "bottle:throw"
            ? { ok: true, data: { quota: { left: 0, resetsAt: Date.now() + 15_000 } } }
            : undefined,
      }),
    );
    await ann.getByRole("button", { name: /^Throw 10 left/ }).waitFor();
    await setAdrift(ann, "The last one");
    const spent = ann.getByRole("button", { name: /^Throw more at \d/ });
    await spent.click();
    const told = ann.getByText(/^That was all for today/);
    await told.waitFor();
    await ann.getByRole("textbox", { name: en.yourText }).fill("The first one of another day");
    const rollUp = ann.getByRole("button", { name: en.rollUp });
    expect(await rollUp.isDisabled()).to.equal(true);
    await told.waitFor({ state: "detached", timeout: 30_000 });
    await spent.waitFor({ state: "detached", timeout: 30_000 });
    await rollUp.click();
    await ann.getByText(en.flying).waitFor();
  });

  it("[B6] who is left while he writes keeps his words as the next bottle's; of a muted thread too", async () => {
    await open();
    for (const isMuted of [false, true]) {
      const [ann, bo] = [await come(), await Visitor.come(sea.url)];
      await bo.throws("Write to me");
      await catchBottle(ann);
      await ann.getByRole("textbox", { name: en.yourAnswer }).fill("Here I am");
      await ann.getByRole("button", { name: en.answer, exact: true }).click();
      const letter = ann.getByRole("textbox", { name: en.yourLetter });
      await letter.fill("And what I meant to say is");
      if (isMuted) {
        await ann.locator("details.info summary").click();
        await ann.getByRole("button", { name: en.mute, exact: true }).click();
        await ann.getByRole("button", { name: en.unmute }).waitFor();
      }
      const { thread } = await bo.event("bottle:answered");
      await bo.ask("thread:leave", { threadId: thread.id });
      // Of a muted one its end is told to nobody: the letter that crosses it learns of it.
      if (isMuted) await ann.getByRole("button", { name: en.send }).click();
      await ann.getByText(en.lateLetter).waitFor();
      await letter.waitFor({ state: "detached" });
      await ann.getByText("nobody will answer", { exact: false }).waitFor();
      await ann.getByRole("button", { name: en.throwItInstead }).click();
      expect(await ann.getByRole("textbox", { name: en.yourText }).inputValue()).to.equal(
        "And what I meant to say is",
      );
      await bo.leave();
    }
  });

  it("[B6] what one was writing when the letters ran out is the next bottle's, whether their list says so or they do", async () => {
    await open();
    const id = writeId();
    const words = "And what I meant to say is";
    for (const [hash, withheld] of [
      ["", ""],
      [`#/thread/${id}`, "thread:list"],
    ] as const) {
      const ann = await visit(`${sea.url}/${hash}`, {}, async (page) => {
        await keeping({ [`draft:${id}`]: words })(page);
        await between(page, {
          answer: (name) => (name === withheld ? refusal("unavailable") : undefined),
        });
      });
      await ann.getByText(en.lateLetter).waitFor();
      await ann.getByRole("button", { name: en.throwItInstead }).click();
      expect(await ann.getByRole("textbox", { name: en.yourText }).inputValue()).to.equal(words);
    }
  });

  it("[M11] Escape that ends the composing of a word puts no sheet down", async () => {
    await open();
    const ann = await come();
    await ann.getByRole("button", { name: /^Throw/ }).click();
    const words = ann.getByRole("textbox", { name: en.yourText });
    await words.dispatchEvent("keydown", { key: "Escape", isComposing: true });
    await ann.waitForTimeout(300);
    expect(await words.count()).to.equal(1);
    await words.dispatchEvent("keydown", { key: "Escape" });
    await words.waitFor({ state: "detached" });
  });

  it("[B8] a bottle that is taken back while the line is drawn in never lies in the hand", async () => {
    await open();
    const [ann, bo] = [
      await visit(sea.url, { reducedMotion: "no-preference" }),
      await Visitor.come(sea.url),
    ];
    await ann.getByRole("button", { name: /^Catch 20 left/ }).waitFor();
    const { id } = await bo.throws("Rather not");
    await ann.getByRole("button", { name: /^Catch/ }).click();
    const isHeld = async (): Promise<boolean> =>
      (await bo.ask("bottle:mine", {})).bottles.some(({ state }) => state === "held");
    await until(isHeld, "a hand");
    await bo.ask("bottle:recall", { bottleId: id });
    await ann.getByText(en.recalledFromYou).waitFor();
    // Until the line is in again.
    await ann.getByRole("button", { name: /^Catch 19 left/ }).waitFor();
    expect(await ann.locator(".sheet").count()).to.equal(0);
    await bo.leave();
  });

  it("[B5] [B6] what the server did not do is not said to be done, and nothing is let go of", async () => {
    await open();
    const codes = ["unavailable", "rate_limited", "internal"];
    const refused = new Set(["bottle:release", "bottle:recall", "thread:leave"]);
    const ann = await visit(sea.url, {}, (page) =>
      between(page, {
        answer: (name) => (refused.has(name) ? refusal(codes[0]!) : undefined),
      }),
    );
    const bo = await Visitor.come(sea.url);
    await bo.throws("Stay with me");
    await catchBottle(ann);
    for (const said of [en.wentWrong, en.tooFast, en.wentWrong]) {
      await ann.getByRole("button", { name: en.release }).click();
      await ann.getByText(said).waitFor();
      expect(await ann.getByText("Stay with me").count()).to.equal(1);
      codes.push(codes.shift()!);
    }
    await ann.getByRole("textbox", { name: en.yourAnswer }).fill("I will");
    await ann.getByRole("button", { name: en.answer, exact: true }).click();
    await ann.locator("details.info summary").click();
    for (let i = 0; i < 2; i += 1) await ann.getByRole("button", { name: en.leave }).click();
    await ann.getByText(en.wentWrong).waitFor();
    await ann.getByRole("log").getByText("I will").waitFor();
    await ann.keyboard.press("Escape");
    await setAdrift(ann, "Mine");
    await ann.getByRole("button", { name: en.mine, exact: true }).click();
    for (let i = 0; i < 2; i += 1) await ann.getByRole("button", { name: en.recall }).click();
    await ann.getByText(en.wentWrong).waitFor();
    await ann.getByText(en.state_afloat, { exact: true }).waitFor();
    await bo.leave();
  });

  it("[B13] a bottle that nobody answered comes home, and says how it fared", async () => {
    await open({ BOTTLE_LIFE_MS: 6000 });
    const [ann, bo] = [await come(), await come()];
    await setAdrift(ann, "Anybody?");
    await catchBottle(bo);
    await bo.getByRole("button", { name: en.release }).click();
    await ann
      .getByText("held fewer than five times and thrown back fewer than five times.", {
        exact: false,
      })
      .waitFor({ timeout: 20_000 });
    await ann.getByRole("button", { name: en.mine, exact: true }).click();
    await ann.getByText(en.state_expired, { exact: true }).waitFor();
  });
});
