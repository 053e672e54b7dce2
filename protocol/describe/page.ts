import type { AsyncApi, Coded, Operation } from "./asyncapi.ts";
import { nameOf } from "./schema.ts";
import type { Schema } from "./schema.ts";
import { STYLE } from "./style.ts";
import { tableUnder } from "./words.ts";

const TITLES: Record<string, string> = {
  session: "Sessions",
  bottle: "Bottles",
  sea: "Seas",
  thread: "Threads",
  room: "Rooms",
  hole: "The old tree",
  meet: "Meetings",
  circle: "Circles",
  feed: "Secrets",
  ask: "Ask boxes",
  place: "Places",
  safety: "Safety",
};

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** The little of Markdown that stands in comments and tables: code, bold, links as their words. */
function inline(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.startsWith("`") && part.length > 1
        ? `<code>${escaped(part.slice(1, -1))}</code>`
        : escaped(part)
            .replaceAll(/\*\*([^*]+)\*\*/g, "<b>$1</b>")
            .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1"),
    )
    .join("");
}

const paragraphs = (text = ""): string =>
  text === ""
    ? ""
    : text
        .split("\n\n")
        .map((part) => `<p>${inline(part)}</p>`)
        .join("\n");

/** A form in the notation of TypeScript, with links to what has a name. */
function form(schema: Schema): string {
  const { $ref, anyOf, items, properties, additionalProperties } = schema;
  if ($ref !== undefined) return `<a href="#${nameOf($ref)}">${nameOf($ref)}</a>`;
  if (anyOf) return anyOf.map(form).join(" | ");
  if (schema.const !== undefined) return escaped(JSON.stringify(schema.const));
  if (schema.enum) return schema.enum.map((word) => escaped(JSON.stringify(word))).join(" | ");
  if (items) {
    const item = form(items);
    return item.includes(" | ") && !item.endsWith("}") ? `(${item})[]` : `${item}[]`;
  }
  if (schema.format === "binary") return "bytes";
  if (schema.type !== "object") return schema.type ?? "anything";
  if (properties) {
    const required = new Set(schema.required);
    const members = Object.entries(properties).map(
      ([name, member]) => `${name}${required.has(name) ? "" : "?"}: ${form(member)}`,
    );
    return `{ ${members.join(", ")} }`;
  }
  if (typeof additionalProperties === "object") return `{ [name]: ${form(additionalProperties)} }`;
  return "{}";
}

/** What a form says beyond its type, in words. */
function bounds(schema: Schema): string {
  const { minimum, maximum, minLength, maxLength, maxItems, pattern } = schema;
  const isBound = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  const words = [
    minimum !== undefined && isBound && `${minimum} to ${maximum}`,
    minimum !== undefined && !isBound && `${minimum} or more`,
    maxLength !== undefined && `${minLength ?? 0} to ${maxLength} characters`,
    schema["x-max-bytes"] !== undefined && `1 to ${schema["x-max-bytes"]} bytes, as an attachment`,
    maxItems !== undefined && `at most ${maxItems}`,
    schema.items?.maxLength !== undefined && `each of ${bounds(schema.items)}`,
    pattern !== undefined && `<code>${escaped(pattern)}</code>`,
    schema.examples && `${String(schema.examples[0])} here`,
  ];
  return words.filter(Boolean).join(", ");
}

/** The members of an object, one entry each. */
function fields({ properties = {}, required = [] }: Schema): string {
  const entries = Object.entries(properties).map(([name, member]) => {
    const mark = required.includes(name) ? "" : "?";
    const words = [`<code>${form(member)}</code>`, bounds(member)].filter(Boolean).join(" ");
    const more = member.description === undefined ? "" : `<br>${inline(member.description)}`;
    return `<dt><code><b>${name}</b>${mark}</code></dt><dd>${words}${more}</dd>`;
  });
  return entries.length === 0 ? "" : `<dl>${entries.join("\n")}</dl>`;
}

/** An object by its members, everything else by its notation. */
const inFull = (schema: Schema): string =>
  schema.type === "object" && schema.properties
    ? fields(schema)
    : `<p><code>${form(schema)}</code> ${bounds(schema)}</p>`;

/** The whole protocol as one page for people, which needs nothing else: no script, no other file. */
export function pageOf(document: AsyncApi, operations: string): string {
  const { schemas } = document.components;
  const { messages } = document.channels.sea;
  const resolve = (schema: Schema): Schema =>
    schema.$ref === undefined ? schema : schemas[nameOf(schema.$ref)]!;
  const all = Object.entries(document.operations);
  const isCommand = ([, { reply }]: [string, Operation]): boolean => reply !== undefined;
  const commands = all.filter(isCommand);
  const events = all.filter((entry) => !isCommand(entry) && entry[0].includes(":"));
  const titleOf = (name: string): string => TITLES[name] ?? name;

  const command = ([name, operation]: [string, Operation]): string => {
    const payload = resolve(messages[name]!.payload);
    const [succeeded] = messages[`${name}.reply`]!.payload.anyOf!;
    const data = succeeded!.properties!["data"]!;
    const cost = operation["x-cost"] ?? 1;
    const allowance = operation["x-allowance"];
    const errors = operation["x-errors"] ?? [];
    return `<article id="${name}"><h4><code>${name}</code></h4>
${paragraphs(operation.description)}
<h5>Payload</h5>${payload.description === undefined ? "" : paragraphs(payload.description)}
${fields(payload) || "<p><code>{}</code></p>"}
<h5>Reply</h5><p><code>${form(data)}</code></p>
<h5>Refused with</h5><p>${errors
      .map((code) => `<a href="#error-${code}"><code>${code}</code></a>`)
      .join(", ")}</p>
<p>Takes ${cost} of the connection's tokens${
      allowance === undefined ? "" : `, and one of the ${escaped(allowance)} that one has`
    }.</p></article>`;
  };

  const event = ([name, operation]: [string, Operation]): string =>
    `<article id="${name}"><h4><code>${name}</code></h4>
${paragraphs(operation.description)}
${operation["x-notice"] ? `<p>A notice: while one is away it waits in <a href="#session:inbox"><code>session:inbox</code></a>.</p>` : ""}
${fields(messages[name]!.payload) || "<p><code>{}</code></p>"}</article>`;

  const groups = (entries: [string, Operation][], kind: string, show: typeof command): string => {
    const names = [...new Set(entries.map(([, { tags }]) => tags[0]!.name))];
    return names
      .map((group) => {
        const own = entries.filter(([, { tags }]) => tags[0]!.name === group);
        return `<h3 id="${kind}-${group}">${titleOf(group)}</h3>
${own.map(show).join("\n")}`;
      })
      .join("\n");
  };

  const list = (entries: [string, Operation][]): string =>
    `<ul>${entries.map(([name]) => `<li><a href="#${name}"><code>${name}</code></a></li>`).join("")}</ul>`;

  const codes = (name: string, prefix: string): string =>
    `<dl>${Object.entries((schemas[name] as Coded)["x-codes"])
      .map(([code, { description, ...more }]) => {
        const again = Object.values(more).includes(true) ? " <span>may succeed later</span>" : "";
        return `<dt id="${prefix}-${code}"><code><b>${code}</b></code>${again}</dt><dd>${inline(description)}</dd>`;
      })
      .join("\n")}</dl>`;

  const payloads = new Set(
    commands.map(([name]) => nameOf(messages[name]!.payload.$ref ?? "none")),
  );
  const forms = Object.entries(schemas)
    .filter(([name]) => !payloads.has(name))
    .map(
      ([name, schema]) =>
        `<article id="${name}"><h3><code>${name}</code></h3>${paragraphs(schema.description)}${inFull(schema)}</article>`,
    );

  const settings = tableUnder(operations, "Settings").map(
    ([names = "", fallback = "", meaning = ""]) =>
      `<dt>${inline(names)} <span>${inline(fallback)}</span></dt><dd>${inline(meaning)}</dd>`,
  );

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Driftsea: the wire</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>Driftsea: the wire</h1>
<p>Everything that a program can say to this server, and what it hears. The same for machines:
<a href="/asyncapi.json">asyncapi.json</a>, version ${escaped(document.info.version)}.</p></header>
<nav aria-label="On this page">
<p><a href="#speaking">Speaking</a> <a href="#errors">Errors</a> <a href="#forms">Forms</a> <a href="#settings">Settings</a></p>
<details><summary>${commands.length} commands</summary>${list(commands)}</details>
<details><summary>${events.length} events</summary>${list(events)}</details>
</nav>
<main>
<section aria-labelledby="speaking"><h2 id="speaking">Speaking</h2>
${paragraphs(document.info.description)}
<h3>What <code>connect</code> carries</h3>${fields(resolve(messages["connect"]!.payload))}
<h3>Why a connection is refused</h3>${fields(resolve(messages["connect_error"]!.payload))}
${codes("RefusalCode", "refusal")}</section>
<section aria-labelledby="commands"><h2 id="commands">Commands</h2>
${groups(commands, "commands", command)}</section>
<section aria-labelledby="events"><h2 id="events">Events</h2>
${groups(events, "events", event)}</section>
<section aria-labelledby="errors"><h2 id="errors">Errors</h2>
${codes("ErrorCode", "error")}</section>
<section aria-labelledby="forms"><h2 id="forms">Forms</h2>
${forms.join("\n")}</section>
<section aria-labelledby="settings"><h2 id="settings">Settings</h2>
<p>What whoever runs a server can set, from the environment alone, each with its default.</p>
<dl>${settings.join("\n")}</dl></section>
</main>
</body>
</html>
`;
}
