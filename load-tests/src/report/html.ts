import { chart, escaped } from "./chart.ts";
import type { Line } from "./chart.ts";
import { hasWaited, slopeText, triedOperations } from "./report.ts";
import type { OperationReport, Report, Times } from "./report.ts";

const STYLE = `
:root { color-scheme: light dark; --paper: #fbfcfd; --ink: #17222b; --soft: #566673; --rule: #dbe2e8;
  --good: #146c43; --bad: #b3261e;
  --c0: #0b66c3; --c1: #b5530a; --c2: #1a7a4c; --c3: #8b3fa8; --c4: #a3272f; --c5: #4a5763; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #10171d; --ink: #e6edf2; --soft: #9badba; --rule: #2b3842; --good: #6fd3a0;
    --bad: #ff8f85; --c0: #6db3ff; --c1: #ffab66; --c2: #6fd3a0; --c3: #d59bf0; --c4: #ff9aa0;
    --c5: #b3c1cc; } }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem 4rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.5rem 0 0.5rem; }
p, li { margin: 0.25rem 0; } dd { margin: 0; } .soft, .tick, figcaption { color: var(--soft); }
.verdict { font-weight: 700; } .good { color: var(--good); } .bad { color: var(--bad); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.3rem 0.5rem; text-align: right; border-bottom: 1px solid var(--rule);
  font-variant-numeric: tabular-nums; white-space: nowrap; }
th:first-child, td:first-child, td:last-child, th:last-child { text-align: left; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; } dt { color: var(--soft); }
figure { margin: 1rem 0; } svg { width: 100%; height: auto; display: block; }
.tick { fill: var(--soft); font-size: 11px; } .grid { stroke: var(--rule); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.legend span { margin-right: 1rem; } .legend i { display: inline-block; width: 0.8rem; height: 0.8rem;
  margin-right: 0.35rem; border-radius: 2px; }
${[0, 1, 2, 3, 4, 5]
  .map(
    (i) =>
      `.line.c${i} { stroke: var(--c${i}); } circle.c${i} { fill: var(--c${i}); } i.c${i} { background: var(--c${i}); }`,
  )
  .join("\n")}
`;

const COLUMNS = ["p50", "p75", "p90", "p95", "p99", "p99.9", "max"] as const;

/** The report as one page: opens from a disk, asks for nothing, runs nothing. */
export function asHtml(report: Report): string {
  const good = report.verdict === "held" ? "good" : "bad";
  const { settings, rate, generator, machine } = report;
  const offered = rate.offered === null ? "closed model" : `${rate.offered.toFixed(1)} a second`;
  const facts: [string, string][] = [
    ["server", `${report.url}${report.ownServer ? ", started by the run" : ""}`],
    ["when", report.startedAt],
    [
      "connections",
      `${settings.connections}, from ${settings.workers} ${settings.workers === 1 ? "process" : "processes"}`,
    ],
    ["offered", offered],
    ["achieved", `${rate.achieved.toFixed(1)} a second`],
    [
      "stages",
      settings.stages.map((each) => `${each.durationMs / 1000} s: ${each.rate}/s`).join(", "),
    ],
    [
      "generator",
      `${generator.delayP99Ms.toFixed(1)} ms late (p99), its busiest process ${(generator.busy * 100).toFixed(0)} %`,
    ],
    [
      "machine",
      `${machine.cpu}, ${machine.cores} cores, ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB, Node ${machine.node}, ${machine.system}`,
    ],
  ];
  const slope = slopeText(report);
  if (slope !== null) facts.push(["server's memory", slope]);
  const { broken, first } = report.invariants;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Load test: ${escaped(report.scenario)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Load test: ${escaped(report.scenario)}</h1>
<p class="verdict ${good}">${report.verdict.toUpperCase()}</p>
${list(report.because)}
<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join("")}</dl>
<h2>Operations</h2>
<p class="soft">Milliseconds from the scheduled time; below, where it differs, from the time of sending.</p>
<div class="scroll"><table><thead><tr><th>operation</th><th>count</th>${COLUMNS.map((c) => `<th>${c}</th>`).join("")}<th>errors</th></tr></thead>
<tbody>${triedOperations(report).map(rows).join("")}</tbody></table></div>
<h2>Invariants</h2>
<p class="${broken === 0 ? "good" : "bad"}">${broken} broken</p>
${list(first.map(({ kind, text }) => `${kind}: ${text}`))}
${objectives(report)}
<h2>Latency over time</h2>
${overTime(report)}
<h2>Percentiles</h2>
${percentiles(report)}
${usage(report)}
</body>
</html>
`;
}

function list(items: readonly string[]): string {
  if (items.length === 0) return "";
  return `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join("")}</ul>`;
}

function rows([name, operation]: [string, OperationReport]): string {
  const { count, errorsByCode, latencyMs, serviceMs } = operation;
  const errors = Object.entries(errorsByCode)
    .map(([code, n]) => `${n} ${code}`)
    .join(", ");
  const cells = (times: Times | null): string =>
    COLUMNS.map((column) => `<td>${times ? times[column].toFixed(2) : ""}</td>`).join("");
  const head = `<tr><td>${escaped(name)}</td><td>${count}</td>${cells(latencyMs)}<td>${escaped(errors)}</td></tr>`;
  const service = `<tr class="soft"><td>– service</td><td></td>${cells(serviceMs)}<td></td></tr>`;
  return hasWaited(operation) ? head + service : head;
}

function objectives(report: Report): string {
  if (report.objectives.length === 0) return "";
  const items = report.objectives.map(({ text, held }) => `${text}: ${held ? "kept" : "broken"}`);
  const steps = (report.findMax?.steps ?? []).map(
    ({ rate, held, why }) => `${rate} a second: ${held ? "held" : why}`,
  );
  return `<h2>Objectives</h2>${list([...items, ...steps])}`;
}

const inMs = (value: number): string => `${Number(value.toPrecision(3))} ms`;

function overTime({ timeline, operations }: Report): string {
  return Object.keys(operations)
    .map((name) => {
      const line = (key: "p50Ms" | "p99Ms" | "maxMs"): Line => ({
        name: key.replace("Ms", ""),
        points: timeline.flatMap(({ atS, operations }) => {
          const point = operations[name];
          return point && point.count > 0 ? [[atS, point[key]] as const] : [];
        }),
      });
      const lines = [line("p50Ms"), line("p99Ms"), line("maxMs")];
      return chart({ title: name, lines, xName: "seconds", y: inMs });
    })
    .join("");
}

function percentiles({ operations }: Report): string {
  // Each nine is as wide as the one before.
  const toX = (percent: number): number => -Math.log10(Math.max(1e-5, 1 - percent / 100));
  const lines = Object.entries(operations)
    .filter(([, { curve }]) => curve.length > 0)
    .map(([name, { curve }]): Line => ({
      name,
      points: curve.filter(([percent]) => percent < 100).map(([percent, ms]) => [toX(percent), ms]),
    }));
  const xTicks = [0, 50, 90, 99, 99.9, 99.99].map((p) => ({ at: toX(p), label: `${p}` }));
  return chart({ title: "latency by percentile", lines, xTicks, xName: "percent", y: inMs });
}

function usage({ timeline }: Report): string {
  const of = (key: "cpuPercent" | "rss", scale: number): Line[] =>
    (["server", "redis"] as const)
      .map((name): Line => ({
        name,
        points: timeline.flatMap((point) => {
          const used = point[name];
          return used ? [[point.atS, used[key] * scale] as const] : [];
        }),
      }))
      .filter(({ points }) => points.length > 0);
  const cpu = of("cpuPercent", 1);
  if (cpu.length === 0) return "";
  const percent = (value: number): string => `${value} %`;
  const megabytes = (value: number): string => `${Number(value.toPrecision(3))} MB`;
  return (
    "<h2>Server</h2>" +
    chart({ title: "CPU, percent of a core", lines: cpu, xName: "seconds", y: percent }) +
    chart({ title: "resident memory", lines: of("rss", 1e-6), xName: "seconds", y: megabytes })
  );
}
