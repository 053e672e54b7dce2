import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { SeaServer, chromiumPath, openBrowser, visit } from "../test/harness.ts";

/**
 * Lighthouse on its own phone (slow 4G, four times slower), and how soon the page answers a tap where
 * only the processor is slow. One run says as much of the machine as of the page: the medians count.
 * Needs a built client (`npm run build`), and the registry for Lighthouse itself.
 */

const LIGHTHOUSE = "lighthouse@12.8.2";
const RUNS = 5;
const LEAST = 95;
const SLOWDOWN = 4;
const ANSWERED_WITHIN_MS = 1000;

interface Report {
  categories: Record<string, { title: string; score: number | null; auditRefs: { id: string }[] }>;
  audits: Record<string, { title: string; score: number | null; scoreDisplayMode: string }>;
}

const [load = 0] = loadavg();
if (load > availableParallelism())
  console.log(`This machine is busy (load ${load.toFixed(1)}): what fails here may be its fault.`);
const chromium = chromiumPath();
if (chromium === undefined) throw new Error("this needs a Chromium");
// Without a Redis of its own: what is measured is the page.
const sea = new SeaServer({ PATH: "" });
const folder = mkdtempSync(join(tmpdir(), "driftsea-lighthouse-"));
await sea.start();
try {
  await score();
  const browser = await openBrowser();
  try {
    await tap(browser!);
  } finally {
    await browser?.close();
  }
} finally {
  await sea.close();
  rmSync(folder, { recursive: true });
}

async function score(): Promise<void> {
  const reports: Report[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    const report = await lighthouse();
    reports.push(report);
    const scores = Object.values(report.categories).map((c) => `${c.title} ${percent(c.score)}`);
    console.log(`run ${run}: ${scores.join(", ")}`);
  }
  for (const [id, { title, auditRefs }] of Object.entries(reports[0]!.categories)) {
    const middle = median(reports.map((report) => percent(report.categories[id]!.score)));
    console.log(`${title}: ${middle} (at least ${LEAST})`);
    if (middle >= LEAST) continue;
    process.exitCode = 1;
    for (const audit of auditRefs.map((ref) => reports.at(-1)!.audits[ref.id]!))
      if (audit.scoreDisplayMode !== "informative" && audit.score !== null && audit.score < 0.9)
        console.log(`  ${audit.title}: ${percent(audit.score)}`);
  }
}

async function lighthouse(): Promise<Report> {
  // By a file: of what it writes to a pipe the end may be missing.
  const file = join(folder, "report.json");
  const options = `--yes ${LIGHTHOUSE} ${sea.url} --output=json --output-path=${file} --quiet`;
  const child = spawn(
    "npx",
    options.split(" ").concat("--chrome-flags=--headless=new --no-sandbox"),
    { env: { ...process.env, CHROME_PATH: chromium }, stdio: ["ignore", "ignore", "inherit"] },
  );
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`Lighthouse ended with ${code}`);
  return JSON.parse(readFileSync(file, "utf8")) as Report;
}

/** From the beginning of the navigation until a tap, as early as there is something to tap, has opened the sheet. */
async function tap(browser: Browser): Promise<void> {
  const times: number[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    const { page } = await visit(browser, "about:blank");
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
    await page.addInitScript(() => {
      const looking = setInterval(() => {
        if (!document.querySelector(".sheet textarea"))
          return document.querySelector<HTMLElement>(".verb:not(:disabled)")?.click();
        document.documentElement.dataset["answered"] = String(performance.now());
        clearInterval(looking);
      }, 10);
    });
    await page.goto(sea.url);
    const answered = page.locator("html[data-answered]");
    times.push(Number(await answered.getAttribute("data-answered")));
    await page.context().close();
  }
  const middle = median(times);
  console.log(
    `a tap is answered at a quarter of this processor: ${middle.toFixed(0)} ms after the beginning ` +
      `(under ${ANSWERED_WITHIN_MS}; ${times.map((ms) => ms.toFixed(0)).join(", ")})`,
  );
  if (!(middle < ANSWERED_WITHIN_MS)) process.exitCode = 1;
}

/** What could not be found out is none. */
function percent(share: number | null): number {
  return Math.round((share ?? 0) * 100);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
