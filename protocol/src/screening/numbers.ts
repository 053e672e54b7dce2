import { expressions } from "./expressions.ts";
import { eachMatch, HAN } from "./matches.ts";
import type { Span } from "./matches.ts";

/** What looks like a number to call, and is none. */
const NO_NUMBER = [
  // Days and spans of years.
  /(?<![\d.-])(?:(?:19|20)\d\d[-./][01]?\d[-./][0-3]?\d|[0-3]?\d[-./][0-3]?\d[-./](?:19|20)?\d\d|(?:(?:19|20)\d\d[\s–-]{1,3}){1,4}(?:19|20)\d\d)(?![.-]?\d)/,
  // Thousands set apart by a space: a sum.
  /[$€£¥￥]\s?\d{1,3}(?:\s\d{3}){1,4}(?!\d)/,
  /(?<!\d)\d{1,3}(?:\s\d{3}){1,4}\s?[$€£¥￥元块]/,
  /(?<![\d+]\s?)\d{1,3}(?:\s\d{3}){0,3}(?:\s000){1,4}(?!\s?\d)/,
  // A fraction, and a round number.
  /(?<![\d.])\d{1,4}\.\d{3,20}(?!\.?\d)/,
  /(?<![\d.-])(?:\d{1,7}0{4,12}|(?<!\d\s)\d{2,4}000)(?!\s?\d)/,
  // An instant as programs write it, in ms since 1970: nobody is called by 13 digits that begin with 1.
  /(?<!\d)1\d{12}(?!\d)/,
  // What is counted.
  /(?<![\d.-])\d{7,12}(?=\s?(?:人|个|元|块|次|米|步|年|岁|天|秒|字|people|steps|years|times|users|dollars|points|words|km|seconds))/,
  /(?<![\d+]\s?)\d{1,3}(?:\s\d{3}){1,4}(?=\s?(?:m\/s|m\b|km|kg|joules?|bytes|people|euros|dollars|pounds|years)\b)/,
];
/** All of it: at first what each begins with, as most of a text does not. */
const NO_NUMBERS = new RegExp(
  `(?=[\\d$€£¥￥])(?:${NO_NUMBER.map(({ source }) => source).join("|")})`,
  "g",
);

const HAN_DIGITS = new Map(
  [
    "零〇洞",
    "一壹幺弌么",
    "二贰两",
    "三叁",
    "四肆",
    "五伍",
    "六陆",
    "七柒拐",
    "八捌",
    "九玖勾",
  ].flatMap((chars, digit) => Array.from(chars, (char): [string, string] => [char, String(digit)])),
);
/** By code from here on: 1 where it is a digit. */
const HAN_FROM = 0x3007;
const IS_HAN_DIGIT = new Uint8Array(0xa000 - HAN_FROM);
for (const char of HAN_DIGITS.keys()) IS_HAN_DIGIT[char.charCodeAt(0) - HAN_FROM] = 1;
const HAN_RUN_MIN = 7;
/** Only these among numerals make a number of it: 三百, 十二点, 三楼 are read, and not dialled. */
const HAN_RUN =
  /(?:[零〇洞一壹幺弌么二贰两三叁四肆五伍六陆七柒拐八捌九玖勾\d][\s.,，·、-]?){7,18}/g;
/** Of two or three in a row of digits one is a word: 2022，三年. */
const HAN_MIN = 4;
const HAN_DIGIT = /[零〇洞一壹幺弌么二贰两三叁四肆五伍六陆七柒拐八捌九玖勾]/g;
const ENGLISH_DIGITS = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
];
const ENGLISH_RUN =
  /\b(?:(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|treble|hundred|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[\s,.-]{1,3}){6,14}(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|hundred)\b/g;
const PINYIN_DIGITS = "ling dong yao yi er liang san si wu liu qi guai ba jiu gou"
  .split(" ")
  .join("|");
/** yao san wu, ling er ling er: how a number is said, in pinyin. */
const PINYIN_RUN = new RegExp(
  `(?<![a-z])(?:(?:${PINYIN_DIGITS})[\\s,.，-]{1,3}){7,14}(?:${PINYIN_DIGITS})(?![a-z])`,
  "g",
);
const FIRST = expressions.add([PINYIN_RUN, ENGLISH_RUN]);
/** Letters among the digits of a number, l38OOl38OOO; of digits there are so many, at least. */
const LETTERED_MIN = 5;
const LETTERED = /(^|[^a-z0-9])(\+?[\doli](?:[\s().-]{0,2}[\doli]){6,14})(?![a-z0-9])/g;
/** Seven digits or more, however they are set apart. */
const PHONE =
  /\+?\d(?:(?:\ufe0f?\u20e3)?[\s().·_*~/\\|丨\u2600-\u27bf\ud83c-\ud83e\udc00-\udfff\ufe0f\u20e3-]{0,2}\d|\s\.\s\d){6,17}/g;
/** What is said right before a number of something, which nobody is called by. */
const LABEL =
  /(?:\b(?:order|item|article|sku|model|isbn|issn|invoice|booking|ticket|tracking|parcel|serial|reference|ref|student|matric|case|account|meeting|course|module|version|build|commit|seed|patent|doi|imei|barcode|vin|ean|upc|locker|policy|passport|licence|registration|serving|score|grades?|gcses?|steps|port|id)\b|单号|学号|订单|会议|编号|工号|座位|准考证|条码|验证码|取件码|提取码|邀请码|课程|航班|车次|票号|案号|考号|密码|版本|参考|比分|成绩)[^\d\n]{0,12}$|[a-z]{2}$|=\s?$/;
/** The same farther off, with the word for it; and what a shop reads by its stripes. */
const NUMBERED =
  /\b(?:order|ticket|student|matric|tracking|parcel|invoice|booking|serial|barcode|imei|reference|account|library|membership|case|policy|passport) (?:number|no|id|code|card)\b[^\d\n]{0,50}$/;
const STRIPES = /^\d \d{6} \d{6}$/;
/** What no country has as many digits for. */
const CALLED_MAX = 13;
const ZH_LABEL =
  /(?:发票|统编|条形码|序列号|运单|快递|物流|流水号|保单|卡号|货号|型号|书号|兑换码|券码|彩票|刮刮乐|病历|挂号|编码|邮编|端口|考生|学籍|社保|车牌|房号|门牌|箱号|批号|批次|机号|商品|产品|零件|专利|文号|期号|车次|高铁|火车|航班|飞机|圆周率)[^\d\n]{0,12}$/;
/** One that is called all the same, whatever is said before it. */
const CALLED = /^(?:\+|00[1-9]\d{8}|0\d{9,10}$|1[3-9]\d{9}$|\d{3}-\d{3,4}-\d{4}$)/;
const SAYS_CALL = /(?:tel|phone|call|mob|text|ring|whatsapp|num|电话|手机)\W*$/;

const blank = (match: string): string => "_".repeat(match.length);

/** One, two, three: somebody counts. */
function isCounting(digits: string): boolean {
  let steps = 0;
  for (let i = 1; i < digits.length; i += 1)
    if (Math.abs(digits.charCodeAt(i) - digits.charCodeAt(i - 1)) === 1) steps += 1;
  return steps >= digits.length - 2;
}

/** An order, a student, a parcel: no number to call, unless it looks like nothing else. */
function isLabelled(text: string, at: number, number: string, digits: string): boolean {
  const before = text.slice(Math.max(0, at - 24), at);
  if (/is[bs]n\W*$/.test(before) || STRIPES.test(number)) return true;
  if (digits.length > CALLED_MAX && digits === number && !number.startsWith("00")) return true;
  if (CALLED.test(number) || CALLED.test(digits) || SAYS_CALL.test(before)) return false;
  return (
    LABEL.test(before) ||
    ZH_LABEL.test(before) ||
    NUMBERED.test(text.slice(Math.max(0, at - 80), at))
  );
}

/** 1 1 2 3 5 8 13: numbers that grow, and no digits of one. */
function isRow(number: string): boolean {
  const parts = number.split(" ").map(Number);
  return parts.length > 5 && parts.every((part, i) => i === 0 || part >= parts[i - 1]!);
}

const isFlat = (digits: string): boolean => new Set(digits).size <= 2 && digits.length < 11;

/** Whether there are so many digits in a row as `HAN_RUN` wants, of which one is Chinese: few texts have them. */
function hasHanRow(text: string): boolean {
  let row = 0;
  let isHan = false;
  let isApart = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    const isIt = code < HAN_FROM ? code >= 48 && code <= 57 : IS_HAN_DIGIT[code - HAN_FROM] === 1;
    if (isIt) {
      row += 1;
      isHan ||= code >= HAN_FROM;
      isApart = false;
      if (row >= HAN_RUN_MIN && isHan) return true;
    } else if (row > 0 && !isApart) {
      isApart = true;
    } else if (row > 0) {
      row = 0;
      isHan = false;
    }
  }
  return false;
}

/** Numbers that may be called, in a text, as it looks, that the expressions have read; also in words. */
export function findNumbers(plain: string): Span[] {
  const found: Span[] = [];
  const take = (start: number, length: number): void => {
    found.push({ start, end: start + length });
  };
  let called: string | null = null;
  /** Few texts have any: what is no number is blanked only for these. */
  const search = (
    expression: RegExp,
    each: (match: RegExpExecArray, text: string) => void,
  ): void => {
    expression.lastIndex = 0;
    if (!expression.test(plain)) return;
    const text = (called ??= plain.replace(NO_NUMBERS, blank));
    eachMatch(expression, text, (match) => each(match, text));
  };
  search(PHONE, (match, text) => {
    const digits = match[0].replace(/\D/g, "");
    const isSequence =
      (digits.length < match[0].length || digits.length < 10) &&
      isCounting(digits) &&
      !SAYS_CALL.test(text.slice(Math.max(0, match.index - 12), match.index));
    if (isSequence || isRow(match[0])) return;
    if (!isFlat(digits) && !isLabelled(text, match.index, match[0], digits))
      take(match.index, match[0].length);
  });
  search(LETTERED, (match) => {
    const [letters, digits] = [/[oli]/g, /\d/g].map((of) => match[2]!.match(of)?.length ?? 0);
    if (letters! > 0 && digits! >= LETTERED_MIN)
      take(match.index + match[1]!.length, match[2]!.length);
  });
  if (HAN.test(plain) && hasHanRow(plain))
    search(HAN_RUN, (match) => {
      const said = match[0].replace(/[\s.,，·、-]$/, "");
      const digits = Array.from(said, (char) => HAN_DIGITS.get(char) ?? char).join("");
      const plainDigits = digits.replace(/\D/g, "");
      const isHan = said.length - said.replace(HAN_DIGIT, "").length >= HAN_MIN;
      if (isHan && plainDigits.length >= 8 && !isCounting(plainDigits) && !isFlat(plainDigits))
        take(match.index, said.length);
    });
  expressions.each(FIRST, plain, ({ index, 0: said }) => take(index, said.length));
  expressions.each(FIRST + 1, plain, (match) => {
    const words = match[0].split(/[\s,.-]+/);
    const digits = words.map((word) => ENGLISH_DIGITS.indexOf(word)).join("");
    const isSaid = words.every((word) => word.length > 1);
    if (isSaid && !isCounting(digits)) take(match.index, match[0].length);
  });
  return found;
}
