import { ValidateBy } from "class-validator";
import { ROOM_LIFETIMES } from "../entities.ts";
import type { PuzzleSolution } from "../entities.ts";
import { NANOID } from "../ids.ts";
import { textFault } from "../text.ts";

/**
 * Greatest sequence number, cursor or epoch that is taken. Redis' cjson keeps 14 digits: a greater
 * number would come out of a script as another one.
 */
export const ORDINAL_MAX = 1e12;

type Rule = () => PropertyDecorator;

/**
 * One rule of our own: `fault` says what is wrong with a value, or nothing. The constraints are for who
 * reads the metadata: `describe/` makes a JSON Schema of name and constraints.
 */
function rule(
  name: string,
  constraints: readonly unknown[],
  fault: (value: unknown) => string | undefined,
): PropertyDecorator {
  return ValidateBy({
    name,
    constraints: [...constraints],
    validator: {
      validate: (value) => fault(value) === undefined,
      defaultMessage: (args) => fault(args?.value) ?? "is not valid",
    },
  });
}

/** A text that people read: 1 to `maxChars` code points after cleaning, few line breaks. */
export const IsLetterText = (maxChars: number): PropertyDecorator =>
  rule("isLetterText", [maxChars], (value) => textFault(value, maxChars));

/** The same, or nothing: an empty text takes away what was there. */
export const IsLetterTextOrEmpty = (maxChars: number): PropertyDecorator =>
  rule("isLetterTextOrEmpty", [maxChars], (value) =>
    value === "" ? undefined : textFault(value, maxChars),
  );

/** An id of 21 characters, as nanoid makes them. */
export const IsNanoid: Rule = () =>
  rule("isNanoid", [], (value) =>
    typeof value === "string" && NANOID.test(value)
      ? undefined
      : "must be an id of 21 characters of A-Z a-z 0-9 _ -",
  );

/** `{ kind, id, seq? }` and nothing else: nested classes would let an array pass (class-validator). */
export const IsTarget = (kinds: readonly string[]): PropertyDecorator =>
  rule("isTarget", [kinds], (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return "must be an object";
    const { kind, id, seq, ...rest } = value as Record<string, unknown>;
    if (typeof kind !== "string" || !kinds.includes(kind))
      return `kind must be one of ${kinds.join(", ")}`;
    if (typeof id !== "string" || !NANOID.test(id)) return "id must be an id of 21 characters";
    if (seq !== undefined && !isWhole(seq, 0, ORDINAL_MAX)) return "seq must be a whole number";
    if (Object.keys(rest).length > 0 || Object.hasOwn(value, "__proto__"))
      return "must have no other members";
    return undefined;
  });

/** The members of a plain object, or null where it is something else. */
function membersOf(value: unknown): Record<string, unknown> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return Object.hasOwn(value, "__proto__") ? null : (value as Record<string, unknown>);
}

const isWhole = (value: unknown, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;

/** `{ kind, ms? }`; `ms` is needed where nothing else ends the room. */
export const IsLifetime: Rule = () =>
  rule("isLifetime", [], (value) => {
    const { kind, ms, ...rest } = membersOf(value) ?? {};
    const kinds: readonly unknown[] = ROOM_LIFETIMES;
    if (!kinds.includes(kind)) return `kind must be one of ${ROOM_LIFETIMES.join(", ")}`;
    if (ms === undefined && kind !== "presence") return "ms is needed";
    if (ms !== undefined && !isWhole(ms, 1, Number.MAX_SAFE_INTEGER))
      return "ms must be a whole number above 0";
    return Object.keys(rest).length > 0 ? "must have no other members" : undefined;
  });

/** `{ afterMs }` or `{ once: true }`. */
export const IsTimer = (minMs: number, maxMs: number): PropertyDecorator =>
  rule("isTimer", [minMs, maxMs], (value) => {
    const { afterMs, once, ...rest } = membersOf(value) ?? {};
    if (Object.keys(rest).length > 0) return "must have no other members";
    if (once === true && afterMs === undefined) return undefined;
    if (once === undefined && isWhole(afterMs, minMs, maxMs)) return undefined;
    return `must be { once: true } or { afterMs } from ${minMs} to ${maxMs}`;
  });

/** The sizes of a sealed message, in bytes, and how long each is in base64url without padding. */
export const SEALED_BYTES = [256, 1024, 4096] as const;
const SEALED_CHARS: readonly number[] = SEALED_BYTES.map((bytes) => Math.ceil((bytes * 8) / 6));

export const IsSealed: Rule = () =>
  rule("isSealed", [SEALED_CHARS], (value) =>
    typeof value === "string" &&
    SEALED_CHARS.includes(value.length) &&
    /^[A-Za-z0-9_-]+$/.test(value)
      ? undefined
      : `must be ${SEALED_BYTES.join(", ")} bytes as base64url`,
  );

/** Bytes, not empty. What they are, the service looks at. */
export const IsBytes = (most: number): PropertyDecorator =>
  rule("isBytes", [most], (value) => {
    if (!(value instanceof Uint8Array)) return "must be bytes";
    return value.length > 0 && value.length <= most ? undefined : `must have 1 to ${most} bytes`;
  });

/** Up to `most` words, each short. */
export const IsWords = (most: number, chars: number): PropertyDecorator =>
  rule("isWords", [most, chars], (value) => {
    if (!Array.isArray(value) || value.length > most) return `must be a list of at most ${most}`;
    for (const word of value as unknown[]) {
      const fault = textFault(word, chars);
      if (fault !== undefined) return `each ${fault}`;
    }
    return undefined;
  });

const HEX = /^(?:[0-9a-f]{2}){1,32}$/;
const isHex = (value: unknown): boolean => typeof value === "string" && HEX.test(value);

/** Exactly these members, each as its rule says. */
function hasForm(value: unknown, form: Record<string, (member: unknown) => boolean>): boolean {
  const members = membersOf(value);
  if (!members) return false;
  return (
    Object.keys(members).every((name) => Object.hasOwn(form, name)) &&
    Object.entries(form).every(([name, isGood]) => isGood(members[name]))
  );
}

const isCount = (value: unknown): boolean => isWhole(value, 0, 0xffff_ffff);
const PUZZLE_FORM = {
  algorithm: (value: unknown) => value === "SHA-256",
  cost: (value: unknown) => value === 1,
  data: (value: unknown) => hasForm(value, { most: isCount }),
  expiresAt: (value: unknown) => isWhole(value, 1, ORDINAL_MAX),
  keyLength: (value: unknown) => value === 32,
  keyPrefix: isHex,
  nonce: isHex,
  salt: isHex,
};

/** Whether it looks like one. Whether it is right, the service looks at. */
export const isPuzzleSolution = (value: unknown): value is PuzzleSolution =>
  hasForm(value, {
    challenge: (challenge) =>
      hasForm(challenge, {
        parameters: (parameters) => hasForm(parameters, PUZZLE_FORM),
        signature: isHex,
      }),
    solution: (solution) =>
      hasForm(solution, {
        counter: isCount,
        derivedKey: isHex,
        time: (time) => time === undefined || typeof time === "number",
      }),
  });

export const IsPuzzleSolution: Rule = () =>
  rule("isPuzzleSolution", [], (value) =>
    isPuzzleSolution(value)
      ? undefined
      : "must be { challenge, solution }, as the puzzle was given and solved",
  );
