import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { freePort, spawnServer } from "../../server/test/harness/process.ts";
import type { ServerProcess } from "../../server/test/harness/process.ts";
import type { Settings } from "../../server/test/harness/server.ts";
import { en } from "./texts.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

/** Where the system's Chromium is. */
export const chromiumPath = (): string | undefined => PLACES.find((place) => existsSync(place));

/** The system's Chromium, or null where there is none. */
export async function openBrowser(more: readonly string[] = []): Promise<Browser | null> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) {
    if (process.env["DRIFTSEA_REQUIRE_ALL"]) throw new Error("a Chromium is required here");
    return null;
  }
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...more] });
}

/** A server process with its own data, that can be killed and started again at the same address. */
export class SeaServer {
  readonly #dataDir = mkdtempSync(join(tmpdir(), "driftsea-page-"));
  readonly #settings: Settings;
  #port: number | null = null;
  #process: ServerProcess | null = null;

  constructor(settings: Settings = {}) {
    this.#settings = settings;
  }

  get url(): string {
    return this.#process!.url;
  }

  async start(): Promise<void> {
    this.#port ??= await freePort();
    const own = { DATA_DIR: this.#dataDir, PORT: this.#port };
    this.#process = await spawnServer({ ...own, ...this.#settings });
  }

  async end(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    this.#process?.kill(signal);
    await this.#process?.ended;
    this.#process = null;
  }

  async close(): Promise<void> {
    await this.end();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}

export interface Person {
  page: Page;
  /** What the page complained about in its console. */
  complaints: string[];
  /** Hosts that the page asked for anything. */
  hosts: Set<string>;
}

/** Somebody in a browser of his own, who has not gone anywhere yet. */
async function newPerson(browser: Browser, options: BrowserContextOptions): Promise<Person> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 780 },
    locale: "en-GB",
    // What it answers does not pass where a test stands between a page and its server.
    serviceWorkers: "block",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // A line that is cut is part of what is tested.
    if (
      message.type() === "error" &&
      !/WebSocket|ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(
        message.text(),
      )
    )
      complaints.push(message.text());
  });
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  return { page, complaints, hosts };
}

/** Somebody in a browser of his own. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Person> {
  const person = await newPerson(browser, options);
  await person.page.goto(url);
  return person;
}

/**
 * The browser of a suite, and who comes in a test, without motion where nothing else is said; `before`
 * is done with his page before it goes anywhere. After the test they go, then `end` is done, and none of
 * them may have complained.
 */
export function inBrowser(end: () => unknown = () => {}, more: readonly string[] = []) {
  let browser: Browser;
  const people: Person[] = [];
  before(async function () {
    const found = await openBrowser(more);
    if (!found) return this.skip();
    browser = found;
  });
  afterEach(async () => {
    for (const { page } of people) await page.context().close();
    const complaints = people.splice(0).flatMap((person) => person.complaints);
    await end();
    expect(complaints).to.deep.equal([]);
  });
  after(async () => browser?.close());
  return {
    /** Who has come in this test. */
    people,
    visit: async (
      url: string,
      options: BrowserContextOptions = {},
      before: (page: Page) => unknown = () => {},
    ): Promise<Page> => {
      const person = await newPerson(browser, { reducedMotion: "reduce", ...options });
      people.push(person);
      await before(person.page);
      await person.page.goto(url);
      return person.page;
    },
  };
}

/** Until somebody who is new has all his throws or catches before him. */
export const arrived = (page: Page): Promise<void> =>
  page.getByRole("button", { name: /10 left|还有 10 次/ }).waitFor();

export async function throwBottle(page: Page, text: string): Promise<void> {
  await page.getByRole("button", { name: /^Throw/ }).click();
  await page.getByRole("textbox", { name: en.yourText }).fill(text);
  await page.getByRole("button", { name: en.rollUp }).click();
}

/** Until what was thrown can be taken back no more. */
export const afloat = (page: Page): Promise<void> =>
  page.getByText(en.afloatNow).waitFor({ timeout: 20_000 });

export async function setAdrift(page: Page, text: string): Promise<void> {
  await throwBottle(page, text);
  await afloat(page);
}

/** Says something in a room. */
export async function write(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: en.yourText }).fill(text);
  await page.getByRole("button", { name: en.send }).click();
}

export const heard = (page: Page, text: string): Promise<void> =>
  page.getByRole("log").getByText(text, { exact: true }).waitFor();

/** All that is said in a room, as it is shown. */
export const wordsOn = (page: Page): Promise<string[]> =>
  page.locator(".log .words").allInnerTexts();

/** For `before`: what this browser has kept from before. */
export const keeping =
  (kept: Record<string, string>) =>
  (page: Page): Promise<unknown> =>
    page.addInitScript(
      (pairs: string[][]) => {
        if (location.protocol === "about:") return;
        for (const [key, value] of pairs)
          if (localStorage.getItem(key!) === null) localStorage.setItem(key!, value!);
      },
      Object.entries(kept).map(([key, value]) => [`driftsea:${key}`, value]),
    );

/** Goes by keyboard to what is called so. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return `${element?.getAttribute("aria-label") ?? ""}${element?.textContent ?? ""}`;
    });
    if (focused.startsWith(name)) return;
  }
  throw new Error(`no way by Tab to ${name}`);
}

/** A JPEG that says where it was taken. */
export async function pictureOf(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = 80;
    canvas.height = 60;
    canvas.getContext("2d")!.fillRect(10, 10, 40, 30);
    return canvas.toDataURL("image/jpeg").split(",")[1]!;
  });
  const jpeg = Buffer.from(base64, "base64");
  const said = Buffer.from("Exif\0\0secret place", "latin1");
  const head = Buffer.from([0xff, 0xe1, 0, said.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, said, jpeg.subarray(2)]);
}
