import { EN, EN_RULES, SIGN_RULES } from "./aimed-en.ts";
import { ZH, ZH_RULES } from "./aimed-zh.ts";
import { expressions } from "./expressions.ts";
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

type Rule = readonly [MarkKind, RegExp];

/** Each alternative is a rule of its own: fewer of them are tried, and each only where it may find something. */
const rulesOf = (kind: MarkKind, source: string): Rule[] =>
  alternativesOf(source).map((one) => [kind, new RegExp(one, "g")]);

function alternativesOf(source: string): string[] {
  const found: string[] = [];
  let from = 0;
  let depth = 0;
  // Signs that are escaped, or in a set, are no signs.
  for (const { index, 0: sign } of source.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|[()|]/gs)) {
    if (sign === "(") depth += 1;
    else if (sign === ")") depth -= 1;
    else if (sign === "|" && depth === 0) {
      found.push(source.slice(from, index));
      from = index + 1;
    }
  }
  return [...found, source.slice(from)];
}

const RULES: readonly Rule[] = [
  ...SIGN_RULES.flatMap(([kind, { source }]) => rulesOf(kind, source)),
  ...ZH_RULES.flatMap(([kind, source]) => rulesOf(kind, fill(ZH, source))),
  ...EN_RULES.flatMap(([kind, source]) => rulesOf(kind, fill(EN, source))),
];

const FIRST = expressions.add(RULES.map(([, expression]) => expression));

/** What is aimed at somebody in the text, as it looks, that the expressions read; in no order. */
export function findAimed(): Aimed[] {
  const found: Aimed[] = [];
  expressions.all(FIRST, RULES.length, (i, { index, 0: { length } }) => {
    const [kind] = RULES[i]!;
    found.push({ start: index, end: index + length, kind, verdict: VERDICTS[kind]! });
  });
  return found;
}
