import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAINS = {
  load: fileURLToPath(new URL("../main.ts", import.meta.url)),
  bench: fileURLToPath(new URL("../bench/main.ts", import.meta.url)),
};
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

export const load = (...args: string[]) => start("load", ...args);
export const bench = (...args: string[]) => start("bench", ...args);

/** The command as it is typed; a signal is for all its processes, as from a terminal. */
function start(name: keyof typeof MAINS, ...args: string[]) {
  const command = ["--import=tsx", "--conditions=source", MAINS[name], ...args];
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, "close").then(([code]) => ({ code: code as number, stdout, stderr }));
  return {
    pid: child.pid!,
    kill: (signal: NodeJS.Signals) => void process.kill(-child.pid!, signal),
    stderr: () => stderr,
    ended,
  };
}
