import { expect } from "chai";
import { anchorsOf } from "./anchors.ts";

describe("what an expression cannot do without", () => {
  const cases: [RegExp, string[] | null, before: number, after: number][] = [
    [/\bboat/g, ["boat"], 0, 4],
    [/\b(?:red|green)[ -]boats?\b/g, ["boat"], 6, 5],
    [/\b(?:red|green)[^a]{0,3}/g, ["red", "green"], 0, 8],
    [/a{0,3}[船舟]b/g, ["船", "舟"], 3, 2],
    // What is rare, and not what is in every sentence.
    [/\byou\s(?:old\s){0,2}walrus/g, ["walrus"], 12, 6],
    // A letter in the midst of a word is not looked for.
    [/[a-z]{2,5}boat船/g, ["船"], 9, 1],
    [/\w{1,3}\sboat/g, ["boat"], 4, 4],
    [/(?<![a-z])ig|[+#]/g, ["ig", "+", "#"], 0, 2],
    // What is looked at behind a find is needed as well.
    [/船(?![^。]{0,4}票)/g, ["船"], 0, 6],
    [/(?:船|\d{3})岸?/g, null, 4, 4],
    [/x?/g, null, 1, 1],
  ];
  for (const [expression, texts, before, after] of cases)
    it(`[M12] ${expression.source}`, () => {
      expect(anchorsOf(expression)).to.deep.equal({ texts, before, after });
    });

  it("[M12] refuses what has no bound, since a text would cost more than its length", () => {
    for (const expression of [/\bboats+/g, /船.*岸/g, /\d{3,}/g])
      expect(() => anchorsOf(expression)).to.throw("no bound");
  });
});
