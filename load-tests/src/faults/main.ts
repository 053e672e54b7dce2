/*
 * Breaks a server and its store on a schedule while people write, and looks afterwards at what they
 * were told. The schedule follows from the seed; what meets when, from the machine too.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { readDuration } from "../cli/options.ts";
import { STRIKES, asTable, runCampaign, verdictOf } from "./campaign.ts";

const EXIT = { held: 0, usage: 1, broken: 99, interrupted: 130 } as const;
const SOAK_MS = 60_000;

const list = Object.entries(STRIKES)
  .map(([name, { summary }]) => `  ${name.padEnd(14)} ${summary}`)
  .join("\n");

const HELP = `npm run faults -- [options]     e.g. npm run faults -- --long --only kill-server,kill-redis

${list}

  --long        as often as the requirement says; else a short form of each
  --seed TEXT   the schedule of an earlier run
  --only LIST   names with commas between
  --times N     strikes of a kind, instead of 100, 50 and so on
  --soak T      length of the soak: 60s, 2h (60s; with --long 2h)

Exit: 0 all held, 1 usage, 99 something did not. Needs redis-server, and faketime for clocks.`;

/** What npm start runs is broken, and not its sources. */
async function buildIfStale(): Promise<void> {
  const script = new URL("../../../scripts/build.mjs", import.meta.url).href;
  const { build, isStale } = (await import(script)) as {
    build: () => void;
    isStale: () => boolean;
  };
  if (isStale()) build();
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      long: { type: "boolean", default: false },
      seed: { type: "string" },
      only: { type: "string", default: Object.keys(STRIKES).join(",") },
      soak: { type: "string" },
      times: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return EXIT.held;
  }
  const only = values.only.split(",");
  const unknown = only.filter((name) => !Object.hasOwn(STRIKES, name));
  const soakMs = readDuration(values.soak ?? (values.long ? "2h" : `${SOAK_MS}ms`));
  const times = values.times === undefined ? null : Number(values.times);
  const isCount = times === null || (Number.isInteger(times) && times > 0);
  if (!isCount) console.error(`--times ${values.times}: a whole number from 1`);
  if (unknown.length > 0 || soakMs === null || !isCount) {
    for (const name of unknown) console.error(`${name}: one of ${Object.keys(STRIKES).join(", ")}`);
    if (soakMs === null) console.error(`--soak ${values.soak}: a time like 60s or 2h`);
    return EXIT.usage;
  }
  const seed = values.seed ?? randomBytes(6).toString("hex");
  console.error(`seed ${seed}`);
  await buildIfStale();
  const startedAt = performance.now();
  const note = (text: string): void => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.error(`${String(seconds).padStart(5)} s  ${text}`);
  };
  const findings = await runCampaign({ seed, only, isLong: values.long, times, soakMs, note });
  console.log(`seed ${seed}${values.long ? ", as often as required" : ", the short form"}`);
  console.log(asTable(findings));
  const isBroken = Object.values(findings).some((finding) => verdictOf(finding) === "BROKEN");
  return isBroken ? EXIT.broken : EXIT.held;
}

// What it has started ends as it exits, which by itself no signal makes it do.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => process.exit(EXIT.interrupted));
await import(new URL("../../../scripts/end-with-npm.mjs", import.meta.url).href);
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof TypeError && "code" in error)) throw error;
  // What parseArgs says of an option that there is not.
  console.error(error.message);
  process.exitCode = EXIT.usage;
}
