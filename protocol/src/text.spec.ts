import { expect } from "chai";
import { cleanText, countChars, textFault } from "./text.ts";

describe("text", () => {
  it("[B1] takes out what is invisible and keeps what people see", () => {
    expect(cleanText("a\u200b\u200bb\u202ec\u0007d")).to.equal("abcd");
    expect(cleanText("  one\r\ntwo\tthree \u2028 four ")).to.equal("one\ntwo three \n four");
    expect(cleanText("p\u200da\u200dy")).to.equal("pay");
  });

  it("[B1] keeps the joiner where writing needs it", () => {
    const family = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}";
    expect(cleanText(family)).to.equal(family);
    const persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645";
    expect(cleanText(persian)).to.equal(persian);
  });

  it("[B1] measures code points after cleaning", () => {
    expect(countChars("\u{1f30a}\u6d77")).to.equal(2);
    expect(textFault("\u{1f30a}".repeat(1000), 1000)).to.equal(undefined);
    expect(textFault("x".repeat(1001), 1000)).to.equal("must have at most 1000 characters");
    expect(textFault("x" + "\u200b".repeat(5000), 1000)).to.equal(undefined);
    const piled = `a${"\u0301".repeat(8)}b`;
    expect(cleanText(`a${"\u0301".repeat(900)}b`)).to.equal(piled);
    expect(cleanText(`a${`${"\u0301".repeat(5)}\u200d`.repeat(150)}b`)).to.equal(piled);
    // Hebrew with points and an accent, Tibetan, a family, a flag: as they are written.
    for (const text of ["שִׁ֖", "བསྒྲུབས", "ཧྐྵྨླྺྼྻྂ", "မျှော့်", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿".slice(0, 2)])
      expect(cleanText(text)).to.equal(text);
    expect(textFault("x" + "\u200b".repeat(8000), 1000)).to.include("at most 1000");
    expect(textFault("\n".repeat(20).replaceAll("\n", "a\n") + "b", 1000)).to.equal(undefined);
    expect(textFault("a\n".repeat(21) + "b", 1000)).to.equal("must have at most 20 line breaks");
  });

  it("[M8] names the fault of what is no text", () => {
    for (const value of [undefined, null, 1, [], {}, Number.NaN]) {
      expect(textFault(value, 10)).to.equal("must be a text");
    }
    for (const blank of ["", " \n ", "\u200b\u200b\u200b", "\u202e"]) {
      expect(textFault(blank, 10)).to.equal("must not be empty");
    }
    expect(textFault("a\ud800b", 10)).to.equal("must be well-formed Unicode");
  });
});
