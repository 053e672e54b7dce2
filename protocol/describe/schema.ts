/** The part of JSON Schema (draft 07, as AsyncAPI 3 takes it) that the wire needs. */
export interface Schema {
  $ref?: string;
  description?: string;
  type?: "object" | "array" | "string" | "integer" | "number" | "boolean" | "null";
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  format?: string;
  examples?: unknown[];
  /** Most bytes of what is no text but an attachment. */
  "x-max-bytes"?: number;
  /** What could not be said in a schema; a test wants none. */
  "x-unknown"?: string;
}

export const refTo = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
export const nameOf = ($ref: string): string => $ref.split("/").at(-1)!;
