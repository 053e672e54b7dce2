import { GAP, WAS } from "./fold.ts";
import type { Folded } from "./fold.ts";
import { WORD_LETTERS_MAX } from "./lists.ts";

const VOWELS = "aeiou";
const I_OR_L = { i: "i".charCodeAt(0), l: "l".charCodeAt(0) };

/**
 * The other ways to read a text, each in `into`: where a sign stands for a letter, p*rn, each vowel in its place; and
 * where 1, ! or | may be an l. Only what is read otherwise, and as much on both sides as a word with it may have.
 */
export function eachReading(text: Folded, into: Folded, found: (track: Folded) => void): void {
  if (text.ones.length > 0) {
    const ranges = rangesAround(
      text,
      text.ones.map(({ at }) => at),
    );
    const { i, l } = I_OR_L;
    // Of two in one word the first may be one, and the others the other.
    const mixed = text.ones.some(({ isLater }) => isLater);
    for (const [first, later] of mixed
      ? [[l, l] as const, [i, l] as const, [l, i] as const]
      : [[l, l] as const]) {
      putOnes(text, ranges, first, later, into.clear());
      found(into);
    }
  }
  if (text.masks.length > 0) {
    const ranges = rangesAround(text, text.masks);
    for (const vowel of VOWELS) {
      putVowel(text, ranges, vowel.charCodeAt(0), into.clear());
      found(into);
    }
  }
}

/** What is to be read again, in letters: in order, none within another. */
function rangesAround(text: Folded, places: readonly number[]): [from: number, to: number][] {
  const most = WORD_LETTERS_MAX;
  const ranges: [number, number][] = [];
  for (const at of places) {
    let from = Math.max(0, at - most);
    let to = Math.min(text.length, at + most);
    // To where a word ends.
    while (from > 0 && text.gap[from] === GAP.none && from > at - 2 * most) from -= 1;
    while (to < text.length && text.gap[to] === GAP.none && to < at + 2 * most) to += 1;
    const last = ranges.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else ranges.push([from, to]);
  }
  return ranges;
}

/** Is in no word: a neighbour that is seen beside what is read again, and is not read. */
const NOTHING = 0;

/** Puts the letter that stands before or behind a range, if there is one, as no letter. */
function putEdge(text: Folded, at: number, into: Folded): void {
  const { start, end, gap, was } = text;
  if (at >= 0 && at < text.length)
    into.add(NOTHING, start[at]!, end[at]!, 1, gap[at]!, 0, was[at]!, false);
}

function putOnes(
  text: Folded,
  ranges: readonly [number, number][],
  first: number,
  later: number,
  into: Folded,
): void {
  const { letters, start, end, run, gap, covered, was, hidden, ones } = text;
  let next = 0;
  for (const [from, to] of ranges) {
    putEdge(text, from - 1, into);
    for (let i = from; i < to; i += 1) {
      const isHidden = hidden[i] === 1;
      let before = gap[i]!;
      if (ones[next]?.at !== i) {
        put(into, letters[i]!, start[i]!, end[i]!, run[i]!, before, covered[i]!, was[i]!, isHidden);
        continue;
      }
      // Of the letters in a row some are read otherwise.
      let done = 0;
      let begin = start[i]!;
      for (let one = ones[next]; one?.at === i; one = ones[next]) {
        if (one.nth > done) {
          const plain = one.nth - done;
          put(into, letters[i]!, begin, one.start, plain, before, covered[i]!, WAS.latin, isHidden);
          before = GAP.none;
        }
        const read = one.isLater ? later : first;
        put(into, read, one.start, one.end, 1, before, covered[i]!, WAS.leet, isHidden);
        before = GAP.none;
        done = one.nth + 1;
        begin = one.end;
        next += 1;
      }
      const rest = run[i]! - done;
      if (rest > 0)
        put(into, letters[i]!, begin, end[i]!, rest, before, covered[i]!, WAS.latin, isHidden);
    }
    putEdge(text, to, into);
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
    putEdge(text, from - 1, into);
    for (let i = from; i < to; i += 1) {
      while (mask < masks.length && masks[mask]! < i) mask += 1;
      const isMasked = masks[mask] === i;
      if (isMasked) put(into, vowel, end[i - 1]!, start[i]!, 1, GAP.none, 0, WAS.latin, true);
      const before = isMasked ? GAP.none : gap[i]!;
      const signs = before === GAP.none ? 0 : covered[i]!;
      put(into, letters[i]!, start[i]!, end[i]!, run[i]!, before, signs, was[i]!, hidden[i] === 1);
    }
    putEdge(text, to, into);
  }
}

/** Adds letters, or to the last one where they are more of it. */
function put(
  into: Folded,
  code: number,
  start: number,
  end: number,
  times: number,
  before: number,
  covered: number,
  was: number,
  isHidden: boolean,
): void {
  const last = into.length - 1;
  if (last < 0 || before !== GAP.none || into.letters[last] !== code || was === WAS.digit) {
    into.add(code, start, end, times, before, covered, was, isHidden);
    return;
  }
  into.run[last]! += times;
  into.end[last] = end;
  if (isHidden) into.hidden[last] = 1;
}
