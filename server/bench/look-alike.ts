/*
 * Whether answers that must look alike do so from outside: in their bytes, and in the time they take
 * (Welch's t over interleaved calls, its absolute value under 4.5). `npm run bench:alike`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import type { CircleCode, CommandName, Payload, RoomId, ThreadId } from "@driftsea/protocol";
import { nanoid } from "nanoid";
import { spawnServer } from "../test/harness/process.ts";
import { Visitor, writeId } from "../test/harness/visitor.ts";

const CALLS = 1500;
const BOUND = 4.5;
/** The slowest hundredth is the machine's, in either case. */
const KEPT = 0.99;

interface Case<N extends CommandName> {
  what: string;
  payload: Payload<N>;
}

const dataDir = mkdtempSync(join(tmpdir(), "driftsea-alike-"));
const server = await spawnServer({ DATA_DIR: dataDir, RATE_LIMITS: "off", HOST: "127.0.0.1" });
try {
  const [ann, bo, eve] = [
    await Visitor.come(server.url),
    await Visitor.come(server.url),
    await Visitor.come(server.url),
  ];
  const invite = async (who: Visitor) => (await who.ask("circle:invite", {})).code;
  const [used, own, parted] = [await invite(ann), await invite(eve), await invite(ann)];
  await bo.ask("circle:accept", { code: used });
  await eve.ask("circle:accept", { code: parted });
  await ann.ask("circle:leave", { code: parted });
  const never = randomBytes(32).toString("base64url") as CircleCode;
  await compare(eve, "circle:accept", [
    { what: "never was", payload: { code: never } },
    { what: "used up", payload: { code: used } },
    { what: "one's own", payload: { code: own } },
  ]);
  // Followed before: whether they are friends still.
  const lasting = await invite(bo);
  await eve.ask("circle:accept", { code: lasting });
  await compare(eve, "circle:accept", [
    { what: "of a friend still", payload: { code: lasting } },
    { what: "of one who has parted", payload: { code: parted } },
  ]);
  await compare(eve, "circle:leave", [
    { what: "of nobody", payload: { code: never } },
    { what: "that others used", payload: { code: used } },
  ]);
  const thrown = await ann.throws("x");
  const { bottle } = await bo.catches();
  const { thread } = await bo.answers(bottle.id, "y");
  await compare(eve, "thread:open", [
    { what: "never was", payload: { threadId: nanoid<ThreadId>() } },
    { what: "other people's", payload: { threadId: thread.id } },
  ]);
  await compare(eve, "bottle:recall", [
    { what: "never was", payload: { bottleId: nanoid<typeof thrown.id>() } },
    { what: "somebody else's", payload: { bottleId: thrown.id } },
  ]);
  const { room, ownerKey } = await ann.ask("room:create", {
    id: writeId(),
    lifetime: { kind: "fixed", ms: 3_600_000 },
    access: "listed",
  });
  await ann.ask("room:destroy", { roomId: room.id, ownerKey });
  await compare(eve, "room:enter", [
    { what: "never was", payload: { roomId: nanoid<RoomId>() } },
    { what: "has ended", payload: { roomId: room.id } },
  ]);
  for (const who of [ann, bo, eve]) who.socket.close();
} finally {
  server.kill("SIGTERM");
  await server.ended;
  rmSync(dataDir, { recursive: true, force: true });
}

async function compare<N extends CommandName>(
  who: Visitor,
  name: N,
  cases: readonly Case<N>[],
): Promise<void> {
  const times: number[][] = cases.map(() => []);
  const bytes = cases.map(() => new Set<string>());
  for (let i = 0; i < CALLS; i += 1) {
    // In an order that changes, so that none always comes after the same other.
    for (let j = 0; j < cases.length; j += 1) {
      const at = (i + j) % cases.length;
      const begun = performance.now();
      const reply = await who.send(name, cases[at]!.payload);
      times[at]!.push(performance.now() - begun);
      bytes[at]!.add(JSON.stringify(reply));
    }
  }
  const first = [...bytes[0]!].join();
  for (const [i, { what }] of cases.entries()) {
    if (i === 0) continue;
    const t = welch(trimmed(times[0]!), trimmed(times[i]!));
    const isAlike = [...bytes[i]!].join() === first;
    const isHeld = isAlike && Math.abs(t) < BOUND;
    if (!isHeld) process.exitCode = 1;
    console.log(
      `${name}, "${cases[0]!.what}" and "${what}": bytes ${isAlike ? "alike" : "DIFFER"}, t ${t.toFixed(2)} (bound ${BOUND}): ${isHeld ? "held" : "NOT HELD"}`,
    );
  }
}

function trimmed(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.slice(0, Math.floor(sorted.length * KEPT));
}

function welch(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [momentsOf(a), momentsOf(b)];
  return (x.mean - y.mean) / Math.sqrt(x.variance / a.length + y.variance / b.length);
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}
