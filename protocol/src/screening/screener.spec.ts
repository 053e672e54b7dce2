import { expect } from "chai";
import { ListFault, parseList, Screener } from "./index.ts";

const LIST = `
[slur | confirm]
fuck*
ass
idiot*
[sexual | refuse]
porn*
约炮
性交
[threat | hold]
kill me
[crisis | fine]
want to die
[allow]
一次性
`;
const screener = new Screener(parseList(LIST, "list.txt"));
const found = (text: string): string[] =>
  screener.screen(text).marks.map(({ start, end, kind }) => `${kind}: ${text.slice(start, end)}`);

describe("screening", () => {
  for (const [text, ...marks] of [
    ["what the fuck, you idiots", "slur: fuck", "slur: you idiots"],
    ["fuuuuuck", "slur: fuuuuuck"],
    ["oh f u c k that", "slur: f u c k"],
    ["f.u.c.k", "slur: f.u.c.k"],
    ["f u ck", "slur: f u ck"],
    ["phuck f*ck f**k", "slur: phuck", "slur: f*ck", "slur: f**k"],
    ["ｆｕｃｋ", "slur: ｆｕｃｋ"],
    ["f\u200bu\u200dc\u2060k", "slur: f\u200bu\u200dc\u2060k"],
    ["fυсk", "slur: fυсk"],
    ["𝖋𝖚𝖈𝖐 🇫🇺🇨🇰", "slur: 𝖋𝖚𝖈𝖐", "slur: 🇫🇺🇨🇰"],
    ["p0rn, 1d1ot", "sexual: p0rn", "slur: 1d1ot"],
    ["ʞɔnɟ ǝɥʇ ʇɐɥʍ", "slur: ʞɔnɟ"],
    ["来约◯炮", "sexual: 约◯炮"],
    ["约约炮炮", "sexual: 约约炮炮"],
    ["\\/\\/hat a |=uck", "slur: |=uck"],
    ["f🍩ck", "slur: f🍩ck"],
    ["y0u w0rthless c0w", "slur: y0u w0rthless c0w"],
    ["约 炮 的 来 吗", "sexual: 约 炮"],
    ["来约 炮吗", "sexual: 约 炮"],
    ["约·炮", "sexual: 约·炮"],
  ] as const) {
    it(`[M12] finds what is in disguise, where it stands: ${text}`, () => {
      expect(found(text)).to.deep.equal(marks);
    });
  }

  for (const [text, ...marks] of [
    ["an as5 beside a b!g assembly", "slur: as5"],
    ["you 1d!ots and id|ot", "slur: you 1d!ots", "slur: id|ot"],
    ["1iiii, ki1l me", "threat: ki1l me"],
    ["k𝟏11 me", "threat: k𝟏11 me"],
    ["p*rn and p_rn", "sexual: p*rn", "sexual: p_rn"],
  ] as const) {
    it(`[M12] 1, ! and | are read as i and as l, whichever way is a word: ${text}`, () => {
      expect(found(text)).to.deep.equal(marks);
    });
  }

  it("[M12] what is read a second time is not parted from what stands around it", () => {
    const around = "f.a.t.a.s.s and now so many letters that the next is out of reach: b!g";
    expect(found(around)).to.deep.equal([]);
  });

  for (const text of [
    "一次性交纳",
    "a class in Essex",
    "as silver as it was",
    "pass the salt",
    "рот, сор и вода",
    "",
  ]) {
    it(`[M12] spares what only looks so: ${text}`, () => {
      expect(screener.screen(text)).to.deep.equal({ verdict: "fine", marks: [], care: false });
    });
  }

  it("[M12] a line of a list stands for each of its ways, and keeps what is no way", () => {
    const list = `[slur | hold]\nyou (fat/ugly) (pig/cow)\n一(个/)猪\nf(k\n[allow]\n(a/the) pig\n`;
    const { entries, allow } = parseList(list, "a.txt");
    const words = ["you fat pig", "you fat cow", "you ugly pig", "you ugly cow", "一个猪", "一猪"];
    expect(entries.map(({ word }) => word)).to.deep.equal([...words, "f(k"]);
    expect(allow).to.deep.equal(["a pig", "the pig"]);
  });

  it("[M12] the gravest of what is found decides", () => {
    expect(screener.screen("idiot").verdict).to.equal("confirm");
    expect(screener.screen("idiot, porn").verdict).to.equal("refuse");
  });

  it("[M6] words of crisis ask for care and change no verdict", () => {
    expect(screener.screen("i want to die").care).to.equal(true);
    expect(screener.screen("i want to die").verdict).to.equal("fine");
    expect(screener.screen("i want to die, idiot").verdict).to.equal("confirm");
  });

  for (const [line, fault] of [
    ["word", /^a\.txt:2: must be/],
    ["word | slurs | hold", /^a\.txt:2: no such kind: "slurs"$/],
    ["word | slur | maybe", /^a\.txt:2: no such verdict: "maybe"$/],
    ["*** | slur | hold", /^a\.txt:2: "\*\*\*" has no letter$/],
    ["a | slur | hold", /^a\.txt:2: .*one letter/],
    ["word | crisis | hold", /^a\.txt:2: words of crisis are fine$/],
    [`${"ab".repeat(21)} | slur | hold`, /^a\.txt:2: over 40 letters$/],
    ["(/x)b | slur | hold", /^a\.txt:2: .*one letter/],
    [`word${"(a/b)".repeat(10)} | slur | hold`, /^a\.txt:2: stands for over 1000 words$/],
  ] as const) {
    it(`[M12] a list with "${line}" is refused, by file and line`, () => {
      expect(() => parseList(`# words\n${line}\n`, "a.txt")).to.throw(ListFault, fault);
    });
  }
});
