import { getMetadataStorage } from "class-validator";
import { NANOID } from "../src/ids.ts";
import type { Schema } from "./schema.ts";

type Constraints = readonly unknown[];

const number = (value: unknown): number => value as number;
const letters = (minLength: number, maxLength: unknown): Schema => ({
  minLength,
  maxLength: number(maxLength),
});

/** What each rule of `src/dto` asks for, in JSON Schema. Lengths are in code points, as there. */
const KEYWORDS: Record<string, (constraints: Constraints) => Schema> = {
  isBoolean: () => ({ type: "boolean" }),
  isString: () => ({ type: "string" }),
  isInt: () => ({ type: "integer" }),
  min: ([least]) => ({ minimum: number(least) }),
  max: ([most]) => ({ maximum: number(most) }),
  isIn: ([words]) => ({ enum: words as unknown[] }),
  matches: ([pattern]) => ({ pattern: (pattern as RegExp).source }),
  isNanoid: () => ({ pattern: NANOID.source }),
  isLetterText: ([most]) => letters(1, most),
  isLetterTextOrEmpty: ([most]) => letters(0, most),
  isSealed: ([lengths]) => ({
    pattern: `^(?:${(lengths as number[]).map((n) => `[A-Za-z0-9_-]{${n}}`).join("|")})$`,
  }),
  isBytes: ([most]) => ({ "x-max-bytes": number(most) }),
  isWords: ([most, chars]) => ({
    maxItems: number(most),
    items: { type: "string", ...letters(1, chars) },
  }),
  // Objects, whose members their type says.
  isTarget: () => ({}),
  isLifetime: () => ({}),
  isTimer: () => ({}),
  isPuzzleSolution: () => ({}),
};

/** What the decorators of a class ask for, by the name of the field. */
export function rulesOf(dto: new () => object): Record<string, Schema> {
  const rules: Record<string, Schema> = {};
  const all = getMetadataStorage().getTargetValidationMetadatas(dto, "", false, false);
  for (const { propertyName, name = "", type, constraints } of all) {
    if (type === "conditionalValidation") continue;
    const keywords = Object.hasOwn(KEYWORDS, name)
      ? KEYWORDS[name]!((constraints as Constraints | undefined) ?? [])
      : { "x-unknown": `rule ${name}` };
    rules[propertyName] = { ...rules[propertyName], ...keywords };
  }
  return rules;
}
