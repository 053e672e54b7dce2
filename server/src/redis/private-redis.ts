import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OperatorError } from "../lib/errors.ts";

/** Names of a server that speaks Redis's protocol, in the order of preference. */
const PROGRAMS = ["redis-server", "valkey-server"];
/** Longest path of a unix socket (Linux 108, macOS 104, with the closing zero). */
const SOCKET_PATH_MAX = 100;
const START_WITHIN_MS = 10_000;
const STOP_WITHIN_MS = 5000;
/** One that was told to end answers no more after this, in ms. */
const GIVEN_UP_MS = 300;
/** How often it is looked after, in ms. */
const LOOK_MS = 1000;
/** How often its file is written anew, in ms: what has ended stands in it no longer than this. */
const REWRITE_MS = 10 * 60 * 1000;

/**
 * Runs Redis, and ends it when the server has been dead for 10 s without another taking over: a
 * server that is killed cannot stop it, and one that comes back must find it. Where there is no number of a
 * server, none runs: its file may have gone with its folder, and `kill -0 0` would say that the keeper does.
 */
const KEEPER = `"$@" & redis=$!; dead=0
while kill -0 $redis 2>/dev/null; do
  sleep 2
  server=; read -r server <"$SERVER_PID" 2>/dev/null
  if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then dead=0; else dead=$((dead + 1)); fi
  if [ $dead -ge 5 ]; then kill $redis; fi
done`;

export interface PrivateRedis {
  url: string;
  /** The program that serves. */
  program: string;
  stop: () => Promise<void>;
}

/** A redis-server or valkey-server on PATH, or null. */
export function findRedis(path: string | undefined): string | null {
  for (const program of PROGRAMS) {
    for (const folder of (path ?? "").split(delimiter)) {
      const file = join(folder, program);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not here
      }
    }
  }
  return null;
}

/**
 * Starts a Redis of this server's own: unix socket, own folder, append-only file that is on disk
 * before a write is acknowledged. One that outlived its server is taken over. It is kept to itself:
 * no TCP port, a folder that only this user can enter, no slow log (it would hold texts), and a file
 * that is written anew every `rewriteMs`, without what has ended since.
 * @throws OperatorError where another server uses the folder, or it does not start.
 */
export async function startPrivateRedis(
  program: string,
  dataDir: string,
  rewriteMs = REWRITE_MS,
): Promise<PrivateRedis> {
  const folder = resolve(dataDir, "redis");
  try {
    makeFolder(folder);
  } catch (error) {
    throw new OperatorError(`DATA_DIR: ${folder} cannot be made: ${(error as Error).message}`);
  }
  const pidFile = join(folder, "server.pid");
  lock(pidFile);
  const socket = socketPath(folder);
  /** Whether one was there. */
  const run = async (): Promise<boolean> => {
    // One that stands still is there: a second one would write into the same file.
    if ((await ask(socket, "PING")) !== null) return true;
    rmSync(socket, { force: true });
    // Where somebody has removed it, the keeper ended Redis.
    lock(pidFile);
    const child = spawn("/bin/sh", ["-c", KEEPER, "sh", program, ...settings(folder, socket)], {
      stdio: "ignore",
      // In a group of its own: Ctrl-C reaches the server alone, which stops Redis last.
      detached: true,
      env: { ...process.env, SERVER_PID: pidFile },
    });
    await untilAnswers(child, program, folder, socket);
    return false;
  };
  if (await run()) {
    // Its keeper may have given it up a moment before it could read who has come.
    await sleep(GIVEN_UP_MS);
    await run();
  }
  let looking: Promise<unknown> = Promise.resolve();
  // Where it has died, it is started again: its file holds everything that was acknowledged.
  const timer = setInterval(() => {
    looking = looking.then(run).catch(() => {});
  }, LOOK_MS);
  timer.unref();
  const rewriting = setInterval(() => void ask(socket, "BGREWRITEAOF"), rewriteMs);
  rewriting.unref();
  return {
    url: `unix:${socket}`,
    program,
    stop: async () => {
      clearInterval(timer);
      clearInterval(rewriting);
      await looking;
      await ask(socket, "SHUTDOWN NOSAVE");
      const until = Date.now() + STOP_WITHIN_MS;
      while ((await ask(socket, "PING")) !== null && Date.now() < until) await sleep(20);
      rmSync(pidFile, { force: true });
    },
  };
}

/** Where the private Redis of a running server is reached; null where none runs. */
export async function runningRedis(dataDir: string): Promise<string | null> {
  const folder = resolve(dataDir, "redis");
  if (!existsSync(folder)) return null;
  const socket = socketPath(folder);
  return (await answers(socket)) ? `unix:${socket}` : null;
}

/** With its parents. Node's `recursive` never returns where nothing can be made, as below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function settings(folder: string, socket: string): string[] {
  const options: Record<string, string> = {
    port: "0",
    unixsocket: socket,
    unixsocketperm: "700",
    dir: folder,
    appendonly: "yes",
    appendfsync: "always",
    save: "",
    "slowlog-log-slower-than": "-1",
    "maxmemory-policy": "noeviction",
    // What is large and expires, as the texts of two minutes, is freed beside the commands of others.
    "lazyfree-lazy-expire": "yes",
    logfile: join(folder, "redis.log"),
    loglevel: "warning",
    pidfile: join(folder, "redis.pid"),
  };
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
}

/** Two servers on one folder would be two writers of one file. */
function lock(file: string): void {
  if (existsSync(file)) {
    const pid = Number(readFileSync(file, "utf8"));
    if (pid !== process.pid && isServer(pid)) {
      throw new OperatorError(`DATA_DIR is in use by process ${pid} (${file})`);
    }
  }
  writeFileSync(file, String(process.pid), { mode: 0o600 });
}

/** Whether that process runs and is such a server: numbers of processes are used again. */
function isServer(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const commandOf = (id: number | "self"): string => readFileSync(`/proc/${id}/cmdline`, "utf8");
    return commandOf(pid) === commandOf("self");
  } catch {
    return true; // no /proc here: then that it runs must do
  }
}

function socketPath(folder: string): string {
  const inside = join(folder, "redis.sock");
  if (Buffer.byteLength(inside) <= SOCKET_PATH_MAX) return inside;
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  const short = join(tmpdir(), `driftsea-${name}`);
  mkdirSync(short, { recursive: true, mode: 0o700 });
  return join(short, "redis.sock");
}

/** Whether a server answers there at all. */
async function answers(socket: string): Promise<boolean> {
  return Boolean(await ask(socket, "PING"));
}

/** What a socket says at which nobody listens, or that is not there. */
const NOBODY_LISTENS = new Set(["ECONNREFUSED", "ENOENT"]);

/** The first bytes of an answer; "" where somebody listens and says nothing; null where nobody listens. */
async function ask(socket: string, command: string): Promise<string | null> {
  return new Promise((done) => {
    const connection = connect(socket);
    const end = (answer: string | null): void => {
      connection.destroy();
      done(answer);
    };
    connection.setTimeout(1000, () => end(""));
    connection.once("error", ({ code = "" }: NodeJS.ErrnoException) =>
      end(NOBODY_LISTENS.has(code) ? null : ""),
    );
    connection.once("close", () => end(""));
    connection.once("data", (data) => end(data.toString("latin1")));
    connection.write(`${command}\r\n`);
  });
}

async function untilAnswers(
  child: ChildProcess,
  program: string,
  folder: string,
  socket: string,
): Promise<void> {
  let failure: string | null = null;
  child.once("error", (error) => (failure = error.message));
  child.once("exit", (code) => (failure ??= `exit code ${code}`));
  const until = Date.now() + START_WITHIN_MS;
  // It answers LOADING while it reads its file: then it is there, and the connection waits.
  while (!(await answers(socket))) {
    if (failure !== null || Date.now() > until) {
      const log = join(folder, "redis.log");
      throw new OperatorError(`${program} did not start: ${failure ?? "no answer"} (see ${log})`);
    }
    await sleep(15);
  }
  // It must not keep this process alive, nor end with its terminal before this process is done.
  child.unref();
}
