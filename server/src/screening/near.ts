import { createHmac } from "node:crypto";
import { fold } from "@driftsea/protocol/screening";

/*
 * When two texts are nearly the same: MinHash (Broder 1997) over the runs of characters of what is left
 * of a text once everything that is cheap to vary is gone, in bands (locality-sensitive hashing). Two
 * texts that have a share s of their runs in common agree in one of ROWS hashes with probability s, and in
 * a whole band with s^ROWS: two bands are shared by nearly all pairs with s over 0.6, and by one in
 * 200 000 with 0.1, which is what two texts have in common that have nothing to do with one another.
 */
const BANDS = 32;
const ROWS = 4;
/**
 * How many different runs a text must hold to be told from what anybody might say, laughter among it; one
 * that begins with a Chinese character counts two.
 */
export const WEIGHT_BARE = 30;
/** Where many talk, a long line is quoted and chanted too. */
export const WEIGHT_TALK = 80;
/** Where it leads to somebody, or offers something. */
export const WEIGHT_MARKED = 16;

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** Wishes that thousands send at the same hour; they count for nothing, whatever stands around them. */
const WISHES = `
  happynewyear merrychristmas happychristmas happybirthday happyholidays happyvalentinesday happyeaster
  happyhalloween happythanksgiving eidmubarak goodnight goodmorning goodafternoon goodevening sweetdreams
  sleeptight howareyou nicetomeetyou haveaniceday haveagreatday isanybodythere helloworld allthebest
  congratulations thankyousomuch welcomeeverybody welcomeeveryone
  新年快乐 春节快乐 元旦快乐 新春快乐 中秋快乐 国庆快乐 端午安康 圣诞快乐 元宵节快乐 情人节快乐 儿童节快乐
  教师节快乐 母亲节快乐 父亲节快乐 节日快乐 生日快乐 恭喜发财 万事如意 身体健康 阖家幸福 合家幸福 阖家欢乐
  心想事成 大吉大利 龙马精神 学业进步 工作顺利 平安喜乐 岁岁平安 年年有余 财源广进 金榜题名 高考加油 考试加油
  旗开得胜 一路平安 晚安好梦 晚安 早安 午安 早上好 中午好 下午好 晚上好 大家好 你好 加油 祝福大家 祝大家 好梦
`.match(/\S+/g)!;
/** What is left of a text when it is out of disguise: letters, none twice in a row; every digit is one. */
const skeleton = (text: string): string =>
  fold(text)
    .word.replace(/\d/g, "0")
    .replace(/(.)\1+/gsu, "$1");

const WISH = new RegExp(WISHES.map(skeleton).join("|"), "gu");

/** False where a text cannot weigh as much, whatever is in it. */
export function mayWeigh(text: string, least: number): boolean {
  let most = text.length;
  for (let at = 0; at < text.length && most < least; at += 1)
    if (text.charCodeAt(at) > 127) most += 1;
  return most >= least;
}

/**
 * Under which names a text is noted, by a key; null where it holds less than `least`. Costs O(text).
 */
export function bandsOf(text: string, least: number, key: string): string[] | null {
  const chars = Array.from(skeleton(text).replace(WISH, ""));
  const runs = new Set<string>();
  let weight = 0;
  for (let at = 0; at < chars.length; at += 1) {
    const isWide = WIDE.test(chars[at]!);
    // Two Chinese characters say as much as three letters or more.
    const run = chars.slice(at, at + (isWide ? 2 : 3)).join("");
    if (runs.has(run)) continue;
    runs.add(run);
    weight += isWide ? 2 : 1;
  }
  if (weight < least) return null;
  const minima = new Uint32Array(BANDS * ROWS).fill(0xffffffff);
  for (const run of runs) {
    const hash = fnv(run);
    for (let i = 0; i < minima.length; i += 1) {
      const drawn = mixed(hash ^ Math.imul(i + 1, 0x9e3779b1));
      if (drawn < minima[i]!) minima[i] = drawn;
    }
  }
  return Array.from({ length: BANDS }, (_, band) => {
    const rows = minima.subarray(band * ROWS, (band + 1) * ROWS).join(",");
    return createHmac("sha256", key).update(`${band}|${rows}`).digest("base64url").slice(0, 8);
  });
}

/** FNV-1a (RFC 9923), of 32 bits, over UTF-16 units. */
function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1)
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/** The last step of MurmurHash3: every bit of the answer depends on every bit of the number. */
function mixed(number: number): number {
  let h = number;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
