import { expect } from "chai";
import { holdsMuted } from "./muted.ts";

describe("muted words", () => {
  it("[F7] [F10] are whole words where words are spaced, and stand anywhere in Chinese", () => {
    expect(holdsMuted("I saw a Cat!", ["cat"])).to.equal(true);
    expect(holdsMuted("a category of its own", ["cat"])).to.equal(false);
    expect(holdsMuted("我和他分手了", ["分手"])).to.equal(true);
    expect(holdsMuted("他说cat这个词", ["cat"])).to.equal(true);
    expect(holdsMuted("nothing", ["", "  "])).to.equal(false);
  });

  it("[F10] are found full-width, in capitals, with what is invisible between, and over a line break", () => {
    for (const hidden of ["ＣＡＴ", "𝐜𝐚𝐭", "c\u200ba\u200dt", "c\u00ada\u2060t", "ca\ufe0ft"])
      expect(holdsMuted(`a ${hidden} again`, ["cat"]), hidden).to.equal(true);
    expect(holdsMuted("grey\ncat", ["grey  cat"])).to.equal(true);
    expect(holdsMuted("a cat", ["c\u200bａt"]), "in the word itself").to.equal(true);
  });
});
