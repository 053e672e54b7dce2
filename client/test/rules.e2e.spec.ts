import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import type { SeaRules } from "@driftsea/protocol";
import type { Settings } from "../../server/test/harness/server.ts";
import { en as page } from "../src/i18n/en.ts";
import { zh as pageZh } from "../src/i18n/zh.ts";
import { chaptersOf } from "../src/rules/chapters.ts";
import { en as rulesEn } from "../src/rules/texts.en.ts";
import { zh as rulesZh } from "../src/rules/texts.zh.ts";
import { faultsOf, looks } from "./audit.ts";
import { SeaServer, afloat, inBrowser } from "./harness.ts";

const en = { ...page, ...rulesEn };
const HOUR_MS = 3_600_000;

describe("what is done with what, in the page", function () {
  this.timeout(90_000);
  let sea: SeaServer;
  const { people, visit } = inBrowser(() => sea?.close());
  const open = async (settings: Settings = {}): Promise<void> => {
    sea = new SeaServer({ CREATURE_PROBABILITY: 0, ...settings });
    await sea.start();
  };
  const come = (
    hash = "",
    options: BrowserContextOptions = {},
    before?: (page: Page) => unknown,
  ): Promise<Page> => visit(`${sea.url}/${hash}`, options, before);
  const said = async (of: Page): Promise<string> => {
    await of.locator(".says li").first().waitFor();
    return (await of.locator(".says li").allInnerTexts()).join("\n");
  };

  it("[R8] the page says a server's own settings, of the usual one and of one that differs", async () => {
    await open();
    const usual = await said(await come("#/rules"));
    for (const words of [
      "people of 16 and older",
      "drifts for 24 hours, unless you choose another time, and is remembered for 7 days",
      "10 throws and 20 catches in 24 hours",
      "has 10 minutes to answer",
      "stay for 7 days after the last one",
      "lives for 7 days at most, and for 30 days",
      "its newest 200 messages",
      "when nobody writes for 24 hours",
      "at least 5 people could have written it",
      en.saysNoClassifier,
      en.saysNoModerators,
    ])
      expect(usual).to.contain(words);
    expect(usual).to.not.contain("A sea is wiped");
    await sea.close();

    await open({
      MIN_AGE: 0,
      THROWS_PER_DAY: 3,
      CATCHES_PER_DAY: 7,
      BOTTLE_LIFE_MS: 5 * HOUR_MS,
      LEASE_MS: 90_000,
      ROOM_MAX_LIFETIME_MS: 2 * HOUR_MS,
      ROOM_BACKLOG: 50,
      HOLE_SILENCE_MS: 1_800_000,
      SEA_SILENCE_MS: 72 * HOUR_MS,
      CIRCLE_K: 9,
      CLASSIFIER_URL: "http://127.0.0.1:9/judge",
    });
    const other = await said(await come("#/rules"));
    for (const words of [
      en.saysNoAge,
      "drifts for 5 hours",
      "3 throws and 7 catches",
      "has 1.5 minutes to answer",
      "lives for 2 hours at most",
      "its newest 50 messages",
      "when nobody writes for 30 minutes",
      "when nobody throws into it for 3 days",
      "at least 9 people could have written it",
      en.saysClassifier,
    ])
      expect(other).to.contain(words);
    expect(other).to.not.match(/16|No text is handed/);

    const chinese = await said(await come("#/rules", { locale: "zh-CN" }));
    for (const words of ["能扔 3 次，捞 7 次", "最新的 50 条", "至少有 9 个人"])
      expect(chinese).to.contain(words);
    expect(chinese).to.contain(rulesZh.saysNoAge).and.to.contain(rulesZh.saysClassifier);
  });

  it("[R8] every sentence that a setting can bring about is there in both languages", async () => {
    await open();
    const rules = (await (await fetch(`${sea.url}/rules.json`)).json()) as SeaRules;
    const more: SeaRules = {
      ...rules,
      minAge: 0,
      classifier: true,
      namesHeld: true,
      moderators: true,
      puzzle: "on",
      placeMinPeople: 20,
      lifeMs: { ...rules.lifeMs, sea: HOUR_MS },
    };
    const keys = [rules, more, { ...rules, puzzle: "auto" as const }].flatMap((one) =>
      chaptersOf(one).flatMap(({ title, says }) => [title, ...says.map(({ key }) => key)]),
    );
    for (const texts of [rulesEn, rulesZh])
      expect([...new Set(keys)].filter((key) => !(key in texts))).to.deep.equal([]);
    const sentences = Object.keys(rulesEn).filter((key) => key.startsWith("says"));
    expect(sentences.filter((key) => !keys.includes(key as (typeof keys)[number]))).to.deep.equal(
      [],
    );
  });

  it("[R8] the first throw says two sentences, once; they come back where that is taken back", async () => {
    await open({ MIN_AGE: 18 });
    const ann = await come("#/throw");
    const sentences = ann.getByText("With this throw you say that you are 18 or older.", {
      exact: false,
    });
    await sentences.waitFor();
    // Three inputs, as ever: they ask for no press of their own.
    await ann.getByRole("textbox", { name: en.yourText }).fill("Is anybody awake?");
    await ann.getByRole("button", { name: en.rollUp }).click();
    // Taken back within its time it was no throw.
    await ann.getByRole("button", { name: en.undo }).click();
    await sentences.waitFor();
    await ann.getByRole("button", { name: en.rollUp }).click();
    await afloat(ann);
    await ann.goto(`${sea.url}/#/throw`);
    await ann.getByText(en.rules).waitFor();
    expect(await sentences.count()).to.equal(0);
    await ann.goto(`${sea.url}/#/about`);
    await ann.getByRole("button", { name: en.rulesTitle }).click();
    await ann.getByText("For people of 18 and older.", { exact: false }).waitFor();
    await ann.getByRole("button", { name: en.rulesTakeBack }).click();
    await ann.getByRole("button", { name: en.rulesTakeBack }).waitFor({ state: "detached" });
    await ann.goto(`${sea.url}/#/throw`);
    await sentences.waitFor();
  });

  it("[R8] nothing is thrown while the rules cannot be had, and they can be asked for again", async () => {
    await open();
    const ann = await come("#/throw", {}, (one) =>
      one.route("**/rules.json", (route) => route.abort()),
    );
    await ann.getByRole("textbox", { name: en.yourText }).fill("Too early");
    await ann.getByRole("button", { name: en.placeRetry }).waitFor();
    expect(await ann.getByRole("button", { name: en.rollUp }).isDisabled()).to.equal(true);
    await ann.unroute("**/rules.json");
    await ann.getByRole("button", { name: en.placeRetry }).click();
    await ann.getByText("With this throw you say", { exact: false }).waitFor();
    expect(await ann.getByRole("button", { name: en.rollUp }).isDisabled()).to.equal(false);
    // That they could not be had is in its console, as it should be.
    people[0]!.complaints.length = 0;
  });

  it("[M6] an operator's own lines stand in the place of the page's", async () => {
    const folder = mkdtempSync(join(tmpdir(), "driftsea-lines-"));
    const file = join(folder, "lines.json");
    const line = {
      country: "GB",
      name: { en: "The campus desk", zh: "校园咨询" },
      reach: "555 0100",
    };
    writeFileSync(file, JSON.stringify([line]));
    await open({ HELP_LINES: file });
    const ann = await come("#/care", { timezoneId: "Europe/London" });
    await ann.getByText("The campus desk").waitFor();
    await ann.getByRole("link", { name: "555 0100" }).waitFor();
    expect(await ann.getByText("116 123").count()).to.equal(0);
    const bo = await come("#/care", { timezoneId: "Asia/Tokyo" });
    await bo.getByText("findahelpline.com").waitFor();
    expect(await bo.locator(".sheet option").allInnerTexts()).to.deep.equal([
      "United Kingdom",
      "Somewhere else",
    ]);
    rmSync(folder, { recursive: true });
  });

  it("[M11] axe finds nothing in the rules, the first throw and the lines of help, 320 px and wide", async () => {
    await open();
    const found: string[] = [];
    for (const [locale, light, width] of looks([
      ["en-GB", "day", 320],
      ["zh-CN", "night", 1280],
      ["en-GB", "night", 1280],
      ["zh-CN", "day", 320],
    ] as const)) {
      const one = await come("", { locale, viewport: { width, height: 780 } });
      await one.evaluate((value) => localStorage.setItem("driftsea:choice:light", value), light);
      const texts = locale === "zh-CN" ? pageZh : page;
      for (const [hash, title] of [
        ["#/rules", texts.rulesTitle],
        ["#/care", texts.careTitle],
        ["#/notices", texts.noticesTitle],
        ["#/about", texts.about],
        ["#/throw", texts.throwTitle],
      ] as const) {
        await one.goto(`${sea.url}/${hash}`);
        await one.reload();
        await one.getByRole("heading", { name: title, exact: true }).waitFor();
        if (hash === "#/throw") await one.locator(".first-throw").waitFor();
        for (const fault of await faultsOf(one)) found.push(`${locale} ${light} ${hash} ${fault}`);
      }
    }
    expect(found).to.deep.equal([]);
  });
});
