import cluster from "node:cluster";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import type { Logger } from "pino";
import { collectDefaultMetrics } from "prom-client";
import type { Registry } from "prom-client";
import { createApp } from "./app.ts";
import { ConfigError, readConfig } from "./config.ts";
import type { Config } from "./config.ts";
import { OperatorError } from "./lib/errors.ts";
import { LOOP_LOOK_MS } from "./lib/loop-delay.ts";
import { Settings, misspelt, printed } from "./lib/settings.ts";
import { findRedis, startPrivateRedis } from "./redis/private-redis.ts";
import { openStores } from "./stores.ts";
import { portFor, startWorkers, wholeOf } from "./workers/cluster.ts";
import type { WorkerSide } from "./workers/cluster.ts";
import { Supervisor } from "./workers/supervisor.ts";

/** After this a stopping server goes, whatever is still open, in ms; the one above it a little later. */
const EXIT_WITHIN_MS = 9000;
const EXIT_ABOVE_WITHIN_MS = 9800;
/** Signals that come within this are of one press, in ms. */
const SAME_PRESS_MS = 1000;

/** @throws ConfigError with every fault at once, that of a Redis which cannot be reached too. */
async function readSettings(settings: Settings): Promise<Config> {
  try {
    return readConfig(process.env, settings);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const faults = [...error.faults, ...(await redisFaults())];
    throw new ConfigError([...new Set(faults)]);
  }
}

async function redisFaults(): Promise<readonly string[]> {
  try {
    const { REDIS_URL, ROOMS_REDIS_URL } = process.env;
    const config = readConfig({ REDIS_URL, ROOMS_REDIS_URL });
    if (config.redisUrl === null) return [];
    const stores = await openStores(config, pino({ level: "silent" }), undefined);
    await stores.close();
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [];
  }
}

async function main(): Promise<void> {
  if (existsSync(".env")) process.loadEnvFile(".env");
  const settings = new Settings(process.env);
  const config = await readSettings(settings);
  if (process.argv.includes("--print-config")) {
    process.stdout.write(printed(settings.all));
    return;
  }
  const logger: Logger = pino({ level: config.logLevel, base: null });
  if (cluster.isPrimary)
    for (const { name, meant } of misspelt(process.env, settings.all))
      logger.warn(`${name} is no setting: is ${meant} meant?`);
  if (config.workers > 1 && cluster.isPrimary) await supervise(config, logger);
  else await serve(config, logger);
}

/** One process that serves, alone or as one of several. */
async function serve(config: Config, logger: Logger): Promise<void> {
  const stores = await openStores(config, logger, process.env["PATH"]);
  const above: WorkerSide | null = cluster.isWorker
    ? {
        send: (message) => void process.send?.(message),
        hear: (listener) => void process.on("message", listener),
      }
    : null;
  const clientFolder = fileURLToPath(new URL("../../client/dist", import.meta.url));
  const app = await createApp({
    config,
    stores,
    logger,
    clientFolder,
    wholeOf: (own: Registry) => {
      // Memory, processor, event loop: of the process, so not of each app that a test makes.
      collectDefaultMetrics({ register: own, eventLoopMonitoringPrecision: LOOP_LOOK_MS });
      return above ? wholeOf(own, above) : own;
    },
  }).catch(async (error: unknown) => {
    await stores.close();
    throw error;
  });
  // Before anybody is told that it serves: a signal that nothing hears ends it at once.
  onStop(logger, EXIT_WITHIN_MS, async () => {
    try {
      await app.close();
    } finally {
      await stores.close();
      // Else the line to the process above keeps this one alive.
      cluster.worker?.disconnect();
    }
  });
  if (above) above.send({ is: "ready", transport: app.transport });
  else sayAddress(config, logger, { port: app.port, transport: app.transport });
}

/** Several processes on one port, and this one above them, which serves nobody. */
async function supervise(config: Config, logger: Logger): Promise<void> {
  const program = config.redisUrl === null ? findRedis(process.env["PATH"]) : null;
  if (config.redisUrl === null && program === null) {
    const fault = `WEB_CONCURRENCY=${config.workers}: several processes need a Redis that they share: set REDIS_URL, or install redis-server`;
    throw new ConfigError([fault]);
  }
  const port = await portFor(config.host, config.port);
  const redis = program === null ? null : await startPrivateRedis(program, config.dataDir);
  if (redis) logger.info({ program, dataDir: config.dataDir }, "a private Redis keeps everything");
  const env = { PORT: String(port), ...(redis ? { REDIS_URL: redis.url } : {}) };
  const start = startWorkers(fileURLToPath(import.meta.url), env);
  const supervisor = new Supervisor({ count: config.workers, start, logger });
  onStop(logger, EXIT_ABOVE_WITHIN_MS, () => supervisor.stop());
  try {
    const { transport } = await supervisor.open();
    sayAddress(config, logger, { port, transport, workers: config.workers });
    if ((await supervisor.over) === "crashed") process.exitCode = 1;
  } finally {
    await redis?.stop();
  }
}

function sayAddress(
  config: Config,
  logger: Logger,
  { port, ...more }: { port: number; transport: "uws" | "node"; workers?: number },
): void {
  const host = config.host === "0.0.0.0" || config.host === "::" ? "localhost" : config.host;
  logger.info(more, `Driftsea is at http://${host}:${port}`);
}

/**
 * Once, by whichever signal comes first: a terminal sends one to every process of the group, and npm
 * hands it on as well. One that comes later is somebody who does not want to wait.
 */
function onStop(logger: Logger, withinMs: number, close: () => Promise<void>): void {
  let stoppingSince: number | null = null;
  const stop = async (signal: string): Promise<void> => {
    if (stoppingSince !== null) {
      // Those below end with the one above them, which alone is asked twice.
      if (cluster.isWorker || performance.now() - stoppingSince < SAME_PRESS_MS) return;
      logger.warn({ signal }, "asked twice: what is open is cut off");
      process.exit(1);
    }
    stoppingSince = performance.now();
    logger.info({ signal }, "stopping");
    const late = setTimeout(() => {
      logger.error("not everything could be closed in time");
      process.exit(1);
    }, withinMs);
    late.unref();
    await close();
    logger.info("stopped");
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));
}

try {
  await main();
} catch (error) {
  // What the operator can mend is said plainly; everything else with its trace.
  console.error(error instanceof OperatorError ? error.message : error);
  process.exitCode = 1;
  cluster.worker?.disconnect();
}
