import { ValidationTypes, getMetadataStorage, validateSync } from "class-validator";
import type { ValidationArguments, ValidationError } from "class-validator";
import { NoFields } from "@driftsea/protocol/dto";
import { invalid } from "../lib/errors.ts";

/** How deep a payload may be nested, and how much text one field may hold, in UTF-16 units. */
const MAX_DEPTH = 16;
const MAX_FIELD_CHARS = 64 * 1024;
const MAX_FIELDS = 32;
/**
 * Names that mean something to JavaScript itself. No payload has a field called so; class-validator takes those that
 * each object inherits for fields that it knows.
 */
const FORBIDDEN = new Set(["prototype", ...Object.getOwnPropertyNames(Object.prototype)]);

const OPTIONS = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
  validationError: { target: false, value: false },
} as const;

/** Says whether a value of a property keeps one rule. */
type Rule = (value: unknown, instance: object) => boolean;
interface Rules {
  /** The rules hold only while this says so. */
  applies: Rule[];
  kept: Rule[];
}

const KNOWN = new Map<unknown, ReadonlyMap<string, Rules> | null>();

/**
 * The rules of a class, by property, as class-validator knows them; null where some are of a kind that only
 * it can judge. It gathers them anew for each object, and that costs more than they do.
 */
function rulesOf(dto: new () => object): ReadonlyMap<string, Rules> | null {
  let rules = KNOWN.get(dto);
  if (rules === undefined) {
    rules = gatherRules(dto);
    KNOWN.set(dto, rules);
  }
  return rules;
}

function gatherRules(dto: new () => object): ReadonlyMap<string, Rules> | null {
  const storage = getMetadataStorage();
  const rules = new Map<string, Rules>();
  for (const metadata of storage.getTargetValidationMetadatas(dto, "", false, false)) {
    const { type, propertyName: property, constraints, each, validateIf } = metadata;
    const of = rules.get(property) ?? { applies: [], kept: [] };
    rules.set(property, of);
    if (type === ValidationTypes.CONDITIONAL_VALIDATION) {
      const applies = constraints[0] as (instance: object, value: unknown) => boolean;
      of.applies.push((value, instance) => applies(instance, value));
    } else if (type === ValidationTypes.CUSTOM_VALIDATION && !each && !validateIf) {
      for (const { instance: validator } of storage.getTargetValidatorConstraints(
        metadata.constraintCls,
      ))
        of.kept.push((value, object) => {
          const args: ValidationArguments = {
            targetName: dto.name,
            property,
            object,
            value,
            constraints,
          };
          return validator.validate(value, args) === true;
        });
    } else return null;
  }
  return rules;
}

/** Whether an object is surely as its class says. Where it is not, class-validator says why. */
function isKept(dto: new () => object, instance: object): boolean {
  const all = rulesOf(dto);
  if (!all) return false;
  for (const name of Object.keys(instance)) if (!all.has(name)) return false;
  for (const [name, { applies, kept }] of all) {
    const value = (instance as Record<string, unknown>)[name];
    if (!applies.every((rule) => rule(value, instance))) continue;
    if (!kept.every((rule) => rule(value, instance))) return false;
  }
  return true;
}

/**
 * A payload as its DTO, or `invalid` with the field and what is wrong with it. The result is a new
 * object that holds only what the DTO names: a client's own object is never passed on.
 * Depth and size are bounded before any validator sees them: validators recurse.
 */
export function validate<T extends object>(dto: new () => T, payload: unknown): T {
  if (!isPlain(payload)) throw invalid({ payload: "must be an object" });
  const keys = Object.keys(payload);
  if (keys.length > MAX_FIELDS)
    throw invalid({ payload: `must have at most ${MAX_FIELDS} fields` });
  const faults = new Map<string, string>();
  const instance = new dto();
  for (const key of keys) {
    // A field's name is repeated in the answer: it is bounded too.
    const fault =
      FORBIDDEN.has(key) || key.length > 64 ? "is not allowed" : shapeFault(payload[key]);
    if (fault === null) (instance as Record<string, unknown>)[key] = payload[key];
    else faults.set(key.slice(0, 64), fault);
  }
  if (dto === NoFields) {
    // class-validator takes a class without rules for one that it does not know.
    for (const key of keys) faults.set(key.slice(0, 64), "is not a field of this command");
  } else if (faults.size === 0 && !isKept(dto, instance)) {
    for (const error of validateSync(instance, OPTIONS)) faults.set(error.property, saying(error));
  }
  // fromEntries defines the fields: `__proto__` stays a field here, and is nothing more.
  if (faults.size > 0) throw invalid(Object.fromEntries(faults));
  return instance;
}

function saying(error: ValidationError): string {
  const [rule, message] = Object.entries(error.constraints ?? {})[0] ?? [];
  if (rule === "whitelistValidation") return "is not a field of this command";
  return message?.replace(new RegExp(`^${error.property} `), "") ?? "is not valid";
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Walks without recursion, so that no depth can exhaust the stack. */
function shapeFault(value: unknown): string | null {
  // As nearly all are.
  if (typeof value === "string") return value.length > MAX_FIELD_CHARS ? "is too long" : null;
  let chars = 0;
  const open: { value: unknown; depth: number }[] = [{ value, depth: 1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: v, depth } = next;
    if (typeof v === "string") chars += v.length;
    if (typeof v === "number" && !Number.isFinite(v)) return "must be a finite number";
    if (typeof v === "object" && v !== null) {
      if (depth > MAX_DEPTH) return `must not be nested more than ${MAX_DEPTH} deep`;
      // Bytes of an attachment: only a field that takes bytes lets them pass.
      if (v instanceof Uint8Array) continue;
      if (!Array.isArray(v) && !isPlain(v)) return "must be text, number, yes or no, or an object";
      const members = Array.isArray(v) ? v : Object.values(v);
      if (members.length + open.length > 1000) return "has too many members";
      for (const member of members) open.push({ value: member, depth: depth + 1 });
    }
    if (chars > MAX_FIELD_CHARS) return "is too long";
  }
  return null;
}
