import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import type { AsyncApi } from "../../../protocol/describe/asyncapi.ts";

let known: AsyncApi | null = null;

/** What the build has written down of the protocol; read when it is asked for, after the build. */
export const wire = (): AsyncApi =>
  (known ??= JSON.parse(
    readFileSync(new URL("../../../protocol/dist/asyncapi.json", import.meta.url), "utf8"),
  ) as AsyncApi);

/**
 * The same, with every object closed: a client must leave alone what it does not know, but this server
 * says nothing that is not written down.
 */
function closed(node: unknown, isPart = false): unknown {
  if (Array.isArray(node)) return node.map((item) => closed(item, isPart));
  if (typeof node !== "object" || node === null) return node;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) copy[key] = closed(value, key === "allOf");
  const isOpen = copy["type"] === "object" && copy["additionalProperties"] === undefined;
  return isOpen && !isPart ? { ...copy, additionalProperties: false } : copy;
}

let schemas: Ajv | null = null;

function ajv(): Ajv {
  if (schemas) return schemas;
  schemas = new Ajv({ strict: false, validateFormats: false, verbose: true });
  schemas.addSchema(closed(wire()) as object, "wire");
  return schemas;
}

const compiled = new Map<string, ValidateFunction>();

/** What of the description a value does not keep to; empty where it does. */
function faults(path: string, value: unknown): string {
  let validate = compiled.get(path);
  if (!validate) {
    validate = ajv().compile({ $ref: `wire#/channels/sea/messages/${path}` });
    compiled.set(path, validate);
  }
  if (validate(value)) return "";
  return validate
    .errors!.map(({ instancePath, message, params }) =>
      [instancePath, message, JSON.stringify(params)].join(" "),
    )
    .join("; ");
}

function expectForm(what: string, path: string, value: unknown): void {
  const found = faults(path, value);
  if (found === "") return;
  const text = JSON.stringify(value)?.slice(0, 300);
  throw new Error(`${what} is not as described (protocol/src): ${found}\n${text}`);
}

const isDescribed = (name: string): boolean => Object.hasOwn(wire().operations, name);

/** Throws where a reply has another form than its command's, or a code that `TERMS` does not list. */
export function checkReply(name: string, payload: unknown, reply: unknown): void {
  if (!isDescribed(name)) return;
  const isOk = (reply as { ok?: unknown } | null)?.ok === true;
  expectForm(`the reply to ${name}`, `${name}.reply/payload/anyOf/${isOk ? 0 : 1}`, reply);
  if (isOk) expectForm(`what ${name} took`, `${name}/payload`, withoutBytes(payload));
}

export function checkEvent(name: string, payload: unknown): void {
  if (!isDescribed(name)) throw new Error(`the event ${name} is not described`);
  expectForm(name, `${name}/payload`, payload);
}

/** JSON has no bytes. */
const withoutBytes = (payload: unknown): unknown =>
  Object.fromEntries(
    Object.entries(payload as object).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? "" : (value as unknown),
    ]),
  );
