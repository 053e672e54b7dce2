import { findLinks } from "@driftsea/protocol";

/** Something in a text that leads to a person; where it stands, in UTF-16 units. */
export interface RethinkMark {
  start: number;
  end: number;
  kind: "link" | "email" | "phone" | "handle";
}

const EMAIL = /[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{2,24}){1,4}/gu;
/** Seven digits or more, however they are set apart. */
const PHONE = /\+?\d(?:[\s().·-]{0,2}\d){6,14}/gu;
const AT_NAME = /[@＠][\p{L}\p{N}_.]{2,30}/gu;
/** What people write before the name they have elsewhere. */
const NAMED =
  /(?:微信|薇信|威信|v信|vx|wx|wechat|qq|扣扣|telegram|whatsapp|snapchat|snap|instagram|insta|ins|tg|line|kik|discord)(?:号|群)?[\s:：是=+加]{1,4}[a-z0-9_.-]{4,30}/giu;

/** What a writer should think about once more before it is read by others, in order (F9). */
export function rethink(text: string): RethinkMark[] {
  const found: RethinkMark[] = findLinks(text).map((mark) => ({ ...mark, kind: "link" as const }));
  for (const [kind, expression] of [
    ["email", EMAIL],
    ["phone", PHONE],
    ["handle", NAMED],
    ["handle", AT_NAME],
  ] as const) {
    for (const match of text.matchAll(expression)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (found.some((mark) => mark.start < end && start < mark.end)) continue;
      found.push({ start, end, kind });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
