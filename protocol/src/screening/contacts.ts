import { linksIn, lookOf } from "../links.ts";
import type { Look } from "../links.ts";
import { expressions } from "./expressions.ts";
import { findNumbers } from "./numbers.ts";
import type { Span } from "./matches.ts";
import { simplified } from "./simplified.ts";
import type { ContactMark } from "./types.ts";

/*
 * Each expression begins where a word does, or with something rare, so that no run of letters is gone through
 * from each of its letters.
 */
const EMAIL = /(^|[^\w.+-])([\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{2,24}){1,4})/g;
const WHOLE_EMAIL = /^[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{2,24}){1,4}$/;
const DOT = "\\s?(?:\\.|。|点|\\bdot\\b|[[({<]\\s?(?:dot|点|\\.)\\s?[\\])}>])\\s?";
const ENDING = `(?:${DOT}[a-z]{2,8}){1,3}`;
const WORD = "(^|[^a-z0-9_.+-])([a-z0-9_.+-]{2,64}";
/** boat [at] example [dot] org, 小船艾特例子点com */
const EMAIL_SAID = new RegExp(
  `${WORD}\\s?(?:[[({<]\\s?(?:at|@|a|艾特)\\s?[\\])}>]|艾特|爱特|圈a|#|@)\\s?[a-z0-9-]{2,40}${ENDING})`,
  "g",
);
const MAILERS =
  "(?:gmail|qq|163|126|foxmail|sina|outlook|hotmail|yahoo|icloud|protonmail|proton|gmx|aol|yandex|live)";
const EMAIL_AT = new RegExp(
  `${WORD}(?:\\s{1,2}at\\s{1,2}${MAILERS}(?:${ENDING}|\\b)|@\\s?${MAILERS}))`,
  "g",
);
const EMAIL_WORDS =
  /(^|[^a-z0-9_.+-])([a-z0-9_.+-]{2,64}\s{1,2}at\s{1,2}[a-z0-9-]{2,40}(?:\s{1,2}dot\s{1,2}|\.)(?:com|org|net|edu|cn|io|me|co|uk|de|fr|info|example))(?![a-z])/g;
const LINK_SAID =
  /(^|[^a-z0-9-])((?!(?:edu|gov|com|net|org|ac|co)\s?点)[a-z0-9-]{1,40}(?:\s?点\s?|[[(]点[\])])(?:com|cn|net|cc|top|xyz|vip|me|org|gg|tv|io|club|app|info|hk|tw|ly|ink|shop|site|live))(?![a-z])/g;
/** www丶kite丶top */
const LINK_SIGNS =
  /(^|[^a-z0-9])((?:www|3w|三w)\s?[丶。·,，、点_*~-]\s?[a-z0-9-]{2,30}\s?[丶。·,，、点_*~-]\s?[a-z]{2,6})(?![a-z])/g;
/** kite dot co dot uk, kite .com, kite。top */
const LINK_APART =
  /(^|[^a-z0-9-])([a-z0-9-]{2,40}(?:(?:\s{1,2}dot\s{1,2}[a-z0-9-]{2,20}){2,3}|\s\.\s?(?:com|net|org|cn|cc|xyz|top|vip|co\s?\.\s?uk)|。(?:cc|top|vip|club|site|online|shop|app))|[a-z0-9-]{2,40}\s?\.\s(?:com|cn|cc|xyz|c o m))(?![a-z])/g;

/** kite dot gg slash moon, k1te . c0m, kite*url*.com */
const LINK_SPELLED =
  /(^|[^a-z0-9*-])([a-z0-9-]{2,40}\s(?:dot|\.)\s(?:com|gg|me|net|org|ly|io|club|xyz|co|link|tv)\s(?:forward\s)?(?:slash\s|\/\s?)[a-z0-9]{2,30}|[a-z0-9-]{2,40}\s?\.\s?c0m|[a-z0-9-]{1,30}\*[a-z0-9*-]{0,30}\.(?:com|net|org|ly|me|gg|co))(?![a-z])/g;
/** bit ly slash kite */
const LINK_SHORT =
  /(^|[^a-z0-9])((?:bit ?ly|tiny ?url|t me|discord gg|wa me)\s(?:forward\s)?(?:slash\s|\/\s?)[a-z0-9]{3,30}|(?:bit[,，。]\s?ly|t[,，。]\s?me)\s?(?:\/|斜杠)\s?[a-z0-9_]{3,30})/g;
/** Somebody tells of an ending: put .com after it, is it dot com. */
const TOLD =
  /^(?:it|or|a|the|every|an?d|is|of|put|after|with|type|say|said|add|old|no|not|some|this|that|had|just|to|in|both|always|between|using|about|from|than|vs|asp|vb|ado)\s{0,3}(?:\.|dot\b)|^(?:edu|gov|com|net|org|ac|co)\.[a-z]{2}$|^(?:127\.|0\.0\.0\.0|192\.168\.)/;
/** 163邮箱，前缀是 kite_77 */
const ZH_MAIL =
  /(?:邮箱|信箱|邮件)(?:号|地址|账号)?[\u4e00-\u9fff，,、:：\s]{0,10}(?=[a-z.-]{0,29}[\d_])[a-z0-9_.-]{5,30}/g;
/** ig追起来：kite_77, 在kakao搜 xiaochuan: a place, what is to be done there, a name. */
const ZH_PLACED =
  /(?:微信|抖音|小红书|快手|微博|赖|推特|脆|脸书|小飞机|电报|陌陌|探探|(?<![a-z])(?:b站|ins|ig|snap|tg|tele|telegram|line|dc|discord|fb|kakao|threads|twitter|wx|vx|qq|kik|wechat|whatsapp|soul))[\u4e00-\u9fff，、,.?？:：\s]{0,10}(?:(?:追|搜索?|加|我的?|叫|是|找|关注|用户名|账号|帐号|名字|同名|同号|昵称|id|联系|互关|留|扣|私|戳|敲)[\u4e00-\u9fff，、,:：\s]{0,6}|[:：]\s?)@?(?!(?:iphone|ipad|gpt|mp\d|rtx|gtx|ios|android|win|covid|ps\d|vol|top)\d{0,8})(?=[a-z.-]{0,29}[\d_.])(?=[\d_.]{0,29}[a-z])[a-z0-9_.-]{5,30}|(?:等你|找我|加我|联系我?|软件)[\u4e00-\u9fff，、,\s]{0,8}(?:号码?|账号|id)(?:就)?(?:是|叫|为)?[:：\s]{0,3}(?=[a-z_.-]{0,29}\d)[a-z][a-z0-9_.-]{5,29}|(?<![a-z])i\sn\ss\s?搜?\s?(?=[a-z.-]{0,29}[\d_])[a-z0-9_.-]{5,30}|(?:微信|抖音|小红书|微博|推特|(?<![a-z])(?:kakao|ins|ig|tg|telegram|line|discord))[\u4e00-\u9fff，、,\s]{0,8}(?:搜索?|用户名|账号|id)[是为:：\s]{1,3}@?[a-z][a-z0-9_.]{5,29}/g;

/** dc: kite#2231 */
const NUMBERED =
  /(?<![a-z0-9_.])(?!(?:issues?|order|room|bug|ticket|pr|no|page|chapter|number|seat|gate|case|bus|flat|unit|code)#)[a-z0-9_.]{3,30}#\d{4}(?!\d)/g;

const AT_NAME = /(?<![a-z0-9._-])@[\p{L}\p{N}_.]{2,30}/gu;
/** What people write before the name they have elsewhere, and the name. */
const ZH_NAMED =
  /(?:微信|薇信|威信|徽信|维信|葳信|魏信|韦信|威芯|微芯|薇芯|徽芯|歪艾克斯|微艾克斯|威艾克斯|维艾克斯|歪爱克斯|扣扣|叩叩|蔻蔻|寇寇|抠抠|球球|秋秋|丘丘|企鹅|绿信|绿v|绿色图标|绿色气泡|绿气泡|小绿|绿泡泡|绿泡|绿色软件|绿色聊天软件|小绿书|陌陌|探探|微博|围脖|纸飞机|小飞机|小红书|抖音|快手|飞机|电报|卫星|胃信|喂信|微星|某音|小红薯|红薯|照片墙|哀居|哎居|爱居|小蓝鸟|推特|脸书|赖|(?<![a-z])(?:v信|歪x|b站))(?:号|群|id|同号|搜我?|加我?)?(?:[\s:：是=+加→—-]{1,4}[a-z0-9_.-]{4,30}|(?=[a-z.-]{1,29}[0-9_-])[a-z0-9_.-]{5,30})/g;
/** 加v abc123, ➕薇:abc123, q12345678 */
const ZH_ADDED =
  /(?:[加➕+十嘉佳家]\s?(?:我\s?|个\s?|一下|下)?(?:的\s?)?(?:v信|卫星|vx|wx|v|w|q|qq|tg|薇|微|威|徽|维|卫|扣|企鹅|微信|薇信|威信|绿泡泡)|(?:私|找|联系)我?\s?(?:vx|wx|v|q|薇|威|徽|扣))(?:号|群|吧|呗|哦|呀)?[\s:：是=+→—-]{0,4}[a-z0-9_-]{4,30}/g;
/** 薇：abc123, set off from what stands before */
const ZH_ALONE =
  /(^|丨|[^\u4e00-\u9fffa-z0-9])([薇徽嶶溦威v扣q]\s?[:：丨|=\s-]{1,3}(?=[a-z_.-]{0,29}\d)[a-z0-9_.-]{5,30})/g;
/** v x ： a b c 1 2 3 */
const ZH_SPELLED =
  /(^|[^a-z0-9])((?:vx|wx|v x|w x)\s?[:：]?\s?(?:(?:[a-z0-9_]\s){4,29}[a-z0-9_]|(?=[a-z_.-]{1,29}\d)[a-z0-9_.-]{5,30}))(?![a-z0-9])/g;
/** No words of English, so that any name may follow. */
const ZH_SHORT =
  /(^|[^a-z0-9])((?:(?:vx|wx|v\.x|w\.x|[vw](?:❤|♥|♡|💗|💕|\*|·|_|\ufe0f){1,3}x)[❤♥♡💗💕\ufe0f]{0,2}|[微威薇徽][❤♥♡💗💕\ufe0f]{1,3}信?|v信|v芯|v心|v新|v星|weixin)(?:号|是|同号)?[\s:：]{0,3}[a-z0-9_.-]{5,30})/gu;
const ZH_DIGITS =
  /(^|[^a-z0-9])((?:vx|wx|v信|v|q|qq|薇|威|徽|扣扣|扣|tg|企鹅|球球|秋秋|叩叩|蔻蔻|群号|裙号|加群|加裙|扣群)(?:号|群)?[\s:：=是→]{0,3}\d{5,12})(?![a-z0-9])/g;
/** English words among them: the name must be set apart by a sign, or not be a word. No part of a word in Latin letters. */
const NAMED =
  /(^|[^a-z0-9\u00aa-\u02af\u1e00-\u1eff])(?!(?:line|signal|steam|sc|tele)\s?[:：=>-]\s?[a-z]{1,30}(?![\w.-]))((?:vx|wx|wechat|weixin|qq|telegram|tele|whatsapp|snapchat|snapp|snap|snp|s\/c|sc|wickr|threema|g-mail|bluesky|bsky|instagram|insta|ins|ig|tg|gmail|hotmail|line|kik|discord|skype|viber|signal|fb|twitter|tiktok|twitch|steam|onlyfans)(?:号|群|\s?id|\s(?:user)?name|\sonly|\shandle|\s?\/\s?[a-z]{1,8}(?:\sonly)?|['’]s)?(?:\s?(?:[:：是=+加→>@]\s?|\s-\s|-(?=[a-z.-]{1,29}[0-9_]))@?[a-z0-9_.-]{4,30}|\s{1,2}is\s{1,2}@?(?=[a-z.-]{0,29}[0-9_])[a-z0-9_.-]{4,30}|\s{1,2}(?=[a-z.-]{1,29}[0-9_])[a-z0-9_.-]{4,30}))/g;
/** add kite_77 on snap */
const ADD_ON =
  /\b(?:add|follow|find|message|msg|dm|text|hmu|hit up)\s(?:me\s)?(?:as\s|at\s)?@?(?=[a-z.-]{1,29}[0-9_])[a-z0-9_.-]{4,30}\s(?:on|via)\s[a-z]{2,12}/g;
/** 👻 kite_77: its sign, and a name. */
const SIGNED = /(?:👻|🐧|✈️)\s?[:：]?\s?@?(?=[a-z.-]{0,29}[0-9_.])[a-z0-9_.-]{4,30}/g;
/** kite_77 on snap */
const ON_THERE =
  /(^|[^\w.-])((?=[a-z.-]{1,29}[0-9_])[a-z0-9_.-]{4,30}\s(?:on|at)\s(?:snap|snapchat|insta|instagram|ig|tg|telegram|discord|kik|tiktok|twitter|whatsapp|facebook|fb|steam)(?![a-z]))/g;
/** my user is kite.moon, add kite_moon there */
const HANDLE_SAID =
  /\b(?:(?:(?:my|the) (?:id|tag|nick|name)|user(?:name)?|handle)(?: there)?(?:['’]?s| is|:) ?@?(?=[a-z.-]{1,29}[0-9_]|[a-z]{3,20}\.[a-z])[a-z0-9_.-]{4,30}|(?:add|find|search|follow|look up|lookup) (?:me )?(?:up )?(?:as |for |at )?@?(?![\w.-]{1,30}\.(?:txt|md|js|ts|py|json|css|html?|pdf|png|csv|docx?|xml|yml)\b)(?=[a-z.-]{1,29}_|[a-z]{3,20}\.[a-z]{3}|[a-z]{4,20}\d{2})[a-z][a-z0-9_.-]{4,30}(?=\s?(?:$|[,!?\n)]|\.(?:\s|$)|(?:on|there|if|xx?|lol|pls|please)\b)))/g;
/** tg搜kite77 */
const ZH_SEARCH =
  /(?:tg|ins|ig|vx|qq|b站|抖音|小红书|快手|微博|公众号)\s?搜(?:索)?\s?[:：]?\s?@?(?=[a-z_.-]{0,29}\d)[a-z0-9_.-]{4,30}/g;
/** An address to the door, from the street on. */
const ADDRESS =
  /(?:路|街|巷|小区|弄|苑|园|公寓|大厦|宿舍)\s?\d{1,5}\s?(?:号|弄|栋|幢|座|#)(?:楼)?\s?\d{0,4}\s?(?:室|单元|号|楼|层)?(?:\s?\d{2,4}室?)?/g;

type Searched = readonly [ContactMark["kind"], RegExp];
const ADDRESSES: readonly Searched[] = [
  ["email", EMAIL],
  ["email", EMAIL_SAID],
  ["email", EMAIL_AT],
  ["email", EMAIL_WORDS],
  ["link", LINK_SAID],
  ["link", LINK_SIGNS],
  ["email", ZH_MAIL],
  ["link", LINK_APART],
  ["link", LINK_SPELLED],
  ["link", LINK_SHORT],
];
const HANDLES: readonly Searched[] = [
  ["handle", ZH_NAMED],
  ["handle", ZH_ADDED],
  ["handle", ZH_DIGITS],
  ["handle", ZH_SHORT],
  ["handle", ZH_ALONE],
  ["handle", ZH_SPELLED],
  ["handle", NAMED],
  ["handle", SIGNED],
  ["handle", ON_THERE],
  ["handle", ZH_SEARCH],
  ["handle", ZH_PLACED],
  ["handle", NUMBERED],
  ["handle", ADD_ON],
  ["handle", HANDLE_SAID],
  ["handle", AT_NAME],
  ["handle", ADDRESS],
];
const SEARCHED = [...ADDRESSES, ...HANDLES];
const FIRST = expressions.add(SEARCHED.map(([, expression]) => expression));

/** What leads to a person outside, in order, none within another. Costs O(text). */
export const findContacts = (text: string): ContactMark[] => {
  const look = lookOf(text);
  const plain = simplified(look.plain);
  expressions.read(plain);
  return contactsIn(text, look, plain);
};

/** `plain` is the text as it looks in simplified characters, and the expressions have read it. */
export function contactsIn(text: string, look: Look, plain: string): ContactMark[] {
  const { spanOf } = look;
  const isTold = ({ start, end }: Span): boolean =>
    TOLD.test(text.slice(start, end).normalize("NFKC").toLowerCase());
  const links = linksIn(look).filter((link) => !isTold(link));
  const found: ContactMark[] = links.map(({ start, end }) => ({
    start,
    end,
    kind: WHOLE_EMAIL.test(text.slice(start, end)) ? "email" : "link",
  }));
  const taken = new Taken(text.length);
  for (const mark of found) taken.take(mark);
  const take = (kind: ContactMark["kind"], first: number, next: number): void => {
    if (next <= first) return;
    const span = spanOf(first, next);
    if (kind === "link" && isTold(span)) return;
    if (taken.take(span)) found.push({ ...span, kind });
  };
  const search = (from: number, to: number): void => {
    for (let i = from; i < to; i += 1)
      expressions.each(FIRST + i, plain, (match) => {
        const before = match.length > 2 ? match[1]!.length : 0;
        take(SEARCHED[i]![0], match.index + before, match.index + match[0].length);
      });
  };
  search(0, ADDRESSES.length);
  for (const { start, end } of findNumbers(plain)) take("phone", start, end);
  search(ADDRESSES.length, SEARCHED.length);
  return found.sort((a, b) => a.start - b.start);
}

/** Which units of a text are marked already. */
class Taken {
  private readonly length: number;
  /** Most texts have nothing to be marked. */
  private units: Uint8Array | null = null;

  constructor(length: number) {
    this.length = length;
  }

  /** False, and nothing taken, where some of it is. */
  take({ start, end }: { start: number; end: number }): boolean {
    this.units ??= new Uint8Array(this.length);
    if (this.units.subarray(start, end).includes(1)) return false;
    this.units.fill(1, start, end);
    return true;
  }
}

/** Somebody else's: what is said right before a contact that is not the writer's. */
const OTHERS =
  /(?:\b(?:his|her|their|whose|this (?:guy|girl|man|woman|bitch|creep)(?:'s)?|that (?:guy|girl|man|woman)(?:'s)?)\b[^.!?\n]{0,40}|[他她](?:的|们)?(?:电话|手机|号码|微信|邮箱|地址|家|住|身份证|宿舍|qq)?[^。！？\n]{0,14}|(?:这个|那个)?(?:渣男|渣女|小三|贱人|男的|女的|前任|前男友|前女友|室友|同学|老师|同事)[^。！？\n]{0,14}|身份证(?:号)?[^。！？\n]{0,6})$/u;
const MAY_BE_OTHERS = /\b(?:his|her|their|whose|this|that)\b|[他她渣贱男女前室同老份]/;
const SAYS_WHICH =
  /\b(?:number|phone|address|mail|e-?mail|insta|snap|wechat|cell|mobile|call|text|lives|account|facebook|instagram)\b|电话|手机|号码|微信|邮箱|地址|住|家|身份证|qq|账号|打给|骚扰|宿舍|抖音|加[他她]/u;

/** Whether a contact at `start` is said to be somebody else's. */
export function isOfOthers(text: string, start: number): boolean {
  const before = simplified(text.slice(Math.max(0, start - 60), start).toLowerCase());
  if (!MAY_BE_OTHERS.test(before)) return false;
  const match = OTHERS.exec(before);
  return match !== null && SAYS_WHICH.test(match[0]);
}
