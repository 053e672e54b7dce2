import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
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

/** As `spawnServer`, for a server that is not expected to come up. */
export function spawnRaw(settings: Settings, command = BUILT) {
  const env: NodeJS.ProcessEnv = { PATH: process.env["PATH"] };
  for (const [name, value] of Object.entries(settings)) env[name] = String(value);
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
 * Ports that were free a moment ago, held all at once, so that they differ. Unlike one that the kernel
 * chose for it, a port that a server was told can be taken again at once.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

export const freePort = async (): Promise<number> => (await freePorts(1))[0]!;
