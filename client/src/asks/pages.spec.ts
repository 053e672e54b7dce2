import { expect } from "chai";
import type { BoxAnswer, QuestionId } from "@driftsea/protocol";
import { withAnswer, withFirstPage, withPage } from "./pages.ts";
import type { Pages } from "./pages.ts";

const answer = (id: string): BoxAnswer => ({
  id: id as QuestionId,
  question: "?",
  answer: "!",
  age: "now",
});
const pages = (ids: string, cursor: string | null = null): Pages => ({
  answers: ids === "" ? [] : ids.split(" ").map(answer),
  cursor,
});
const idsOf = ({ answers }: Pages): string => answers.map(({ id }) => id).join(" ");

describe("answers in the page", () => {
  it("[F10] one more lies on top, once; the next page below, without what lies there already", () => {
    expect(idsOf(withAnswer(pages("b c"), answer("a")))).to.equal("a b c");
    expect(idsOf(withAnswer(pages("a b"), answer("b")))).to.equal("a b");
    const next = withPage(pages("a b", "1"), pages("b c", "2"));
    expect([idsOf(next), next.cursor]).to.deep.equal(["a b c", "2"]);
  });

  it("[F10] after an absence nothing is missing between, and what was taken away is not there", () => {
    const again = (before: Pages, page: Pages): unknown[] => {
      const { answers, cursor } = withFirstPage(before, page);
      return [idsOf({ answers, cursor }), cursor];
    };
    const four = pages("c d e f", "of f");
    expect(again(four, pages("a b c", "of c")), "two are new").to.deep.equal([
      "a b c d e f",
      "of f",
    ]);
    expect(again(four, pages("c e", "of e")), "one has gone").to.deep.equal(["c e f", "of f"]);
    expect(again(four, pages("c d")), "the last of all are read").to.deep.equal(["c d", null]);
    expect(again(four, pages("x y", "of y")), "much was missed").to.deep.equal(["x y", "of y"]);
    expect(again(pages(""), pages("a", "of a"))).to.deep.equal(["a", "of a"]);
    expect(again(pages("a b", "of b"), pages("z a b", "of b"))).to.deep.equal(["z a b", "of b"]);
  });
});
