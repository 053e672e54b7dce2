import { emptyFolded, GAP, WAS } from "./fold.ts";
import type { Folded } from "./fold.ts";

/** Letters beside a sign that a word with it may have. */
const AROUND = 40;
const VOWELS = "aeiou";

/** The words around signs that stand for a letter, p*rn, once with each vowel in their place. */
export function unmasked(text: Folded): Folded[] {
  if (text.masks.length === 0) return [];
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
  const masks = new Set(text.masks);
  return Array.from(VOWELS, (vowel) => withVowel(text, ranges, masks, vowel.charCodeAt(0)));
}

function withVowel(
  text: Folded,
  ranges: readonly [number, number][],
  masks: ReadonlySet<number>,
  vowel: number,
): Folded {
  const part = emptyFolded();
  const put = (code: number, i: number, gap: number, isMask: boolean): void => {
    const last = part.length - 1;
    const [start, end] = isMask
      ? [text.end[i - 1]!, text.start[i]!]
      : [text.start[i]!, text.end[i]!];
    if (gap === GAP.none && last >= 0 && part.letters[last] === code) {
      part.run[last]! += isMask ? 1 : text.run[i]!;
      part.end[last] = end;
      part.hidden[last] = true;
      return;
    }
    part.letters.push(code);
    part.start.push(start);
    part.end.push(end);
    part.run.push(isMask ? 1 : text.run[i]!);
    part.gap.push(gap);
    part.covered.push(isMask || gap === GAP.none ? 0 : text.covered[i]!);
    part.was.push(isMask ? WAS.latin : text.was[i]!);
    part.hidden.push(isMask || text.hidden[i]!);
    part.length += 1;
  };
  for (const [from, to] of ranges) {
    for (let i = from; i < to; i += 1) {
      const isMasked = i > from && masks.has(i);
      if (isMasked) put(vowel, i, GAP.none, true);
      put(text.letters[i]!, i, i === from ? GAP.end : isMasked ? GAP.none : text.gap[i]!, false);
    }
  }
  return part;
}
