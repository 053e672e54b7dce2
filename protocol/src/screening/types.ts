export const MARK_KINDS = [
  "link",
  "email",
  "phone",
  "handle",
  "name",
  "slur",
  "sexual",
  "threat",
  "spam",
  "solicitation",
  "crisis",
  "drugs",
  "gambling",
  "repeat",
] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

/** Where something stands, in UTF-16 units of the text as it was given. */
export interface ScreenMark {
  start: number;
  end: number;
  kind: MarkKind;
}

/** From mild to grave: nothing; the writer is asked; somebody looks first; not taken. */
export const SCREEN_VERDICTS = ["fine", "confirm", "hold", "refuse"] as const;
export type ScreenVerdict = (typeof SCREEN_VERDICTS)[number];

/** What leads to a person outside. */
export interface ContactMark extends ScreenMark {
  kind: "link" | "email" | "phone" | "handle";
}

export interface Screened {
  verdict: ScreenVerdict;
  /** In the order of the text; none within another. */
  marks: ScreenMark[];
  /** Words of crisis: help is offered, and the verdict is what it would be without them. */
  care: boolean;
}

export interface WordEntry {
  /** As it stands in the list; `*` at an end: a longer word may go on there. */
  word: string;
  kind: MarkKind;
  verdict: ScreenVerdict;
  lang: "en" | "zh";
}

export interface WordLists {
  entries: readonly WordEntry[];
  /** Contexts that spare what overlaps them and is not wholly around them. */
  allow: readonly string[];
}

export const graver = (a: ScreenVerdict, b: ScreenVerdict): ScreenVerdict =>
  SCREEN_VERDICTS.indexOf(a) < SCREEN_VERDICTS.indexOf(b) ? b : a;
