import { GAP } from "./fold.ts";
import type { Folded } from "./fold.ts";
import { SPLIT } from "./han-tables.ts";

const CHAR_OF: ReadonlyMap<string, number> = new Map(
  Array.from({ length: SPLIT.length / 3 }, (_, i): [string, number] => [
    SPLIT.slice(3 * i, 3 * i + 2),
    SPLIT.charCodeAt(3 * i + 2),
  ]),
);

/** Puts characters whose parts stand side by side together, 女马 as 妈, in `into`; false where none do. */
export function joinSplit(text: Folded, into: Folded): boolean {
  if (!text.hasHan) return false;
  into.clear();
  const { letters, start, end, run, gap, covered, was, hidden } = text;
  let isJoined = false;
  for (let i = 0; i < text.length; i += 1) {
    const next = i + 1;
    const char =
      next < text.length && gap[next]! <= GAP.sign && letters[i]! > 0x2e00
        ? CHAR_OF.get(String.fromCharCode(letters[i]!, letters[next]!))
        : undefined;
    const last = char === undefined ? i : next;
    // Nobody writes so without a purpose.
    const isHidden = char !== undefined || hidden[i] === 1;
    into.add(
      char ?? letters[i]!,
      start[i]!,
      end[last]!,
      run[i]!,
      gap[i]!,
      covered[i]!,
      was[i]!,
      isHidden,
    );
    if (char !== undefined) isJoined = true;
    i = last;
  }
  return isJoined;
}
