import { existsSync } from "node:fs";
import { pino } from "pino";
import { readConfig } from "../config.ts";
import { OperatorError } from "../lib/errors.ts";
import { findRedis, runningRedis } from "../redis/private-redis.ts";
import { logOf } from "../review/note.ts";
import { verifyLog } from "../review/review.log.ts";
import type { LogEntry } from "../review/review.ts";
import { openStores } from "../stores.ts";
import type { Stores } from "../stores.ts";
import { DeskAccounts } from "./accounts.ts";
import { readPassword } from "./terminal.ts";
import { qrCode } from "./qr-code.ts";
import { otpauthAddress } from "./totp.ts";

const USAGE = `npm run desk:account -- add <name>      a new moderator
npm run desk:account -- reset <name>    another password and other codes
npm run desk:account -- remove <name>   ends the account and its sessions
npm run desk:account -- list
npm run desk:account -- check-log       whether the audit log is as it was written
The password is asked for, or read from the standard input.`;

const NO_REDIS = `There is neither REDIS_URL nor a redis-server here: such a server keeps everything in its own memory,
where no command reaches it, and has no moderators. Install redis-server, or set REDIS_URL.`;

const LOG_PAGE = 1000;

async function main([verb = "", name = "", ...more]: readonly string[]): Promise<void> {
  const needsName = ["add", "reset", "remove"].includes(verb);
  const isKnown = needsName || ["list", "check-log"].includes(verb);
  if (!isKnown || (name !== "") !== needsName || more.length > 0) throw new OperatorError(USAGE);
  // Before anything is opened: whoever thinks a while over a password keeps nothing locked.
  const password = verb === "add" || verb === "reset" ? await readPassword() : "";
  const stores = await open();
  try {
    const accounts = new DeskAccounts(stores.desk, logOf(stores.review, stores.clock));
    if (verb === "add" || verb === "reset") {
      const { secret } = await accounts[verb](name, password);
      tell(name, secret);
    } else if (verb === "remove") {
      await accounts.remove(name);
      console.log(`${name} has no account any more, and is signed out.`);
    } else if (verb === "list") {
      const all = await accounts.list();
      for (const one of all) console.log(`${new Date(one.since).toISOString()}  ${one.name}`);
      if (all.length === 0) console.log("There are no moderators.");
    } else {
      await checkLog(stores);
    }
  } finally {
    await stores.close();
  }
}

/** What the server keeps its things in: its own Redis while it runs, else the same one, opened here. */
async function open(): Promise<Stores> {
  if (existsSync(".env")) process.loadEnvFile(".env");
  const config = readConfig(process.env);
  const path = process.env["PATH"];
  const logger = pino({ level: "error", base: null });
  const redisUrl = config.redisUrl ?? (await runningRedis(config.dataDir));
  if (redisUrl === null && findRedis(path) === null) throw new OperatorError(NO_REDIS);
  return openStores({ ...config, redisUrl, roomsRedisUrl: null }, logger, path);
}

function tell(name: string, secret: string): void {
  const address = otpauthAddress(name, secret);
  console.log(`${name} signs in at /desk with this password and the codes of an authenticator.`);
  console.log("Scan this, or type the secret in. It is not shown again.\n");
  console.log(qrCode(address));
  console.log(`secret: ${secret}\n${address}`);
}

async function checkLog({ review }: Stores): Promise<void> {
  const entries: LogEntry[] = [];
  for (;;) {
    const page = await review.log(entries.at(-1)?.seq, LOG_PAGE);
    entries.push(...page);
    if (page.length === 0) break;
  }
  entries.reverse();
  const fault = verifyLog(entries);
  const last = entries.at(-1);
  if (fault !== null) throw new OperatorError(`The log was changed at line ${fault}.`);
  console.log(
    last
      ? `${entries.length} lines, each as it was written. The last one's seal: ${last.hash}`
      : "The log is empty.",
  );
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof OperatorError ? error.message : error);
  process.exitCode = 1;
}
