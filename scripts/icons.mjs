// Draws the icons of an installed page out of its two pictures: `node scripts/icons.mjs`, by hand,
// after a picture has changed. What it draws is committed: a build needs no browser.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const client = join(dirname(dirname(fileURLToPath(import.meta.url))), "client");
/** With round corners, and up to the edges for systems that cut the corners themselves. */
const ROUND = join(client, "public/favicon.svg");
const FULL = join(client, "art/full.svg");
const ICONS = [
  { name: "icon-192.png", picture: ROUND, side: 192 },
  { name: "icon-512.png", picture: ROUND, side: 512 },
  { name: "maskable-512.png", picture: FULL, side: 512 },
  { name: "apple-touch.png", picture: FULL, side: 180 },
];

const executablePath = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);
if (!executablePath) throw new Error("a Chromium is needed to draw");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
mkdirSync(join(client, "public/icons"), { recursive: true });
for (const { name, picture, side } of ICONS) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  const style = "<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>";
  await page.setContent(style + readFileSync(picture, "utf8"));
  const drawn = await page.screenshot({ omitBackground: true });
  writeFileSync(join(client, "public/icons", name), drawn);
  await page.close();
}
await browser.close();
