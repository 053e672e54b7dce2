import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { emptyMeasured, micros } from "../measure/operations.ts";
import type { Measured } from "../measure/operations.ts";
import { generatorFaults } from "../measure/generator.ts";
import { memorySlope } from "../measure/memory-slope.ts";
import { asHtml } from "./html.ts";
import { judge, readObjectives } from "./objectives.ts";
import { machine, operationReport } from "./report.ts";
import type { Report } from "./report.ts";
import { asText } from "./text.ts";

const shape = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readFileSync(new URL("../../report.schema.json", import.meta.url), "utf8")) as object,
);

const measured = (ms: readonly number[], errors: Record<string, number> = {}): Measured => {
  const result = emptyMeasured();
  for (const each of ms) {
    result.latency.record(micros(each));
    result.service.record(micros(each / 2));
  }
  return { ...result, errors };
};
const hundred = Array.from({ length: 100 }, (_, i) => i + 1);

function report(): Report {
  const used = { cpuPercent: 12.5, rss: 123_456_789, processes: 1 };
  return {
    schema: 4,
    verdict: "failed",
    because: ["1 invariants were broken"],
    scenario: "rooms",
    url: "http://127.0.0.1:3000/",
    ownServer: true,
    startedAt: "2030-01-01T00:00:00.000Z",
    settings: {
      connections: 10,
      workers: 1,
      processes: 1,
      payload: 100,
      size: 10,
      model: "open",
      stages: [{ durationMs: 2000, rate: 50 }],
      rampMs: 0,
      warmupMs: 1000,
    },
    machine: machine(),
    rate: { offered: 50, achieved: 49.5, achievedShare: 0.99 },
    generator: { delayP99Ms: 1, delayMaxMs: 2, lateP99Ms: 1, busy: 0.1, cpuPercent: 20 },
    operations: {
      send: operationReport(measured(hundred, { gone: 2 })),
      deliver: operationReport(measured([])),
    },
    objectives: [{ text: "errors<1%", held: false, measured: 2 / 102 }],
    invariants: { broken: 1, first: [{ kind: "gap", text: "<b>ann</b> saw 9 after 6" }] },
    findMax: { steps: [{ rate: 50, achievedShare: 0.99, held: true, why: "" }], rate: 50 },
    memorySlope: 2_500_000,
    timeline: [1, 2, 3].map((atS) => ({
      atS,
      operations: { send: { count: 33, errors: 0, p50Ms: 3, p99Ms: 9, maxMs: 11 } },
      server: used,
      redis: used,
    })),
  };
}

describe("the report of a load test", () => {
  it("[M10] percentiles are of all that was measured, from the schedule and from the sending", () => {
    const { count, latencyMs, serviceMs, errors, curve } = operationReport(
      measured(hundred, { gone: 2, timeout: 1 }),
    );
    expect(count).to.equal(100);
    expect(errors).to.equal(3);
    for (const [name, value] of Object.entries({ p50: 50, p75: 75, p90: 90, p95: 95, p99: 99 }))
      expect(latencyMs![name as "p50"]).to.be.closeTo(value, value / 500);
    expect(latencyMs!["p99.9"]).to.be.closeTo(100, 0.2);
    expect(latencyMs!.max).to.be.closeTo(100, 0.2);
    expect(serviceMs!.p50).to.be.closeTo(25, 0.1);
    expect(curve.at(-1)![1]).to.be.closeTo(100, 0.2);
    expect(operationReport(measured([])).latencyMs).to.equal(null);
  });

  it("[M10] objectives are read, refused with the accepted form, and judged", () => {
    const names = ["catch", "throw"];
    const { objectives, faults } = readObjectives(
      "catch.p99<98, errors<5%,throw.errors<0.01",
      names,
    );
    expect(faults).to.deep.equal([]);
    const operations = { catch: measured(hundred), throw: measured(hundred, { gone: 3 }) };
    expect(objectives.map((each) => judge(each, operations).held)).to.deep.equal([
      false,
      true,
      false,
    ]);
    const [, ofAll] = objectives;
    const heard = { ...operations, deliver: measured(hundred), told: measured(hundred) };
    expect(judge(ofAll!, heard).measured, "of what is asked for").to.equal(3 / 203);
    const nothing = { catch: measured([]), throw: measured([]) };
    expect(judge(objectives[0]!, nothing).held, "what was never measured").to.equal(false);
    expect(
      readObjectives("catch.p99>1,catch.p42<1,fly.max<1,errors<", names).faults,
    ).to.have.length(4);
  });

  it("[M10] a generator that was late or busy is named; one that was not is not", () => {
    const fine = { delayP99Ms: 3, delayMaxMs: 90, lateP99Ms: 2, busy: 0.5 };
    expect(generatorFaults(fine)).to.deep.equal([]);
    expect(generatorFaults({ ...fine, delayP99Ms: 80 })[0]).to.include("80 ms late");
    expect(generatorFaults({ ...fine, lateP99Ms: 300 })[0]).to.include("operations 300 ms late");
    expect(generatorFaults({ ...fine, busy: 0.97 })[0]).to.include("busy 97 %");
  });

  it("[M10] the JSON has its documented shape, and the shape refuses another", () => {
    const written = JSON.parse(JSON.stringify(report())) as Record<string, unknown>;
    expect(shape(written), JSON.stringify(shape.errors)).to.equal(true);
    const closed = {
      ...written,
      rate: { offered: null, achieved: 1, achievedShare: 1 },
      findMax: null,
    };
    expect(shape(closed), JSON.stringify(shape.errors)).to.equal(true);
    const faulty = { ...written, schema: 2, verdict: "fine", more: 1, timeline: [{ atS: "1" }] };
    expect(shape(faulty)).to.equal(false);
    const faults = shape.errors!.map(({ instancePath, params }) => {
      const { missingProperty = "", additionalProperty = "" } = params as Record<string, string>;
      return `${instancePath}:${missingProperty}${additionalProperty}`;
    });
    expect(faults).to.have.members([
      "/schema:",
      "/verdict:",
      ":more",
      "/timeline/0/atS:",
      "/timeline/0:operations",
    ]);
  });

  it("[M10] the page asks for nothing and runs nothing, light and dark, with all its parts", () => {
    const page = asHtml(report());
    expect(page).not.to.match(/<script|<link|<img|<iframe|@import|url\(|\bsrc=|\bhref=/i);
    const addresses = page.match(/\bhttps?:\/\/[^\s<",]+/g);
    expect(addresses, "only the server's own, as text").to.deep.equal(["http://127.0.0.1:3000/"]);
    expect(page).to.include("default-src 'none'").and.include("prefers-color-scheme: dark");
    expect(page).to.include("&#60;b&#62;ann").and.not.include("<b>ann");
    const figures = [...page.matchAll(/<figcaption>([^<]+)/g)].map(([, title]) => title);
    expect(figures).to.deep.equal([
      "send",
      "latency by percentile",
      "CPU, percent of a core",
      "resident memory",
    ]);
    expect(page).to.include("2.5 MB more an hour");
    expect(page).not.to.match(/NaN|undefined|Infinity/);
    expect(page.match(/<polyline/g)).to.have.length(3 + 1 + 2 + 2);
  });

  it("[M10] the page of a run of days is written too", () => {
    const [first] = report().timeline;
    const timeline = Array.from({ length: 200_000 }, (_, atS) => ({ ...first!, atS }));
    expect(asHtml({ ...report(), timeline })).to.include(">150000<");
  });

  it("[M10] the text has each operation, the violations and the verdict", () => {
    const text = asText(report());
    expect(text).to.match(/^send +100 +50\.\d +75\.\d .* 2 gone$/m);
    expect(text).not.to.match(/^deliver/m);
    expect(text).to.include("gap: <b>ann</b> saw 9 after 6");
    expect(text).to.include("FAILED: 1 invariants were broken");
    expect(text).to.include("highest rate that was held: 50");
    expect(text).to.include("server: 13 % of a core, 123 MB at the end");
    expect(text).to.include("server's memory: 2.5 MB more an hour");
    expect(text).not.to.include("puzzle");
  });

  it("[M4] [M10] the text says that puzzles were asked for", () => {
    const puzzled = report();
    puzzled.operations["send"]!.errorsByCode["puzzle_required"] = 7;
    expect(asText(puzzled)).to.match(/ 7 puzzle_required$/m);
    expect(asText(puzzled)).to.include("start it with PUZZLE=off");
  });

  it("[M10] the growth of memory is that of the second half, and of long runs alone", () => {
    const timeline = (seconds: number) =>
      Array.from({ length: seconds }, (_, atS) => ({
        atS,
        operations: {},
        // A thousand bytes a second once it has warmed up.
        server: {
          cpuPercent: 1,
          rss: atS < seconds / 2 ? atS * 1e6 : 1e9 + atS * 1000,
          processes: 1,
        },
      }));
    expect(memorySlope(timeline(300))).to.be.closeTo(3_600_000, 1);
    expect(memorySlope(timeline(60))).to.equal(null);
    expect(memorySlope(timeline(300).map(({ atS }) => ({ atS, operations: {} })))).to.equal(null);
  });
});
