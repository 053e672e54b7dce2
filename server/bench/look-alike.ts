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
import { DeskPerson } from "../test/harness/desk.ts";
import { spawnServer } from "../test/harness/process.ts";
import { Visitor, writeId } from "../test/harness/visitor.ts";

const CALLS = 1500;
/** Of a sign-in at the desk, which is slow on purpose. */
const SIGN_INS = 150;
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
  await compareDesk();
} finally {
  server.kill("SIGTERM");
  await server.ended;
  rmSync(dataDir, { recursive: true, force: true });
}

/** The moderators' desk: no name, no part of a proof and no session is told from another by its refusal. */
async function compareDesk(): Promise<void> {
  const mo = await DeskPerson.make({ DATA_DIR: dataDir }, "mo");
  const post = async (verb: string, payload: object, token = ""): Promise<string> => {
    const answer = await fetch(`${server.url}/desk/api/${verb}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(payload),
    });
    return `${answer.status} ${await answer.text()}`;
  };
  const proof = { name: "mo", password: mo.password, code: mo.code() };
  const signIn = (more: object) => () => post("sign-in", { ...proof, ...more });
  const token = /"token":"([^"]+)"/.exec(await post("sign-in", proof))![1]!;
  await post("sign-out", {}, token);
  await measure("desk: sign-in", SIGN_INS, [
    { what: "nobody's name", call: signIn({ name: "eve" }) },
    { what: "a wrong password", call: signIn({ password: "some guess" }) },
    { what: "a wrong code", call: signIn({ code: "000000" }) },
    { what: "a used code", call: signIn({}) },
  ]);
  const queue = (given: string) => () => post("queue", {}, given);
  await measure("desk: queue", CALLS, [
    { what: "no session", call: queue("") },
    { what: "a forged one", call: queue(randomBytes(32).toString("base64url")) },
    { what: "one that was ended", call: queue(token) },
  ]);
}

async function compare<N extends CommandName>(
  who: Visitor,
  name: N,
  cases: readonly Case<N>[],
): Promise<void> {
  const calls = cases.map(({ what, payload }) => ({
    what,
    call: async () => JSON.stringify(await who.send(name, payload)),
  }));
  await measure(name, CALLS, calls);
}

async function measure(
  name: string,
  calls: number,
  cases: readonly { what: string; call: () => Promise<string> }[],
): Promise<void> {
  const times: number[][] = cases.map(() => []);
  const bytes = cases.map(() => new Set<string>());
  for (let i = 0; i < calls; i += 1) {
    // In an order that changes, so that none always comes after the same other.
    for (let j = 0; j < cases.length; j += 1) {
      const at = (i + j) % cases.length;
      const begun = performance.now();
      const reply = await cases[at]!.call();
      times[at]!.push(performance.now() - begun);
      bytes[at]!.add(reply);
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
