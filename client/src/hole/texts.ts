import { learn } from "../i18n/index.ts";

export const en = {
  holeIntro:
    "Letters to nobody lie in the hollow of this tree. You can put one in, and read whichever comes to hand.",
  holeRule: "Any letter begins the countdown again. At zero they are all wiped, for everybody.",
  holeLeft: "{span} until it is wiped",
  holeEnds: "The hole is wiped in {span}.",
  holeLetters: "{count} letters lie in it",
  holeEmpty: "Nothing lies in it. A first letter begins the countdown.",
  holeWrite: "Your letter to the tree",
  holePlaceholder: "What should the tree keep for a while?",
  holePut: "Put it in",
  holeRead: "Read one",
  holeAnother: "Another",
  holeNothing: "Your hand finds nothing in there.",
  holeWritten: "It lies in the tree. The countdown begins again.",
  holeGone: "Nobody wrote in time. The hole is empty, for everybody.",
  letterTitle: "A letter",
  age_now: "just put in",
  age_hour: "less than an hour old",
  age_hours: "a few hours old",
  age_day: "less than a day old",
  age_days: "some days old",
  holePutDown: "Put it back",
};

const zh: typeof en = {
  holeIntro: "树洞里放着不写给任何人的信。你可以放一封进去，也可以摸出一封来读，摸到哪封是哪封。",
  holeRule: "有人放进一封，倒数就从头开始。数到零，所有的信一起抹去，对谁都一样。",
  holeLeft: "再过 {span} 就抹去",
  holeEnds: "再过 {span}，树洞就空了。",
  holeLetters: "里面有 {count} 封信",
  holeEmpty: "里面还是空的。放进第一封，就开始倒数。",
  holeWrite: "写给树洞的信",
  holePlaceholder: "有什么话，想让树替你放一会儿？",
  holePut: "放进去",
  holeRead: "摸一封来读",
  holeAnother: "再摸一封",
  holeNothing: "伸手进去，什么也没摸到。",
  holeWritten: "放进去了。倒数从头开始。",
  holeGone: "太久没有人写，树洞空了，对谁都一样。",
  letterTitle: "一封信",
  age_now: "刚放进去的",
  age_hour: "不到一小时前的",
  age_hours: "几小时前的",
  age_day: "不到一天前的",
  age_days: "好些天前的",
  holePutDown: "放回去",
};

learn({ en, zh });
