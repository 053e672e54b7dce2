import { expect } from "chai";
import { findLinks } from "./links.ts";

const marked = (text: string): string[] =>
  findLinks(text).map(({ start, end }) => text.slice(start, end));

describe("links", () => {
  for (const [text, ...links] of [
    ["see https://sea.example/a?b=c#d and more", "https://sea.example/a?b=c#d"],
    ["www.sea.example", "www.sea.example"],
    ["加我 wx.sea.com/abc 聊", "wx.sea.com/abc"],
    ["ｗｗｗ．ｓｅａ．ｃｏｍ", "ｗｗｗ．ｓｅａ．ｃｏｍ"],
    ["写信到 someone@sea.example", "someone@sea.example"],
    ["来sea。com看", "sea。com"],
    ["a.io b.cn", "a.io", "b.cn"],
    ["hxxp:/sea.example and mailto:someone", "hxxp:/sea.example", "mailto:someone"],
  ] as const) {
    it(`[R4] finds ${links.join(", ")}`, () => {
      expect(marked(text)).to.deep.equal(links);
    });
  }

  for (const text of [
    "e.g. this, i.e. that",
    "3.14 is not a link, nor 10.000",
    "Done.Really. No...",
    "我走了。明天见。",
    "他说。in the end",
    "a @ b",
    "www is short for what?",
    "at 10.30 by the old tree...",
    "well.that is a typo",
    "真的吗。好的。",
  ]) {
    it(`[R4] spares ${text}`, () => {
      expect(marked(text)).to.deep.equal([]);
    });
  }
});
