import { closeSync, openSync, writeFileSync } from "node:fs";
import { HELP } from "./cli/help.ts";
import { UsageError, readOptions } from "./cli/options.ts";
import { ProgressView } from "./cli/progress.ts";
import { asHtml } from "./report/html.ts";
import type { Report } from "./report/report.ts";
import { asText } from "./report/text.ts";
import { GeneratorError, ScenarioError } from "./run/crew.ts";
import { UnreachableError } from "./run/own-server.ts";
import { Run } from "./run/run.ts";

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
      closeSync(openSync(file, "a"));
      return [];
    } catch (error) {
      return [`--${option} ${file}: cannot be written (${(error as Error).message})`];
    }
  });
  if (faults.length > 0) throw new UsageError(faults);
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
  let isInterrupted = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Who asks a second time does not want the report.
      if (isInterrupted) process.exit(EXIT.interrupted);
      isInterrupted = true;
      run.interrupt();
    });
  }
  const report = await run.start();
  if (!output.quiet) view.end();
  console.log(asText(report));
  if (output.json !== null) writeFileSync(output.json, `${JSON.stringify(report, null, 2)}\n`);
  if (output.html !== null) writeFileSync(output.html, asHtml(report));
  return exitCodeOf(report);
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
