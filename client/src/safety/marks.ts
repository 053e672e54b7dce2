/** A place in a text that its author should look at again, in UTF-16 units. */
export interface Mark {
  start: number;
  end: number;
  kind: string;
}

export interface Piece {
  text: string;
  /** What it was marked as; null for plain words. */
  kind: string | null;
}

const isMark = (value: unknown): value is Mark => {
  const { start, end, kind } = (value ?? {}) as Partial<Record<keyof Mark, unknown>>;
  return Number.isInteger(start) && Number.isInteger(end) && typeof kind === "string";
};

/** The marks that came beside a refusal: a list, written down as JSON. */
export function readMarks(fields: Record<string, string> | undefined): Mark[] {
  try {
    const marks: unknown = JSON.parse(fields?.["marks"] ?? "[]");
    return Array.isArray(marks) ? marks.filter(isMark) : [];
  } catch {
    return [];
  }
}

/** A text in pieces, marked and plain. Marks that overlap, or lie outside, are cut to what fits. */
export function inPieces(text: string, marks: readonly Mark[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end, kind } of [...marks].sort((a, b) => a.start - b.start)) {
    const from = Math.max(at, start);
    const to = Math.min(text.length, end);
    if (to <= from) continue;
    if (from > at) pieces.push({ text: text.slice(at, from), kind: null });
    pieces.push({ text: text.slice(from, to), kind });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), kind: null });
  return pieces;
}
