// Builds what `npm start` runs: protocol and server by tsc, what describes them, the client by Vite.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeShell } from "./shell.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "server/dist/.built");
/** All that a build reads. */
export const sources = [
  "package-lock.json",
  "tsconfig.base.json",
  ...["protocol", "server", "client"].flatMap((name) => [`${name}/package.json`, `${name}/src`]),
  "protocol/tsconfig.build.json",
  "protocol/describe",
  "docs/protocol.md",
  "docs/operations.md",
  "server/tsconfig.build.json",
  "client/index.html",
  "client/vite.config.ts",
  "client/offline.html",
  "client/lost.html",
  "client/desk.html",
  "client/vite.desk.config.ts",
  "client/vite.shell.config.ts",
  "client/public",
];

/** Time of the newest change below a path, ms since 1970; 0 where there is nothing. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

export function isStale() {
  if (!existsSync(stamp)) return true;
  const builtAt = statSync(stamp).mtimeMs;
  return sources.some((path) => newest(join(root, path)) > builtAt);
}

function run(what, command, ...args) {
  process.stdout.write(`building ${what}\n`);
  const { status } = spawnSync(process.execPath, [join(root, "node_modules", command), ...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error(`building ${what} failed`);
}

export function build() {
  const startedAt = new Date();
  for (const name of ["protocol", "server"]) {
    rmSync(join(root, name, "dist"), { recursive: true, force: true });
    run(name, "typescript/bin/tsc", "-p", `${name}/tsconfig.build.json`);
  }
  run("description", "tsx/dist/cli.mjs", "--conditions=source", "protocol/describe/main.ts");
  cpSync(join(root, "server/src"), join(root, "server/dist"), {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || path.endsWith(".lua"),
  });
  run("client", "vite/bin/vite.js", "build", "client");
  run("service worker", "vite/bin/vite.js", "build", "client", "-c", "client/vite.shell.config.ts");
  writeShell(join(root, "client/dist"));
  run("desk", "vite/bin/vite.js", "build", "client", "-c", "client/vite.desk.config.ts");
  writeFileSync(stamp, startedAt.toISOString());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build();
