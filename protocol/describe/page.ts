import type { Allowance } from "../src/terms.ts";
import type { AsyncApi, Coded, Operation } from "./asyncapi.ts";
import { nameOf } from "./schema.ts";
import type { Schema } from "./schema.ts";
import { CHOOSE, STYLE } from "./style.ts";
import { ALLOWANCES, INTRODUCTION_ZH, TITLES } from "./texts.ts";
import { tableUnder } from "./words.ts";

/** Words of the page itself, in both languages: the style shows one of them. */
const both = (en: string, zh: string): string =>
  en === zh ? en : `<span class="en">${en}</span><span class="zh" lang="zh-Hans">${zh}</span>`;

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
  const said = boundsOf(schema);
  return both(said.map(([en]) => en).join(", "), said.map(([, zh]) => zh).join("，"));
}

function boundsOf(schema: Schema): [en: string, zh: string][] {
  const { minimum, maximum, minLength = 0, maxLength, maxItems, pattern, items, examples } = schema;
  const bytes = schema["x-max-bytes"];
  const said: [string, string][] = [];
  if (minimum !== undefined)
    said.push(
      maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
        ? [`${minimum} to ${maximum}`, `${minimum} 到 ${maximum}`]
        : [`${minimum} or more`, `不小于 ${minimum}`],
    );
  if (maxLength !== undefined)
    said.push([`${minLength} to ${maxLength} characters`, `${minLength} 到 ${maxLength} 个字符`]);
  if (bytes !== undefined)
    said.push([`1 to ${bytes} bytes, as an attachment`, `1 到 ${bytes} 字节，作为附件`]);
  if (maxItems !== undefined) said.push([`at most ${maxItems}`, `至多 ${maxItems} 个`]);
  if (items?.maxLength !== undefined)
    for (const [en, zh] of boundsOf(items)) said.push([`each of ${en}`, `每个 ${zh}`]);
  if (pattern !== undefined) {
    const code = `<code>${escaped(pattern)}</code>`;
    said.push([code, code]);
  }
  if (examples) said.push([`${String(examples[0])} here`, `这里是 ${String(examples[0])}`]);
  return said;
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

const SECTIONS = [
  ["speaking", "Speaking", "怎么说话"],
  ["commands", "Commands", "命令"],
  ["events", "Events", "事件"],
  ["errors", "Errors", "错误"],
  ["forms", "Forms", "类型"],
  ["settings", "Settings", "设置"],
] as const;

const MACHINES = `<a href="/asyncapi.json">asyncapi.json</a>`;
const INBOX = `<a href="#session:inbox"><code>session:inbox</code></a>`;

function section(id: (typeof SECTIONS)[number][0]): string {
  const [, en, zh] = SECTIONS.find(([name]) => name === id)!;
  return `<section aria-labelledby="${id}"><h2 id="${id}">${both(en, zh)}</h2>`;
}

function costs(cost: number, allowance: Allowance | undefined): string {
  const [en, zh] = allowance === undefined ? [] : ALLOWANCES[allowance];
  return both(
    `Takes ${cost} of the connection's tokens${en === undefined ? "" : `, and one of the ${en} that one has`}.`,
    `用掉这条连接的 ${cost} 个令牌${zh === undefined ? "" : `，还有一次${zh}的额度`}。`,
  );
}

/** The whole protocol as one page for people, which needs no other file, and no script to be read. */
export function pageOf(document: AsyncApi, operations: string): string {
  const { schemas } = document.components;
  const { messages } = document.channels.sea;
  const resolve = (schema: Schema): Schema =>
    schema.$ref === undefined ? schema : schemas[nameOf(schema.$ref)]!;
  const all = Object.entries(document.operations);
  const isCommand = ([, { reply }]: [string, Operation]): boolean => reply !== undefined;
  const commands = all.filter(isCommand);
  const events = all.filter((entry) => !isCommand(entry) && entry[0].includes(":"));
  const titleOf = (name: string): string => both(...TITLES[name]!);

  const command = ([name, operation]: [string, Operation]): string => {
    const payload = resolve(messages[name]!.payload);
    const [succeeded] = messages[`${name}.reply`]!.payload.anyOf!;
    const data = succeeded!.properties!["data"]!;
    const cost = operation["x-cost"] ?? 1;
    const allowance = operation["x-allowance"];
    const errors = operation["x-errors"] ?? [];
    return `<article id="${name}"><h4><code>${name}</code></h4>
${paragraphs(operation.description)}
<h5>${both("Payload", "内容")}</h5>${payload.description === undefined ? "" : paragraphs(payload.description)}
${fields(payload) || "<p><code>{}</code></p>"}
<h5>${both("Reply", "答复")}</h5><p><code>${form(data)}</code></p>
<h5>${both("Refused with", "可能被拒绝")}</h5><p>${errors
      .map((code) => `<a href="#error-${code}"><code>${code}</code></a>`)
      .join(", ")}</p>
<p>${costs(cost, allowance)}</p></article>`;
  };

  const event = ([name, operation]: [string, Operation]): string =>
    `<article id="${name}"><h4><code>${name}</code></h4>
${paragraphs(operation.description)}
${
  operation["x-notice"]
    ? `<p>${both(
        `A notice: while one is away it waits in ${INBOX}.`,
        `这是一条通知：人不在的时候，它留在 ${INBOX} 里。`,
      )}</p>`
    : ""
}
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
        const again = Object.values(more).includes(true)
          ? ` <span>${both("may succeed later", "过后再试，或许能成")}</span>`
          : "";
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

  const version = escaped(document.info.version);
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
<body lang="en">
<header><h1>${both("Driftsea: the wire", "漂海：协议")}</h1>
<label lang="zh-Hans"><input type="checkbox" id="zh" autocomplete="off"> 中文</label>
<script>${CHOOSE}</script>
<p>${both(
    `Everything that a program can say to this server, and what it hears. The same for machines: ${MACHINES}, version ${version}.`,
    `程序能对这台服务器说什么、会听到什么，都在这里。给机器读的一份：${MACHINES}，版本 ${version}。每条命令、每个字段的说明只有英文。`,
  )}</p></header>
<nav aria-labelledby="contents">
<h2 id="contents">${both("On this page", "这一页有什么")}</h2>
<p>${SECTIONS.map(([id, en, zh]) => `<a href="#${id}">${both(en, zh)}</a>`).join(" ")}</p>
<details><summary>${both(`${commands.length} commands`, `${commands.length} 条命令`)}</summary>${list(commands)}</details>
<details><summary>${both(`${events.length} events`, `${events.length} 种事件`)}</summary>${list(events)}</details>
</nav>
<main>
${section("speaking")}
<div class="en">${paragraphs(document.info.description)}</div>
<div class="zh" lang="zh-Hans">${INTRODUCTION_ZH.map(paragraphs).join("\n")}</div>
<h3>${both("What <code>connect</code> carries", "<code>connect</code> 带着什么")}</h3>${fields(resolve(messages["connect"]!.payload))}
<h3>${both("Why a connection is refused", "连接为什么被拒绝")}</h3>${fields(resolve(messages["connect_error"]!.payload))}
${codes("RefusalCode", "refusal")}</section>
${section("commands")}
${groups(commands, "commands", command)}</section>
${section("events")}
${groups(events, "events", event)}</section>
${section("errors")}
${codes("ErrorCode", "error")}</section>
${section("forms")}
${forms.join("\n")}</section>
${section("settings")}
<p>${both(
    "What whoever runs a server can set, from the environment alone, each with its default.",
    "开服务器的人能设的，都从环境变量来；名字后面是默认值。",
  )}</p>
<dl>${settings.join("\n")}</dl></section>
</main>
</body>
</html>
`;
}
