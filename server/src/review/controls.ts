import { urgencyOf } from "./review.ts";
import type { Decision, ReviewItem } from "./review.ts";

/** A text whose right answer is known. */
export interface Control extends Pick<ReviewItem, "kind" | "texts" | "urgency" | "reasons"> {
  isToBeKept: boolean;
}

/** As a report with that reason would have it; `before` is what a comment stands under. */
const of = (
  kind: Control["kind"],
  text: string,
  reason: string,
  isToBeKept: boolean,
  before: readonly string[] = [],
): Control => ({
  kind,
  texts: [...before, text],
  reasons: [{ reason, count: 1 }],
  urgency: urgencyOf(reason),
  isToBeKept,
});

/**
 * Mixed in unmarked, to measure moderators by (M2). Written for this list alone: clear to whoever reads
 * with care, and each with a reason like those that people give.
 */
export const CONTROLS: readonly Control[] = [
  of("bottle", "Cheap followers, 1000 for 5 dollars, write me on my channel now!!!", "spam", false),
  of("bottle", "I failed the exam I studied a whole year for. I feel stupid.", "spam", true),
  of("letter", "My cat died today. He was nineteen. The flat is so quiet.", "other", true),
  of("bottle", "Hot girls near you, add me for private pictures, only 20 yuan", "sexual", false),
  of("secret", "I love my best friend and she is getting married in May.", "sexual", true),
  of("comment", "Nobody would miss you. Do us all the favour and disappear.", "harassment", false, [
    "I sang in front of the whole school today and forgot the words.",
  ]),
  of(
    "comment",
    "I do not agree with you at all, and I think you were unfair to him.",
    "harassment",
    true,
    ["I told my flatmate to move out, and I did not give him a reason."],
  ),
  of("bottle", "I know which bus you take. Tomorrow you will not get off it.", "threat", false),
  of("letter", "This deadline will kill me, I swear. Two more days.", "threat", true),
  of(
    "secret",
    "Her number is in the toilet on the third floor, ring her at night",
    "personal-data",
    false,
  ),
  of(
    "bottle",
    "The number of the help line is on the poster in the hall. It helped me.",
    "personal-data",
    true,
  ),
  of("bottle", "I am a teacher. Being fourteen again for a day: what would you do?", "minor", true),
  of("bottle", "兼职日赚五百，不用出门，加我领取资料，名额有限", "spam", false),
  of("bottle", "今天第一次自己做了红烧肉，有点咸，但是很开心。", "spam", true),
  of("letter", "奶奶走了三个月了，我还是会在晚饭时给她打电话。", "other", true),
  of("comment", "长成这样还敢出门，恶心死了，快滚出这个学校。", "harassment", false, [
    "今天换了新发型，第一次有点喜欢自己。",
  ]),
  of("comment", "我觉得你说得不对，那天先迟到的是你。", "harassment", true, [
    "他迟到了半个小时，我当着大家的面骂了他。",
  ]),
  of("bottle", "你住哪栋我知道，今晚等着，别想好好走出来。", "threat", false),
  of("letter", "再加班我就要死在工位上了，哈哈。", "threat", true),
  of("secret", "我暗恋了他四年，毕业那天也没有说出口。", "sexual", true),
  of("bottle", "小姐姐上门服务，照片价格私聊，全城可约", "sexual", false),
  of("bottle", "一次性交纳一年的房租，心好痛。", "sexual", true),
];

export const isRight = ({ isToBeKept }: Control, decision: Decision): boolean =>
  (decision === "keep") === isToBeKept;
