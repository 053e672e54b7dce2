import { expect } from "chai";
import { WEIGHT_BARE, WEIGHT_MARKED, bandsOf } from "./near.ts";
import { NEAR_BANDS } from "./screening.store.ts";

const KEY = "a key";
const shared = (one: string, other: string): number => {
  const [a, b] = [bandsOf(one, 1, KEY)!, bandsOf(other, 1, KEY)!];
  return a.filter((band) => b.includes(band)).length;
};

describe("nearly the same text", () => {
  const AD = "Lonely girls are waiting for you tonight, come and see them in my channel";
  for (const [what, text] of [
    [
      "case, signs and emoji",
      "LONELY girls are waiting for you tonight!!! 💋 come & see them in my channel",
    ],
    ["another word", "Lonely ladies are waiting for you tonight, come and see them in my channel"],
    ["something at its end", `${AD}, number 7723`],
    ["something before it", `hey there, ${AD}`],
    ["letters of another script", AD.replaceAll("o", "\u043e").replaceAll("e", "\u0435")],
    ["letters that are drawn out", AD.replaceAll("l", "lll").replaceAll("o", "oo")],
    ["spaced letters", AD.split("").join(" ")],
    [
      "accents and width",
      "Lonély gïrls are waiting for yoù tonight， come and see them in my ｃｈａｎｎｅｌ",
    ],
  ] as const)
    it(`[M12] is found through ${what}`, () => {
      expect(shared(AD, text)).to.be.at.least(NEAR_BANDS);
    });

  it("[M12] is found in Chinese, and through another number each time", () => {
    const ad = (n: number): string =>
      `招聘兼职，日结三百到五百，手机就能做，名额只剩${n}个，想来的赶紧联系`;
    expect(shared(ad(3), ad(8))).to.be.at.least(NEAR_BANDS);
    expect(shared(ad(3), `${ad(21)}！！～～`)).to.be.at.least(NEAR_BANDS);
  });

  it("[M12] texts that have little to do with one another share nothing", () => {
    const texts = [
      AD,
      "I failed my exam today and I do not know how to tell my parents about it",
      "My cat has learned to open the fridge, and now she sits in it every morning",
      "Does anybody else feel that the whole city is asleep while you are awake?",
      "Today I saw an old couple dancing in the park to music nobody else could hear",
      "今天在食堂看见你了，你还是穿着那件蓝色的外套，我没敢打招呼",
      "考研失败之后一直不敢回家，谁能告诉我接下来该怎么走",
      "楼下的猫又生了三只小猫，有没有人愿意领养一只回家",
      "外婆走了一年了，今天做饭的时候突然特别想她做的红烧肉",
    ];
    for (const [i, one] of texts.entries())
      for (const other of texts.slice(i + 1))
        expect(shared(one, other), `${one} / ${other}`).to.equal(0);
  });

  const COMMON =
    `hello | good night | Good night everybody, sleep tight! | happy new year!!! 🎉🎉 | 晚安
    Merry Christmas and a Happy New Year | hi how are you | anyone here? | I am so tired | thank you so much
    111 222 333 444 555 666 777 888 | 晚安，好梦 | 大家晚安，做个好梦 | 早上好 | 新年快乐！祝大家万事如意，身体健康！
    生日快乐呀 | 有人吗 | 今天好累啊 | 好想谈恋爱 | 考试加油！ | 祝大家中秋快乐，阖家幸福 | 666666666666666666
    ？？？？？？？？ | 我想你了 | 下雨了，好冷`.split(/[|\n]/);
  for (const text of [...COMMON, "ha".repeat(60), "z".repeat(200), "哈".repeat(40)])
    it(`[M12] what many say is never noted: ${text.trim().slice(0, 40)}`, () => {
      expect(bandsOf(text, WEIGHT_BARE, KEY)).to.equal(null);
    });

  it("[M12] a short text is noted where it offers something; wishes around it hide nothing", () => {
    const bait = "加我微信 abc 看片 123";
    expect(bandsOf(bait, WEIGHT_BARE, KEY)).to.equal(null);
    expect(bandsOf(bait, WEIGHT_MARKED, KEY)).to.not.equal(null);
    expect(shared(`${AD} 新年快乐`, `Happy new year! ${AD}`)).to.be.at.least(NEAR_BANDS);
  });

  it("[M12] nothing of a text is left in its bands, and another key gives others", () => {
    const bands = bandsOf(AD, 1, KEY)!;
    expect(bands).to.have.length(32);
    expect(bandsOf(AD, 1, "another key")!.filter((band) => bands.includes(band))).to.deep.equal([]);
    for (const band of bands) expect(band).to.match(/^[\w-]{8}$/);
  });
});
