import { closeSync, existsSync, openSync, rmSync, writeFileSync } from "node:fs";
import { HELP } from "./cli/help.ts";
import { UsageError, readOptions } from "./cli/options.ts";
import { ProgressView } from "./cli/progress.ts";
import { asHtml } from "./report/html.ts";
import type { Report } from "./report/report.ts";
import { asText } from "./report/text.ts";
import { GeneratorError, ScenarioError } from "./run/crew.ts";
import { UnreachableError } from "./run/own-server.ts";
import { Run } from "./run/run.ts";

/** The same signal within this is of one press: npm passes on what a terminal has sent to all, in ms. */
const SAME_PRESS_MS = 1000;
const EXIT = { held: 0, usage: 1, unreachable: 2, broken: 99, interrupted: 130 } as const;

function exitCodeOf({ verdict }: Report): number {
  if (verdict === "held") return EXIT.held;
  return verdict === "interrupted" ? EXIT.interrupted : EXIT.broken;
}

/** Nobody should learn only after an hour that its report cannot be written. @throws UsageError */
function makeWritable(files: Readonly<Record<string, string | null>>): void {
  const faults = Object.entries(files).flatMap(([option, file]) => {
    if (file === null) return [];
    try {
      // What stands in it stays until there is a report.
      const isThere = existsSync(file);
      closeSync(openSync(file, "a"));
      if (!isThere) rmSync(file);
      return [];
    } catch (error) {
      return [`--${option} ${file}: cannot be written (${(error as Error).message})`];
    }
  });
  if (faults.length > 0) throw new UsageError(faults);
}

/** Whether it could be; else says why not. */
function isWritten(
  option: string,
  file: string | null,
  text: (report: Report) => string,
  report: Report,
): boolean {
  if (file === null) return true;
  try {
    writeFileSync(file, text(report));
    return true;
  } catch (error) {
    console.error(`--${option} ${file}: could not be written (${(error as Error).message})`);
    return false;
  }
}

/** @throws UsageError, UnreachableError, ScenarioError, GeneratorError */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (!options) {
    console.log(HELP);
    return EXIT.held;
  }
  const { settings, output } = options;
  makeWritable({ json: output.json, html: output.html });
  const run = new Run(settings);
  const view = new ProgressView(process.stderr);
  if (!output.quiet) run.onProgress = (progress) => view.show(progress, performance.now());
  let first: { signal: NodeJS.Signals; at: number } | null = null;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      const at = performance.now();
      if (first?.signal === signal && at - first.at < SAME_PRESS_MS) return;
      // Who asks a second time does not want the report.
      if (first) process.exit(EXIT.interrupted);
      first = { signal, at };
      run.interrupt();
    });
  }
  await import(new URL("../../scripts/end-with-npm.mjs", import.meta.url).href);
  const report = await run.start();
  if (!output.quiet) view.end();
  console.log(asText(report));
  const areWritten = [
    isWritten("json", output.json, (all) => `${JSON.stringify(all, null, 2)}\n`, report),
    isWritten("html", output.html, asHtml, report),
  ];
  const code = exitCodeOf(report);
  return code === EXIT.held && areWritten.includes(false) ? EXIT.usage : code;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    for (const fault of error.faults) console.error(fault);
    process.exitCode = EXIT.usage;
  } else if (error instanceof UnreachableError) {
    console.error(error.message);
    process.exitCode = EXIT.unreachable;
  } else {
    // Whatever else it is, it was not asked wrongly.
    const isTold = error instanceof ScenarioError || error instanceof GeneratorError;
    console.error(isTold ? `the run broke off: ${error.message}` : error);
    process.exitCode = EXIT.broken;
  }
}
