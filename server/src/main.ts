import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import type { Logger } from "pino";
import { createApp } from "./app.ts";
import type { App } from "./app.ts";
import { ConfigError, readConfig } from "./config.ts";
import type { Config } from "./config.ts";
import { OperatorError } from "./lib/errors.ts";
import { openStores } from "./stores.ts";
import type { Stores } from "./stores.ts";

/** After this a stopping server goes, whatever is still open, in ms. */
const EXIT_WITHIN_MS = 9000;

/** @throws ConfigError with every fault at once, that of a Redis which cannot be reached too. */
async function readSettings(): Promise<Config> {
  try {
    return readConfig(process.env);
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
  const config = await readSettings();
  const logger: Logger = pino({ level: config.logLevel, base: null });
  const stores = await openStores(config, logger, process.env["PATH"]);
  let app: App;
  try {
    const clientFolder = fileURLToPath(new URL("../../client/dist", import.meta.url));
    app = await createApp({ config, stores, logger, clientFolder });
  } catch (error) {
    await stores.close();
    throw error;
  }
  const host = config.host === "0.0.0.0" || config.host === "::" ? "localhost" : config.host;
  logger.info({ transport: app.transport }, `Driftsea is at http://${host}:${app.port}`);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => void stop(signal, app, stores, logger));
  }
}

async function stop(signal: string, app: App, stores: Stores, logger: Logger): Promise<void> {
  logger.info({ signal }, "stopping");
  setTimeout(() => {
    logger.error("not everything could be closed in time");
    process.exit(1);
  }, EXIT_WITHIN_MS).unref();
  try {
    await app.close();
  } finally {
    await stores.close();
  }
  logger.info("stopped");
}

try {
  await main();
} catch (error) {
  // What the operator can mend is said plainly; everything else with its trace.
  console.error(error instanceof OperatorError ? error.message : error);
  process.exitCode = 1;
}
