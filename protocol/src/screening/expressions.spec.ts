import { expect } from "chai";
import { Expressions } from "./expressions.ts";

const EXPRESSIONS = [
  /boat/g,
  /\b(?:red|green)\s(?:\w{1,6}\s){0,2}boats?\b/g,
  /[船舟][^。]{0,4}(?:岸|港)(?!口)/g,
  /(^|[^a-z0-9])(sea\s?[:：]\s?[a-z0-9]{3,6})(?![a-z0-9])/g,
  /你[^。]{0,6}(?:沉|淹)/g,
  /^\W{0,3}boats?\W{0,3}$/g,
  /(?<!\d)\d{3}(?!\d)/g,
  /🚢[^\n]{0,5}\bsea\b|\bsea\b[^\n]{0,5}🚢/g,
  /[去滚]沉一?沉/g,
];
const PIECES =
  "boat boats red green old sea sea: abc 船 舟 岸 港 口 你 。 沉 淹 去 滚 123 12 🚢 overboat x".split(
    " ",
  );

describe("expressions that are tried only around what they need", () => {
  const all = new Expressions();
  all.add(EXPRESSIONS);

  const found = (text: string, isAll: boolean): string[] => {
    all.read(text, isAll);
    return EXPRESSIONS.flatMap((_, i) => {
      const finds: string[] = [];
      all.each(i, text, (match) => finds.push(`${i} at ${match.index}: ${match[0]}`));
      return finds;
    });
  };

  it("[M12] find what each would find in all of the text", () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    let sum = 0;
    for (let round = 0; round < 4000; round += 1) {
      let text = "";
      for (let i = random(20); i >= 0; i -= 1)
        text += PIECES[random(PIECES.length)]! + (random(3) > 0 ? " " : "");
      const alone = EXPRESSIONS.flatMap((expression, i) =>
        [...text.matchAll(expression)].map((match) => `${i} at ${match.index}: ${match[0]}`),
      );
      expect(found(text, false), text).to.deep.equal(alone);
      expect(found(text, true), text).to.deep.equal(alone);
      sum += alone.length;
    }
    expect(sum).to.be.above(4000);
  });

  it("[M12] say of those of one group which it was, and forget the text before", () => {
    const two = new Expressions();
    two.add([/boat/g]);
    const first = two.add([/red/g, /sea/g]);
    const those: [number, string][] = [];
    two.read("boat red sea");
    const text = "a boat at sea";
    two.read(text);
    two.all(first, 2, text, (i, match) => those.push([i, match[0]]));
    expect(those).to.deep.equal([[1, "sea"]]);
  });
});
