import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import { faultsOf } from "./audit.ts";
import { SeaServer, afloat, inBrowser, throwBottle } from "./harness.ts";
import { between, refusal } from "./line.ts";
import { en } from "./texts.ts";

/** What a server says to few: what it holds, closes, and keeps out. The page stands before a real one. */
describe("what is held and what is closed, in the page", function () {
  this.timeout(90_000);
  let sea: SeaServer;
  const { visit } = inBrowser();
  const come = (
    before: (page: Page) => unknown,
    options: BrowserContextOptions = {},
  ): Promise<Page> => visit(sea.url, options, before);

  before(async () => {
    sea = new SeaServer({ CREATURE_PROBABILITY: 0, HOST: "127.0.0.1", RATE_LIMITS: "off" });
    await sea.start();
  });
  after(() => sea?.close());

  it("[F9] [M12] what a person looks at first is kept, and the same write goes out by itself when it may", async () => {
    let mayGo = false;
    const thrown: unknown[] = [];
    const ann = await come((page) =>
      between(page, {
        answer: (name, payload) => {
          if (name !== "bottle:throw") return undefined;
          thrown.push(payload);
          return mayGo ? undefined : refusal("held_for_review");
        },
      }),
    );
    await throwBottle(ann, "Something to be looked at");
    await ann.getByText(en.heldFirst).waitFor({ timeout: 15_000 });
    await ann.getByRole("button", { name: /^Throw/ }).click();
    const held = ann.locator(".held-text");
    await held.getByText("Something to be looked at").waitFor();
    await held.getByText(en.heldHint).waitFor();
    expect(await ann.getByRole("textbox", { name: en.yourText }).inputValue()).to.equal("");
    expect(await faultsOf(ann)).to.deep.equal([]);
    mayGo = true;
    await ann.reload();
    await ann.getByText(en.heldNowOut).or(ann.getByText(en.afloatNow)).waitFor();
    await held.waitFor({ state: "detached" });
    expect(new Set(thrown.map((one) => JSON.stringify(one))).size).to.equal(1);
    await ann.getByRole("button", { name: en.close }).click();
    await ann.getByRole("button", { name: en.mine, exact: true }).click();
    await ann.locator(".thrown").getByText("Something to be looked at").waitFor();
    expect(await ann.evaluate(() => Object.keys(localStorage).join())).to.not.match(/held:|write:/);
  });

  it("[F9] [M12] what is refused when somebody has looked comes back; what is taken back too, and is asked for no more", async () => {
    let hasLooked = false;
    let times = 0;
    const ann = await come((page) =>
      between(page, {
        answer: (name) => {
          if (name !== "hole:write") return undefined;
          times += 1;
          return hasLooked
            ? refusal("rejected", {
                fields: { marks: JSON.stringify([{ start: 0, end: 3, kind: "threat" }]) },
              })
            : refusal("held_for_review");
        },
      }),
    );
    await ann.getByRole("link", { name: "Old tree" }).click();
    const field = ann.getByRole("textbox", { name: "Your letter to the tree" });
    const put = async (text: string): Promise<void> => {
      await field.fill(text);
      await ann.getByRole("button", { name: "Put it in" }).click();
      await ann.locator(".held-text").getByText(text).waitFor();
    };
    await put("You and I");
    await ann.getByRole("button", { name: en.heldTakeBack }).click();
    await ann.locator(".held-text").waitFor({ state: "detached" });
    expect(times).to.equal(1);
    expect(await field.inputValue()).to.equal("You and I");
    await put("Bad words");
    hasLooked = true;
    await ann.reload();
    await ann
      .getByRole("group", { name: en.askedTitle })
      .locator("mark", { hasText: "Bad" })
      .waitFor();
    expect(await field.inputValue()).to.equal("Bad words");
    expect(times).to.equal(3);
  });

  it("[M3] what is closed is said with why and until when; its button explains itself; it opens by itself", async () => {
    const sent: string[] = [];
    let line: Awaited<ReturnType<typeof between>> | undefined;
    const ann = await come(async (page) => {
      line = await between(page, {
        answer: (name) => {
          sent.push(name);
          return undefined;
        },
      });
    });
    await ann.getByRole("button", { name: /^Throw/ }).waitFor();
    await ann.getByRole("button", { name: /left/ }).first().waitFor();
    const closed = (name: string, ms: number): void =>
      line!.tell("session:penalty", { function: name, untilAt: Date.now() + ms, reason: "spam" });
    closed("throw", 15_000);
    closed("talk", 3_600_000);
    const strip = ann.getByRole("region", { name: en.closedTitle });
    await strip.getByText("Throwing rests for a while (advertising).", { exact: false }).waitFor();
    await strip.getByText("Writing to others rests", { exact: false }).waitFor();
    expect(await faultsOf(ann)).to.deep.equal([]);
    await ann.getByRole("button", { name: /^Throw/ }).click();
    await ann.getByText("Throwing rests until", { exact: false }).waitFor();
    expect(await ann.getByRole("textbox", { name: en.yourText }).count()).to.equal(0);
    // Another function is another: its sheet opens, and only the writing explains itself.
    await ann.getByRole("link", { name: "Old tree" }).click();
    await ann.getByRole("textbox", { name: "Your letter to the tree" }).fill("Dear tree");
    await ann.getByRole("button", { name: "Put it in" }).click();
    await ann.getByText("Writing to others rests until", { exact: false }).waitFor();
    expect(
      await ann.getByRole("textbox", { name: "Your letter to the tree" }).inputValue(),
    ).to.equal("Dear tree");
    expect(sent).to.not.include("hole:write");
    await ann.getByRole("button", { name: en.close }).click();
    await strip.getByText("Writing to others rests", { exact: false }).waitFor();
    await strip.getByText("Throwing rests", { exact: false }).waitFor({ state: "detached" });
    await throwBottle(ann, "Open again");
    await afloat(ann);
  });

  it("[M3] who is kept out is told plainly, finds the rules and a hand, and comes back by himself", async () => {
    let until = Date.now() + 3_600_000;
    const ann = await come((page) =>
      between(page, {
        refuse: () => {
          const retryAfterMs = until - Date.now();
          return retryAfterMs > 0 ? { code: "banned", retryAfterMs } : undefined;
        },
      }),
    );
    await ann.getByRole("heading", { name: en.bannedTitle }).waitFor();
    expect(await faultsOf(ann)).to.deep.equal([]);
    await ann.getByRole("button", { name: en.careTitle }).click();
    await ann.getByText(en.careLead).waitFor();
    await ann.getByRole("button", { name: en.close }).click();
    await ann.getByRole("heading", { name: en.bannedTitle }).waitFor();
    until = Date.now() + 6000;
    await ann.reload();
    await ann.getByRole("heading", { name: en.bannedTitle }).waitFor();
    await ann.getByRole("heading", { name: en.bannedTitle }).waitFor({ state: "detached" });
    await ann.getByRole("button", { name: /10 left/ }).waitFor();
  });

  it("[M11] whom the sea does not let in is told so, and asks again when he likes", async () => {
    let isLetIn = false;
    const ann = await come((page) =>
      between(page, { refuse: () => (isLetIn ? undefined : { code: "unauthorized" }) }),
    );
    await ann.getByText(en.refused).waitFor();
    const again = ann.getByRole("button", { name: en.placeRetry });
    await again.click();
    await ann.getByText(en.refused).waitFor();
    expect(await faultsOf(ann)).to.deep.equal([]);
    isLetIn = true;
    await again.click();
    await ann.getByRole("button", { name: /10 left/ }).waitFor();
    expect(await again.count()).to.equal(0);
  });

  it("[M3] [M11] a long rest is told in days; its sheet cannot be put down, and lies over no sign of the page", async () => {
    const ann = await come(
      (page) =>
        between(page, {
          refuse: () => ({ code: "banned", retryAfterMs: 3 * 86_400_000 + 60_000 }),
        }),
      { viewport: { width: 320, height: 640 } },
    );
    await ann.getByText("3 days left", { exact: true }).waitFor();
    expect(await ann.getByRole("button", { name: en.close }).count()).to.equal(0);
    const signs = (await ann.locator(".controls").boundingBox())!;
    const paper = (await ann.locator(".sheet").boundingBox())!;
    expect(signs.y + signs.height).to.be.at.most(paper.y);
    expect(await faultsOf(ann)).to.deep.equal([]);
    // On a tablet the paper keeps to lines that can be read, in the middle.
    await ann.setViewportSize({ width: 768, height: 1024 });
    const wide = (await ann.locator(".sheet").boundingBox())!;
    expect(wide.width).to.be.at.most(34 * 16);
    expect(wide.x).to.be.closeTo((768 - wide.width) / 2, 1);
  });
});
