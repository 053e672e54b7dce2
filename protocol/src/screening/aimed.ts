import { EN, EN_RULES, SIGN_RULES, SIGNS } from "./aimed-en.ts";
import { ZH, ZH_RULES } from "./aimed-zh.ts";
import { eachMatch, HAN } from "./matches.ts";
import { simplified } from "./simplified.ts";
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
const NO_RULES: readonly Compiled[] = [];
const EN_RULES_OF = new Map<number, Compiled[]>();
/** Every rule, in whatever text: what the choice of rules is tested by. */
export const ALL_RULES: Compiled[] = [...SIGN_RULES];
/** Rules of Chinese by the characters that they cannot do without, and those that have none. */
const ZH_RULES_OF = new Map<number, Compiled[]>();
const ZH_ALWAYS: Compiled[] = [];
for (const [kind, characters, expression] of ZH_RULES) {
  const rule: Compiled = [kind, compose(ZH, expression)];
  ALL_RULES.push(rule);
  if (characters === "") ZH_ALWAYS.push(rule);
  for (const character of characters) {
    // Of two units the second says more.
    const code = character.charCodeAt(character.length - 1);
    ZH_RULES_OF.set(code, [...(ZH_RULES_OF.get(code) ?? []), rule]);
  }
}
for (const [kind, words, expression] of EN_RULES) {
  const rule: Compiled = [kind, compose(EN, expression)];
  ALL_RULES.push(rule);
  for (const word of wordsOf(words)) {
    let key = 0;
    for (const letter of word.slice(0, KEY_LETTERS)) key = withLetter(key, letter.charCodeAt(0));
    const rules = EN_RULES_OF.get(key) ?? [];
    if (!rules.includes(rule)) EN_RULES_OF.set(key, [...rules, rule]);
  }
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

/** The rules that may find something: those of which a word stands there. */
function rulesFor(plain: string): Iterable<Compiled> {
  const rules = new Set<Compiled>();
  const hasHan = HAN.test(plain);
  const seen = new Set<number>();
  let [key, letters] = [0, 0];
  for (let at = 0; at <= plain.length; at += 1) {
    const code = plain.charCodeAt(at);
    if (code >= 97 && code <= 122) {
      if (letters < KEY_LETTERS) key = withLetter(key, code);
      letters += 1;
    } else if (letters > 0) {
      for (const rule of EN_RULES_OF.get(key) ?? NO_RULES) rules.add(rule);
      key = letters = 0;
    }
    if (code < HAN_FROM || !hasHan || seen.has(code)) continue;
    seen.add(code);
    for (const rule of ZH_RULES_OF.get(code) ?? NO_RULES) rules.add(rule);
  }
  if (hasHan) for (const rule of ZH_ALWAYS) rules.add(rule);
  if (SIGNS.test(plain)) for (const rule of SIGN_RULES) rules.add(rule);
  return rules;
}

/** What is aimed at somebody in a text as it looks, in no order. Costs O(text). */
export function findAimed(text: string, rules?: Iterable<Compiled>): Aimed[] {
  const plain = simplified(text);
  const found: Aimed[] = [];
  for (const [kind, expression] of rules ?? rulesFor(plain))
    eachMatch(expression, plain, ({ index, 0: { length } }) =>
      found.push({ start: index, end: index + length, kind, verdict: VERDICTS[kind]! }),
    );
  return found;
}
