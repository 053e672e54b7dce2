import { randomInt } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { readConfig } from "../../src/config.ts";
import { Settings as AllSettings } from "../../src/lib/settings.ts";
import type { Settings } from "./server.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
export const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const START_WITHIN_MS = 40_000;
/** The server as `npm start` runs it; mocha has built it before. */
const BUILT = [process.execPath, fileURLToPath(new URL("../../dist/main.js", import.meta.url))];

export interface ServerProcess {
  url: string;
  pid: number;
  output: () => string;
  kill: (signal: NodeJS.Signals) => void;
  /** Resolves to the exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

/** Runs the server as a process of its own, as an operator does; waits for its address. */
export async function spawnServer(settings: Settings, command = BUILT): Promise<ServerProcess> {
  const defaults = { PORT: 0, HOST: "127.0.0.1", CREATURE_PROBABILITY: 0 };
  const server = spawnRaw({ ...defaults, ...settings }, command);
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no address within ${START_WITHIN_MS} ms:\n${server.output()}`)),
      START_WITHIN_MS,
    );
    server.onOutput(() => {
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(server.output())?.[0];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    void server.ended.then((code) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${code}:\n${server.output()}`));
    });
  });
  return { ...server, url };
}

/**
 * An environment with these settings and no other. A server reads the `.env` of its folder, which may name the Redis
 * of an operator: so what is not set here is empty, which counts as not set and is not overridden by a `.env`.
 */
export function environmentOf(settings: Settings): NodeJS.ProcessEnv {
  const all = new AllSettings({});
  readConfig({}, all);
  const env: NodeJS.ProcessEnv = Object.fromEntries(all.all.map(({ name }) => [name, ""]));
  for (const [name, value] of Object.entries(settings)) env[name] = String(value);
  return env;
}

/** As `spawnServer`, for a server that is not expected to come up. */
export function spawnRaw(settings: Settings, command = BUILT) {
  const env = { PATH: process.env["PATH"], ...environmentOf(settings) };
  const [program, ...args] = command;
  const child = spawn(program!, args, {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const listeners: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      for (const listener of listeners) listener();
    });
  }
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string);
  return {
    pid: child.pid!,
    output: () => output,
    onOutput: (listener: () => void) => void listeners.push(listener),
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
    ended,
  };
}

/**
 * Ports in a row that were free a moment ago. They lie below those that a kernel gives out by itself (from
 * 32 768 or 49 152 on): any connection of a suite beside this one could take one of those before it is used.
 */
export async function freePorts(count: number): Promise<number[]> {
  for (;;) {
    const first = randomInt(20_000, 32_000);
    const ports = Array.from({ length: count }, (_, i) => first + i);
    const servers = ports.map((port) => createServer().listen(port, "127.0.0.1"));
    const outcomes = await Promise.allSettled(servers.map((server) => once(server, "listening")));
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    if (outcomes.every(({ status }) => status === "fulfilled")) return ports;
  }
}

export const freePort = async (): Promise<number> => (await freePorts(1))[0]!;
