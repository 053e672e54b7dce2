import { PUZZLE_ASKED, PUZZLE_HINT } from "../net/client.ts";
import { hasWaited, slopeText, triedOperations } from "./report.ts";
import type { OperationReport, Report, Times } from "./report.ts";

const COLUMNS = ["p50", "p75", "p90", "p95", "p99", "p99.9", "max"] as const;

const ms = (value: number): string =>
  value >= 1000 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

function row(name: string, count: string, times: Times | null, errors: string): string {
  const cells = COLUMNS.map((column) => (times ? ms(times[column]) : "–").padStart(8));
  return `${name.padEnd(12)}${count.padStart(9)}${cells.join("")}  ${errors}`.trimEnd();
}

function lines(name: string, operation: OperationReport): string[] {
  const errors = Object.entries(operation.errorsByCode)
    .map(([code, count]) => `${count} ${code}`)
    .join(", ");
  const { count, latencyMs, serviceMs } = operation;
  return [
    row(name, String(count), latencyMs, errors),
    ...(hasWaited(operation) ? [row("  service", "", serviceMs, "")] : []),
  ];
}

const VERDICTS: Record<Report["verdict"], string> = {
  held: "HELD",
  failed: "FAILED",
  saturated: "SATURATED",
  invalid: "INVALID",
  interrupted: "INTERRUPTED",
};

/** The report as a terminal shows it. */
export function asText(report: Report): string {
  const { settings, rate, generator, invariants, findMax } = report;
  const { offered } = rate;
  const offer = offered === null ? "closed model" : `${offered.toFixed(1)}/s offered`;
  const out = [
    `${report.scenario} at ${report.url}${report.ownServer ? " (its own server)" : ""}: ` +
      `${settings.connections} connections, ${offer}, ${rate.achieved.toFixed(1)}/s achieved`,
    `generator: ${generator.delayP99Ms.toFixed(1)} ms late (p99), its busiest process ` +
      `${(generator.busy * 100).toFixed(0)} %, ${generator.cpuPercent.toFixed(0)} % of a core`,
    "",
    `${"latency, ms".padEnd(12)}${"count".padStart(9)}${COLUMNS.map((c) => c.padStart(8)).join("")}  errors`,
    ...triedOperations(report).flatMap(([name, operation]) => lines(name, operation)),
    "",
  ];
  const last = report.timeline.at(-1);
  for (const name of ["server", "redis"] as const) {
    const used = report.timeline.flatMap((point) => point[name] ?? []);
    if (!last || used.length === 0) continue;
    // Of its seconds the middle one: the end of a run asks for more than the run.
    const cpu = used.map(({ cpuPercent }) => cpuPercent).sort((a, b) => a - b)[used.length >> 1]!;
    const { rss, processes } = used.at(-1)!;
    const all = processes === 1 ? "" : ` in ${processes} processes`;
    out.push(
      `${name}: ${cpu.toFixed(cpu < 10 ? 1 : 0)} % of a core, ` +
        `${(rss / 1e6).toFixed(0)} MB at the end${all}`,
    );
  }
  const slope = slopeText(report);
  if (slope !== null) out.push(`server's memory: ${slope}`);
  for (const { rate: each, achievedShare, held, why } of findMax?.steps ?? [])
    out.push(
      `${String(each).padStart(8)}/s  ${(achievedShare * 100).toFixed(1)} %  ${held ? "held" : why}`,
    );
  if (findMax) {
    const limit = findMax.steps.find(({ held }) => !held)?.why.startsWith("invalid");
    const beyond = limit ? "; beyond it the generator is the limit" : "";
    out.push(`highest rate that was held: ${findMax.rate ?? "none"}${beyond}`);
  }
  for (const { text, held } of report.objectives) out.push(`${text}: ${held ? "kept" : "BROKEN"}`);
  const isPuzzled = Object.values(report.operations).some(
    ({ errorsByCode }) => PUZZLE_ASKED in errorsByCode,
  );
  if (isPuzzled) out.push(PUZZLE_HINT);
  out.push(`invariants broken: ${invariants.broken}`);
  for (const { kind, text } of invariants.first) out.push(`  ${kind}: ${text}`);
  const because = report.because.length > 0 ? `: ${report.because.join("; ")}` : "";
  out.push(`${VERDICTS[report.verdict]}${because}`);
  return out.join("\n");
}
