import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import type { PlaceId, SeaId } from "@driftsea/protocol";
import { CIRCLE, posts } from "../../server/test/harness/circle.ts";
import { Visitor, until } from "../../server/test/harness/visitor.ts";
import { faultsOf } from "./audit.ts";
import { SeaServer, arrived, inBrowser } from "./harness.ts";

const LIST = [
  { id: "town", title: { en: "The town", zh: "城里" } },
  { id: "north", title: { en: "North campus", zh: "北校区" }, parent: "town" },
  { id: "south", title: { en: "South campus", zh: "南校区" }, parent: "town" },
];
const north = "north" as PlaceId;

describe("places in the page", function () {
  this.timeout(120_000);
  let sea: SeaServer;
  const folder = mkdtempSync(join(tmpdir(), "driftsea-places-"));
  const { visit } = inBrowser(async () => {
    for (const one of visitors.splice(0)) await one.ask("session:forget", {});
  });
  const visitors: Visitor[] = [];
  const come = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await visit(sea.url, options);
    await arrived(page);
    return page;
  };
  const visitor = async (): Promise<Visitor> => {
    const one = await Visitor.come(sea.url);
    visitors.push(one);
    return one;
  };

  before(async () => {
    const file = join(folder, "places.json");
    writeFileSync(file, JSON.stringify(LIST));
    sea = new SeaServer({
      ...CIRCLE,
      CREATURE_PROBABILITY: 0,
      HOST: "127.0.0.1",
      PLACES: file,
      PLACE_MIN_PEOPLE: 2,
    });
    await sea.start();
  });
  after(async () => {
    await sea?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("[F12] one says where one is, reads what drifts there, tells there and catches there", async () => {
    const page = await come();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.getByRole("link", { name: "River" }).click();
    await page.getByRole("button", { name: "My place" }).click();
    await page.getByText("Nothing is read from your device", { exact: false }).waitFor();
    const where = page.getByRole("combobox", { name: "Where are you?" });
    expect(await where.locator("option").allTextContents()).to.deep.equal([
      "I do not say",
      "The town",
      "\u2003North campus",
      "\u2003South campus",
    ]);
    const say = page.getByRole("button", { name: "I am there" });
    expect(await say.isDisabled(), "to look is to say nothing").to.equal(true);
    await where.selectOption("north");
    await say.click();
    await page.getByText("You are there: North campus.").waitFor();
    await page.getByText("So you see the whole world.", { exact: false }).waitFor();

    const bo = await visitor();
    await bo.ask("place:say", { placeId: north });
    await posts(bo, "the roof is open at night", { place: north });
    await until(
      async () => (await bo.ask("feed:open", { place: north })).posts.length === 1,
      "it to drift there",
    );
    await page.getByRole("button", { name: "World", exact: true }).click();
    await page.getByText("The river is dark just now", { exact: false }).waitFor();
    await page.getByRole("button", { name: "My place" }).click();
    const card = page.getByRole("article").filter({ hasText: "the roof is open at night" });
    await card.getByText("world").waitFor();
    expect(await page.getByText("Few are there", { exact: false }).count()).to.equal(0);

    await page.getByRole("button", { name: "Light a lantern" }).click();
    await page.getByRole("textbox", { name: "Your secret" }).fill("I sleep in the library");
    await page.getByRole("checkbox", { name: "Let it drift there as well: North campus" }).check();
    await page.getByRole("button", { name: "Let it drift" }).click();
    await page.getByRole("heading", { name: "It is lit" }).waitFor();
    await until(async () => {
      const { posts: there } = await bo.ask("feed:open", { place: north });
      return there.some(({ text }) => text === "I sleep in the library");
    }, "what was told to drift there");
    await page.getByRole("button", { name: "Back to the river" }).click();
    // It was told meanwhile, and waits behind the sign, or has been read with the rest.
    const sign = page.getByRole("button", { name: "1 new lantern" });
    const mine = page.getByRole("article").filter({ hasText: "I sleep in the library" });
    await sign.or(mine).first().waitFor();
    if (await sign.isVisible()) await sign.click();
    await mine.waitFor();

    await posts(bo, "the library closes at ten", { place: north });
    await page.getByRole("button", { name: "1 new lantern" }).click();
    await page.getByRole("article").filter({ hasText: "closes at ten" }).waitFor();

    await where.selectOption("south");
    await say.click();
    await page.getByText("Where you are can be said once an hour.", { exact: false }).waitFor();
    await page.keyboard.press("Escape");
    await bo.throws("from the north", { sea: "north" as SeaId });
    await page.getByRole("combobox", { name: "Sea" }).selectOption("north");
    await page.getByRole("button", { name: /^Catch/ }).click();
    await page.getByText("from the north").waitFor();
    await page.keyboard.press("Escape");

    await page.getByRole("link", { name: "River" }).click();
    await where.selectOption({ label: "I do not say" });
    await page.getByRole("button", { name: "Say nothing any more" }).click();
    await page.getByText("You are nowhere in particular.").waitFor();
    expect(await page.getByRole("article").count()).to.equal(0);
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: "Sea" }).waitFor();
    const seas = page.getByRole("combobox", { name: "Sea" }).locator("option");
    await seas.filter({ hasText: "North campus" }).waitFor({ state: "detached" });
    expect((await seas.allTextContents()).join(" ")).to.include("The world");
    expect((await seas.allTextContents()).join(" ")).to.not.include("North campus");
    expect(asked.filter((url) => new URL(url).host !== new URL(sea.url).host)).to.deep.equal([]);
  });

  it("[F12] [M11] axe finds nothing where one says it, in both languages; 320 px cuts nothing off", async () => {
    const bo = await visitor();
    await bo.ask("place:say", { placeId: north });
    const found: string[] = [];
    for (const [locale, sign] of [
      ["en-GB", "My place"],
      ["zh-CN", "此地"],
    ] as const) {
      const page = await come({ locale, viewport: { width: 320, height: 568 } });
      await page.evaluate(() => (location.hash = "#/river"));
      await page.getByRole("button", { name: sign }).click();
      await page.locator(".where select").selectOption("north");
      await page.locator(".where .primary").click();
      await page.locator(".where .primary:disabled").waitFor();
      for (const fault of await faultsOf(page)) found.push(`${locale} river ${fault}`);
      await page.evaluate(() => (location.hash = "#/tell"));
      await page.locator("#tell-here").waitFor();
      for (const fault of await faultsOf(page, "button, a, select, .tick"))
        found.push(`${locale} tell ${fault}`);
    }
    expect(found).to.deep.equal([]);
  });
});
