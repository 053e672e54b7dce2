import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import { writeShell } from "../../scripts/shell.mjs";
import { freePort } from "../../server/test/harness/process.ts";
import { FakePushService } from "../../server/test/harness/push-service.ts";
import { needRedis } from "../../server/test/harness/redis.ts";
import { startServer } from "../../server/test/harness/server.ts";
import type { Settings, TestServer } from "../../server/test/harness/server.ts";
import { Visitor } from "../../server/test/harness/visitor.ts";
import { faultsOf } from "./audit.ts";
import { SeaServer, inBrowser, throwBottle } from "./harness.ts";

const BUILT = fileURLToPath(new URL("../dist", import.meta.url));

/** Another build of the same page: its files have other names, and it marks what it has drawn. */
function anotherBuild(): string {
  const folder = mkdtempSync(join(tmpdir(), "driftsea-build-"));
  cpSync(BUILT, folder, { recursive: true, filter: (path) => !/\.(br|gz)$/.test(path) });
  const assets = join(folder, "assets");
  const names = readdirSync(assets);
  const other = (text: string): string =>
    names.reduce((all, name) => all.replaceAll(name, name.replace(/(?=\.\w+$)/, "_another")), text);
  const rewrite = (file: string): void => {
    const mark = /\/index-[\w-]+\.js$/.test(file)
      ? ';document.documentElement.dataset.build="another";'
      : "";
    writeFileSync(file, other(readFileSync(file, "utf8")) + mark);
  };
  for (const name of ["index.html", "offline.html"]) rewrite(join(folder, name));
  for (const name of names) {
    rewrite(join(assets, name));
    renameSync(join(assets, name), join(assets, other(name)));
  }
  writeShell(folder);
  return folder;
}

/** Everything that the browser keeps of this site in its caches: address and text. */
const cachesOf = (page: Page): Promise<[string, string][]> =>
  page.evaluate(async () => {
    const found: [string, string][] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        found.push([
          new URL(request.url).pathname,
          await (await cache.match(request, { ignoreVary: true }))!.text(),
        ]);
    }
    return found;
  });

/** Until the worker has kept everything and answers for this page. */
const untilKept = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise<void>((done) =>
      navigator.serviceWorker.addEventListener("controllerchange", () => done(), { once: true }),
    );
  });

/** A promise is no answer to `waitForFunction`. */
async function until(page: Page, isSo: () => Promise<boolean>): Promise<void> {
  const before = Date.now() + 20_000;
  while (!(await page.evaluate(isSo))) {
    if (Date.now() > before) throw new Error(`not within 20 s: ${isSo.toString()}`);
    await page.waitForTimeout(100);
  }
}

describe("the page that is kept", function () {
  this.timeout(90_000);
  let server: TestServer | null = null;
  let port = 0;
  const { people, visit } = inBrowser(async () => {
    await stop();
    port = 0;
  });
  const start = async (settings: Settings = {}, folder = BUILT): Promise<void> => {
    port ||= await freePort();
    server = await startServer({ PORT: port, ...settings }, undefined, folder);
  };
  const stop = async (): Promise<void> => {
    await server?.close();
    server = null;
  };
  const url = (): string => `http://127.0.0.1:${port}`;
  const come = async (
    options: BrowserContextOptions = {},
    address = `${url()}/`,
  ): Promise<Page> => {
    const page = await visit(address, { serviceWorkers: "allow", ...options });
    await isThere(page);
    return page;
  };
  const isThere = (page: Page): Promise<void> =>
    page.getByRole("button", { name: /^(Throw|扔一只).*(left|还有)/ }).waitFor();

  it("[M11] can be installed: what it is called in both languages, icons of the sizes that are said", async () => {
    await start();
    const page = await come();
    await untilKept(page);
    const devtools = await page.context().newCDPSession(page);
    const { errors, data } = await devtools.send("Page.getAppManifest");
    expect(errors).to.deep.equal([]);
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    // A test's profile is a private one, and nothing else stands in the way.
    expect(installabilityErrors.map(({ errorId }) => errorId)).to.deep.equal(["in-incognito"]);
    const manifest = JSON.parse(data!) as {
      name: string;
      name_localized: Record<string, string>;
      icons: { src: string; sizes: string; type: string; purpose?: string }[];
    };
    expect(manifest.name).to.match(/Driftsea.*漂海/);
    expect(manifest.name_localized["zh-Hans"]).to.equal("漂海");
    const said = manifest.icons.filter(({ type }) => type === "image/png");
    const sizes = said.map(({ sizes, purpose = "any" }) => `${sizes} ${purpose}`);
    expect(sizes).to.have.members(["192x192 any", "512x512 any", "512x512 maskable"]);
    for (const { src, sizes, type } of [
      ...said,
      { src: "/icons/apple-touch.png", sizes: "180x180", type: "image/png" },
    ]) {
      const answer = await fetch(url() + src);
      expect(answer.headers.get("content-type"), src).to.equal(type);
      const png = Buffer.from(await answer.arrayBuffer());
      expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, src).to.equal(sizes);
    }
    expect(await page.locator("link[rel=apple-touch-icon]").getAttribute("href")).to.equal(
      "/icons/apple-touch.png",
    );
  });

  it("[M11] keeps the files of its build, each as it was built, and no word of anybody", async () => {
    await start();
    const page = await come();
    await untilKept(page);
    await throwBottle(page, "A word that nobody keeps");
    await page.getByText("It is adrift.").waitFor({ timeout: 15_000 });
    await page.getByRole("link", { name: "Lighthouse" }).click();
    await page.getByRole("button", { name: "Light a room" }).waitFor();
    await page.evaluate(async () => {
      for (const path of ["/rules.json", "/media/aaaaaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaaaaa"])
        await fetch(path);
    });
    // There is no such photo, which the console says.
    people[0]!.complaints.length = 0;
    await page.reload();
    await isThere(page);
    const kept = await cachesOf(page);
    const assets = readdirSync(join(BUILT, "assets")).filter(
      (name) => !/\.(br|gz)$|^desk-/.test(name),
    );
    expect(kept.map(([path]) => path)).to.have.members([
      "/",
      "/offline.html",
      ...assets.map((name) => `/assets/${name}`),
    ]);
    for (const [path, text] of kept) {
      const file = path === "/" ? "index.html" : path;
      expect(text === readFileSync(join(BUILT, file), "utf8"), path).to.equal(true);
    }
  });

  it("[M11] opens without a server; what is written then waits and goes out when it is back", async function () {
    needRedis(this);
    const sea = new SeaServer();
    await sea.start();
    try {
      const page = await come({}, sea.url);
      await untilKept(page);
      // The rules are said before the first throw, and they are the server's to say.
      await throwBottle(page, "The first one");
      await page.getByText("It is adrift.").waitFor({ timeout: 15_000 });
      await sea.end("SIGKILL");
      await page.reload();
      await page.getByText("The line has gone slack", { exact: false }).waitFor();
      await throwBottle(page, "Written on a train");
      await page.getByText("1 waiting to go out", { exact: false }).waitFor({ timeout: 15_000 });
      await page.reload();
      await page.getByText("1 waiting to go out", { exact: false }).waitFor();
      await sea.start();
      await page.getByText("It is adrift.").waitFor({ timeout: 40_000 });
      await page.getByRole("button", { name: /^My bottles/ }).click();
      await page.getByText("The first one").waitFor();
      expect(await page.getByText("Written on a train").count()).to.equal(1);
    } finally {
      await sea.close();
    }
  });

  it("[M11] a new build is there with the next reload, and the old one's open pages keep their parts", async () => {
    await start();
    const page = await come();
    const old = await page.context().newPage();
    await old.goto(`${url()}/`);
    await isThere(old);
    await untilKept(page);
    await stop();
    const another = anotherBuild();
    try {
      await start({}, another);
      await page.reload();
      await isThere(page);
      expect(await page.locator("html").getAttribute("data-build")).to.equal("another");
      await until(page, async () => {
        const { active, installing, waiting } = (await navigator.serviceWorker.getRegistration())!;
        const isSettled = active?.state === "activated" && !installing && !waiting;
        return isSettled && (await caches.keys()).length === 2;
      });
      await old.getByRole("link", { name: "Old tree" }).click();
      await old.getByRole("heading", { name: "Old tree" }).waitFor();
      await stop();
      await page.reload();
      await page.getByText("The line has gone slack", { exact: false }).waitFor();
      expect(await page.locator("html").getAttribute("data-build")).to.equal("another");
    } finally {
      rmSync(another, { recursive: true });
    }
  });

  it("[M11] turned off by the operator, it takes itself and what it kept away", async () => {
    await start();
    const page = await come();
    await untilKept(page);
    await stop();
    await start({ SERVICE_WORKER: "off" });
    await page.reload();
    await until(
      page,
      async () =>
        (await navigator.serviceWorker.getRegistrations()).length === 0 &&
        (await caches.keys()).length === 0,
    );
    await page.reload();
    await isThere(page);
    expect(
      await page.evaluate(async () => [
        navigator.serviceWorker.controller,
        (await navigator.serviceWorker.getRegistrations()).length,
      ]),
    ).to.deep.equal([null, 0]);
  });

  it("[M11] where there is no page to show, a quiet one says so, in both languages and lights", async () => {
    await start();
    for (const [locale, words] of [
      ["en-GB", "The line to the sea is down"],
      ["zh-CN", "连不上海了"],
    ] as const)
      for (const light of ["day", "night"] as const) {
        const page = await come({ locale });
        await untilKept(page);
        await page.evaluate((light) => localStorage.setItem("driftsea:choice:light", light), light);
        await page.context().route("**/away", (route) => route.abort());
        await page.goto(`${url()}/away`);
        await page.getByRole("heading", { name: words }).waitFor();
        expect(await page.getByRole("heading").count()).to.equal(1);
        expect(await page.locator("html").getAttribute("data-light")).to.equal(light);
        for (const width of [320, 1440]) {
          await page.setViewportSize({ width, height: 640 });
          expect(await faultsOf(page)).to.deep.equal([]);
        }
        await page.getByRole("link").click();
        await isThere(page);
      }
  });

  it("[M11] a wrong address leads back to the beach, in both languages and lights", async () => {
    await start();
    for (const [locale, words, light] of [
      ["en-GB", "Nothing lies here", "day"],
      ["zh-CN", "这里什么也没有", "night"],
    ] as const) {
      const page = await come({ locale });
      await page.evaluate((light) => localStorage.setItem("driftsea:choice:light", light), light);
      const answer = await page.goto(`${url()}/no/such`);
      expect(answer!.status()).to.equal(404);
      await page.getByRole("heading", { name: words }).waitFor();
      expect(await page.getByRole("heading").count()).to.equal(1);
      for (const width of [320, 1440]) {
        await page.setViewportSize({ width, height: 640 });
        expect(await faultsOf(page)).to.deep.equal([]);
      }
      await page.getByRole("link").click();
      await isThere(page);
      // The browser itself names a 404.
      expect(people.at(-1)!.complaints.splice(0)).to.have.length(1);
    }
  });

  it("[B6] who asks to be told when away reads first what it costs, and is told without a word", async () => {
    const service = new FakePushService();
    await service.open();
    try {
      await start({ PUSH_CONTACT: "mailto:keeper@sea.example", PUSH_HOSTS: service.origin });
      const page = await come({ permissions: ["notifications"] });
      await untilKept(page);
      // No push service of a browser's maker is there to be asked.
      await page.evaluate((endpoint) => {
        PushManager.prototype.subscribe = async () => ({ endpoint }) as PushSubscription;
        Notification.requestPermission = async () => "granted";
      }, `${service.origin}/ann`);
      await throwBottle(page, "Is anybody out there?");
      await page.getByText("It is adrift.").waitFor({ timeout: 15_000 });
      await page.getByRole("button", { name: /^My bottles/ }).click();
      for (const width of [320, 1440]) {
        await page.setViewportSize({ width, height: 800 });
        await page.getByRole("button", { name: "Tell me when I am away" }).click();
        await page.getByText("They learn that this sea had something for you, and when.").waitFor();
        expect(await faultsOf(page)).to.deep.equal([]);
        if (width === 320) await page.getByRole("button", { name: "Not now" }).click();
      }
      await page.getByRole("button", { name: "Yes, tell me" }).click();
      await page.getByRole("button", { name: "Do not tell me" }).waitFor();
      const devtools = await page.context().newCDPSession(page);
      const registered = new Promise<string>((done) =>
        devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations: [first] }) =>
          done(first!.registrationId),
        ),
      );
      await devtools.send("ServiceWorker.enable");
      const registrationId = await registered;

      await page.context().setOffline(true);
      await page.getByText("You are offline", { exact: false }).waitFor();
      const bo = await Visitor.come(url());
      const { bottle } = await bo.catches();
      await bo.answers(bottle.id, "Only me");
      await service.until(1);
      expect(service.pushes.map(({ path, body }) => path + body)).to.deep.equal(["/ann"]);
      await bo.leave();
      const shown = (): Promise<string[]> =>
        page.evaluate(async () => {
          const registration = await navigator.serviceWorker.ready;
          const notes = await registration.getNotifications();
          return notes.map(({ title, body }) => `${title}: ${body}`);
        });
      // A push service sends again what a browser did not take; of several there is one notification.
      for (let times = 1; times <= 5 && (await shown()).length === 0; times += 1) {
        const push = { origin: url(), registrationId, data: "" };
        await devtools.send("ServiceWorker.deliverPushMessage", push);
        for (let i = 0; i < 40 && (await shown()).length === 0; i += 1)
          await page.waitForTimeout(100);
      }
      expect(await shown()).to.deep.equal(["Driftsea: Something has washed ashore."]);
    } finally {
      await service.close();
    }
  });
});
