import { expect } from "chai";
import type { Page } from "playwright-core";
import { needRedis } from "../../server/test/harness/redis.ts";
import { SeaServer, inBrowser, throwBottle } from "./harness.ts";

const AWAY_MS = 10_000;

describe("ten seconds without a line", function () {
  this.timeout(120_000);
  let sea: SeaServer;
  const { visit } = inBrowser(() => sea.close());
  const come = async (hash = ""): Promise<Page> => {
    const page = await visit(`${sea.url}/${hash}`);
    await page.getByRole("button", { name: /^Throw.*left/ }).waitFor();
    return page;
  };
  const write = async (page: Page, text: string): Promise<void> => {
    await page.getByRole("textbox", { name: /Your (words|letter)/ }).fill(text);
    await page.getByRole("button", { name: "Send" }).click();
  };
  const walk = (page: Page, hash: string): Promise<void> =>
    page.evaluate((to) => void (location.hash = to), hash);
  const hashOf = (page: Page): string => new URL(page.url()).hash;
  const wordsOn = async (page: Page, last: string): Promise<string[]> => {
    await page.getByRole("log").getByText(last, { exact: true }).waitFor({ timeout: 30_000 });
    return page.getByRole("log").locator(".words").allInnerTexts();
  };

  beforeEach(async () => {
    sea = new SeaServer({ HOST: "127.0.0.1", RATE_LIMITS: "off" });
    await sea.start();
  });

  /** Three messages to a room, three letters and a bottle, all of them written while away. */
  async function writesWhileAway(away: (ann: Page) => Promise<() => Promise<void>>): Promise<void> {
    const ann = await come();
    await ann.getByRole("link", { name: "Lighthouse" }).click();
    await ann.getByRole("button", { name: "Light a room" }).click();
    await ann.getByRole("button", { name: "Light it" }).click();
    await ann.getByRole("log").waitFor();
    const room = hashOf(ann);
    const bo = await come(room);
    await bo.getByRole("button", { name: "Enter" }).click();
    await write(bo, "in the room");
    await wordsOn(ann, "in the room");
    await walk(ann, "");
    await throwBottle(ann, "Hold the line");
    await ann.getByText("It is adrift.").waitFor({ timeout: 15_000 });
    const cy = await come();
    await cy.getByRole("button", { name: "Catch" }).click();
    await cy.getByRole("textbox", { name: "Your answer" }).fill("Holding");
    await cy.getByRole("button", { name: "Answer", exact: true }).click();
    await ann.getByRole("button", { name: "Read it" }).click();
    await wordsOn(ann, "Holding");
    const letters = hashOf(ann);

    const back = await away(ann);
    const until = Date.now() + AWAY_MS;
    for (const place of [letters, room]) {
      await walk(ann, place);
      for (const text of ["one", "two", "three"]) await write(ann, text);
      await ann.locator(".unsent").nth(2).waitFor();
      expect(await ann.locator(".unsent").count(), place).to.equal(3);
    }
    await walk(ann, "");
    await throwBottle(ann, "Written in the dark");
    await ann.getByText("7 waiting to go out", { exact: false }).waitFor({ timeout: 15_000 });
    await ann.waitForTimeout(Math.max(0, until - Date.now()));
    await back();

    await ann.getByText("It is adrift.").waitFor({ timeout: 30_000 });
    expect(await wordsOn(cy, "three")).to.deep.equal(["Holding", "one", "two", "three"]);
    const said = ["in the room", "one", "two", "three"];
    expect(await wordsOn(bo, "three")).to.deep.equal(said);
    await walk(ann, room);
    expect(await wordsOn(ann, "three")).to.deep.equal(said);
    await ann.locator(".unsent").first().waitFor({ state: "detached" });
    await walk(bo, "");
    await bo.getByRole("button", { name: "Catch" }).click();
    await bo.getByText("Written in the dark").waitFor();
    // It was thrown once: nothing else is out there.
    await walk(cy, "");
    await cy.getByRole("button", { name: "Catch" }).click();
    await cy.getByText("Calm water").waitFor();
  }

  it("[M11] [R6] off the net: what was written is shown as waiting, and arrives once each, in order", () =>
    writesWhileAway(async (ann) => {
      await ann.context().setOffline(true);
      await ann.getByText("You are offline", { exact: false }).waitFor();
      return () => ann.context().setOffline(false);
    }));

  it("[M11] [R6] with the server killed: what was written arrives once each, in order", async function () {
    needRedis(this);
    await writesWhileAway(async (ann) => {
      await sea.end("SIGKILL");
      await ann.getByText("The line has gone slack", { exact: false }).waitFor();
      return () => sea.start();
    });
  });
});
