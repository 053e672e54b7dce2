import { cleanText } from "@driftsea/protocol";
import type { ScreenMark } from "@driftsea/protocol/screening";

/** Marks in a cleaned text (`cleanText`) → the same in the text as it was sent. */
export function marksInSent(sent: string, marks: readonly ScreenMark[]): ScreenMark[] {
  const clean = cleanText(sent);
  if (clean === sent || marks.length === 0) return [...marks];
  // Cleaning takes characters out and puts one in the place of another, and never adds any.
  const at: number[] = [];
  let next = 0;
  for (let i = 0; i < clean.length; i += 1) {
    while (next < sent.length && !becomes(sent[next]!, clean[i]!)) next += 1;
    at.push(next);
    next += 1;
  }
  return marks.map(({ start, end, kind }) => ({
    start: at[start] ?? sent.length,
    end: (at[end - 1] ?? sent.length - 1) + 1,
    kind,
  }));
}

function becomes(sent: string, clean: string): boolean {
  if (sent === clean) return true;
  if (clean === " ") return sent === "\t";
  return clean === "\n" && /[\r\u0085\u2028\u2029]/.test(sent);
}
