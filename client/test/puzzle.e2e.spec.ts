import { expect } from "chai";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Settings } from "../../server/test/harness/server.ts";
import { en } from "../src/i18n/en.ts";
import { zh } from "../src/i18n/zh.ts";
import { faultsOf } from "./audit.ts";
import { SeaServer, openBrowser, visit } from "./harness.ts";
import type { Person } from "./harness.ts";

/** The worker's file comes when it is let through. */
async function holdWorker(page: Page): Promise<() => void> {
  let letThrough = (): void => {};
  const held = new Promise<void>((done) => (letThrough = done));
  await page.route("**/assets/worker-*.js", async (route) => {
    await held;
    // The page may have gone.
    await route.continue().catch(() => {});
  });
  return letThrough;
}

describe("the page in a crowd", function () {
  this.timeout(60_000);
  let browser: Browser;
  let sea: SeaServer;
  const people: Person[] = [];
  const open = async (settings: Settings = {}): Promise<void> => {
    sea = new SeaServer({ CREATURE_PROBABILITY: 0, PUZZLE: "on", ...settings });
    await sea.start();
  };
  const come = async (options: BrowserContextOptions = {}): Promise<Person> => {
    const person = await visit(browser, sea.url, { reducedMotion: "reduce", ...options });
    people.push(person);
    return person;
  };
  const arrived = (page: Page): Promise<void> =>
    page
      .getByRole("button", { name: /left|more at/ })
      .first()
      .waitFor();
  const throwBottle = async (page: Page, text: string): Promise<void> => {
    await page.getByRole("button", { name: /^Throw/ }).click();
    await page.getByRole("textbox", { name: en.yourText }).fill(text);
    await page.getByRole("button", { name: en.rollUp }).click();
    await page.getByText(en.afloatNow).waitFor({ timeout: 20_000 });
  };

  before(async function () {
    const found = await openBrowser();
    if (!found) return this.skip();
    browser = found;
  });
  afterEach(async () => {
    for (const { page } of people) await page.context().close();
    const complaints = people.splice(0).flatMap((person) => person.complaints);
    await sea?.close();
    expect(complaints).to.deep.equal([]);
  });
  after(async () => browser?.close());

  it("[M4] opens, throws and catches with the puzzle on, by a worker and under the strict CSP", async () => {
    await open();
    const ann = await come();
    const workers: string[] = [];
    ann.page.on("worker", (worker) => workers.push(worker.url()));
    await arrived(ann.page);
    await throwBottle(ann.page, "one in a crowd");
    await throwBottle(ann.page, "and another");
    expect(workers.length).to.be.within(2, 3);
    for (const url of workers) expect(url).to.match(/\/assets\/worker-[\w-]+\.js$/);
    const bo = await come();
    await arrived(bo.page);
    await bo.page.getByRole("button", { name: /^Catch/ }).click();
    await bo.page.getByText(/one in a crowd|and another/).waitFor();
    expect([...ann.hosts]).to.deep.equal([new URL(sea.url).host]);
    // Known, one comes back without.
    const before = workers.length;
    await ann.page.reload();
    await arrived(ann.page);
    expect(workers).to.have.length(before);
  });

  it("[M4] says calmly in both languages that it takes a moment, and goes on by itself", async () => {
    await open();
    for (const [locale, text] of [
      ["en", en.crowded],
      ["zh-CN", zh.crowded],
    ] as const) {
      const context = await browser.newContext({ locale, viewport: { width: 320, height: 640 } });
      const page = await context.newPage();
      const letThrough = await holdWorker(page);
      await page.goto(sea.url);
      await page.getByRole("status").getByText(text).waitFor();
      expect(await faultsOf(page)).to.deep.equal([]);
      letThrough();
      await page.getByRole("status").getByText(text).waitFor({ state: "hidden" });
      await context.close();
    }
  });

  it("[M4] where there is no worker and no WebCrypto, it is solved in the page", async () => {
    await open();
    const context = await browser.newContext({ reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, "Worker", { value: undefined });
      Object.defineProperty(crypto, "subtle", { value: undefined });
    });
    await page.goto(sea.url);
    await arrived(page);
    await throwBottle(page, "without a worker");
    await context.close();
  });

  it("[M4] a page that is left while it solves is nobody", async () => {
    await open();
    const context = await browser.newContext();
    const page = await context.newPage();
    const letThrough = await holdWorker(page);
    await page.goto(sea.url);
    await page.getByRole("status").getByText(en.crowded).waitFor();
    await page.goto("about:blank");
    letThrough();
    await context.close();
    const bo = await come();
    await arrived(bo.page);
    const metrics = await (await fetch(`${sea.url}/metrics`)).text();
    expect(metrics).to.match(/^driftsea_connections 1$/m);
  });
});
