import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { createServer, connect as connectTcp } from "node:net";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnServer } from "../../../server/test/harness/process.ts";
import type { ServerProcess } from "../../../server/test/harness/process.ts";
import { pause } from "../run/together.ts";

/** What `npm run build` made: it starts in a fraction of the time that the sources take. */
const BUILT = fileURLToPath(new URL("../../../server/dist/main.js", import.meta.url));
const READY_WITHIN_MS = 20_000;
const LOOK_MS = 10;
/** `/readyz` asks a store that may be away, and waits for it. */
const READY_PATIENCE_MS = 5000;

export type Settings = Readonly<Record<string, string | number>>;

/** Below those that the kernel gives to whoever connects: one of these might have it when it is needed again. */
const PORTS = { from: 12_000, count: 20_000 };

/** A port that was free a moment ago, and that no client can take. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + randomInt(PORTS.count);
    const server = createServer();
    try {
      await listening(server, port);
      await new Promise((done) => server.close(done));
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}

async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", done);
  });
}

/** However this process ends, what it has started must not stay. */
const started = new Set<{ kill: (signal: "SIGKILL") => void }>();
process.once("exit", () => {
  for (const each of started) each.kill("SIGKILL");
});

/** A Redis that has written to its append-only file what it acknowledges. */
export class RedisMachine {
  readonly port: number;
  readonly #folder: string;
  #child: ChildProcess | null = null;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  static async start(): Promise<RedisMachine> {
    const folder = mkdtempSync(join(tmpdir(), "driftsea-faults-"));
    const redis = new RedisMachine(await freePort(), folder);
    await redis.run();
    return redis;
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Resolves once it has read its file and answers. */
  async run(): Promise<void> {
    const options = {
      port: this.port,
      bind: "127.0.0.1",
      dir: this.#folder,
      save: "",
      appendonly: "yes",
      appendfsync: "always",
      "maxmemory-policy": "noeviction",
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    this.#child = spawn("redis-server", args, { stdio: "ignore" });
    started.add(this.#child);
    const until = performance.now() + READY_WITHIN_MS;
    while (!(await this.answers())) {
      if (performance.now() > until) throw new Error("redis-server gave no answer");
      await pause(LOOK_MS);
    }
  }

  answers(): Promise<boolean> {
    return new Promise((done) => {
      const socket = connectTcp({ host: "127.0.0.1", port: this.port });
      const end = (isThere: boolean): void => {
        socket.destroy();
        done(isThere);
      };
      socket.setTimeout(500, () => end(false));
      socket.once("error", () => end(false));
      socket.once("data", (data) => end(data.toString("latin1").startsWith("+PONG")));
      socket.write("PING\r\n");
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child!.kill(signal);
  }

  async kill(): Promise<void> {
    const child = this.#child!;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    started.delete(child);
  }

  async stop(): Promise<void> {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What a run allows: it breaks the server, and does not try its limits. */
const LIFTED: Settings = {
  RATE_LIMITS: "off",
  PUZZLE: "off",
  LOG_LEVEL: "info",
  THROWS_PER_DAY: 1_000_000_000,
  CATCHES_PER_DAY: 1_000_000_000,
  ROOM_BACKLOG: 10_000,
};

/** A server on a port of its own, which it keeps over all its lives. */
export class ServerMachine {
  readonly #settings: Settings;
  readonly #command: readonly string[];
  #now: ServerProcess | null = null;
  readonly #port: number;
  /** Of the lives before: lines that say an error, but for the store's absence. */
  readonly #errors: string[] = [];
  /** It ended and nobody had asked for it. */
  crashes = 0;
  #isStruck = false;

  private constructor(port: number, settings: Settings, command: readonly string[]) {
    this.#port = port;
    this.#settings = settings;
    this.#command = command;
  }

  /** @param nodeArgs Options of Node. */
  static async start(settings: Settings, nodeArgs: readonly string[] = []): Promise<ServerMachine> {
    const command = [process.execPath, ...nodeArgs, BUILT];
    const server = new ServerMachine(await freePort(), settings, command);
    await server.run();
    return server;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.#port}`);
  }

  get pid(): number {
    return this.#now!.pid;
  }

  /** Resolves once it has said its address. */
  async run(): Promise<void> {
    this.#isStruck = false;
    const settings = { ...LIFTED, ...this.#settings, PORT: this.#port };
    const life = await spawnServer(settings, [...this.#command]);
    this.#now = life;
    started.add(life);
    void life.ended.then(() => {
      started.delete(life);
      if (this.#isStruck) return;
      this.crashes += 1;
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#now!.kill(signal);
  }

  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Resolves to its exit code, or to the signal that ended it. */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<number | string> {
    const life = this.#now!;
    this.#isStruck = true;
    life.kill("SIGCONT");
    life.kill(signal);
    const code = await life.ended;
    this.#errors.push(...errorsOf(life.output()));
    return code;
  }

  /** What its log says of faults, over all its lives. */
  errors(): readonly string[] {
    const now = this.#isStruck ? [] : errorsOf(this.#now!.output());
    return [...this.#errors, ...now];
  }

  /** All that it has said in this life. */
  get output(): string {
    return this.#now!.output();
  }

  /** How many sockets it has open, by the system's word. */
  get sockets(): number {
    const folder = `/proc/${this.pid}/fd`;
    const files = readdirSync(folder).map((file) => {
      try {
        return readlinkSync(`${folder}/${file}`);
      } catch {
        // Closed meanwhile.
        return "";
      }
    });
    return files.filter((file) => file.startsWith("socket:")).length;
  }

  async readyz(): Promise<number> {
    return (
      await fetch(new URL("/readyz", this.url), { signal: AbortSignal.timeout(READY_PATIENCE_MS) })
    ).status;
  }

  /** One of its metrics, over all labels; 0 where there is none of the name. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(new URL("/metrics", this.url))).text();
    return text
      .split("\n")
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  }
}

/** Levels 50 and 60 of the log. That the store is away is what is being done to it. */
const errorsOf = (output: string): string[] =>
  output
    .split("\n")
    .filter((line) => /"level":[56]0/.test(line) && !line.includes("the store is away"))
    .concat(/^\s*(?:Uncaught|\w*Error:).*$/m.exec(output)?.[0] ?? []);
