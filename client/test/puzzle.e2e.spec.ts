import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import type { Settings } from "../../server/test/harness/server.ts";
import { en } from "../src/i18n/en.ts";
import { zh } from "../src/i18n/zh.ts";
import { faultsOf } from "./audit.ts";
import { SeaServer, inBrowser, setAdrift } from "./harness.ts";

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
  let sea: SeaServer;
  const { people, visit } = inBrowser(() => sea?.close());
  const open = async (settings: Settings = {}): Promise<void> => {
    sea = new SeaServer({ CREATURE_PROBABILITY: 0, PUZZLE: "on", ...settings });
    await sea.start();
  };
  const come = (
    options: BrowserContextOptions = {},
    before?: (page: Page) => unknown,
  ): Promise<Page> => visit(sea.url, options, before);
  const arrived = (page: Page): Promise<void> =>
    page
      .getByRole("button", { name: /left|more at/ })
      .first()
      .waitFor();

  it("[M4] opens, throws and catches with the puzzle on, by a worker and under the strict CSP", async () => {
    await open();
    const ann = await come();
    const workers: string[] = [];
    ann.on("worker", (worker) => workers.push(worker.url()));
    await arrived(ann);
    await setAdrift(ann, "one in a crowd");
    await setAdrift(ann, "and another");
    expect(workers.length).to.be.within(2, 3);
    for (const url of workers) expect(url).to.match(/\/assets\/worker-[\w-]+\.js$/);
    const bo = await come();
    await arrived(bo);
    await bo.getByRole("button", { name: /^Catch/ }).click();
    await bo.getByText(/one in a crowd|and another/).waitFor();
    expect([...people[0]!.hosts]).to.deep.equal([new URL(sea.url).host]);
    // Known, one comes back without.
    const before = workers.length;
    await ann.reload();
    await arrived(ann);
    expect(workers).to.have.length(before);
  });

  it("[M4] says calmly in both languages that it takes a moment, and goes on by itself", async () => {
    await open();
    for (const [locale, text] of [
      ["en", en.crowded],
      ["zh-CN", zh.crowded],
    ] as const) {
      let letThrough = (): void => {};
      const page = await come({ locale, viewport: { width: 320, height: 640 } }, async (one) => {
        letThrough = await holdWorker(one);
      });
      await page.getByRole("status").getByText(text).waitFor();
      expect(await faultsOf(page)).to.deep.equal([]);
      letThrough();
      await page.getByRole("status").getByText(text).waitFor({ state: "hidden" });
    }
  });

  it("[M4] where there is no worker and no WebCrypto, it is solved in the page", async () => {
    await open();
    const page = await come({}, (one) =>
      one.addInitScript(() => {
        Object.defineProperty(globalThis, "Worker", { value: undefined });
        Object.defineProperty(crypto, "subtle", { value: undefined });
      }),
    );
    await arrived(page);
    await setAdrift(page, "without a worker");
  });

  it("[M4] a page that is left while it solves is nobody", async () => {
    await open();
    let letThrough = (): void => {};
    const page = await come({}, async (one) => {
      letThrough = await holdWorker(one);
    });
    await page.getByRole("status").getByText(en.crowded).waitFor();
    await page.goto("about:blank");
    letThrough();
    await page.context().close();
    const bo = await come();
    await arrived(bo);
    const metrics = await (await fetch(`${sea.url}/metrics`)).text();
    expect(metrics).to.match(/^driftsea_connections 1$/m);
  });
});
