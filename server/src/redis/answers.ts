import { ContractError } from "../lib/errors.ts";

/*
 * A script's answer, narrowed. What is wrong with it is a fault of ours and is said at once, before
 * it can travel.
 */

export function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new ContractError("a script answered without a list");
  return value;
}

export function pair(value: unknown): [unknown, unknown] {
  const items = list(value);
  if (items.length !== 2)
    throw new ContractError(`a script answered with ${items.length} items, not 2`);
  return [items[0], items[1]];
}

export function text(value: unknown): string {
  if (typeof value !== "string") throw new ContractError("a script answered without a text");
  return value;
}

export function whole(value: unknown): number {
  const number = Number(value);
  if (value === null || !Number.isSafeInteger(number))
    throw new ContractError("a script answered without a number");
  return number;
}

export function oneOf<const T extends string>(value: unknown, codes: readonly T[]): T {
  const code = codes.find((c) => c === value);
  if (code === undefined) throw new ContractError("a script answered with an unknown code");
  return code;
}

/** `[name, value, name, value, …]`, as Redis answers with a hash. */
export function fieldsOf(row: unknown): Record<string, string> {
  const flat = list(row);
  const fields: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) fields[text(flat[i])] = text(flat[i + 1]);
  return fields;
}
