import { SeaServer, openBrowser, visit } from "../test/harness.ts";

/**
 * How even the sea moves on a slow phone: Chromium at a quarter of this machine's speed. Frames as
 * the compositor drew them, out of its trace; beside them the longest that the page's own thread
 * was at work in one go. Needs a built client (`npm run build`).
 */

const SLOWDOWN = 4;
const WATCHED_MS = 8000;
/** A frame of a 60 Hz screen, in ms; what comes later is a frame that was left out. */
const FRAME_MS = 1000 / 60;
const ALLOWED_LATE = 0.05;

interface TraceEvent {
  name: string;
  ph: string;
  ts: number;
  dur?: number;
}

const browser = await openBrowser();
if (!browser) throw new Error("this needs a Chromium");
const sea = new SeaServer({ CREATURE_PROBABILITY: 0 });
await sea.start();
try {
  for (const [name, viewport] of [
    ["phone", { width: 390, height: 780 }],
    ["desktop", { width: 1280, height: 800 }],
  ] as const) {
    const { page } = await visit(browser, sea.url, { viewport });
    await page
      .getByRole("button", { name: /\d+ left/ })
      .first()
      .waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
    await page.waitForTimeout(1000);
    for (const act of ["looking at it", "catching"]) {
      await browser.startTracing(page, {
        categories: [
          "disabled-by-default-devtools.timeline.frame",
          "devtools.timeline",
          "toplevel",
        ],
      });
      if (act === "catching") await page.getByRole("button", { name: "Catch" }).click();
      await page.waitForTimeout(WATCHED_MS);
      const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
        traceEvents: TraceEvent[];
      };
      report(`${name}, ${act}`, traceEvents);
    }
    await page.context().close();
  }
} finally {
  await browser.close();
  await sea.close();
}

function report(name: string, events: readonly TraceEvent[]): void {
  const drawn = events
    .filter((event) => event.name === "DrawFrame")
    .map((event) => event.ts / 1000)
    .sort((a, b) => a - b);
  const intervals = drawn.slice(1).map((at, i) => at - drawn[i]!);
  intervals.sort((a, b) => a - b);
  // Timers of the trace are not exact to the vsync: half a frame more is the next frame.
  const late = intervals.filter((ms) => ms > FRAME_MS * 1.5).length / intervals.length;
  const tasks = events.filter((event) => event.name === "FunctionCall" || event.name === "Layout");
  const longest = Math.max(0, ...tasks.map((event) => (event.dur ?? 0) / 1000));
  const at = (q: number): string =>
    intervals[Math.min(intervals.length - 1, Math.floor(intervals.length * q))]!.toFixed(1);
  console.log(
    `${name}: ${intervals.length} frames, p50 ${at(0.5)}, p95 ${at(0.95)}, longest ${at(1)} ms apart; ` +
      `late ${(late * 100).toFixed(1)} % (allowed ${ALLOWED_LATE * 100} %); ` +
      `longest script or layout ${longest.toFixed(1)} ms`,
  );
  if (late > ALLOWED_LATE) process.exitCode = 1;
}
