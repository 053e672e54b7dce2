/*
 * Driftsea beside what one would take instead, in turns. The measure is CPU of the server's process
 * for each piece of work: generator and server share the machine, so that times would say little.
 */
import { parseArgs } from "node:util";
import { machine } from "../report/report.ts";
import { connectionCost, connectionMemory, messageCost } from "./measures.ts";
import type { RoomLoad } from "./measures.ts";
import { SUBJECTS, SUBJECT_NAMES } from "./subjects.ts";
import type { Subject, SubjectName } from "./subjects.ts";
import { asTable } from "./table.ts";
import { MEASURES, middle } from "./targets.ts";
import type { Figures, MeasureName } from "./targets.ts";
import type { Cost } from "./visitors.ts";

const HELP = `npm run bench [-- options]   Driftsea beside its peers; some eight minutes.

  --only LIST    of ${Object.keys(MEASURES).join(", ")}
  --rounds N     in turns, the middle counts (3)
  --scale N      share of the usual work, for a quick look (1)

Nothing else should run on the machine. Linux only: CPU and memory are read from /proc.`;

const ROOMS: Record<"room1000" | "room10" | "room2", RoomLoad> = {
  room1000: { size: 1000, rooms: 1, messages: 320, rate: 40 },
  room10: { size: 10, rooms: 20, messages: 4000, rate: 600 },
  room2: { size: 2, rooms: 40, messages: 12_000, rate: 1500 },
};
const INTERRUPTED = 130;
const CONNECTIONS = 4000;
const IDLE = 8000;

type Rounds = Partial<Record<SubjectName, Cost[]>>;

const note = (text: string): void => void process.stderr.write(`${text}\n`);

/** Each subject in turn, as often as there are rounds. */
async function inTurns(
  name: MeasureName,
  subjects: Record<SubjectName, Subject>,
  rounds: number,
  measure: (subject: Subject, name: SubjectName) => Promise<Cost>,
): Promise<Rounds> {
  const found: Rounds = {};
  for (let round = 1; round <= rounds; round += 1) {
    for (const subject of SUBJECT_NAMES) {
      const cost = await measure(subjects[subject], subject);
      (found[subject] ??= []).push(cost);
      const redis = cost.redis > 0 ? `, Redis ${cost.redis.toFixed(2)}` : "";
      note(`${name} ${round}/${rounds} ${subject}: ${cost.server.toFixed(2)} µs${redis}`);
    }
  }
  return found;
}

/** Each in a fresh process: what it once held counts no more. */
async function memoryOfEach(count: number): Promise<Figures> {
  const figures: Figures = {};
  for (const name of SUBJECT_NAMES) {
    const subject = await SUBJECTS[name].start();
    figures[name] = (await connectionMemory(subject, count)) / 1000;
    note(`memory ${name}: ${figures[name].toFixed(1)} kB a connection`);
    await subject.stop();
  }
  return figures;
}

/** What `npm start` runs is measured: tsx adds something to each function. */
async function buildIfStale(): Promise<void> {
  const script = new URL("../../../scripts/build.mjs", import.meta.url).href;
  const { build, isStale } = (await import(script)) as {
    build: () => void;
    isStale: () => boolean;
  };
  if (isStale()) build();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: Object.keys(MEASURES).join(",") },
      rounds: { type: "string", default: "3" },
      scale: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const only = new Set(values.only.split(","));
  const [rounds, scale] = [Number(values.rounds), Number(values.scale)];
  const figures: Partial<Record<MeasureName, Figures>> = {};
  const redis: Partial<Record<MeasureName, number>> = {};

  await buildIfStale();
  const started: [SubjectName, Subject][] = [];
  for (const name of SUBJECT_NAMES) started.push([name, await SUBJECTS[name].start()]);
  const subjects = Object.fromEntries(started) as Record<SubjectName, Subject>;
  const keep = (name: MeasureName, found: Rounds, divisor: number): void => {
    const mean = (of: (cost: Cost) => number, costs: readonly Cost[]): number =>
      middle(costs.map(of)) / divisor;
    figures[name] = {};
    for (const [subject, costs] of Object.entries(found) as [SubjectName, Cost[]][])
      figures[name][subject] = mean(({ server }) => server, costs);
    redis[name] = mean((cost) => cost.redis, found.redis ?? []);
  };
  try {
    for (const name of ["room1000", "room10", "room2"] as const) {
      if (!only.has(name)) continue;
      const load = { ...ROOMS[name], messages: Math.ceil(ROOMS[name].messages * scale) };
      const found = await inTurns(name, subjects, rounds, (each) => messageCost(each, load));
      keep(name, found, name === "room1000" ? load.size : 1);
    }
    if (only.has("connection")) {
      const tokens = new Map<SubjectName, (string | undefined)[]>();
      for (const name of SUBJECT_NAMES) tokens.set(name, []);
      const count = Math.ceil(CONNECTIONS * scale);
      const found = await inTurns("connection", subjects, rounds, (each, name) =>
        connectionCost(each, count, tokens.get(name)!),
      );
      keep("connection", found, 1);
    }
  } finally {
    for (const [, subject] of started) await subject.stop();
  }
  if (only.has("memory")) figures.memory = await memoryOfEach(Math.ceil(IDLE * scale));
  const { cpu, cores, node, system } = machine();
  console.log(`${cpu}, ${cores} cores, Node ${node}, ${system}\n`);
  console.log(asTable(figures, redis));
}

// What it has started ends as it exits, which by itself no signal makes it do.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => process.exit(INTERRUPTED));
await import(new URL("../../../scripts/end-with-npm.mjs", import.meta.url).href);
await main();
