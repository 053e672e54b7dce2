import { fold, Folded } from "./fold.ts";
import { WORDS_A_STEP, atOnce } from "./making.ts";
import type { Making } from "./making.ts";
import { MARK_KINDS, SCREEN_VERDICTS } from "./types.ts";
import type { MarkKind, ScreenVerdict, WordEntry } from "./types.ts";

/** Letters of a word, at most: what a single match may cost. */
export const WORD_LETTERS_MAX = 40;

export class ListFault extends Error {
  override readonly name = "ListFault";
  readonly file: string;
  readonly line: number;
  constructor(file: string, line: number, fault: string) {
    super(`${file}:${line}: ${fault}`);
    this.file = file;
    this.line = line;
  }
}

interface List {
  entries: WordEntry[];
  allow: string[];
}

/** Words are short and many: they are folded in one place. */
const scratch = new Folded();
const HAN = /\p{sc=Han}/u;

/**
 * Reads a list: `word | kind | verdict` a line, `#` begins a comment, `[allow]` the contexts that are
 * spared, one a line. `[kind | verdict]` stands for the lines after it that name none.
 * Throws ListFault at the first line that says something else.
 */
export const parseList = (text: string, name: string): List => atOnce(listOf(text, name));

/** The same step by step. */
export function* listOf(text: string, name: string): Making<List> {
  const entries: WordEntry[] = [];
  const allow: string[] = [];
  let isAllow = false;
  let common: Pick<WordEntry, "kind" | "verdict"> | null = null;
  for (const [i, line] of text.split(/\r\n?|\n/).entries()) {
    if (i % WORDS_A_STEP === 0) yield;
    const fault = (what: string): ListFault => new ListFault(name, i + 1, what);
    const said = line
      .replace(/^\ufeff/, "")
      .replace(/(^|\s)#.*$/, "")
      .trim();
    if (said === "") continue;
    if (said.startsWith("[")) {
      isAllow = said === "[allow]";
      if (!isAllow) common = section(said, fault);
      continue;
    }
    const parts = said.split("|").map((part) => part.trim());
    const word = parts[0]!;
    const letters = fold(word.replace(/^\*|\*$/g, ""), scratch).length;
    if (letters === 0) throw fault(`"${word}" has no letter`);
    if (letters > WORD_LETTERS_MAX) throw fault(`over ${WORD_LETTERS_MAX} letters`);
    if (isAllow) {
      if (parts.length > 1) throw fault("an allowed context has no kind");
      allow.push(word);
      continue;
    }
    if (letters === 1) throw fault(`"${word}" is one letter: it would be found everywhere`);
    const { kind, verdict } =
      parts.length === 1 && common ? common : kindAndVerdict(parts.slice(1), fault);
    entries.push({ word, kind, verdict, lang: HAN.test(word) ? "zh" : "en" });
  }
  return { entries, allow };
}

function section(said: string, fault: (what: string) => ListFault) {
  if (!said.endsWith("]")) throw fault("a section ends with ]");
  return kindAndVerdict(
    said
      .slice(1, -1)
      .split("|")
      .map((part) => part.trim()),
    fault,
  );
}

function kindAndVerdict(parts: string[], fault: (what: string) => ListFault) {
  if (parts.length !== 2) throw fault("must be: word | kind | verdict");
  const [kind, verdict] = parts as [MarkKind, ScreenVerdict];
  if (!MARK_KINDS.includes(kind)) throw fault(`no such kind: "${kind}"`);
  if (!SCREEN_VERDICTS.includes(verdict)) throw fault(`no such verdict: "${verdict}"`);
  if (kind === "crisis" && verdict !== "fine") throw fault("words of crisis are fine");
  return { kind, verdict };
}
