import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

interface AxeResult {
  violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** The first two of them, or with DRIFTSEA_LONG=1 all: in the gate each language is looked at in one light. */
export const looks = <T>(all: readonly T[]): readonly T[] =>
  process.env["DRIFTSEA_LONG"] ? all : all.slice(0, 2);

/** What axe finds on a page, what reaches beyond its right edge or is cut off there, and what is too small to be hit. */
export async function faultsOf(
  page: Page,
  pressed = "button, a, select, summary",
): Promise<string[]> {
  await page.evaluate(axeSource);
  const result = await page.evaluate<AxeResult>(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })`,
  );
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll("#app *")]
      .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".unseen"))
      .map((e) => e.outerHTML.slice(0, 90)),
  );
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll("body, main, .sheet-body")]
      .filter((e) => e.scrollWidth > e.clientWidth + 1)
      .map((e) => `${e.className || e.tagName}: ${e.scrollWidth} > ${e.clientWidth}`),
  );
  const small = await page.evaluate(
    (selector) =>
      [...document.querySelectorAll(selector)]
        .map((e) => [e.textContent, e.getBoundingClientRect()] as const)
        .filter(([, box]) => box.height > 0 && (box.height < 43.5 || box.width < 43.5))
        .map(([text, box]) => `${text} ${box.width} × ${box.height}`),
    pressed,
  );
  return [
    ...result.violations.map(
      ({ id, nodes }) => `${id}: ${nodes[0]!.html} ${nodes[0]!.failureSummary}`,
    ),
    ...wide.map((one) => `is too wide: ${one}`),
    ...cut.map((one) => `is cut off: ${one}`),
    ...small.map((one) => `is too small: ${one}`),
  ];
}
