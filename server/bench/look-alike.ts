/*
 * Whether answers that must look alike do so from outside: in their bytes, and in the time they take
 * (Welch's t over interleaved calls, its absolute value under 4.5). `npm run bench:alike`; with
 * `-- --only room:enter` of that alone, `--calls 5000` of so many calls each.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import type { CircleCode } from "@driftsea/protocol";
import { openWorld } from "../test/harness/alike.ts";
import { DeskPerson } from "../test/harness/desk.ts";
import { spawnServer } from "../test/harness/process.ts";
import { Visitor } from "../test/harness/visitor.ts";

const CALLS = 1500;
/** Commands that are looked at side by side: most of the time of a refusal is waiting. */
const LANES = 8;
/** Of a sign-in at the desk, which is slow on purpose. */
const SIGN_INS = 100;
const BOUND = 4.5;
/** A secret that is told stays before its release. */
const UNRELEASED = { RELEASE_DELAY_MAX_MS: 24 * 60 * 60 * 1000 };
/** The slowest hundredth is the machine's, in either case. */
const KEPT = 0.99;

interface Case {
  what: string;
  /** Makes ready what is not to be measured; gives one call, and that what was answered. */
  ready: () => () => Promise<string>;
}

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: String(CALLS) },
    only: { type: "string", default: "" },
  },
});
console.log("| store | command | one that never was, and one that … | bytes | t | |");
console.log("|---|---|---|---|---|---|");
for (const store of ["memory", "redis"] as const) {
  const dataDir = mkdtempSync(join(tmpdir(), "driftsea-alike-"));
  // Without a path there is no redis-server on it.
  const settings = { DATA_DIR: dataDir, RATE_LIMITS: "off", ...UNRELEASED };
  const server = await spawnServer(store === "memory" ? { ...settings, PATH: "" } : settings);
  try {
    await compareWorld(store, server.url);
    await compareFriends(store, server.url);
    if (store === "redis") await compareDesk(server.url, dataDir);
  } finally {
    server.kill("SIGTERM");
    await server.ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Whatever takes an id, of what never was, is other people's, or has ended. */
async function compareWorld(store: string, url: string): Promise<void> {
  const { eve, alike, photos, end } = await openWorld(url);
  const all = alike.values();
  const lane = async (): Promise<void> => {
    for (const { name, cases } of all) {
      const calls = cases.map(({ what, payload }) => ({
        what,
        ready: () => {
          const given = payload();
          return async () => JSON.stringify(await eve.raw(name, given));
        },
      }));
      await measure(store, name, calls);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const pictures = photos.map(({ what, path }) => ({
    what,
    ready: () => {
      const address = url + path();
      return async () => {
        const answer = await fetch(address);
        return `${answer.status} ${await answer.text()}`;
      };
    },
  }));
  await measure(store, "a photo", pictures);
  end();
}

/** What one's links tell of those who used them: whether they are friends still, are there, or have blocked. */
async function compareFriends(store: string, url: string): Promise<void> {
  const people = await Promise.all(Array.from({ length: 5 }, () => Visitor.come(url)));
  const [ann, bo, eve, dan, gone] = people as [Visitor, Visitor, Visitor, Visitor, Visitor];
  const invite = async (who: Visitor) => (await who.ask("circle:invite", {})).code;
  const [lasting, parted, blocked] = [await invite(bo), await invite(ann), await invite(dan)];
  for (const code of [lasting, parted, blocked]) await eve.ask("circle:accept", { code });
  await ann.ask("circle:leave", { code: parted });
  // Dan comes across her elsewhere, and blocks her.
  const { id: bottleId } = await eve.throws("who finds this?");
  await dan.catches();
  await dan.ask("safety:block", { target: { kind: "bottle", id: bottleId } });
  const accept = (code: CircleCode) => () => async () =>
    JSON.stringify(await eve.send("circle:accept", { code }));
  await measure(store, "circle:accept, again", [
    { what: "is of a friend still", ready: accept(lasting) },
    { what: "is of one who has parted", ready: accept(parted) },
    { what: "is of one who has blocked him", ready: accept(blocked) },
  ]);
  const status = (who: Visitor) => () => async () =>
    JSON.stringify(await who.ask("circle:status", {}));
  const [left, stays] = [await invite(gone), await invite(gone)];
  const [one, other] = await Promise.all([Visitor.come(url), Visitor.come(url)]);
  await one.ask("circle:accept", { code: left });
  await other.ask("circle:accept", { code: stays });
  await gone.ask("circle:leave", { code: left });
  await gone.ask("session:forget", {});
  await measure(store, "circle:status", [
    { what: "of whom a friend has left", ready: status(one) },
    { what: "of whom a friend was forgotten", ready: status(other) },
  ]);
  for (const { socket } of [...people, one, other]) socket.close();
}

/** The moderators' desk: no name, no part of a proof and no session is told from another by its refusal. */
async function compareDesk(url: string, dataDir: string): Promise<void> {
  const mo = await DeskPerson.make({ DATA_DIR: dataDir }, "mo");
  const post = async (verb: string, payload: object, token = ""): Promise<string> => {
    const answer = await fetch(`${url}/desk/api/${verb}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(payload),
    });
    return `${answer.status} ${await answer.text()}`;
  };
  const proof = { name: "mo", password: mo.password, code: mo.code() };
  const signIn = (more: object) => () => () => post("sign-in", { ...proof, ...more });
  const token = /"token":"([^"]+)"/.exec(await post("sign-in", proof))![1]!;
  await post("sign-out", {}, token);
  await measure(
    "redis",
    "desk: sign-in",
    [
      { what: "nobody's name", ready: signIn({ name: "eve" }) },
      { what: "a wrong password", ready: signIn({ password: "some guess" }) },
      { what: "a wrong code", ready: signIn({ code: "000000" }) },
      { what: "a used code", ready: signIn({}) },
    ],
    SIGN_INS,
  );
  const queue = (given: string) => () => () => post("queue", {}, given);
  await measure("redis", "desk: queue", [
    { what: "no session", ready: queue("") },
    { what: "a forged one", ready: queue(randomBytes(32).toString("base64url")) },
    { what: "one that was ended", ready: queue(token) },
  ]);
}

async function measure(
  store: string,
  name: string,
  cases: readonly Case[],
  count = Number(values.calls),
): Promise<void> {
  if (!name.includes(values.only)) return;
  const times: number[][] = cases.map(() => []);
  const bytes = cases.map(() => new Set<string>());
  for (let i = 0; i < count; i += 1) {
    // In an order that changes, so that none always comes after the same other.
    for (let j = 0; j < cases.length; j += 1) {
      const at = (i + j) % cases.length;
      const call = cases[at]!.ready();
      const begun = performance.now();
      const reply = await call();
      times[at]!.push(performance.now() - begun);
      bytes[at]!.add(reply);
    }
  }
  const first = [...bytes[0]!].join();
  for (const [i, { what }] of cases.entries()) {
    if (i === 0 && cases.length > 1) continue;
    const t = i === 0 ? 0 : welch(trimmed(times[0]!), trimmed(times[i]!));
    const isAlike = bytes[i]!.size === 1 && [...bytes[i]!].join() === first;
    const isHeld = isAlike && Math.abs(t) < BOUND;
    if (!isHeld) process.exitCode = 1;
    const cells = [store, name, what, isAlike ? "alike" : "DIFFER", t.toFixed(2)];
    console.log(`| ${cells.join(" | ")} | ${isHeld ? "held" : "NOT HELD"} |`);
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
