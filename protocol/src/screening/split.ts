import { GAP } from "./fold.ts";
import type { Folded } from "./fold.ts";
import { SPLIT } from "./han-tables.ts";

const CHAR_OF: ReadonlyMap<string, number> = new Map(
  Array.from({ length: SPLIT.length / 3 }, (_, i): [string, number] => [
    SPLIT.slice(3 * i, 3 * i + 2),
    SPLIT.charCodeAt(3 * i + 2),
  ]),
);

/** The text with characters whose parts stand side by side put together, 女马 as 妈; null where none do. */
export function joinSplit(text: Folded): Folded | null {
  const at: number[] = [];
  let isJoined = false;
  const { letters, gap } = text;
  const whole: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const next = letters[i + 1];
    const char =
      next !== undefined && gap[i + 1]! <= GAP.sign && letters[i]! > 0x2e00
        ? CHAR_OF.get(String.fromCharCode(letters[i]!, next))
        : undefined;
    at.push(i);
    whole.push(char ?? letters[i]!);
    if (char !== undefined) {
      isJoined = true;
      i += 1;
    }
  }
  if (!isJoined) return null;
  const pick = (of: readonly number[]): number[] => at.map((i) => of[i]!);
  return {
    length: at.length,
    letters: whole,
    start: pick(text.start),
    end: at.map((_, i) => text.end[(at[i + 1] ?? text.length) - 1]!),
    run: pick(text.run),
    gap: pick(gap),
    covered: pick(text.covered),
    // Nobody writes so without a purpose.
    was: pick(text.was),
    hidden: at.map((i, k) => whole[k] !== letters[i] || text.hidden[i]!),
    hasIOrL: false,
    hasIAndL: false,
    hasMask: false,
  };
}
