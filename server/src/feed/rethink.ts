import { findLinks } from "@driftsea/protocol";
import { findNames } from "./names.ts";

/** Something in a text that leads to a person; where it stands, in UTF-16 units. */
export interface RethinkMark {
  start: number;
  end: number;
  kind: "link" | "email" | "phone" | "handle" | "name";
}

const EMAIL = /[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{2,24}){1,4}/gu;
const WHOLE_EMAIL = new RegExp(`^${EMAIL.source}$`, "u");
/** Seven digits or more, however they are set apart. */
const PHONE = /\+?\d(?:[\s().·-]{0,2}\d){6,14}/gu;
/** Days and spans of years, which look like a number to call. */
const DATE =
  /(?<![\d.-])(?:(?:19|20)\d\d[-./][01]?\d[-./][0-3]?\d|[0-3]?\d[-./][0-3]?\d[-./](?:19|20)?\d\d|(?:(?:19|20)\d\d[\s–-]{1,3}){1,4}(?:19|20)\d\d)(?![.-]?\d)/gu;
/** Thousands set apart by a space: a sum. */
const SUM =
  /[$€£¥￥]\s?\d{1,3}(?:\s\d{3}){1,4}(?!\d)|(?<!\d)\d{1,3}(?:\s\d{3}){1,4}\s?[$€£¥￥元块]/gu;
const AT_NAME = /[@＠][\p{L}\p{N}_.]{2,30}/gu;
/** What people write before the name they have elsewhere, and the name. */
const ZH_NAMED = /(?:微信|薇信|威信|v信|扣扣)(?:号|群)?[\s:：是=+加]{1,4}[a-z0-9_.-]{4,30}/giu;
/** English words among them: the name must be set apart by a sign, or not be a word. */
const NAMED =
  /(?<![\p{Script=Latin}\p{N}])(?:vx|wx|wechat|qq|telegram|whatsapp|snapchat|snap|instagram|insta|ins|tg|line|kik|discord)(?:号|群)?(?:\s?[:：是=+加]\s?[a-z0-9_.-]{4,30}|\s{1,2}(?=[a-z.-]{1,29}[0-9_])[a-z0-9_.-]{4,30})/giu;

/** What a writer should think about once more before it is read by others, in order (F9). */
export function rethink(text: string): RethinkMark[] {
  const found: RethinkMark[] = findLinks(text).map(({ start, end }) => ({
    start,
    end,
    kind: WHOLE_EMAIL.test(text.slice(start, end)) ? "email" : "link",
  }));
  const blank = (match: string): string => "_".repeat(match.length);
  const numbers = text.replace(DATE, blank).replace(SUM, blank);
  const isFree = (start: number, end: number): boolean =>
    !found.some((mark) => mark.start < end && start < mark.end);
  for (const [kind, expression, where] of [
    ["email", EMAIL, text],
    ["phone", PHONE, numbers],
    ["handle", ZH_NAMED, text],
    ["handle", NAMED, text],
    ["handle", AT_NAME, text],
  ] as const) {
    for (const match of where.matchAll(expression)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (isFree(start, end)) found.push({ start, end, kind });
    }
  }
  for (const { start, end } of findNames(text))
    if (isFree(start, end)) found.push({ start, end, kind: "name" });
  return found.sort((a, b) => a.start - b.start);
}
