import { EN, EN_RULES, SIGN_RULES } from "./aimed-en.ts";
import type { Rules } from "./aimed-en.ts";
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

const compose = (parts: Parts, rules: Rules): Rule[] =>
  Object.entries(rules).flatMap(([kind, those]) =>
    those.map((one): Rule => [kind as MarkKind, new RegExp(fill(parts, one), "g")]),
  );

const RULES: readonly Rule[] = [
  ...compose({}, SIGN_RULES),
  ...compose(ZH, ZH_RULES),
  ...compose(EN, EN_RULES),
];

const FIRST = expressions.add(RULES.map(([, expression]) => expression));

/** What is aimed at somebody in a text, as it looks, that the expressions have read; in no order. */
export function findAimed(plain: string): Aimed[] {
  const found: Aimed[] = [];
  expressions.all(FIRST, RULES.length, plain, (i, { index, 0: { length } }) => {
    const [kind] = RULES[i]!;
    found.push({ start: index, end: index + length, kind, verdict: VERDICTS[kind]! });
  });
  return found;
}
