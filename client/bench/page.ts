import type { CDPSession, Page } from "playwright-core";
import type { RoomId } from "@driftsea/protocol";
import { Visitor, writeId } from "../../server/test/harness/visitor.ts";
import { SeaServer, openBrowser, visit } from "../test/harness.ts";
import { en } from "../src/i18n/en.ts";

/**
 * Whether the page stays as large as it is while somebody walks from place to place again and again,
 * throws, catches, talks in a room, and loses the line. Measured on the shore, after the browser has
 * collected what nobody holds. Two minutes, or half an hour with `--long`.
 */

const isLong = process.argv.includes("--long");
const LASTS_MS = (isLong ? 30 : 2) * 60_000;
/** Until every part is loaded and the room is full. */
const WARM_UP_ROUNDS = 3;
/** How much larger the last quarter may be than the first, of what is compared. */
const ALLOWED_HEAP = 0.05;
const ALLOWED_NODES = 0.02;
const ALLOWED_LISTENERS = 0;
/** In a round: so many that the page has as many as it keeps, of one room, when it is warm. */
const MESSAGES = 170;
const SHEETS =
  "throw shelf about rules care notices lighthouse tree lanterns box river tell circle own".split(
    " ",
  );

interface Size {
  heap: number;
  nodes: number;
  listeners: number;
}

// What the engine compiles is its own to keep, and for the first minutes the most of what grows.
const browser = await openBrowser(["--js-flags=--jitless"]);
if (!browser) throw new Error("this needs a Chromium");
const sea = new SeaServer({
  PATH: "",
  HOST: "127.0.0.1",
  RATE_LIMITS: "off",
  THROWS_PER_DAY: 100_000,
  CATCHES_PER_DAY: 100_000,
});
await sea.start();
try {
  const other = await Visitor.come(sea.url);
  const { page } = await visit(browser, sea.url, { reducedMotion: "reduce" });
  await page
    .getByRole("button", { name: /\d+ left/ })
    .first()
    .waitFor();
  page.setDefaultTimeout(60_000);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const roomId = await lightRoom(page);
  await other.ask("room:enter", { roomId });
  await other.ask("hole:write", { id: writeId(), text: "a letter" });
  const sizes: Size[] = [];
  const endsAt = Date.now() + LASTS_MS;
  for (let round = 1; Date.now() < endsAt || sizes.length < 4; round += 1) {
    await walk(page, other, roomId);
    const size = await sizeOf(session);
    const isWarm = round > WARM_UP_ROUNDS;
    if (isWarm) sizes.push(size);
    if (!isLong || round % 10 === 0 || round <= WARM_UP_ROUNDS)
      console.log(`round ${round}${isWarm ? "" : " (warming up)"}: ${said(size)}`);
  }
  judge(sizes);
  await other.leave();
} finally {
  await browser.close();
  await sea.close();
}

async function lightRoom(page: Page): Promise<RoomId> {
  await page.getByRole("link", { name: en.place_lighthouse }).click();
  await page.getByRole("button", { name: "Light a room" }).click();
  await page.getByRole("button", { name: "Light it" }).click();
  await page.getByRole("log").waitFor();
  return (await page.evaluate(() => location.hash)).split("/")[2] as RoomId;
}

/** Once through everything; ends on the shore. */
async function walk(page: Page, other: Visitor, roomId: RoomId): Promise<void> {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  for (const sheet of SHEETS) {
    await open(page, sheet);
    await page.locator(".sheet h2").first().waitFor();
  }
  await open(page, "throw");
  await page.getByRole("textbox", { name: en.yourText }).fill("Rather not");
  await button(en.rollUp).click();
  await button(en.undo).click();

  await other.throws("Is anybody awake?");
  await open(page, "");
  await page.getByRole("button", { name: new RegExp(`^${en.catch}`) }).click();
  await button(en.release).click();
  await page.getByText(en.thrownBack).waitFor();
  // The browser walks back by itself, and later than it is asked.
  await page.waitForFunction(() => location.hash === "");

  for (let i = 0; i < MESSAGES; i += 1)
    await other.ask("room:send", { id: writeId(), roomId, text: `word ${i}` });
  await open(page, `room/${roomId}`);
  // Roles of so many lines are slow to look through.
  const field = page.locator(".sheet textarea");
  await field.fill("one's own");
  await field.press("Control+Enter");
  await page.locator(".log .words").last().getByText("one's own").waitFor();

  await open(page, "tree");
  await page.getByRole("button", { name: "Read one" }).click();
  await button("Put it back").click();

  await open(page, "lanterns");
  await button("Light my lantern").click();
  await button("Put it out").click();
  await button("Light my lantern").waitFor();

  await open(page, "");
  await button(en.otherLanguage).click();
  await button("English").click();
  for (const light of [en.lightAuto, en.lightDay, en.lightNight]) await button(light).click();

  await page.context().setOffline(true);
  await page.getByText(en.offline).waitFor();
  await page.context().setOffline(false);
  await page.getByText(en.offline).waitFor({ state: "detached" });
}

async function open(page: Page, sheet: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), sheet === "" ? "" : `#/${sheet}`);
}

/** What the page holds that it cannot do without. */
async function sizeOf(session: CDPSession): Promise<Size> {
  for (let i = 0; i < 3; i += 1) await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const valueOf = (name: string): number => metrics.find((one) => one.name === name)!.value;
  return {
    heap: valueOf("JSHeapUsedSize"),
    nodes: valueOf("Nodes"),
    listeners: valueOf("JSEventListeners"),
  };
}

function said({ heap, nodes, listeners }: Size): string {
  return `${(heap / 1e6).toFixed(2)} MB, ${nodes.toFixed(0)} nodes, ${listeners.toFixed(0)} listeners`;
}

/** The first quarter beside the last. */
function judge(sizes: readonly Size[]): void {
  const many = Math.max(1, Math.floor(sizes.length / 4));
  const [first, last] = [middle(sizes.slice(0, many)), middle(sizes.slice(-many))];
  console.log(`at first ${said(first)}; at last ${said(last)}; ${sizes.length} rounds`);
  for (const [name, allowed] of [
    ["heap", ALLOWED_HEAP],
    ["nodes", ALLOWED_NODES],
    ["listeners", ALLOWED_LISTENERS],
  ] as const) {
    const growth = last[name] / first[name] - 1;
    if (growth <= allowed) continue;
    console.log(`${name} grew by ${(growth * 100).toFixed(1)} % (allowed ${allowed * 100} %)`);
    process.exitCode = 1;
  }
}

function middle(sizes: readonly Size[]): Size {
  const of = (name: keyof Size): number =>
    sizes.map((size) => size[name]).toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)]!;
  return { heap: of("heap"), nodes: of("nodes"), listeners: of("listeners") };
}
