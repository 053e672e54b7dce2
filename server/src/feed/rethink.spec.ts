import { expect } from "chai";
import { rethink } from "./rethink.ts";

const marked = (text: string): string[] =>
  rethink(text).map(({ start, end, kind }) => `${kind}: ${text.slice(start, end)}`);

describe("rethink", () => {
  for (const [text, ...marks] of [
    ["my site is example.com/me see you", "link: example.com/me"],
    ["write to bo.boat+sea@example.org today", "email: bo.boat+sea@example.org"],
    ["call +44 20 7946 0958 after six", "phone: +44 20 7946 0958"],
    ["(555) 123-4567 is his number", "phone: 555) 123-4567"],
    ["我的电话是13800138000，别打", "phone: 13800138000"],
    ["电话：138-0013-8000", "phone: 138-0013-8000"],
    ["加我微信 xiaoming_99 聊聊", "handle: 微信 xiaoming_99"],
    ["微信号：xiaoming", "handle: 微信号：xiaoming"],
    ["wechat: bo_boat", "handle: wechat: bo_boat"],
    ["wx bo2024 有空聊", "handle: wx bo2024"],
    ["find me on telegram bo_the_boat", "handle: telegram bo_the_boat"],
    ["LINE: bothe.boat", "handle: LINE: bothe.boat"],
    ["it was @bo_the_boat who did it", "handle: @bo_the_boat"],
    ["都怪＠小明同学", "handle: ＠小明同学"],
  ] as const) {
    it(`[F9] marks what leads to somebody: ${text}`, () => {
      expect(marked(text)).to.deep.equal(marks);
    });
  }

  it("[F9] marks stand in the order of the text, and none within another", () => {
    const text = "@bo, 13800138000, a@example.org, example.com, qq: 123456789";
    expect(marked(text)).to.deep.equal([
      "handle: @bo",
      "phone: 13800138000",
      "email: a@example.org",
      "link: example.com",
      "handle: qq: 123456789",
    ]);
    const marks = rethink(text);
    marks.slice(1).forEach(({ start }, i) => expect(start).to.be.at.least(marks[i]!.end));
  });

  for (const text of [
    "we met on 2024-05-01 at 10:30 and left at 11:45",
    "am 1.5.2024, or 01/05/24, or 2024/5/1",
    "2024年5月1日 10:30 在操场",
    "from 2019-2023 I studied, 2021 2022 were hard",
    "it cost 19.99, then 1,299.00, then 1,000,000",
    "¥1 000 000 or 12 000 000 元, who cares",
    "10:30",
    "at 1795692609003 it began, at 1795692610123.5 it was over",
    "I am @ home, see you @ 5",
    "我在 @ 家",
    "in line with everybody, online dating, my deadline tomorrow",
    "the captains over there, mountains with snow, it begins here",
    "a snap decision; instagram pictures; wechat groups are dead",
    "no discord between us",
    "微信群里没人说话",
    "I have 3 cats, 2 dogs and 100 worries",
    "i failed 4 exams in 2023 and 5 in 2024",
    "海\u{1f30a} \u{1f469}‍\u{1f467}",
    "",
  ]) {
    it(`[F9] leaves alone: ${text}`, () => {
      expect(marked(text)).to.deep.equal([]);
    });
  }

  it("[F9] is quick on the longest texts, whatever they hold", () => {
    const pieces = ["a", "1", "1 ", "@", "a@", "a.", "a@a.", "-", "line ", "line: ", "qq  "];
    pieces.push("1-", "20", "2020 ", "1 000 ", "微信 ", "微信：", "wx a", "+1(", "_", "..", "ａ．");
    pieces.push("http://", "a@a-a.", "¥1 000", "\u{1f30a}");
    pieces.push(
      "Anna ",
      "Anna-",
      "A'",
      "Mr ",
      "Mr Ab ",
      "王",
      "王伟同学",
      "同学",
      "我叫王",
      "欧阳",
    );
    for (const piece of pieces) {
      for (const tail of ["", "!", "@", "_"]) {
        const text = piece.repeat(500).slice(0, 500 - tail.length) + tail;
        rethink(text);
        let fastest = Infinity;
        for (let i = 0; i < 3; i += 1) {
          const began = performance.now();
          rethink(text);
          fastest = Math.min(fastest, performance.now() - began);
        }
        expect(fastest, JSON.stringify(piece + tail)).to.be.below(20);
      }
    }
  });
});
