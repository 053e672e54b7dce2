import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { SeaRules } from "@driftsea/protocol";
import { Screener, parseList } from "@driftsea/protocol/screening";
import { ConfigError, readConfig } from "../src/config.ts";
import { onEverySetup } from "./harness/server.ts";

const rulesAt = async (url: string): Promise<SeaRules> => {
  const answer = await fetch(`${url}/rules.json`);
  expect(answer.status).to.equal(200);
  expect(answer.headers.get("cache-control")).to.equal("no-cache");
  return (await answer.json()) as SeaRules;
};

onEverySetup("what is done with what", (setup) => {
  it("[R8] the rules say what this server's settings are, on two servers that differ", async () => {
    const usual = await rulesAt((await setup.start()).url);
    const other = await rulesAt(
      (
        await setup.start({
          MIN_AGE: 0,
          THROWS_PER_DAY: 3,
          CATCHES_PER_DAY: 7,
          BOTTLE_LIFE_MS: 7_200_000,
          LEASE_MS: 60_000,
          ROOM_MAX_LIFETIME_MS: 3_600_000,
          ROOM_BACKLOG: 50,
          HOLE_SILENCE_MS: 1_800_000,
          SEA_SILENCE_MS: 86_400_000,
          CIRCLE_K: 9,
        })
      ).url,
    );
    expect(usual.minAge).to.equal(16);
    expect(usual.aDay).to.include({ throws: 10, catches: 20 });
    expect(usual.lifeMs).to.include({
      bottle: 86_400_000,
      lease: 600_000,
      hole: 86_400_000,
      sea: 0,
    });
    expect(usual).to.include({ roomBacklog: 200, circleK: 5, helpLines: null });
    expect(other.minAge).to.equal(0);
    expect(other.aDay).to.include({ throws: 3, catches: 7 });
    expect(other.lifeMs).to.include({
      bottle: 7_200_000,
      lease: 60_000,
      room: 3_600_000,
      hole: 1_800_000,
      sea: 86_400_000,
    });
    expect(other).to.include({ roomBacklog: 50, circleK: 9 });
  });
});

onEverySetup("the word lists for a page", (setup) => {
  it("[M12] they are those in force, packed where that is taken, and not sent again unchanged", async () => {
    const { url } = await setup.start();
    const get = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${url}/screening.json`, { headers });
    const packed = await get({ "accept-encoding": "br" });
    const plain = await get({ "accept-encoding": "identity" });
    expect(packed.headers.get("content-encoding")).to.equal("br");
    expect(plain.headers.get("content-encoding")).to.equal(null);
    const { lists } = (await packed.json()) as { lists: { name: string; text: string }[] };
    expect(await plain.json()).to.deep.equal({ lists });
    expect(lists.map(({ name }) => name)).to.deep.equal(["en.txt", "zh.txt"]);
    const screener = new Screener({
      entries: lists.flatMap(({ name, text }) => parseList(text, name).entries),
      allow: lists.flatMap(({ name, text }) => parseList(text, name).allow),
    });
    expect(screener.screen("I want to kill myself").care).to.equal(true);
    const again = await get({
      "accept-encoding": "br",
      "if-none-match": packed.headers.get("etag")!,
    });
    expect(again.status).to.equal(304);
  });
});

describe("settings of the rules", () => {
  const folder = mkdtempSync(join(tmpdir(), "driftsea-rules-"));
  const fileOf = (value: unknown): string => {
    const file = join(folder, "lines.json");
    writeFileSync(file, JSON.stringify(value));
    return file;
  };
  const line = { country: "GB", name: { en: "A line", zh: "热线" }, reach: "116 123" };
  after(() => rmSync(folder, { recursive: true }));

  it("[R8] an age is none, or 13 to 21", () => {
    expect(readConfig({ MIN_AGE: "0" }).minAge).to.equal(0);
    expect(readConfig({ MIN_AGE: "13" }).minAge).to.equal(13);
    expect(readConfig({}).minAge).to.equal(16);
    for (const MIN_AGE of ["12", "22", "1", "old"])
      expect(() => readConfig({ MIN_AGE }), MIN_AGE).to.throw(ConfigError, "MIN_AGE");
  });

  it("[M6] an operator's help lines are taken whole, or the start says what is wrong", () => {
    const good = fileOf([line, { ...line, country: "*" }]);
    expect(readConfig({ HELP_LINES: good }).helpLines).to.have.length(2);
    for (const bad of [
      [],
      {},
      [{ ...line, country: "gb" }],
      [{ ...line, name: { en: "x" } }],
      [{ ...line, reach: "" }],
    ])
      expect(() => readConfig({ HELP_LINES: fileOf(bad) })).to.throw(ConfigError, "HELP_LINES");
    expect(() => readConfig({ HELP_LINES: join(folder, "none.json") })).to.throw(ConfigError);
  });
});
