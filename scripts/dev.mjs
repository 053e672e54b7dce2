// Server and client with reload: the server at PORT, the page at the address that Vite prints.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = (command, ...args) =>
  spawn(process.execPath, [join(root, "node_modules", command), ...args], {
    cwd: root,
    stdio: "inherit",
  });
const children = [
  run(
    "tsx/dist/cli.mjs",
    "watch",
    "--conditions=source",
    "--include=server/src/**/*.lua",
    "server/src/main.ts",
  ),
  run("vite/bin/vite.js", "client"),
];
const stop = () => children.forEach((child) => child.kill("SIGTERM"));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
for (const child of children) child.once("exit", stop);
