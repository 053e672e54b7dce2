import { learn } from "../i18n/index.ts";

export const en = {
  watch: "Tell me when I am away",
  watchWhat:
    "Your browser then shows a note when this bottle is answered or comes home while you are away: once, and without a word of what came.",
  watchCost:
    "It goes through the maker of your browser (Google, Mozilla, Apple or Microsoft). They learn that this sea had something for you, and when. They do not learn what, or from whom. It ends with the bottle.",
  watchYes: "Yes, tell me",
  watchStop: "Do not tell me",
  watchOn: "You will be told when you are away.",
  watchRefused:
    "Your browser does not allow notes from this sea, or cannot receive them. Your bottle drifts as before.",
};

const zh: typeof en = {
  watch: "我不在时告诉我",
  watchWhat:
    "你不在的时候，这只瓶子有了回信，或者自己漂了回来，浏览器会提醒你一次。提醒里一个字的内容也没有。",
  watchCost:
    "提醒要经过做浏览器的公司（谷歌、Mozilla、苹果或微软）。他们会知道这片海有东西给你，也知道是什么时候；不知道是什么，也不知道是谁写的。瓶子的时间一到，这件事也就结束了。",
  watchYes: "好，告诉我",
  watchStop: "不用告诉我了",
  watchOn: "你不在的时候，会提醒你。",
  watchRefused: "浏览器不让这片海发提醒，或者收不到提醒。瓶子照旧漂着。",
};

learn({ en, zh });
