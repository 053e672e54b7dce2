// Tells the service worker of a built page which files are its shell, and what is in them.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FIRST_LINE = /^const SHELL=.*\n/;
/** What the build compressed, and the moderators' page, which nobody keeps. */
const LEFT_OUT = /\.(?:br|gz)$|^desk-/;

/** Safe to repeat. */
export function writeShell(folder) {
  const assets = readdirSync(join(folder, "assets")).filter((name) => !LEFT_OUT.test(name));
  const files = {
    "/": "index.html",
    "/offline.html": "offline.html",
    ...Object.fromEntries(assets.sort().map((name) => [`/assets/${name}`, `assets/${name}`])),
  };
  const hash = (name) =>
    `sha256-${createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("base64")}`;
  const shell = Object.fromEntries(Object.entries(files).map(([path, name]) => [path, hash(name)]));
  const worker = join(folder, "sw.js");
  const text = readFileSync(worker, "utf8").replace(FIRST_LINE, "");
  writeFileSync(worker, `const SHELL=${JSON.stringify(shell)};\n${text}`);
  // Compressed before it was whole; it is small as it is.
  for (const ending of [".br", ".gz"]) rmSync(`${worker}${ending}`, { force: true });
}
