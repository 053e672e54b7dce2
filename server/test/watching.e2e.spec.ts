import { readFileSync } from "node:fs";
import { expect } from "chai";
import { load } from "js-yaml";
import { CIRCLE, newOwner } from "./harness/circle.ts";
import { spawnServer } from "./harness/process.ts";
import type { ServerProcess } from "./harness/process.ts";
import { Visitor, until, writeId } from "./harness/visitor.ts";

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string };
}
interface Panel {
  title: string;
  datasource: { uid: string };
  targets: { expr: string }[];
}

const read = (path: string): string =>
  readFileSync(new URL(`../../ops/${path}`, import.meta.url), "utf8");
const alerts = load(read("alerts.yml")) as { groups: { rules: Rule[] }[] };
const rules = alerts.groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(read("grafana/driftsea.json")) as { panels: Panel[] };
const questions = [
  ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: title, expr }))),
];

/** What Prometheus itself puts beside what it is told. */
const OF_PROMETHEUS = ["instance", "job", "le"];
const WORDS = new Set(["and", "or", "unless", "bool", "by", "without", "on", "ignoring", "offset"]);

/** The metrics that a question is about, and the labels that it sorts them by. */
function askedBy(expr: string): { metrics: string[]; labels: string[]; growing: string[] } {
  const plain = expr.replace(/"[^"]*"/g, "");
  const grouped = [...plain.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g)];
  const matched = [...plain.matchAll(/\{([^}]*)\}/g)];
  const labels = [...grouped, ...matched].flatMap(([, list]) => list!.match(/[a-z_]\w*/gi) ?? []);
  const rest = plain
    .replace(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, "")
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, "");
  const names = rest.match(/(?<![\w.])[a-z_:][\w:]*(?!\w*\s*\()/gi) ?? [];
  return {
    metrics: names.filter((name) => !WORDS.has(name)),
    labels: labels.filter((label) => !OF_PROMETHEUS.includes(label)),
    growing: [...rest.matchAll(/\b(?:rate|increase)\(([a-z_]\w*)/gi)].map(([, name]) => name!),
  };
}

describe("watching it", function () {
  this.timeout(60_000);
  let server: ServerProcess;
  let exposed: Map<string, string>;
  let samples: string[];

  before(async () => {
    server = await spawnServer({ ...CIRCLE, PATH: "", CLASSIFIER_URL: "http://127.0.0.1:1/" });
    await driveEverything(server.url);
    const page = await fetch(`${server.url}/metrics`);
    samples = (await page.text()).split("\n");
    exposed = new Map();
    for (const [, name, type] of samples.map((line) => /^# TYPE (\w+) (\w+)/.exec(line) ?? [])) {
      if (name === undefined || type === undefined) continue;
      exposed.set(name, type);
      const ends = { histogram: ["_bucket", "_sum", "_count"], summary: ["_sum", "_count"] }[type];
      for (const end of ends ?? []) exposed.set(name + end, "counter");
    }
  });
  after(async () => {
    server.kill("SIGTERM");
    expect(await server.ended).to.equal(0);
  });

  it("panels and alerts ask for metrics that a running server has, by labels that they have", () => {
    expect(questions.length).to.be.greaterThan(30);
    for (const { where, expr } of questions) {
      const { metrics, labels, growing } = askedBy(expr);
      expect(metrics, `${where}: ${expr}`).to.have.length.greaterThan(0);
      for (const name of metrics.filter((one) => one !== "up"))
        expect([...exposed.keys()], where).to.include(name);
      for (const label of labels) {
        const has = samples.some(
          (line) =>
            metrics.some((name) => line.startsWith(`${name}{`)) && line.includes(`${label}="`),
        );
        expect(has, `${where}: ${metrics.join(", ")} by ${label}`).to.equal(true);
      }
      for (const name of growing)
        expect(exposed.get(name), `${where}: ${name}`).to.equal("counter");
    }
  });

  it("says how the process and the store are", () => {
    const value = (name: string): number =>
      Number(samples.find((line) => line.startsWith(`${name} `))?.split(" ")[1]);
    expect(value("process_resident_memory_bytes")).to.be.greaterThan(20e6);
    expect(value("process_cpu_seconds_total")).to.be.greaterThan(0);
    expect(value("nodejs_eventloop_lag_p99_seconds")).to.be.greaterThan(0);
    expect(value("driftsea_store_up")).to.equal(1);
    expect(value("driftsea_store_seconds")).to.be.within(0, 1);
  });

  it("every alert says how bad it is, and what is the matter", () => {
    for (const { alert, labels, annotations } of rules) {
      expect(["page", "look"], alert).to.include(labels.severity);
      expect(annotations.summary, alert).to.match(/\w/);
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).to.equal(rules.length);
  });

  it("Prometheus and Grafana find what is provisioned", () => {
    const prometheus = load(read("prometheus.yml")) as { rule_files: string[] };
    for (const file of prometheus.rule_files) expect(read(file)).to.include("groups:");
    const sources = load(read("grafana/provisioning/datasources/driftsea.yml")) as {
      datasources: { uid: string }[];
    };
    const uids = sources.datasources.map(({ uid }) => uid);
    for (const { title, datasource } of panels) expect(uids, title).to.include(datasource.uid);
  });
});

/** A little of each feature that is counted. */
async function driveEverything(url: string): Promise<void> {
  const [ann, bo] = [await Visitor.come(url), await Visitor.come(url)];
  await Visitor.come(url, { protocol: 99 }).then(
    () => expect.fail("an unknown protocol was let in"),
    () => {},
  );
  await ann.throws("a little of everything");
  const { bottle } = await bo.catches();
  await bo.send("safety:report", {
    id: writeId(),
    target: { kind: "bottle", id: bottle.id },
    reason: "spam",
  });
  await ann.ask("hole:write", { id: writeId(), text: "I want to die" });
  const lifetime = { kind: "fixed", ms: 600_000 } as const;
  const { room } = await ann.ask("room:create", { id: writeId(), lifetime, access: "listed" });
  await ann.ask("room:enter", { roomId: room.id });
  const said = { roomId: room.id, text: "the same words again and again, whoever says them" };
  await ann.ask("room:send", { id: writeId(), ...said });
  const { ownerHash } = newOwner();
  await ann.send("feed:post", { id: writeId(), text: "a small secret", ownerHash });
  ann.socket.emit("hole:status", {});
  await until(async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return /^driftsea_ignored_total 1$/m.test(text) && /^driftsea_classifier_total\{/m.test(text);
  }, "all to be counted");
  for (const one of [ann, bo]) await one.leave();
}
