import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findAimed } from "../../protocol/src/screening/aimed.ts";
import { expressions } from "../../protocol/src/screening/expressions.ts";
import { lookOf } from "../../protocol/src/links.ts";
import { simplified } from "../../protocol/src/screening/simplified.ts";
import { parseList, Screener } from "@driftsea/protocol/screening";
import type { WordEntry } from "@driftsea/protocol/screening";
import { isTuning, readSamples, share, shippedScreener, tally } from "./corpus/measure.ts";

/** What the screening has to reach: less than it does, so that a change of a word does not break it. */
const FLOORS = {
  tuning: { found: 0.95, falseAlarms: 0.01 },
  heldOut: { found: 0.9, falseAlarms: 0.01 },
};

describe("the shipped screening", () => {
  const screener = shippedScreener();
  const samples = readSamples();

  it("[M12] the corpus has a thousand texts of either kind, in both languages and both parts", () => {
    for (const isDisguised of [true, false]) {
      const those = samples.filter(({ label }) => (label !== "fine") === isDisguised);
      expect(those.length).to.be.at.least(1000);
      expect(new Set(those.map(({ text }) => text)).size).to.be.at.least(1000);
      for (const lang of ["en", "zh"]) {
        const ones = those.filter((one) => one.lang === lang);
        const tuned = ones.filter((one) => isTuning(one)).length;
        for (const part of [tuned, ones.length - tuned]) expect(part, lang).to.be.at.least(200);
      }
    }
  });

  for (const [name, floor, isPart] of [
    ["tuned on", FLOORS.tuning, true],
    ["held out", FLOORS.heldOut, false],
  ] as const) {
    it(`[M12] finds what is disguised and spares what is innocent, in the part that is ${name}`, () => {
      const part = samples.filter((one) => isTuning(one) === isPart);
      const disguised = part.filter(({ label }) => label !== "fine");
      const innocent = part.filter(({ label }) => label === "fine");
      expect(share(tally(screener, disguised))).to.be.at.least(floor.found);
      expect(1 - share(tally(screener, innocent))).to.be.at.most(floor.falseAlarms);
    });
  }

  for (const text of [
    "Scunthorpe, Essex, Sussex and a cocktail",
    "保险费一次性交纳",
    "请一次性交清",
    "他惹了大麻烦，去死海散心",
    "the therapist, the class, the assassin, the cockpit",
    "he called me a retard and everybody laughed",
    'in the film she says "I will find you and kill you"',
    "高中的时候被骂过丑八怪",
    "order number 4471-2290 is still not here",
    "学号20210304，会议号 884 221 907",
    "telegram is blocked at work",
    "what an idiot i am, and you are a star",
    "i'll beat your high score and cut you a slice",
    "someone who really cares, lol i know",
    "到了给我打电话，我在你家楼下",
    "你是猪吗，睡到中午",
  ]) {
    it(`[M12] spares ${text}`, () => {
      expect(screener.screen(text)).to.deep.equal({ verdict: "fine", marks: [], care: false });
    });
  }

  for (const [text, verdict] of [
    ["you are a dickhead", "confirm"],
    ["my insta is boat_in_the_fog", "confirm"],
    ["call me +44 7700 900123", "confirm"],
    ["write to bo.boat@example.org", "confirm"],
    ["all about me: https://bo-boat.example.com/me", "confirm"],
    ["wechat: bo_boat", "confirm"],
    ["打我电话13800138000", "confirm"],
    ["写信给 bo.boat@example.org", "confirm"],
    ["加我微信 xiaoming_99 聊聊", "confirm"],
    ["都在 https://bo-boat.example.com/me 里", "confirm"],
    ["order 13800138000 of me", "confirm"],
    ["teashop dot co dot uk", "confirm"],
    ["网址 teashop 点 com", "confirm"],
    ["w❤x：boat0520", "confirm"],
    ["they call me, you retard", "hold"],
    ['I say "I will stab you"', "hold"],
    ["you pathetic little loser", "confirm"],
    ["你全家都是垃圾", "confirm"],
    ["you wh**e, you d**khead", "confirm"],
    ["i'll knock your teeth out", "hold"],
    ["明天叫人打残你", "hold"],
    ["let me lick you", "hold"],
    ["i hate all immigrants", "hold"],
    ["reply YES to 80123 now", "hold"],
    ["I will stab you", "hold"],
    ["her phone number is 07700 900123, call her", "hold"],
    ["她的电话是13800138000，去骚扰她", "hold"],
    ["child porn for trade", "refuse"],
    ["buy cocaine, wickr boat", "refuse"],
    ["online casino, deposit bonus", "refuse"],
    ["sexting? add me on snap", "refuse"],
    ["今晚约炮，加微信 boat_99", "refuse"],
    ["看片群，扫码加我", "refuse"],
  ] as const) {
    it(`[M12] ${verdict}: ${text}`, () => {
      expect(screener.screen(text).verdict).to.equal(verdict);
    });
  }

  for (const text of ["I want to end it all", "kms", "不想活了", "我想自殺", "bu xiang huo le"]) {
    it(`[M6] offers help and asks nothing: ${text}`, () => {
      const { verdict, care } = screener.screen(text);
      expect({ verdict, care }).to.deep.equal({ verdict: "fine", care: true });
    });
  }

  it("[M12] marks stand in the text as it was given, in order, none within another", () => {
    for (const { text } of samples) {
      let last = 0;
      for (const { start, end } of screener.screen(text).marks) {
        expect(start, text).to.be.at.least(last);
        expect(end, text).to.be.within(start + 1, text.length);
        last = end;
      }
    }
  });

  it("[M12] rules of what is aimed are left out only where they would find nothing", () => {
    const spans = (found: ReturnType<typeof findAimed>): string[] =>
      found.map(({ start, end, kind }) => `${start} ${end} ${kind}`).sort();
    let sum = 0;
    // Each alone, and many in a row, where a rule is not looked for far from its word.
    const texts = samples.map(({ text }) => text);
    for (let at = 0; at < samples.length; at += 20) texts.push(texts.slice(at, at + 20).join("\n"));
    for (const text of texts) {
      const plain = simplified(lookOf(text).plain);
      expressions.read(plain);
      const found = spans(findAimed(plain));
      expressions.read(plain, true);
      expect(found, text).to.deep.equal(spans(findAimed(plain)));
      sum += found.length;
    }
    expect(sum).to.be.above(100);
  });

  it("[M12] the tables know how each character of the Chinese list sounds", () => {
    const tables = readFileSync(
      join(import.meta.dirname, "../../protocol/src/screening/han-tables.ts"),
      "utf8",
    );
    const list = readFileSync(join(import.meta.dirname, "../lists/zh.txt"), "utf8");
    const words = parseList(list, "zh.txt").entries.map(({ word }) => word);
    const missing = [...words.join("").matchAll(/\p{sc=Han}/gu)].filter(
      ([char]) => !tables.includes(char),
    );
    expect(missing.map(([char]) => char).join(""), "npm run screen:tables").to.equal("");
  });
});

describe("the cost of screening", () => {
  const screener = shippedScreener();
  const most = new Screener({
    entries: Array.from("abcdefghij").flatMap((letter): WordEntry[] =>
      Array.from({ length: 20 }, (_, i) => ({
        word: `${`${letter} `.repeat(i + 1)}x`,
        kind: "spam",
        verdict: "hold",
        lang: "en",
      })),
    ),
    allow: [],
  });
  const pieces = ["a", "a ", "a.", "ab", "1", "1 ", ".", " ", "ａ", "а", "а.", "a\u200b", "\u0301"];
  pieces.push(
    "f*",
    "sh*t ",
    "fu-",
    "1l",
    "!",
    "!a",
    "微",
    "微 ",
    "wei",
    "女",
    "女马",
    "加v",
    "一二",
  );
  pieces.push(
    "you are a ",
    "你就是",
    "i will ",
    "looking for ",
    "call me ",
    "薇:",
    "send these pics ",
  );
  pieces.push("@", "a@", "a.b@", "十", "🅰", "+v", "line ", "性", "一次性", "porn ", "𝖋", "xiang");

  // Time is the machine's; steps are ours. Four times the text may cost four times the steps.
  for (const piece of pieces) {
    it(`[M12] grows with the text and no faster: ${JSON.stringify(piece)}`, () => {
      for (const one of [screener, most]) {
        const steps = (units: number): number => {
          one.screen(piece.repeat(units).slice(0, units));
          return one.steps;
        };
        const [short, long] = [steps(500), steps(2000)];
        expect(long).to.be.at.most(4.2 * short + 200);
        expect(long).to.be.at.most(2000 * STEPS_A_UNIT);
      }
    });
  }
});

/** Tracks, times two steps a letter, and what words end there. */
const STEPS_A_UNIT = 120;
