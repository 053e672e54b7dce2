import * as dtos from "../src/dto/index.ts";
import { NOTICE_KINDS } from "../src/events.ts";
import type { CommandName } from "../src/commands.ts";
import { ERROR_CODES } from "../src/errors.ts";
import { REFUSALS } from "../src/disconnect.ts";
import { TERMS, costOf, errorsOf } from "../src/terms.ts";
import type { Allowance } from "../src/terms.ts";
import { PROTOCOL_VERSION } from "../src/version.ts";
import { Forms } from "./forms.ts";
import { rulesOf } from "./rules.ts";
import { nameOf } from "./schema.ts";
import type { Schema } from "./schema.ts";
import { wordsIn } from "./words.ts";

const CHANNEL = "#/channels/sea";
const INTRODUCTION = [
  "Socket.IO v5 over WebSocket alone: namespace `/`, path `/socket.io/`.",
  "A connection begins with `connect`, the `auth` of Socket.IO's CONNECT packet, and is answered with `session:ready` or refused with `connect_error`.",
  'A command is `emit(name, payload, ack)`: one object, and a function that takes the reply, `{ "ok": true, "data": … }` or `{ "ok": false, "error": … }`. Without that function it is ignored.',
  "A write carries an `id` of 21 characters that the client makes: the same id again is the same write and gets the same reply, for 24 h.",
  "Payloads take no other members than these. Replies and events may get new ones under the same version: leave alone what you do not know. Times are ms since 1970 by the server's clock, and end in `At`; durations end in `Ms`.",
].join("\n\n");

export interface Message {
  name: string;
  description?: string;
  payload: Schema;
}

export interface Operation {
  action: "receive" | "send";
  channel: { $ref: string };
  tags: { name: string }[];
  description?: string;
  messages: { $ref: string }[];
  reply?: { channel: { $ref: string }; messages: { $ref: string }[] };
  /** What it takes of the connection's bucket. */
  "x-cost"?: number;
  "x-allowance"?: Allowance;
  "x-errors"?: string[];
  /** It waits in `session:inbox` for whoever is away. */
  "x-notice"?: true;
}

export interface AsyncApi {
  asyncapi: "3.0.0";
  info: { title: string; version: string; description: string; license: { name: string } };
  defaultContentType: string;
  servers: Record<string, object>;
  channels: { sea: { address: string; title: string; messages: Record<string, Message> } };
  operations: Record<string, Operation>;
  components: { schemas: Record<string, Schema> };
}

/** What a code means, and what else is known of it. */
export type Coded = Schema & { "x-codes": Record<string, { description: string }> };

/**
 * The whole protocol as one AsyncAPI document, seen from the server: it receives commands and sends
 * events. `folder` is this package's, `markdown` its description for people, which gives the words.
 */
export function describeProtocol(folder: string, markdown: string): AsyncApi {
  const forms = new Forms(folder);
  try {
    return describe(forms, markdown);
  } finally {
    forms.close();
  }
}

function describe(forms: Forms, markdown: string): AsyncApi {
  const messages: Record<string, Message> = {};
  const operations: Record<string, Operation> = {};
  const ref = (name: string) => ({ $ref: `${CHANNEL}/messages/${name}` });
  const add = (
    action: Operation["action"],
    { name, payload, ...rest }: Message,
    more: Partial<Operation> = {},
  ): void => {
    messages[name] = { name, payload };
    const tags = [{ name: name.split(":")[0]! }];
    operations[name] = {
      action,
      channel: { $ref: CHANNEL },
      tags,
      ...rest,
      messages: [ref(name)],
      ...more,
    };
  };

  add("receive", {
    name: "connect",
    description: "The first thing that a client says: `auth` of the CONNECT packet.",
    payload: forms.schemaOf(forms.exported("dto/index.ts", "Connect")),
  });
  add("send", {
    name: "connect_error",
    description:
      "Instead of `session:ready`: why a connection was refused, in `data` of the error.",
    payload: forms.schemaOf(forms.exported("disconnect.ts", "Refusal")),
  });

  const answers = wordsIn(markdown, "Commands");
  const failed = forms.schemaOf(forms.exported("errors.ts", "WireError"));
  for (const { name, type, description } of forms.members(
    forms.exported("commands.ts", "Commands"),
  )) {
    const command = name as CommandName;
    const errors = errorsOf(command);
    const answer = answers.get(name);
    const words = [description, answer && `Answer: ${answer}`].filter(Boolean).join("\n\n");
    const reply = `${name}.reply`;
    messages[reply] = {
      name: reply,
      payload: replyOf(forms.schemaOf(forms.member(type, "data")), failed, errors),
    };
    const allowance = TERMS[command]?.allowance;
    add(
      "receive",
      { name, payload: forms.schemaOf(forms.member(type, "payload")), description: words },
      {
        reply: { channel: { $ref: CHANNEL }, messages: [ref(reply)] },
        "x-cost": costOf(command),
        ...(allowance ? { "x-allowance": allowance } : {}),
        "x-errors": errors,
      },
    );
  }

  const receivers = wordsIn(markdown, "Events");
  const notices: readonly string[] = NOTICE_KINDS;
  for (const { name, type, description } of forms.members(forms.exported("events.ts", "Events"))) {
    const to = receivers.get(name);
    const words = [description, to && `To: ${to}`].filter(Boolean).join("\n\n");
    add(
      "send",
      { name, payload: forms.schemaOf(type), description: words },
      notices.includes(name) ? { "x-notice": true } : {},
    );
  }

  const { schemas } = forms;
  applyRules(schemas);
  explain(schemas, "ErrorCode", forms, ["errors.ts", "ERROR_CODES"], ERROR_CODES);
  explain(schemas, "RefusalCode", forms, ["disconnect.ts", "REFUSALS"], REFUSALS);
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Driftsea",
      version: String(PROTOCOL_VERSION),
      description: INTRODUCTION,
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: {
      here: {
        host: "{host}",
        protocol: "wss",
        pathname: "/socket.io/",
        variables: { host: { default: "localhost:3000" } },
      },
    },
    channels: { sea: { address: "/", title: "The namespace of Socket.IO", messages } },
    operations,
    components: { schemas: sorted(schemas) },
  };
}

function replyOf(data: Schema, failed: Schema, codes: readonly string[]): Schema {
  const code: Schema = { type: "object", properties: { code: { enum: codes } } };
  return {
    anyOf: [
      {
        type: "object",
        required: ["ok", "data"],
        properties: { ok: { type: "boolean", const: true }, data },
      },
      {
        type: "object",
        required: ["ok", "error"],
        properties: { ok: { type: "boolean", const: false }, error: { allOf: [failed, code] } },
      },
    ],
  };
}

/** Puts what the classes of the payloads ask for into the forms of their fields. */
function applyRules(schemas: Record<string, Schema>): void {
  for (const [name, dto] of Object.entries(dtos)) {
    const schema = schemas[name];
    if (!schema || !/^class\b/.test(String(dto))) continue;
    schema.additionalProperties = false;
    const rules = rulesOf(dto as new () => object);
    for (const [field, { pattern, ...rule }] of Object.entries(rules)) {
      const property = schema.properties![field]!;
      const named = property.$ref === undefined ? undefined : schemas[nameOf(property.$ref)];
      // What an id looks like is the same wherever it stands: it is said once, with its type.
      const ids = [property, ...(property.anyOf ?? [])].filter(({ $ref }) => $ref !== undefined);
      for (const { $ref } of pattern === undefined ? [] : ids) {
        const id = schemas[nameOf($ref!)]!;
        if ((id.pattern ?? pattern) !== pattern) throw new Error(`${$ref} has two forms`);
        id.pattern = pattern!;
      }
      const known = property.const === undefined ? named?.enum : [property.const];
      if (rule.enum?.every((word) => known?.includes(word))) delete rule.enum;
      const isSaid = pattern === undefined || ids.length > 0;
      Object.assign(property, rule, isSaid ? {} : { pattern });
    }
  }
}

/** Puts the comments of a table of codes beside the enumeration of its keys. */
function explain(
  schemas: Record<string, Schema>,
  name: string,
  forms: Forms,
  [file, table]: [string, string],
  codes: Record<string, object>,
): void {
  const members = forms.members(forms.exported(file, table));
  (schemas[name] as Coded)["x-codes"] = Object.fromEntries(
    members.map((code) => [
      code.name,
      { description: code.description ?? "", ...codes[code.name] },
    ]),
  );
}

const sorted = (schemas: Record<string, Schema>): Record<string, Schema> =>
  Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
