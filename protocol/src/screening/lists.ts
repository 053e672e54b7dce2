import { foldWord } from "./fold.ts";
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

/** Words that one line may stand for, at most. */
export const FORMS_MAX = 1000;

const HAN = /\p{sc=Han}/u;
const ALTERNATIVES = /\(([^()/]*(?:\/[^()/]*)+)\)/;

/**
 * Reads a list: `word | kind | verdict` a line, `#` begins a comment, `[allow]` the contexts that are
 * spared, one a line. `[kind | verdict]` stands for the lines after it that name none. `you (fat/ugly) pig`
 * stands for both.
 * Throws ListFault at the first line that says something else.
 */
export const parseList = (text: string, name: string): List => atOnce(listOf(text, name));

/** The same step by step. */
export function* listOf(text: string, name: string): Making<List> {
  const entries: WordEntry[] = [];
  const allow: string[] = [];
  let isAllow = false;
  let common: Pick<WordEntry, "kind" | "verdict"> | null = null;
  const lines = text.replace(/^\ufeff/, "").split(/\r\n?|\n/);
  for (const [i, line] of lines.entries()) {
    if (i % WORDS_A_STEP === 0) yield;
    const fault = (what: string): ListFault => new ListFault(name, i + 1, what);
    const said = (line.includes("#") ? line.replace(/(^|\s)#.*$/, "") : line).trim();
    if (said === "") continue;
    if (said.startsWith("[")) {
      isAllow = said === "[allow]";
      if (!isAllow) common = section(said, fault);
      continue;
    }
    const parts = said.split("|").map((part) => part.trim());
    if (isAllow && parts.length > 1) throw fault("an allowed context has no kind");
    const named = isAllow
      ? null
      : parts.length === 1 && common
        ? common
        : kindAndVerdict(parts.slice(1), fault);
    for (const [nth, word] of formsOf(parts[0]!, fault).entries()) {
      if (nth % WORDS_A_STEP === WORDS_A_STEP - 1) yield;
      const letters = foldWord(word.replace(/^\*|\*$/g, "")).length;
      if (letters === 0) throw fault(`"${word}" has no letter`);
      if (letters > WORD_LETTERS_MAX) throw fault(`over ${WORD_LETTERS_MAX} letters`);
      if (!named) {
        allow.push(word);
        continue;
      }
      if (letters === 1) throw fault(`"${word}" is one letter: it would be found everywhere`);
      entries.push({ word, ...named, lang: HAN.test(word) ? "zh" : "en" });
    }
  }
  return { entries, allow };
}

/** `a (b/c) d` as `a b d` and `a c d`. */
function formsOf(word: string, fault: (what: string) => ListFault): string[] {
  // As nearly all.
  if (!word.includes("(")) return [word];
  let forms = [""];
  for (const [i, part] of word.split(ALTERNATIVES).entries()) {
    const ways = i % 2 ? part.split("/") : [part];
    if (forms.length * ways.length > FORMS_MAX) throw fault(`stands for over ${FORMS_MAX} words`);
    forms = forms.flatMap((form) => ways.map((way) => form + way));
  }
  return forms.map((form) => form.replace(/ {2,}/g, " ").trim());
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
