import type { en } from "./texts.en.ts";

/** What is said beside heavy words, in Chinese. */
export const zh: typeof en = {
  careForWriter: "你的话已经送出去了。还有一句，想看就看：",
  careToWriter:
    "这些话，听起来压得很重。写下来不会有什么后果。有人就是在那里听这些的，不需要有一个“够分量”的理由。",
  careForReader: "这些话听起来很重。可以找谁说说",
  careToReader:
    "你不用替谁想出办法。你读了，平平常常地回一句，就已经不少了。还有些人能做得更多，对写的人是，对你也是：",
  careLead: "撑不住的时候，有人愿意听，很多地方夜里也有。不需要有一个“够分量”的理由。",
  careWhere: "你在哪里",
  careElsewhere: "别的地方",
  careGuess: "照这个浏览器的时钟猜的，不会发出去，也不会存下来。",
  careDanger: "要是有人此刻就有危险，请打当地的急救或报警电话。",
  careAway: "先收起来",
};
