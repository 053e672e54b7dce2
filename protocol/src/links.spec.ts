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
    ["example․com", "example․com"],
    ["example﹒com", "example﹒com"],
    ["a 𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦 b sea.com", "𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦", "sea.com"],
    ["ⓔⓧⓐⓜⓟⓛⓔ.ⓒⓞⓜ", "ⓔⓧⓐⓜⓟⓛⓔ.ⓒⓞⓜ"],
    ["㎏… ﬃ 👩‍🚀 sea.com/ﬁ!", "sea.com/ﬁ!"],
    ["İstanbul İ.com", "İ.com"],
    ["example[.]com example(.)com", "example[.]com", "example(.)com"],
    ["example [dot] me, polka dot example DOT com.", "example [dot] me", "example DOT com"],
    ["去例子.com看", "去例子.com"],
    ["例子.中国，пример.рф", "例子.中国", "пример.рф"],
    ["aé.com and caf\u0065\u0301.com", "aé.com", "caf\u0065\u0301.com"],
    ["例子.tv/abc", "例子.tv/abc"],
    ["xn--fsqu00a.xn--fiqs8s", "xn--fsqu00a.xn--fiqs8s"],
    ["192.168.1.1/abc or 10.0.0.1.", "192.168.1.1/abc", "10.0.0.1"],
    ["localhost:3000", "localhost:3000"],
    ["sea.nl sea.edu sea.store", "sea.nl", "sea.edu", "sea.store"],
    ["sea.gov sea.ca sea.com.au", "sea.gov", "sea.ca", "sea.com.au"],
    ["sea.it/abc sea.co.uk:80/", "sea.it/abc", "sea.co.uk:80/"],
    ["javascript:alert(1)", "javascript:alert(1)"],
    ["data:text/html,x data:,x", "data:text/html,x", "data:,x"],
    ["我weixin://dl/chat", "weixin://dl/chat"],
    ["go to sea.com.Then on", "sea.com"],
    ["<a href='https://sea.example'>", "https://sea.example"],
    ["me@sea.museum @sea.com", "me@sea.museum", "sea.com"],
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
    "polka dot come",
    "v1.2.3",
    "我1.5米高",
    "a.b.c",
    "现在3.30",
    "Mr.Li",
    "我走了.me too",
    "他说。ai很强。",
    "我爱你。中国",
    "我爱.中国人",
    "the polka dot in my eye",
    "data: 5, javascript: fun",
    "localhost: mine",
    "on 2024.1.2.3 at 300.1.1.1",
    "一。二。三。四",
    "Do.it now",
    "well...then",
    "@ann and @小明.走",
  ]) {
    it(`[R4] spares ${text}`, () => {
      expect(marked(text)).to.deep.equal([]);
    });
  }
});
