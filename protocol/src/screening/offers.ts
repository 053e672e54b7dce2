import { expressions } from "./expressions.ts";
import type { Span } from "./matches.ts";

/*
 * Who offers something says what, and that one should ask for it; each alone is said every day. Both are looked
 * for, and only where they stand together there is a mark.
 */
const ASKS =
  /\b(?:dms?(?: me)?|pm me|inbox(?: me)?|hmu|msg me|message me|write me|text me|contact me|ask me how|ask for the link)\b|私我|私聊|加我|详聊|滴我|戳我|滴滴我|有意者|联系我|咨询|扫码|进群|私信|加v|加微|了解一下|\bcontact us\b|(?:有卡|要的|想要的|需要的|感兴趣的?|想了解的?)(?:就|请|可以)?(?:私|来|滴|敲|戳|扣)|私讯|敲我|戳我|要的敲|懂的来|来的?回1|扣1(?!\d)/g;
const OFFERS =
  /\b(?:rates?|prices?|priced|allowance|discounts?|cheap|profits?|earn(?:ings)?|investors?|for sale|for cash|for money|per hour|an hour|a night|per month|selling|i sell|i buy|guaranteed|commission|premium|exclusive content|private show|custom (?:pics|videos?)|order now)\b|[$€£]\s?\d|价格|报价|优惠|收费|便宜|日结|包过|兼职|出售|货源|资源|福利|返利|提成|佣金|高薪|代理|招聘|包邮|折扣|红包|赚|[块元]一|一晚|包月|包夜|有偿|付费|定金|月入|日入/g;
/** A price for somebody's company. */
const PRICED =
  /(?:陪|睡|上门|按摩|裸|私照|私密|视频|服务|过夜|约)[^。!！?？\n]{0,10}(?:\d{2,5}|[一二两三四五六七八九][百千])\s?(?:元|块|r\b)?\s?(?:一次|一晚|一小时|一套|每次|起)|(?:一次|一晚|一夜|包夜|过夜)\s?(?:只要)?(?:\d{3,5}|[一二两三四五六七八九][百千])(?!\d|[个次米步天公])|(?:全套|半套|包时)\s?\d{3,4}|(?:干爹|金主|饭票|包养)[^。!！?？\n]{0,8}(?:月给|一个?月|每月|月)\s?(?:\d{4,5}|[一二两三四五六七八九]?[千万])|\b(?:\d{2,4}|fifty|twenty|hundred)\s?(?:dollars|bucks|euros|quid|usd)?\s(?:for a (?:pic|pics|video|photo|night|session|show|date)|per (?:pic|video|photo|session|show)|for my (?:pics|videos|panties|socks))\b/g;
/** What nobody earns, nor loses, so easily. */
const CLAIMS =
  /\b(?:txt|text|send|reply|sms)\s(?:["“]?[a-z0-9]{1,12}["”]?\s){1,3}(?:to|on|2)\s(?:no:?\s?)?\d{4,6}\b|\breply stop\b|\b\d{2,3}p\s?(?:\/|per )\s?(?:msg|text|txt|min|tone)|\blose \d{1,3}\s?(?:kgs?|kilos?|lbs?|pounds|stone) in\b|\bturn(?:ed|s)? [$€£]\s?\d{1,6} into\b|\b(?:earn|make|making|earning|get) (?:up to )?[$€£]?\s?\d[\d,.]{0,8}k?\s?[$€£]?\s?(?:a|per|every|each) (?:day|week|month)[^.!?\n]{0,20}\b(?:from home|online|easy|easily|guaranteed|no experience)\b|[$€£]\s?\d[\d,]{2,8}k? (?:a|per|every|each) (?:day|week|month) guaranteed|日[赚入]\s?(?:上?[百千万]|[一二两三四五六七八九][百千]|\d{3,8})|一天\s?(?:\d{3,4}|[一二两三四五六七八九][百千])(?:元|块)?[，,\s]{0,2}(?:急招|日结|包吃|在家|手机|私)|一单\s?\d{1,3}\s?[元块]|[收租售]\S{0,4}银行卡|银行卡\S{0,3}[，,]?\s?(?:一张\s?\d|高价)/g;
const NEAR = 80;

const FIRST = expressions.add([ASKS, OFFERS, PRICED, CLAIMS]);

function spans(i: number, plain: string): Span[] {
  const found: Span[] = [];
  expressions.each(FIRST + i, plain, ({ index, 0: { length } }) =>
    found.push({ start: index, end: index + length }),
  );
  return found;
}

/** Where something is offered to whoever asks, in a text that the expressions have read; the place of the asking. */
export function findOffers(plain: string): Span[] {
  const asks = spans(0, plain);
  const priced = [...spans(2, plain), ...spans(3, plain)];
  if (asks.length === 0) return priced;
  const offers = spans(1, plain);
  // Both in order: one walk along the two.
  let next = 0;
  const near = asks.filter(({ start, end }) => {
    while (next < offers.length && offers[next]!.end < start - NEAR) next += 1;
    return next < offers.length && offers[next]!.start <= end + NEAR;
  });
  return [...priced, ...near];
}

/** What is said of goods: beside a word for what is not sold here. */
const SELLS =
  /\b(?:next[ -]day|same[ -]day|tracked|legit|available|for sale|for trade|best prices?|half price|cheap|delivered|delivery|shipped|shipping|in stock|no questions|without questions|discounts?|per gram|wholesale|best quality|top quality|pure|bonus(?:es)?|odds|payouts?|dealers|subscribe|free trial|live now|near you|call for rates|rates|in town|menu|no prescription|hit me up|hmu|dms?|pm me|inbox|(?:for|only) [£$€]\d+|[£$€]?\d+ (?:a|per) (?:g|gram|oz|pop|pill)|sign up today|join now|all night|(?<!if you )ask me|write to me|write me)\b|[出有现]货|出售|配送|送货|货到|同城|价格|优惠|便宜|私聊|私我|纯度|批发|诚信|要的来|资源|俱乐部|攻略|赔率|荷官|爆率|内幕|免费看|想看|有的发|发给我看|收费|老顾客|包满意|团伙|招人|上线|正品|随叫随到|派对|要的私|的来(?=[，,。！!]|$)|打包|可上门|面交|邮寄|有货|[一二两三四五六七八九]百一[次晚]|\d{3,4}[元块]?一[次晚]|客服|信誉|要的联系|找我|现货|包中|秒到|先验|可飞|埋包|到付|可寄|寄超商|跑趴|懂的来|谁要(?!是)|顺丰|货到|全国可|可换人|要的敲/;

export const isSelling = (plain: string): boolean => SELLS.test(plain);
