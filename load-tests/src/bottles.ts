import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Bot } from "./bot.ts";
import type { Run } from "./bot.ts";
import { Latencies } from "./latencies.ts";
import { Ledger } from "./ledger.ts";

const HELP = `Throws and catches bottles with N clients, and checks that nothing is lost or doubled.

  npm run load:bottles -- --clients 200 --url http://127.0.0.1:3000

  --url      the server (default http://127.0.0.1:3000)
  --clients  visitors at once (default 100)
  --throws   bottles that each throws, up to the day's allowance (default 3)
  --catches  catches that each tries, up to the day's allowance (default 6)
  --ramp     connections opened a second (default 200)
  --pause    mean pause of a visitor between two acts, in ms (default 100)
  --keep     leaves the bottles and sessions there; else each client forgets itself at the end

From one address a server takes 100 connections; start it with RATE_LIMITS=off HOST=127.0.0.1 for more.
Exit code 0: every promise was kept; 1: not, or bad options; 2: the server could not be reached.
`;

/** How long acknowledged things may take to arrive at the end, in ms. */
const GRACE_MS = 5000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: "string", default: "http://127.0.0.1:3000" },
      clients: { type: "string", default: "100" },
      throws: { type: "string", default: "3" },
      catches: { type: "string", default: "6" },
      ramp: { type: "string", default: "200" },
      pause: { type: "string", default: "100" },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const clients = whole("clients", values.clients, 1);
  const throws = whole("throws", values.throws, 0);
  const catches = whole("catches", values.catches, 0);
  const ramp = whole("ramp", values.ramp, 1);
  const pauseMs = whole("pause", values.pause, 0);

  const { url } = values;
  const run: Run = { url, ledger: new Ledger(), latencies: new Latencies(), sentAt: new Map() };
  const { ledger, latencies } = run;
  const progress = setInterval(() => {
    const done = ["connect", "bottle:throw", "bottle:catch", "bottle:answer", "letter told"]
      .map((name) => `${name} ${latencies.count(name)}`)
      .join("  ");
    process.stderr.write(`${done}  faults ${ledger.faults.length}\n`);
  }, 1000);

  const began = performance.now();
  const bots: Bot[] = [];
  const refusals = new Map<string, number>();
  const connecting: Promise<void>[] = [];
  for (let i = 0; i < clients; i += 1) {
    const opened = Bot.connect(run, i).then(
      (bot) => void bots.push(bot),
      (error: Error) => void refusals.set(error.message, (refusals.get(error.message) ?? 0) + 1),
    );
    connecting.push(opened);
    if ((i + 1) % Math.ceil(ramp / 10) === 0) await sleep(100);
  }
  await Promise.all(connecting);
  for (const [reason, count] of refusals) console.error(`${count} were not let in: ${reason}`);
  if (bots.length === 0) {
    clearInterval(progress);
    console.error(`nobody got in at ${url}`);
    process.exitCode = 2;
    return;
  }

  const acting = performance.now();
  await Promise.all(
    bots.map(async (bot) => {
      const pause = (): Promise<void> => sleep(Math.random() * 2 * pauseMs);
      for (let i = 0; i < Math.max(throws, catches); i += 1) {
        await pause();
        if (i < throws) await bot.throwBottle();
        await pause();
        if (i < catches) await bot.catchBottle();
      }
    }),
  );
  const seconds = (performance.now() - acting) / 1000;
  const deadline = performance.now() + GRACE_MS;
  while (ledger.missing > 0 && performance.now() < deadline) await sleep(20);
  clearInterval(progress);

  const faults = ledger.audit();
  if (values.keep) for (const bot of bots) bot.close();
  else await Promise.all(bots.map((bot) => bot.forget()));

  const acts = ["bottle:throw", "bottle:catch", "bottle:answer", "thread:send"]
    .map((name) => latencies.count(name))
    .reduce((a, b) => a + b, 0);
  console.log(
    `${bots.length} of ${clients} clients at ${url}; connected in ${((acting - began) / 1000).toFixed(1)} s; ` +
      `${acts} commands in ${seconds.toFixed(1)} s, ${Math.round(acts / seconds)} a second\n`,
  );
  console.log(`${"ms".padEnd(22)}   count     p50     p95     p99 longest`);
  for (const line of latencies.lines()) console.log(line);
  console.log("");
  for (const fault of faults.slice(0, 20)) console.log(fault);
  if (faults.length > 20) console.log(`… and ${faults.length - 20} more`);
  console.log(`${ledger.errors} errors, ${faults.length} promises broken`);
  process.exitCode = faults.length > 0 || refusals.size > 0 ? 1 : 0;
}

/** @throws UsageError */
function whole(name: string, value: string, least: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least)
    throw new UsageError(`--${name}: a whole number from ${least}, not "${value}"`);
  return number;
}

class UsageError extends Error {}

try {
  await main();
} catch (error) {
  const code = (error as { code?: string }).code ?? "";
  if (!(error instanceof UsageError) && !code.startsWith("ERR_PARSE_ARGS")) throw error;
  console.error(`${(error as Error).message}\n\n${HELP}`);
  process.exitCode = 1;
}
