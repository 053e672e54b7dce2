import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { spawnServer } from "../../server/test/harness/process.ts";
import type { ServerProcess } from "../../server/test/harness/process.ts";
import type { Settings } from "../../server/test/harness/server.ts";

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

/** A port that is told, unlike one that the kernel chose, can be taken again at once. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
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

/** Somebody in a browser of his own. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Person> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 780 },
    locale: "en-GB",
    // What it answers does not pass where a test stands between a page and its server.
    serviceWorkers: "block",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // A line that is cut is part of what is tested.
    if (
      message.type() === "error" &&
      !/WebSocket|ERR_CONNECTION|ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(message.text())
    )
      complaints.push(message.text());
  });
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  await page.goto(url);
  return { page, complaints, hosts };
}
