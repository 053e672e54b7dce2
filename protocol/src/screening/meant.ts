import { GAP, WAS } from "./fold.ts";
import type { Folded } from "./fold.ts";
import type { Span } from "./matches.ts";

/** A text as it is meant: d1e, u t r a s h → die, u trash. */
export interface Meant {
  plain: string;
  /** Where a part of it stands in the text, in UTF-16 units. */
  spanOf: (start: number, end: number) => Span;
}

const SET_APART_MIN = 4;
/** So much of a text is read so: it is twice the cost, and what is in disguise is short. */
const UNITS_MAX = 512;

/** What is read is what is odd, to the ends of its sentence; null where all is written as texts usually are. */
export function meantBy(folded: Folded): Meant | null {
  const isApart = isSetApart(folded);
  if (!folded.isOdd && !isApart) return null;
  const { letters, run, gap, was, start, end } = folded;
  /** Which letter each unit is of. */
  const of: number[] = [];
  let plain = "";
  for (let from = 0, next = 0; from < folded.length && plain.length < UNITS_MAX; from = next) {
    let isOdd = isApart;
    for (next = from; next < folded.length && (next === from || gap[next] !== GAP.end); next += 1)
      isOdd ||= isOddAt(folded, next);
    if (!isOdd) continue;
    for (let i = from; i < next; i += 1) {
      const isJoined = isApart && i > from && was[i] === WAS.han && was[i - 1] === WAS.han;
      const between = i === from ? ". " : gap[i] !== GAP.none && !isJoined ? " " : "";
      // Characters that stand as usual are read in the text itself.
      const letter = was[i] === WAS.han && !isApart ? "." : String.fromCharCode(letters[i]!);
      const said = between + (run[i] === 2 ? letter + letter : letter);
      for (let k = 0; k < said.length; k += 1) of.push(i);
      plain += said;
    }
  }
  return {
    plain,
    spanOf: (first, next) => ({ start: start[of[first]!]!, end: end[of[next - 1]!]! }),
  };
}

const isOddAt = ({ hidden, was, run }: Folded, at: number): boolean =>
  hidden[at] === 1 || was[at] === WAS.leet || run[at]! > 2;

/** Whether most of its Chinese characters stand alone: 操 死 你. */
function isSetApart({ hasHan, length, gap, was }: Folded): boolean {
  if (!hasHan) return false;
  let [all, apart] = [0, 0];
  for (let i = 1; i < length; i += 1) {
    if (was[i] !== WAS.han || was[i - 1] !== WAS.han) continue;
    all += 1;
    if (gap[i] === GAP.space || gap[i] === GAP.sign) apart += 1;
  }
  return all >= SET_APART_MIN && apart * 2 > all;
}
