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

/** Null where it is written as texts usually are. */
export function meantBy(folded: Folded): Meant | null {
  const isApart = isSetApart(folded);
  if (!folded.isOdd && !isApart) return null;
  const { letters, run, gap, was, start, end } = folded;
  /** Which letter each unit is of. */
  const of: number[] = [];
  let plain = "";
  for (let i = 0; i < folded.length; i += 1) {
    const isJoined = isApart && gap[i] !== GAP.end && was[i] === WAS.han && was[i - 1] === WAS.han;
    if (gap[i] !== GAP.none && !isJoined && i > 0) {
      const between = gap[i] === GAP.end ? ". " : " ";
      plain += between;
      for (let k = 0; k < between.length; k += 1) of.push(i);
    }
    const times = run[i] === 2 ? 2 : 1;
    // Characters that stand as usual are read in the text itself.
    const letter = was[i] === WAS.han && !isApart ? "." : String.fromCharCode(letters[i]!);
    plain += times === 2 ? letter + letter : letter;
    for (let k = 0; k < times; k += 1) of.push(i);
  }
  return {
    plain,
    spanOf: (first, next) => ({ start: start[of[first]!]!, end: end[of[next - 1]!]! }),
  };
}

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
