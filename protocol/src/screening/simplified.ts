import { TRADITIONAL } from "./han-tables.ts";

const HAN_FROM = 0x3400;
const HAN_TO = 0xa000;
/** By character; 0 where it has no other form. */
const SIMPLE = new Uint16Array(HAN_TO - HAN_FROM);
for (let at = 0; at < TRADITIONAL.length; at += 2)
  SIMPLE[TRADITIONAL.charCodeAt(at) - HAN_FROM] = TRADITIONAL.charCodeAt(at + 1);

/** A text in simplified characters, each where it stood. Costs O(text). */
export function simplified(text: string): string {
  let simple = "";
  let done = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const char = code < HAN_FROM || code >= HAN_TO ? 0 : SIMPLE[code - HAN_FROM]!;
    if (char === 0) continue;
    simple += text.slice(done, at) + String.fromCharCode(char);
    done = at + 1;
  }
  return done === 0 ? text : simple + text.slice(done);
}
