import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentOf } from "../../../server/test/harness/process.ts";
import { childrenOf, commandOf } from "../measure/process-usage.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
/** The server out of its sources, and as `npm start` runs it. */
const FROM_SOURCE = ["--import=tsx", "--conditions=source", at("server/src/main.ts")];
const BUILT = [at("server/dist/main.js")];
const START_WITHIN_MS = 40_000;
/** A server that has not ended so long after it was asked to is killed, in ms. */
const STOP_WITHIN_MS = 12_000;
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/;

/** What a run allows: it measures the server, not its limits. */
const LIFTED = {
  HOST: "127.0.0.1",
  PORT: 0,
  RATE_LIMITS: "off",
  PUZZLE: "off",
  LOG_LEVEL: "info",
  THROWS_PER_DAY: 1_000_000_000,
  CATCHES_PER_DAY: 1_000_000_000,
  CREATURE_PROBABILITY: 0,
};

/** The server could not be started, or not be reached. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

export interface OwnServer {
  url: URL;
  pid: number;
  /** Its processes that serve, at this moment. */
  workers: () => number[];
  /** Process of its private Redis; null where it keeps all in memory. */
  redisPid: number | null;
  stop: () => Promise<void>;
}

export interface OwnServerOptions {
  settings: Readonly<Record<string, string | number>>;
  store: "memory" | "redis" | null;
  /** That serve on its port. */
  processes?: number;
  /** Options of Node. */
  nodeArgs?: readonly string[];
  /** What `npm run build` made, instead of the sources. */
  isBuilt?: boolean;
}

/** Starts a server in a process and a folder of its own. @throws UnreachableError */
export async function startOwnServer(options: OwnServerOptions): Promise<OwnServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "driftsea-load-"));
  const processes = options.processes ?? 1;
  const env = environmentOf({
    ...LIFTED,
    ...options.settings,
    DATA_DIR: dataDir,
    WEB_CONCURRENCY: processes,
  });
  // The server finds a redis-server on its PATH, or keeps all in memory.
  if (options.store !== "memory") env["PATH"] = process.env["PATH"];
  const args = [...(options.nodeArgs ?? []), ...(options.isBuilt ? BUILT : FROM_SOURCE)];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    // Ctrl-C is for the run, which stops its server once it has the partial report.
    detached: true,
  });
  const ended = once(child, "close");
  // However this process ends, its server must not stay, nor its Redis, which would wait for another.
  const abandon = (): void => {
    child.kill("SIGKILL");
    const redisPid = redisPidIn(dataDir);
    if (redisPid !== null) process.kill(redisPid, "SIGKILL");
    rmSync(dataDir, { recursive: true, force: true });
  };
  process.once("exit", abandon);
  const stop = async (): Promise<void> => {
    child.kill("SIGCONT");
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
    await ended;
    clearTimeout(timer);
    process.off("exit", abandon);
    rmSync(dataDir, { recursive: true, force: true });
  };
  let output = "";
  const address = new Promise<string>((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new UnreachableError(`its own server ${why}:\n${output.slice(-2000)}`));
    const timer = setTimeout(() => fail("gave no address"), START_WITHIN_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        // Only the beginning is of interest; a long run must not gather its log.
        if (output.length < 20_000) output += chunk.toString();
        const found = ADDRESS.exec(output)?.[0];
        if (found !== undefined) {
          clearTimeout(timer);
          resolve(found);
        }
      });
    }
    void ended.then(() => {
      clearTimeout(timer);
      fail("ended");
    });
  });
  try {
    const url = new URL(await address);
    const redisPid = redisPidIn(dataDir);
    if (options.store === "redis" && redisPid === null)
      throw new UnreachableError("there is no redis-server on PATH, which --store redis needs");
    const pid = child.pid!;
    const workers = (): number[] =>
      processes === 1
        ? [pid]
        : childrenOf(pid).filter((each) => commandOf(each).includes(args.at(-1)!));
    return { url, pid, workers, redisPid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The private Redis of a server; null where none runs. */
function redisPidIn(dataDir: string): number | null {
  const pidFile = join(dataDir, "redis", "redis.pid");
  return existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : null;
}
