import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { BottleId, Data } from "@driftsea/protocol";
import { Ledger } from "../../ledger/ledger.ts";
import { pause } from "../../run/together.ts";
import { writeId } from "../../run/user.ts";
import { Drifter, sweepEach } from "../drifter.ts";
import type { Shore } from "../drifter.ts";
import { RedisMachine, ServerMachine } from "../machines.ts";
import { Judge, round } from "./strike.ts";
import type { Finding, Strike, Terms } from "./strike.ts";

/** Of libfaketime. Its program would stand between this and the server, and get the signals. */
const LIBRARIES = "/usr/lib";
const LIBRARY = "faketime/libfaketime.so.1";
/** Lives that are waited for, in ms. */
const ROOM_MS = 4000;
const BOTTLE_MS = 60_000;
const LEASE_MS = 3000;
/** How far from its time anything may end, in ms. */
const OFF_MAX_MS = 1000;
/** What the servers' clocks are wrong by, in ms. */
const WRONG_BY_MS = 60 * 60 * 1000;
const SETTINGS = {
  LEASE_MS,
  HOLDER_GRACE_MS: 60_000,
  ROOM_MIN_LIFETIME_MS: 1000,
  BOTTLE_LIFE_MS: BOTTLE_MS,
  CREATURE_PROBABILITY: 0,
};

/** Debian's place for it; null where it is not installed. */
function library(): string | null {
  if (!existsSync(LIBRARIES)) return null;
  const files = readdirSync(LIBRARIES).map((folder) => join(LIBRARIES, folder, LIBRARY));
  return files.find((file) => existsSync(file)) ?? null;
}

/** Two servers on one store whose clocks are two hours apart, both wrong. */
async function run({ rng, isLong, note }: Terms): Promise<Finding> {
  const done = "two servers, one an hour ahead, one an hour behind";
  const preload = library();
  if (preload === null)
    return { done, figures: {}, faults: [], skipped: "libfaketime is not installed" };
  const rounds = isLong ? 20 : 1;
  const judge = new Judge({ isLong });
  const ledger = new Ledger();
  const redis = await RedisMachine.start();
  const shore: Shore = { rng, backAfterMs: () => 100, drifters: new Set() };
  const sweep = sweepEach(shore);
  const servers: ServerMachine[] = [];
  try {
    for (const offset of ["+1h", "-1h"]) {
      const clock = { LD_PRELOAD: preload, FAKETIME: offset, DONT_FAKE_MONOTONIC: 1 };
      const settings = { ...SETTINGS, ...clock, REDIS_URL: redis.url };
      servers.push(await ServerMachine.start(settings));
    }
    for (const server of servers) {
      const off = Math.abs(clockOf(server) - Date.now());
      judge.holds(Math.abs(off - WRONG_BY_MS) < 60_000, `a server's clock is wrong by ${off} ms`);
    }
    const people: Drifter[] = [];
    for (let i = 0; i < 4; i += 1) {
      const drifter = new Drifter(shore, servers[i % 2]!.url, `drifter ${i}`);
      await drifter.come();
      people.push(drifter);
    }
    const ahead = people.slice(0, 2).map(({ aheadMs }) => Math.abs(aheadMs));
    judge.holds(Math.max(...ahead) < 60_000, "a server tells its own time, and not the store's");
    const [roomsOff, leasesOff]: [number[], number[]] = [[], []];
    for (let i = 0; i < rounds; i += 1) {
      const [room, lease] = await Promise.all([
        endOfRoom(people, i % 2),
        endOfLease(people, i % 2, ledger),
      ]);
      roomsOff.push(...room);
      leasesOff.push(lease);
      if ((i + 1) % 5 === 0) note(`${i + 1} rounds`);
    }
    const worst = Math.max(...roomsOff.map(Math.abs));
    judge.within("a room's end is off by", worst, OFF_MAX_MS);
    judge.holds(
      Math.min(...leasesOff) > -OFF_MAX_MS,
      `a lease ended ${-Math.min(...leasesOff)} ms early`,
    );
    judge.within("a lapsed bottle is back after", Math.max(...leasesOff), OFF_MAX_MS);
    // It takes a minute.
    const bottle = isLong ? Math.max(...(await endOfBottle(people)).map(Math.abs)) : 0;
    judge.within("a bottle's end is off by", bottle, OFF_MAX_MS);
    const { count, violations } = ledger.audit();
    for (const { kind, text } of violations.slice(0, 5)) judge.faults.push(`${kind}: ${text}`);
    return {
      done: `${done}; ${rounds} rooms and leases`,
      figures: {
        "a room's end is off by": `${round(worst)} ms at most`,
        "a lapsed bottle is back after": `${round(Math.max(...leasesOff))} ms at most`,
        ...(isLong && { "a bottle's end is off by": `${round(bottle)} ms at most` }),
        "double leases": String(count),
      },
      faults: judge.faults,
    };
  } finally {
    for (const drifter of shore.drifters) drifter.close();
    clearInterval(sweep);
    for (const server of servers) {
      await server.end("SIGTERM").catch(() => {});
      judge.holds(server.crashes === 0, "a server ended by itself");
    }
    await redis.stop();
  }
}

/** When a room ends for the people of both servers, less when it should, in ms. */
async function endOfRoom(people: readonly Drifter[], first: number): Promise<number[]> {
  const [owner, other] = [people[first]!, people[1 - first]!];
  const { room } = await owner.write("room:create", {
    id: writeId(),
    lifetime: { kind: "fixed", ms: ROOM_MS },
    access: "listed",
  });
  const createdAt = performance.now();
  const ends = [owner, other].map(
    (who) =>
      new Promise<number>((resolve) => {
        who.onEvent = (event) => {
          if (event === "room:gone") resolve(performance.now() - createdAt - ROOM_MS);
        };
      }),
  );
  for (const who of [owner, other]) await who.write("room:enter", { roomId: room.id });
  const late = pause(ROOM_MS * 3).then(() => Infinity);
  return Promise.all(ends.map((end) => Promise.race([end, late])));
}

/** When a bottle whose holder does nothing comes to one at the other server, less when it should, in ms. */
async function endOfLease(
  people: readonly Drifter[],
  first: number,
  ledger: Ledger,
): Promise<number> {
  const [thrower, holder, next] = [people[2 + first]!, people[first]!, people[1 - first]!];
  const { bottle } = await thrower.write("bottle:throw", {
    id: writeId(),
    text: "by whose clock?",
  });
  const held = (by: Drifter, from: number, to: number): void =>
    ledger.tell({ fact: "held", bottle: bottle.id, by: by.name, from, to });
  const from = await caughtAt(holder, bottle.id);
  held(holder, from, from + LEASE_MS - OFF_MAX_MS);
  const to = await caughtAt(next, bottle.id);
  held(next, to, Infinity);
  await next.write("bottle:answer", { id: writeId(), bottleId: bottle.id, text: "by the sea's" });
  return to - from - LEASE_MS;
}

/** When bottles that nobody catches are their throwers' no more, less when they should be, in ms. */
function endOfBottle(throwers: readonly Drifter[]): Promise<number[]> {
  return Promise.all(
    throwers.slice(0, 2).map(async (thrower) => {
      const text = "how long is a minute?";
      const { bottle } = await thrower.write("bottle:throw", { id: writeId(), text });
      const endsAt = performance.now() + BOTTLE_MS;
      while (performance.now() < endsAt + 3 * OFF_MAX_MS) {
        const { bottles: mine } = await thrower.write("bottle:mine", {});
        if (!mine.some(({ id, state }) => id === bottle.id && state === "afloat"))
          return performance.now() - endsAt;
        await pause(50);
      }
      return Infinity;
    }),
  );
}

/** By the newest line of its log, ms since 1970. */
function clockOf({ output }: ServerMachine): number {
  const times = [...output.matchAll(/"time":(\d+)/g)];
  return Number(times.at(-1)?.[1]);
}

async function caughtAt(who: Drifter, bottle: BottleId): Promise<number> {
  for (;;) {
    const caught: Data<"bottle:catch"> = await who.write("bottle:catch", {});
    if (caught.outcome === "bottle" && caught.bottle.id === bottle) return performance.now();
    // The catches of one who lets a lease lapse three times in a row are closed for an hour (B13).
    if (caught.outcome === "creature") throw new Error(`${who.name} caught a creature`);
    await pause(25);
  }
}

export const clocks: Strike = { summary: "the servers' clocks are wrong by an hour", run };
