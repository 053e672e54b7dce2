export interface Span {
  start: number;
  end: number;
}

/** Each match of a global expression, in order, that begins at `from` or later. Copies nothing, as `matchAll` does, which costs more than most searches. */
export function eachMatch(
  expression: RegExp,
  text: string,
  found: (match: RegExpExecArray) => void,
  from = 0,
): void {
  expression.lastIndex = from;
  for (let match = expression.exec(text); match; match = expression.exec(text)) {
    const next = expression.lastIndex;
    found(match);
    expression.lastIndex = match[0] === "" ? next + 1 : next;
  }
}

/** Han characters, and radicals that stand alone. */
export const HAN = /[\u2e80-\u9fff]/;
