// Writes the protocol down for machines and for people, beside what the compiler has built of it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeProtocol } from "./asyncapi.ts";
import { pageOf } from "./page.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));
const read = (name: string): string => readFileSync(join(folder, "../docs", name), "utf8");

const document = describeProtocol(folder, read("protocol.md"));
mkdirSync(join(folder, "dist"), { recursive: true });
writeFileSync(join(folder, "dist/asyncapi.json"), `${JSON.stringify(document, null, 1)}\n`);
writeFileSync(join(folder, "dist/docs.html"), pageOf(document, read("operations.md")));
