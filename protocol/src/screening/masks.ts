import { GAP, WAS } from "./fold.ts";
import type { Folded } from "./fold.ts";

/** Letters beside a sign that a word with it may have. */
const AROUND = 40;
const VOWELS = "aeiou";

/** The words around signs that stand for a letter, p*rn, once with each vowel in their place; each in `into`. */
export function eachUnmasked(text: Folded, into: Folded, found: (track: Folded) => void): void {
  if (text.masks.length === 0) return;
  const ranges: [number, number][] = [];
  for (const at of text.masks) {
    let from = Math.max(0, at - AROUND);
    let to = Math.min(text.length, at + AROUND);
    while (from > 0 && text.gap[from] === GAP.none && from > at - 2 * AROUND) from -= 1;
    while (to < text.length && text.gap[to] === GAP.none && to < at + 2 * AROUND) to += 1;
    const last = ranges.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else ranges.push([from, to]);
  }
  for (const vowel of VOWELS) {
    putVowel(text, ranges, vowel.charCodeAt(0), into.clear());
    found(into);
  }
}

function putVowel(
  text: Folded,
  ranges: readonly [number, number][],
  vowel: number,
  into: Folded,
): void {
  const { letters, start, end, run, gap, covered, was, hidden, masks } = text;
  let mask = 0;
  for (const [from, to] of ranges) {
    for (let i = from; i < to; i += 1) {
      while (mask < masks.length && masks[mask]! < i) mask += 1;
      const isMasked = i > from && masks[mask] === i;
      if (isMasked && !goesOn(into, vowel, start[i]!, 1))
        into.add(vowel, end[i - 1]!, start[i]!, 1, GAP.none, 0, WAS.latin, true);
      const before = i === from ? GAP.end : isMasked ? GAP.none : gap[i]!;
      if (before === GAP.none && goesOn(into, letters[i]!, end[i]!, run[i]!)) continue;
      const signs = before === GAP.none ? 0 : covered[i]!;
      into.add(letters[i]!, start[i]!, end[i]!, run[i]!, before, signs, was[i]!, hidden[i] === 1);
    }
  }
}

/** Whether the last letter is the same, and only more of it. */
function goesOn(into: Folded, code: number, end: number, times: number): boolean {
  const last = into.length - 1;
  if (last < 0 || into.letters[last] !== code) return false;
  into.run[last]! += times;
  into.end[last] = end;
  into.hidden[last] = 1;
  return true;
}
