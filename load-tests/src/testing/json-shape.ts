/** The part of JSON Schema in which the report's shape is written. */
export interface Shape {
  type?: string | readonly string[];
  const?: string | number;
  enum?: readonly string[];
  properties?: Record<string, Shape>;
  required?: readonly string[];
  additionalProperties?: boolean | Shape;
  items?: Shape;
  $ref?: string;
  $defs?: Record<string, Shape>;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Where a value has not this shape, and why. */
export function faultsOfShape(
  shape: Shape,
  value: unknown,
  at = "$",
  defs = shape.$defs ?? {},
): string[] {
  if (shape.$ref !== undefined) {
    const named = defs[shape.$ref.replace("#/$defs/", "")];
    return named ? faultsOfShape(named, value, at, defs) : [`${at}: no shape ${shape.$ref}`];
  }
  const faults: string[] = [];
  const types = shape.type === undefined ? [] : [shape.type].flat();
  const type = typeOf(value);
  if (types.length > 0 && !types.includes(type))
    return [`${at}: ${type}, not ${types.join(" or ")}`];
  if (shape.const !== undefined && value !== shape.const) faults.push(`${at}: not ${shape.const}`);
  if (shape.enum && !shape.enum.includes(String(value)))
    faults.push(`${at}: not one of ${shape.enum.join(", ")}`);
  if (type === "array" && shape.items)
    for (const [i, item] of (value as unknown[]).entries())
      faults.push(...faultsOfShape(shape.items, item, `${at}.${i}`, defs));
  if (type === "object") {
    const members = value as Record<string, unknown>;
    for (const name of shape.required ?? [])
      if (!Object.hasOwn(members, name)) faults.push(`${at}.${name}: missing`);
    for (const [name, member] of Object.entries(members)) {
      const known = shape.properties?.[name] ?? shape.additionalProperties;
      if (known === false) faults.push(`${at}.${name}: unknown`);
      else if (typeof known === "object")
        faults.push(...faultsOfShape(known, member, `${at}.${name}`, defs));
    }
  }
  return faults;
}
