import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { DeskPerson } from "../../server/test/harness/desk.ts";
import { needRedis } from "../../server/test/harness/redis.ts";
import { Visitor, writeId } from "../../server/test/harness/visitor.ts";
import { en } from "../src/desk/texts.en.ts";
import { zh } from "../src/desk/texts.zh.ts";
import { faultsOf, looks } from "./audit.ts";
import { SeaServer, openBrowser, visit } from "./harness.ts";
import type { Person } from "./harness.ts";

describe("the desk's page", function () {
  this.timeout(180_000);
  let browser: Browser;
  let sea: SeaServer;
  let dataDir: string;
  const people: Person[] = [];
  const drifters: Visitor[] = [];

  before(async function () {
    // Accounts are made by a command, and that reaches no memory.
    needRedis(this);
    const found = await openBrowser();
    if (!found) return this.skip();
    browser = found;
  });
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), "driftsea-desk-"));
    sea = new SeaServer({ DATA_DIR: dataDir, CREATURE_PROBABILITY: 0 });
    await sea.start();
  });
  afterEach(async () => {
    for (const { page } of people) await page.context().close();
    for (const one of drifters.splice(0)) one.socket.close();
    const all = people.splice(0);
    const hosts = new Set(all.flatMap((person) => [...person.hosts]));
    const own = new URL(sea.url).host;
    await sea.close();
    rmSync(dataDir, { recursive: true, force: true });
    // What the browser itself says of an answer of 401 is no complaint of the page.
    const complaints = all
      .flatMap((person) => person.complaints)
      .filter((text) => !/status of 401/.test(text));
    expect(complaints).to.deep.equal([]);
    expect([...hosts]).to.deep.equal(all.length > 0 ? [own] : []);
  });
  after(async () => browser?.close());

  const come = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const person = await visit(browser, `${sea.url}/desk`, options);
    people.push(person);
    return person.page;
  };
  const signIn = async (page: Page, who: DeskPerson): Promise<void> => {
    await page.locator("[name=name]").fill(who.name);
    await page.locator("[name=password]").fill(who.password);
    await page.locator("[name=code]").fill(who.code());
    await page.keyboard.press("Enter");
    await page.locator(".views").waitFor();
  };
  const drift = async (): Promise<Visitor> => {
    const visitor = await Visitor.come(sea.url);
    drifters.push(visitor);
    return visitor;
  };
  const report = async (text: string, reason: string): Promise<Visitor> => {
    const [ann, bo] = [await drift(), await drift()];
    await ann.throws(text);
    const { bottle } = await bo.catches();
    const target = { kind: "bottle", id: bottle.id } as const;
    await bo.ask("safety:report", { id: writeId(), target, reason });
    return ann;
  };

  it("[M2] two whom the operator made decide by keyboard; what they agree on is gone for good", async () => {
    const settings = { DATA_DIR: dataDir };
    const people = [await DeskPerson.make(settings, "mo"), await DeskPerson.make(settings, "ada")];
    const ann = await report("Look what I found today", "spam");

    const mo = await come({ viewport: { width: 1280, height: 800 } });
    await mo.locator("[name=name]").fill("mo");
    await mo.locator("[name=password]").fill("something else");
    await mo.locator("[name=code]").fill("000000");
    await mo.keyboard.press("Enter");
    await mo.getByText(en.wrong).waitFor();
    // What was said before is said again in the language that is chosen.
    await mo.getByRole("button", { name: en.toChinese }).click();
    await mo.getByText(zh.wrong).waitFor();
    await mo.getByRole("button", { name: en.toEnglish }).click();
    await mo.getByText(en.wrong).waitFor();
    await signIn(mo, people[0]!);
    await mo.getByText("Look what I found today").waitFor();
    // Everything by keys: decide, the suggested reason, take it back, decide again.
    await mo.keyboard.press("2");
    await mo.getByRole("button", { name: `${en.reason_spam} ${en.suggested}` }).waitFor();
    await mo.keyboard.press("Enter");
    await mo.getByText(en.waiting_none).waitFor();
    await mo.keyboard.press("u");
    await mo.getByText(en.undone).waitFor();
    await mo.getByText("Look what I found today").waitFor();
    await mo.keyboard.press("2");
    await mo.keyboard.press("Escape");
    await mo.keyboard.press("2");
    await mo.keyboard.press("1");
    await mo.getByText(en.outcome_second_needed).waitFor();

    const ada = await come({
      viewport: { width: 320, height: 640 },
      hasTouch: true,
      isMobile: true,
    });
    await signIn(ada, people[1]!);
    await ada.getByText(en.needsSecond).waitFor();
    await ada.getByRole("button", { name: /^Remove For good/ }).tap();
    await ada.getByRole("button", { name: en.reason_spam }).tap();
    await ada.getByText(en.outcome_done).waitFor();
    const { bottles } = await ann.ask("bottle:mine", {});
    expect(bottles.map(({ state }) => state)).not.to.include("afloat");

    await mo.getByRole("button", { name: en.figures }).click();
    const decided = mo.locator(".figures div", { hasText: en.fig_decided });
    await decided.getByText("1", { exact: true }).waitFor();
    await mo.getByRole("rowheader", { name: "ada" }).waitFor();
    await mo.getByRole("button", { name: en.log }).click();
    await mo.getByText(`ada ${en.what_decided}: ${en.decide_remove} (${en.reason_spam})`).waitFor();
    await mo.getByRole("button", { name: en.signOut }).click();
    await mo.getByText(en.signedOut).waitFor();
    await mo.reload();
    await mo.getByRole("heading", { name: en.signInTitle }).waitFor();
  });

  it("[M2] new cases come by themselves, care first; the session lives in the tab alone", async () => {
    const mo = await DeskPerson.make({ DATA_DIR: dataDir }, "mo");
    const page = await come();
    const head = await page.request.get(`${sea.url}/desk`);
    expect(head.headers()).to.include({ "cache-control": "no-store" });
    expect(head.headers()["x-robots-tag"]).to.include("noindex");
    expect(head.headers()["content-security-policy"]).to.include("default-src 'none'");
    expect(head.headers()).not.to.have.property("etag");
    await signIn(page, mo);
    await page.getByText(en.waiting_none).waitFor();
    await report("An ordinary letter", "spam");
    await page.getByText("An ordinary letter").waitFor();
    await report("I do not know how to go on", "self-harm");
    await page.locator(".others li").nth(1).waitFor();
    expect(await page.locator(".others li").first().textContent()).to.include(en.urgency_care);
    // Whoever is reading is not carried off to another one.
    expect(await page.locator(".case .text").textContent()).to.include("letter");
    await page.locator(".others button", { hasText: en.urgency_care }).click();
    await page.getByText(en.careNote).waitFor();
    expect(
      await page.getByRole("button", { name: en["decide_remove-and-penalise"] }).count(),
    ).to.equal(0);

    expect(await page.context().cookies()).to.deep.equal([]);
    const kept = await page.evaluate(() => [
      JSON.stringify(Object.entries(localStorage)),
      sessionStorage.getItem("driftsea:desk") ?? "",
    ]);
    const { token } = JSON.parse(kept[1]!) as { token: string };
    expect(token).to.match(/^[\w-]{43}$/);
    expect(kept[0]).not.to.include(token);
    await page.reload();
    await page.getByText("I do not know how to go on").waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).to.equal("case-title");
    await page.getByLabel(en.keysOn).uncheck();
    await page.locator("h1").click();
    await page.keyboard.press("1");
    expect(await page.getByText(en.decide, { exact: true }).count(), "keys are off").to.equal(1);
  });

  it("[M2] what was begun on a case is not done to the next where another has decided it", async () => {
    const [mo, ada] = [
      await DeskPerson.make({ DATA_DIR: dataDir }, "mo"),
      await DeskPerson.make({ DATA_DIR: dataDir }, "ada"),
    ];
    await report("The first letter", "spam");
    await report("The second letter", "spam");
    const pages = [await come(), await come()] as const;
    await signIn(pages[0], mo);
    await signIn(pages[1], ada);
    for (const page of pages) await page.locator(".case").getByText("The first letter").waitFor();
    await pages[0].keyboard.press("2");
    await pages[0].getByText(en.suggested, { exact: false }).waitFor();
    for (const key of ["1", "Enter"]) await pages[1].keyboard.press(key);
    await pages[0].locator(".case").getByText("The second letter").waitFor({ timeout: 30_000 });
    expect(await pages[0].getByText(en.suggested, { exact: false }).count()).to.equal(0);
    await pages[0].keyboard.press("Enter");
    expect(await pages[0].locator(".pending").count()).to.equal(0);
  });

  it("[M2] a key that is held down decides nothing", async () => {
    const mo = await DeskPerson.make({ DATA_DIR: dataDir }, "mo");
    await report("The first letter", "spam");
    await report("The second letter", "spam");
    const page = await come();
    await signIn(page, mo);
    await page.locator(".others li").nth(1).waitFor();
    for (let i = 0; i < 3; i += 1) await page.keyboard.down("1");
    await page.keyboard.up("1");
    // One press has been heard: it asks why.
    await page.getByText(en.suggested, { exact: false }).waitFor();
    expect(await page.locator(".pending").count()).to.equal(0);
    expect(await page.locator(".others li").count()).to.equal(2);
  });

  it("[M11] both languages, by day and night, 320 and 1280 px: axe finds nothing, all can be hit", async () => {
    const mo = await DeskPerson.make({ DATA_DIR: dataDir }, "mo");
    await report(`${"x".repeat(200)} ${"很长的一段话，".repeat(40)}`, "threat");
    const page = await come({ viewport: { width: 320, height: 700 }, colorScheme: "light" });
    const look = async (what: string): Promise<void> => {
      for (const [name, width, colorScheme] of looks([
        ["中文", 320, "dark"],
        ["English", 1280, "light"],
        ["English", 320, "dark"],
        ["中文", 1280, "light"],
      ] as const)) {
        await page.getByRole("button", { name, exact: true }).click();
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 700 });
        expect(await faultsOf(page), `${what}, ${width}, ${colorScheme}`).to.deep.equal([]);
      }
    };
    await page.locator("[name=name]").waitFor();
    await look("sign-in");
    await signIn(page, mo);
    await page.locator(".case").waitFor();
    await look("a case");
    await page.keyboard.press("3");
    await look("why");
    await page.keyboard.press("2");
    await page.locator(".pending").waitFor();
    expect(await faultsOf(page), "pending").to.deep.equal([]);
    for (const [i, ready] of [".figures", ".log li", ".fields"].entries()) {
      await page
        .locator(".views button")
        .nth(i + 1)
        .click();
      await page.locator(ready).first().waitFor();
      if (ready === ".fields") await page.locator("section button").last().click();
      await look(ready);
    }
    await page.locator(".qr").waitFor();
  });
});
