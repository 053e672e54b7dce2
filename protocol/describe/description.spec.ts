import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { expect } from "chai";
import { getMetadataStorage, validateSync } from "class-validator";
import * as dtos from "../src/dto/index.ts";
import { ERROR_CODES } from "../src/errors.ts";
import { NOTICE_KINDS } from "../src/events.ts";
import { TERMS } from "../src/terms.ts";
import { describeProtocol } from "./asyncapi.ts";
import type { AsyncApi } from "./asyncapi.ts";
import { pageOf } from "./page.ts";
import { CHOOSE } from "./style.ts";
import { INTRODUCTION_ZH } from "./texts.ts";
import { nameOf } from "./schema.ts";
import type { Schema } from "./schema.ts";
import { tableUnder } from "./words.ts";

const FOLDER = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

/** The names that a map of types has, by its text alone. */
const namesIn = (path: string): string[] =>
  [...read(path).matchAll(/^ {2}"(\w+:[\w-]+)":/gm)].map(([, name]) => name!);

/** Right for one field and wrong for others. */
const VALUES: unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  5,
  6,
  1e13,
  2 ** 60,
  "",
  "x",
  "plain",
  "listed",
  "yes",
  "dusk",
  "a.b",
  "Ä!",
  "x".repeat(21),
  "x".repeat(43),
  "x".repeat(61),
  "😀".repeat(60),
  "x".repeat(342),
  "x".repeat(343),
  "x".repeat(1001),
  [],
  ["x"],
  ["x", 1],
  ["x".repeat(41)],
  Array.from({ length: 6 }, () => "x"),
  Array.from({ length: 51 }, () => "x"),
  {},
  { a: 1 },
  { once: true },
  { once: false },
  { afterMs: 5000 },
  { kind: "fixed", ms: 60_000 },
  { kind: "bottle", id: "x".repeat(21) },
];

describe("the protocol's description", function () {
  this.timeout(60_000);
  const markdown = read("../docs/protocol.md");
  const settings = read("../docs/operations.md");
  let document: AsyncApi;
  let schemas: Record<string, Schema>;
  let page: string;

  before(() => {
    document = describeProtocol(FOLDER, markdown);
    ({ schemas } = document.components);
    page = pageOf(document, settings);
  });

  it("is an AsyncAPI 3.0 document, by the official schema", () => {
    const official = createRequire(import.meta.url)(
      "@asyncapi/specs/schemas/3.0.0-without-$id.json",
    ) as object;
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(official);
    const isValid = validate(JSON.parse(JSON.stringify(document)));
    expect(isValid, JSON.stringify(validate.errors)).to.equal(true);
    expect(validate({ ...document, operations: 1 })).to.equal(false);
  });

  it("has every command and every event, and no other", () => {
    const named = Object.entries(document.operations).filter(([name]) => name.includes(":"));
    const commands = named.filter(([, { action }]) => action === "receive");
    const events = named.filter(([, { action }]) => action === "send");
    const names = (entries: typeof named): string[] => entries.map(([name]) => name).sort();
    expect(names(commands)).to.deep.equal(namesIn("src/commands.ts").sort());
    expect(names(events)).to.deep.equal(namesIn("src/events.ts").sort());
    for (const [name, { reply }] of commands) expect(reply, name).to.not.equal(undefined);
    const notices = events.filter(([, operation]) => operation["x-notice"]);
    expect(names(notices)).to.deep.equal([...NOTICE_KINDS].sort());
  });

  it("has words of docs/protocol.md for each, and that has words for nothing else", () => {
    for (const [heading, action] of [
      ["Commands", "receive"],
      ["Events", "send"],
    ] as const) {
      const told = tableUnder(markdown, heading).flatMap(([cell = ""]) =>
        [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
      );
      const described = Object.entries(document.operations)
        .filter(([name, operation]) => name.includes(":") && operation.action === action)
        .map(([name]) => name);
      expect(told.sort()).to.deep.equal(described.sort());
    }
  });

  it("leaves no type and no rule unsaid, and every reference leads somewhere", () => {
    const text = JSON.stringify(document);
    expect(/.{80}"x-unknown":"[^"]*"/.exec(text)?.[0]).to.equal(undefined);
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!);
    expect(references.length).to.be.greaterThan(300);
    for (const path of new Set(references)) {
      const found = path
        .split("/")
        .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document);
      expect(found, path).to.be.an("object");
    }
  });

  it("asks of a payload what its class asks: the same fields, needed or not, and no other", () => {
    let compared = 0;
    for (const [name, dto] of Object.entries(dtos)) {
      const schema = schemas[name];
      if (!/^class\b/.test(String(dto)) || !schema) continue;
      const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, "", false, false);
      const fields = new Set(metadata.map(({ propertyName }) => propertyName));
      expect(Object.keys(schema.properties ?? {}), name).to.have.members([...fields]);
      expect(schema.additionalProperties, name).to.equal(false);
      const mayMiss = (field: string): boolean =>
        metadata.some(
          ({ type, propertyName, constraints }) =>
            type === "conditionalValidation" &&
            propertyName === field &&
            !(constraints as ((object: object, value: unknown) => boolean)[])[0]!({}, undefined),
        );
      const needed = [...fields].filter((field) => !mayMiss(field));
      expect(schema.required ?? [], name).to.have.members(needed);
      compared += 1;
    }
    expect(compared).to.be.greaterThan(40);
  });

  it("takes and refuses what the classes do, value by value", () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema(JSON.parse(JSON.stringify(document)) as object, "wire");
    let compared = 0;
    for (const [name, dto] of Object.entries(dtos)) {
      if (!/^class\b/.test(String(dto)) || !schemas[name]) continue;
      for (const [field, { format }] of Object.entries(schemas[name].properties ?? {})) {
        // JSON has no bytes.
        if (format === "binary") continue;
        const path = `wire#/components/schemas/${name}/properties/${field}`;
        const takes = ajv.compile({ $ref: path });
        for (const value of VALUES) {
          const payload = Object.assign(new (dto as new () => object)(), { [field]: value });
          const faults = validateSync(payload, { forbidUnknownValues: false });
          const isTaken = !faults.some(({ property }) => property === field);
          const what = `${name} ${field}: ${JSON.stringify(value).slice(0, 40)}`;
          expect(takes(value), what).to.equal(isTaken);
          compared += 1;
        }
      }
    }
    expect(compared).to.be.greaterThan(2000);
  });

  it("knows the forms of ids, of texts and of numbers", () => {
    expect(schemas["BottleId"]).to.include({ type: "string", pattern: "^[A-Za-z0-9_-]{21}$" });
    expect(schemas["OwnerKey"]).to.include({ pattern: "^[A-Za-z0-9_-]{43}$" });
    const { text, finders, kind, puzzle } = schemas["ThrowBottle"]!.properties!;
    expect(text).to.deep.equal({ type: "string", minLength: 1, maxLength: 1000 });
    expect(finders).to.deep.equal({ type: "integer", minimum: 1, maximum: 5 });
    expect(schemas[nameOf(kind!.$ref!)]!.enum).to.include.members(["plain", "wish"]);
    expect(schemas[nameOf(puzzle!.$ref!)]!.properties).to.have.keys("challenge", "solution");
    expect(schemas["SendToRoom"]!.properties!["photo"]).to.include({ "x-max-bytes": 200_064 });
    expect(schemas["PublicCount"]!.anyOf).to.deep.equal([
      { type: "integer" },
      { type: "string", const: "few" },
    ]);
  });

  it("names what each command may be refused with, and every code says what it means", () => {
    const post = document.operations["feed:post"]!;
    expect(post).to.include({ "x-cost": 10, "x-allowance": "secrets" });
    expect(post["x-errors"]).to.include.members(["invalid", "quota_exceeded", "gone"]);
    expect(document.operations["hole:status"]!["x-errors"]).to.not.include("gone");
    expect(Object.keys(TERMS)).to.satisfy((names: string[]) =>
      names.every((name) => Object.hasOwn(document.operations, name)),
    );
    const { "x-codes": codes } = schemas["ErrorCode"] as {
      "x-codes": Record<string, { description: string }>;
    };
    expect(codes).to.have.all.keys(Object.keys(ERROR_CODES));
    for (const [code, { description }] of Object.entries(codes)) {
      expect(description.length, code).to.be.greaterThan(10);
    }
  });

  it("is a page as well: each name once as a target, no link that leads nowhere, one script", () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).to.equal(ids.length);
    const links = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id!);
    expect(links.filter((link) => !ids.includes(link))).to.deep.equal([]);
    for (const name of Object.keys(document.operations)) {
      if (name.includes(":")) expect(ids).to.include(name);
    }
    expect(page.split("<script")).to.have.length(2);
    expect(page).to.include(`<script>${CHOOSE}</script>`);
    // Its policy is made of what stands between the tags, and that ends at the first `<`.
    expect(CHOOSE).to.not.include("<");
    expect(page).to.not.match(/<link|<img|<[^>]* on\w+=|javascript:/);
    expect(page).to.not.match(/(?:src|href)="(?:\w+:|\/\/)/);
    expect(page).to.not.match(/undefined|\[object Object\]/);
  });

  it("says its own words in both languages", () => {
    const pairs = [
      ...page.matchAll(
        /<span class="en">(.+?)<\/span><span class="zh" lang="zh-Hans">(.+?)<\/span>/g,
      ),
    ];
    expect(pairs.length).to.be.greaterThan(300);
    expect([...page.matchAll(/<span class="(?:en|zh)"/g)]).to.have.length(2 * pairs.length);
    for (const [pair, english, chinese] of pairs) {
      expect(english, pair).to.not.match(/\p{Script=Han}/u);
      expect(chinese, pair).to.match(/\p{Script=Han}/u);
    }
    const bare = page.replaceAll(/<span class="(?:en|zh)".+?<\/span>/g, "");
    expect([...bare.matchAll(/<(h[1-5]|summary)\b[^>]*>\s*[A-Za-z]/g)]).to.deep.equal([]);
    expect(INTRODUCTION_ZH).to.have.length(document.info.description.split("\n\n").length);
  });

  it("tells of every setting", () => {
    for (const [, name] of read("../.env.example").matchAll(/^#([A-Z_]+)=/gm)) {
      expect(page).to.include(`<code>${name}</code>`);
    }
  });
});
