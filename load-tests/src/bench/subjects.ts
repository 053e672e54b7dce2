import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startOwnServer } from "../run/own-server.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** So that memory can be measured after a collection. */
const NODE_ARGS = ["--expose-gc", `--import=${at("./collect-on-signal.mjs")}`];

/** A server that is compared, in a process of its own. */
export interface Subject {
  url: URL;
  pid: number;
  redisPid: number | null;
  stop: () => Promise<void>;
}

async function driftsea(store: "memory" | "redis"): Promise<Subject> {
  const settings = { TRANSPORT: "uws" };
  return startOwnServer({ settings, store, nodeArgs: NODE_ARGS, isBuilt: true });
}

async function peer(file: string, ...args: string[]): Promise<Subject> {
  const command = ["--import=tsx", "--conditions=source", ...NODE_ARGS, at(file), ...args];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  // However this process ends, its peers must not stay.
  const abandon = (): void => void child.kill("SIGKILL");
  process.once("exit", abandon);
  const died = once(child, "exit").then(() => Promise.reject(new Error(`${file} did not start`)));
  died.catch(() => {});
  const [first] = (await Promise.race([once(child.stdout, "data"), died])) as [Buffer];
  return {
    url: new URL(first.toString().trim()),
    pid: child.pid!,
    redisPid: null,
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      process.off("exit", abandon);
    },
  };
}

export const SUBJECTS = {
  raw: { title: "raw uWebSockets.js", start: () => peer("../../peers/raw-uws.ts") },
  uws: {
    title: "Socket.IO on uWebSockets.js",
    start: () => peer("../../peers/socket-io.ts", "--uws"),
  },
  ws: { title: "Socket.IO on ws", start: () => peer("../../peers/socket-io.ts") },
  memory: { title: "Driftsea in memory", start: () => driftsea("memory") },
  redis: { title: "Driftsea with Redis", start: () => driftsea("redis") },
} satisfies Record<string, { title: string; start: () => Promise<Subject> }>;

export type SubjectName = keyof typeof SUBJECTS;
export const SUBJECT_NAMES = Object.keys(SUBJECTS) as SubjectName[];
