/*
 * What the screening finds and what it takes for something that it is not, by class, and what it costs.
 * `npm run screen:report`; `-- --missed` lists what it got wrong of the part that is tuned on.
 */
import { createHash } from "node:crypto";
import { brotliCompressSync } from "node:zlib";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Screener } from "@driftsea/protocol/screening";
import { isTuning, readSamples, share, shippedScreener, tally } from "../test/corpus/measure.ts";
import type { Sample } from "../test/corpus/measure.ts";

const screener = shippedScreener();
const samples = readSamples();
const classOf = (one: Sample): string => `${one.class} (${one.lang})`;
const percent = (part: number): string => `${(100 * part).toFixed(1)} %`.padStart(8);

for (const [name, part] of [
  ["tuning", samples.filter((one) => isTuning(one))],
  ["held out", samples.filter((one) => !isTuning(one))],
] as const) {
  console.log(`\n${name}: ${part.length} texts`);
  const line = (what: string, those: Sample[]): void => {
    const sum = tally(screener, those);
    const isInnocent = those[0]?.label === "fine";
    const said = isInnocent
      ? `false alarms ${percent(1 - share(sum))}`
      : `found ${percent(share(sum))}`;
    console.log(`  ${what.padEnd(26)} ${String(those.length).padStart(5)}  ${said}`);
  };
  const innocent = part.filter(({ label }) => label === "fine");
  const disguised = part.filter(({ label }) => label !== "fine");
  for (const those of [disguised, innocent]) {
    const classes = new Set(those.map(classOf));
    for (const what of [...classes].sort((a, b) => a.localeCompare(b)))
      line(
        what,
        those.filter((one) => classOf(one) === what),
      );
  }
  line("ALL THAT IS TO BE FOUND", disguised);
  line("ALL INNOCENT", innocent);
  if (name === "tuning" && process.argv.includes("--missed"))
    for (const { label, class: kind, base, text } of tally(screener, part).wrong)
      console.log(`    ${label} ${kind} [${base}] ${text}`);
}

cost();
size();

/** What a text of 2 KiB costs with 20 000 words. */
function cost(): void {
  const words = Array.from({ length: 20_000 }, (_, i) => ({
    word: i % 2 ? `w${i.toString(36)}x${(i * 7919).toString(36)}` : han(i),
    kind: "spam" as const,
    verdict: "hold" as const,
    lang: "en" as const,
  }));
  const began = performance.now();
  const large = new Screener({ entries: words, allow: [] });
  const built = performance.now() - began;
  console.log(`\n2 KiB of text, 20 000 words; built in ${built.toFixed(0)} ms`);
  const byChance = [...samples].sort((a, b) => (hashOf(a.text) < hashOf(b.text) ? -1 : 1));
  for (const [name, those] of [
    ["all kinds by chance", byChance],
    ["what is innocent, by chance", byChance.filter(({ label }) => label === "fine")],
    ["what is to be found, by chance", byChance.filter(({ label }) => label !== "fine")],
    ["kind after kind", samples],
  ] as const) {
    const took = fastestOf(large, those);
    const at = (part: number): string => took[Math.floor(took.length * part)]!.toFixed(2);
    console.log(`  ${name.padEnd(31)} p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
  }
}

/** What each of many long texts costs at its fastest, in ms, in order: without what else the machine does. */
function fastestOf(screener: Screener, those: readonly Sample[]): number[] {
  const texts = ["en", "zh"].flatMap((lang) => {
    const all = those.filter((one) => one.lang === lang).map(({ text }) => text);
    const step = Math.floor(all.length / 60);
    return Array.from({ length: 60 }, (_, i) => upTo(2048, all.slice(i * step).join(" ")));
  });
  // Round after round, so that none of them is measured only while the engine compiles something anew.
  const fastest = texts.map(() => Infinity);
  for (let round = 0; round < 50; round += 1)
    for (const [i, text] of texts.entries()) {
      const start = performance.now();
      screener.screen(text);
      fastest[i] = Math.min(fastest[i]!, performance.now() - start);
    }
  return fastest.sort((a, b) => a - b);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function han(i: number): string {
  return String.fromCharCode(
    0x4e00 + (i % 5000),
    0x4e00 + ((i * 31) % 5000),
    0x4e00 + ((i * 17) % 997),
  );
}

function upTo(bytes: number, text: string): string {
  return Buffer.from(text).subarray(0, bytes).toString().replaceAll("\ufffd", "");
}

/** What the page would load for it: of the sources, which a bundler makes a fifth smaller. */
function size(): void {
  const folder = join(import.meta.dirname, "../../protocol/src/screening");
  const code = readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".spec.ts"))
    .map((name) => readFileSync(join(folder, name)));
  const lists = ["en", "zh"].map((name) =>
    readFileSync(join(import.meta.dirname, `../lists/${name}.txt`)),
  );
  const kB = (parts: Buffer[]): string =>
    (brotliCompressSync(Buffer.concat(parts)).length / 1000).toFixed(1);
  console.log(`brotli of the sources: code and tables ${kB(code)} kB, lists ${kB(lists)} kB`);
}
