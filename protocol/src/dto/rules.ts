import { ValidateBy } from "class-validator";
import { NANOID } from "../ids.ts";
import { textFault } from "../text.ts";

type Rule = () => PropertyDecorator;

/** One rule of our own: `fault` says what is wrong with a value, or nothing. */
function rule(name: string, fault: (value: unknown) => string | undefined): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value) => fault(value) === undefined,
      defaultMessage: (args) => fault(args?.value) ?? "is not valid",
    },
  });
}

/** A text that people read: 1 to `maxChars` code points after cleaning, few line breaks. */
export const IsLetterText = (maxChars: number): PropertyDecorator =>
  rule("isLetterText", (value) => textFault(value, maxChars));

/** An id of 21 characters, as nanoid makes them. */
export const IsNanoid: Rule = () =>
  rule("isNanoid", (value) =>
    typeof value === "string" && NANOID.test(value)
      ? undefined
      : "must be an id of 21 characters of A-Z a-z 0-9 _ -",
  );

/** `{ kind, id, seq? }` and nothing else: nested classes would let an array pass (class-validator). */
export const IsTarget = (kinds: readonly string[]): PropertyDecorator =>
  rule("isTarget", (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return "must be an object";
    const { kind, id, seq, ...rest } = value as Record<string, unknown>;
    if (typeof kind !== "string" || !kinds.includes(kind))
      return `kind must be one of ${kinds.join(", ")}`;
    if (typeof id !== "string" || !NANOID.test(id)) return "id must be an id of 21 characters";
    if (seq !== undefined && !(Number.isSafeInteger(seq) && (seq as number) >= 0))
      return "seq must be a whole number";
    if (Object.keys(rest).length > 0 || Object.hasOwn(value, "__proto__"))
      return "must have no other members";
    return undefined;
  });
