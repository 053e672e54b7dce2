import { expect } from "chai";
import { Automaton } from "./automaton.ts";
import { atOnce } from "./making.ts";

const codes = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0));

function found(words: string[], text: string): string[] {
  const matches: string[] = [];
  atOnce(Automaton.of(words)).search(codes(text), codes(text).length, (word, last) => {
    matches.push(`${words[word]}@${last}`);
  });
  return matches.sort();
}

describe("the automaton of screening", () => {
  it("[M12] finds words that overlap, stand in one another, and are the same", () => {
    expect(found(["he", "she", "his", "hers", "he"], "ushers")).to.deep.equal(
      ["he@3", "he@3", "she@3", "hers@5"].sort(),
    );
    expect(found(["a", "aa", "aaa"], "aaa")).to.have.lengthOf(6);
    expect(found(["约炮"], "约约炮")).to.deep.equal(["约炮@2"]);
    expect(found([], "text")).to.deep.equal([]);
  });

  it("[M12] finds what a search of each word finds, in random texts", () => {
    let seed = 4711;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return (seed >>> 8) % below;
    };
    const text = (length: number): string =>
      Array.from({ length }, () => "abc约"[random(4)]).join("");
    for (let round = 0; round < 200; round += 1) {
      const words = Array.from({ length: 1 + random(8) }, () => text(1 + random(5)));
      const where = text(random(60));
      const expected = words.flatMap((word) =>
        Array.from(where, (_, at) => at)
          .filter((at) => where.startsWith(word, at))
          .map((at) => `${word}@${at + word.length - 1}`),
      );
      expect(found(words, where), `${words.join()} in ${where}`).to.deep.equal(expected.sort());
    }
  });
});
