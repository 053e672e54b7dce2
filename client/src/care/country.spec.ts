import { expect } from "chai";
import { guessCountry } from "./country.ts";
import { LINES } from "./lines.ts";

describe("whom somebody in need can reach", () => {
  it("[M6] the clock says where; the language alone only where the clock is of nowhere", () => {
    expect(guessCountry("Europe/London", ["zh-CN"])).to.equal("GB");
    expect(guessCountry("America/Indiana/Knox", ["en-GB"])).to.equal("US");
    expect(guessCountry("America/St_Johns", ["en-US"])).to.equal("CA");
    expect(guessCountry("Australia/Perth", ["en-US"])).to.equal("AU");
    expect(guessCountry("America/Sao_Paulo", ["en-US"])).to.equal("*");
    expect(guessCountry("Europe/Vienna", ["de-DE"])).to.equal("*");
    expect(guessCountry("UTC", ["zh-Hant-TW", "en-US"])).to.equal("TW");
    expect(guessCountry("Etc/UTC", ["ko-KR"])).to.equal("KR");
    expect(guessCountry("", ["en"])).to.equal("*");
    expect(guessCountry("UTC", [])).to.equal("*");
  });

  it("[M6] every country that a clock can name has a line, and every line a name in both languages", () => {
    const countries = new Set(LINES.map((line) => line.country));
    const named = ["Asia/Shanghai", "Asia/Tokyo", "Europe/Dublin", "Pacific/Auckland"];
    for (const zone of [...named, "America/Denver", "America/Toronto", "Australia/Hobart"])
      expect(countries.has(guessCountry(zone, [])), zone).to.equal(true);
    for (const { country, name, reach } of LINES) {
      expect(country).to.match(/^[A-Z]{2}$/);
      expect(name.en.trim() && name.zh.trim() && reach.trim()).to.not.equal("");
    }
  });
});
