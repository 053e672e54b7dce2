import { EN, EN_RULES, SIGN_RULES, SIGNS } from "./aimed-en.ts";
import { ZH, ZH_RULES } from "./aimed-zh.ts";
import { eachMatch, HAN } from "./matches.ts";
import type { MarkKind, ScreenVerdict } from "./types.ts";

/*
 * What is said at somebody: an insult, a threat, a request. Its words are said every day; it is who they are said to
 * that counts. Plain texts alone: a word in disguise is found by the lists, whoever it is said to.
 */
interface Aimed {
  start: number;
  end: number;
  kind: MarkKind;
  verdict: ScreenVerdict;
}

/** Who insults is asked; for the others somebody looks first. */
const VERDICTS: Partial<Record<MarkKind, ScreenVerdict>> = {
  slur: "confirm",
  threat: "hold",
  sexual: "hold",
  spam: "hold",
  drugs: "hold",
  gambling: "hold",
  solicitation: "hold",
  handle: "confirm",
};

type Parts = Readonly<Record<string, string>>;

/** Names of other parts stand in braces. */
const fill = (parts: Parts, text: string): string =>
  text.replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => `(?:${fill(parts, parts[name]!)})`);

const compose = (parts: Parts, expression: string): RegExp =>
  new RegExp(fill(parts, expression), "g");

type Compiled = readonly [MarkKind, RegExp];

/** Letters of a word that rules are kept under: longer words are all that begin so. */
const KEY_LETTERS = 4;
/** From here on characters and signs are Chinese, or pictures. */
const HAN_FROM = 0x2600;
/** Every rule, in whatever text: what the choice of rules is tested by. */
export const ALL_RULES: readonly Compiled[] = [
  ...SIGN_RULES,
  ...ZH_RULES.map(([kind, , expression]): Compiled => [kind, compose(ZH, expression)]),
  ...EN_RULES.map(([kind, , expression]): Compiled => [kind, compose(EN, expression)]),
];
/** Which of them may find something beside a word, by its key, or a character, by its code. */
const BESIDE_WORD = new Map<number, number[]>();
const BESIDE_CHARACTER = new Map<number, number[]>();
/** Which may find something in any Chinese text. */
const ANYWHERE: number[] = [];

const note = (rule: number, key: number, rules: Map<number, number[]>): void => {
  const known = rules.get(key) ?? [];
  if (!known.includes(rule)) rules.set(key, [...known, rule]);
};

for (const [i, [, characters]] of ZH_RULES.entries()) {
  const rule = SIGN_RULES.length + i;
  if (characters === "") ANYWHERE.push(rule);
  // Of two units the second says more.
  for (const character of characters)
    note(rule, character.charCodeAt(character.length - 1), BESIDE_CHARACTER);
}
for (const [i, [, words]] of EN_RULES.entries())
  for (const word of wordsOf(words)) {
    let key = 0;
    for (const letter of word.slice(0, KEY_LETTERS)) key = withLetter(key, letter.charCodeAt(0));
    note(SIGN_RULES.length + ZH_RULES.length + i, key, BESIDE_WORD);
  }

/** The first words of alternatives, `cows?` being two. */
function wordsOf(alternatives: string): string[] {
  return fill(EN, alternatives)
    .split("|")
    .flatMap((one) => {
      const [, word, isOptional] = /^[(?:]*([a-z]+)(\?)?/.exec(one)!;
      return isOptional ? [word!, word!.slice(0, -1)] : [word!];
    });
}

function withLetter(key: number, code: number): number {
  return key * 32 + code - 96;
}

/** Units that what a rule finds reaches beyond its word, or its character, at most. */
const REACH = 160;
/** Where the first and the last of them stand, by rule; nowhere: it finds nothing in the text at hand. */
const firstAt = new Int32Array(ALL_RULES.length);
const lastAt = new Int32Array(ALL_RULES.length);
const NOWHERE = -1;
/** What knows where a text ends is looked for up to there. */
const KNOWS_END = ALL_RULES.map(([, { source }]) => source.includes("$"));

function noteAt(rules: readonly number[] | undefined, at: number): void {
  if (!rules) return;
  for (const rule of rules) {
    if (firstAt[rule] === NOWHERE) firstAt[rule] = at;
    lastAt[rule] = at;
  }
}

function noteEverywhere(from: number, to: number, length: number): void {
  firstAt.fill(0, from, to);
  lastAt.fill(length, from, to);
}

function chooseRules(plain: string): void {
  firstAt.fill(NOWHERE);
  const hasHan = HAN.test(plain);
  let [key, letters] = [0, 0];
  for (let at = 0; at <= plain.length; at += 1) {
    const code = plain.charCodeAt(at);
    if (code >= 97 && code <= 122) {
      if (letters < KEY_LETTERS) key = withLetter(key, code);
      letters += 1;
    } else if (letters > 0) {
      noteAt(BESIDE_WORD.get(key), at);
      key = letters = 0;
    }
    if (hasHan && code >= HAN_FROM) noteAt(BESIDE_CHARACTER.get(code), at);
  }
  if (hasHan) for (const rule of ANYWHERE) noteEverywhere(rule, rule + 1, plain.length);
  if (SIGNS.test(plain)) noteEverywhere(0, SIGN_RULES.length, plain.length);
}

/** What is aimed at somebody in a text as it looks, in no order; `isAll` by every rule. Costs O(text). */
export function findAimed(plain: string, isAll = false): Aimed[] {
  const found: Aimed[] = [];
  chooseRules(plain);
  if (isAll) noteEverywhere(0, ALL_RULES.length, plain.length);
  for (let rule = 0; rule < ALL_RULES.length; rule += 1) {
    if (firstAt[rule] === NOWHERE) continue;
    const [kind, expression] = ALL_RULES[rule]!;
    const end = lastAt[rule]! + REACH;
    const part = end >= plain.length || KNOWS_END[rule] ? plain : plain.slice(0, end);
    eachMatch(
      expression,
      part,
      ({ index, 0: { length } }) =>
        found.push({ start: index, end: index + length, kind, verdict: VERDICTS[kind]! }),
      Math.max(0, firstAt[rule]! - REACH),
    );
  }
  return found;
}
