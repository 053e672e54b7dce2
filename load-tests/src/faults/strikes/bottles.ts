import type { BottleId, Data, Events } from "@driftsea/protocol";
import { below } from "../../../../server/src/lib/random.ts";
import { Ledger } from "../../ledger/ledger.ts";
import { eachOf, pause } from "../../run/together.ts";
import { writeId } from "../../run/user.ts";
import { Drifter, Refused, sweepEach } from "../drifter.ts";
import type { Shore } from "../drifter.ts";
import { RedisMachine, ServerMachine } from "../machines.ts";
import { Judge } from "./strike.ts";
import type { Finding, Strike, Terms } from "./strike.ts";

/** A lease that is not renewed, in ms; a holder who is away keeps it. */
const LEASE_MS = 4000;
const SETTINGS = { LEASE_MS, HOLDER_GRACE_MS: 60_000, CREATURE_PROBABILITY: 0 };
/** A catcher to whom the sea is calm so often in a row, with pauses, has nothing left to do. */
const CALM_TIMES = 8;
const CALM_PAUSE_MS = 250;
/** Share of the caught bottles that is not answered but thrown back, left to lapse, or whose thrower is blocked. */
const SHARES = { release: 0.1, lapse: 0.05, block: 0.02 };

type Caught = Extract<Data<"bottle:catch">, { outcome: "bottle" }>;

/** Somebody who has thrown, and now catches until there is nothing left for him. */
class Catcher {
  readonly drifter: Drifter;
  readonly number: number;
  readonly thrown: BottleId[] = [];
  /** Bottles of his whose finder was told that the answer is written. */
  readonly #caughtBefore = new Set<BottleId>();
  readonly #sea: Sea;
  #lapsedLast = false;
  isCalm = false;
  caught = 0;

  constructor(sea: Sea, number: number) {
    this.#sea = sea;
    this.number = number;
    this.drifter = new Drifter(sea.shore, sea.urlOf(number), `catcher ${number}`);
    this.drifter.onEvent = (event, data) => {
      if (event === "bottle:answered") sea.tell(this, (data as Events["bottle:answered"]).bottleId);
    };
  }

  async throwAll(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      const text = `${this.number}: a bottle of the campaign`;
      const { bottle } = await this.drifter.write("bottle:throw", { id: writeId(), text });
      this.thrown.push(bottle.id);
    }
  }

  async catchAll(): Promise<void> {
    let calm = 0;
    while (calm < CALM_TIMES) {
      const askedAt = performance.now();
      const answer = await this.#catch();
      if (answer === null) {
        calm += 1;
        this.isCalm = calm === CALM_TIMES;
        await pause(CALM_PAUSE_MS);
        continue;
      }
      calm = 0;
      this.caught += 1;
      await this.#use(answer.bottle, answer.leaseEndsAt, askedAt);
      await pause(this.#sea.shore.rng.uniform() * this.#sea.lookMs);
    }
  }

  /** One try; whose reply was lost may hold a bottle without knowing it, and looks. */
  async #catch(): Promise<Pick<Caught, "bottle" | "leaseEndsAt"> | null> {
    const answer = await this.drifter.ask("bottle:catch", {});
    if (answer.ok) {
      const data = answer.data as Data<"bottle:catch">;
      if (data.outcome === "creature") throw new Error(`${this.drifter.name} caught a creature`);
      return data.outcome === "bottle" ? data : null;
    }
    await pause(50);
    const { held } = await this.drifter.write("bottle:mine", {});
    return held[0] ?? null;
  }

  async #use(
    { id: bottleId, text }: Caught["bottle"],
    leaseEndsAt: number,
    askedAt: number,
  ): Promise<void> {
    const { drifter } = this;
    const from = performance.now();
    const author = Number.parseInt(text, 10);
    this.#check(bottleId, author, askedAt);
    const leaseTo = from + leaseEndsAt - (Date.now() + drifter.aheadMs);
    const held = (to: number): void =>
      this.#sea.ledger.tell({ fact: "held", bottle: bottleId, by: drifter.name, from, to });
    const draw = this.#sea.shore.rng.uniform();
    const { release, lapse, block } = SHARES;
    if (draw < lapse && !this.#lapsedLast) {
      // His lease ends without him. Three times in a row would cost him the sea.
      this.#lapsedLast = true;
      held(leaseTo);
      await pause(LEASE_MS);
      return;
    }
    this.#lapsedLast = false;
    if (draw < lapse + release) {
      held(performance.now());
      await this.#orTooLate(() => drifter.write("bottle:release", { bottleId }));
    } else if (draw < lapse + release + block) {
      held(performance.now());
      const isBlocked = await this.#orTooLate(() =>
        drifter.write("safety:block", { target: { kind: "bottle", id: bottleId } }),
      );
      if (isBlocked) this.#sea.blocked(this.number, author);
    } else {
      const payload = { id: writeId(), bottleId, text: "an answer of the campaign" };
      const isAnswered = await this.#orTooLate(() => drifter.write("bottle:answer", payload));
      held(isAnswered ? Infinity : Math.min(from, leaseTo));
      if (isAnswered) this.#sea.answered(bottleId);
    }
  }

  /** False where the lease had ended meanwhile: it is somebody else's by now, or was released before. */
  async #orTooLate(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      if (error instanceof Refused && ["gone", "not_found", "conflict"].includes(error.code))
        return false;
      throw error;
    }
  }

  #check(bottle: BottleId, author: number, askedAt: number): void {
    const broken = (text: string): void =>
      this.#sea.ledger.tell({ fact: "broken", kind: "duplicate", text });
    const { name } = this.drifter;
    if (author === this.number) broken(`${name} caught his own bottle ${bottle}`);
    if (this.#sea.wereBlocked(this.number, author, askedAt))
      broken(`${name} caught a bottle of ${author}, and one had blocked the other`);
    if (this.#caughtBefore.has(bottle)) broken(`${name} caught ${bottle} a second time`);
    this.#caughtBefore.add(bottle);
  }

  /** Where each of his bottles is in the end. */
  async where(): Promise<Record<string, number>> {
    const states: Record<string, number> = {};
    const { bottles, held } = await this.drifter.write("bottle:mine", {});
    const known = new Map(bottles.map((bottle) => [bottle.id, bottle]));
    const { ledger, isAnswered } = this.#sea;
    if (known.size !== bottles.length || bottles.length > this.thrown.length)
      ledger.tell({ fact: "broken", kind: "duplicate", text: `${this.drifter.name}: twice his` });
    for (const id of this.thrown) {
      const bottle = known.get(id);
      const state = bottle?.state ?? "lost";
      states[state] = (states[state] ?? 0) + 1;
      const words = `bottle ${id} is ${state}${isAnswered.has(id) ? ", and was answered" : ""}`;
      const isAt = isAnswered.has(id)
        ? state === "answered" && bottle!.threadIds.length === 1
        : state !== "lost" && state !== "held";
      if (!isAt) ledger.tell({ fact: "broken", kind: "lost", text: words });
    }
    if (held.length > 0) {
      const text = `${this.drifter.name} still holds ${held.length}`;
      ledger.tell({ fact: "broken", kind: "lost", text });
    }
    return states;
  }
}

const bothOf = (one: number, other: number): string =>
  `${Math.min(one, other)} ${Math.max(one, other)}`;

/** What all catchers share. */
class Sea {
  readonly ledger = new Ledger();
  readonly shore: Shore;
  readonly urlOf: (number: number) => URL;
  /** Bottles whose answer was acknowledged. */
  readonly isAnswered = new Set<BottleId>();

  /** So long somebody looks at what he caught at most, in ms: all lasts longer than the kills. */
  readonly lookMs: number;

  constructor(shore: Shore, urlOf: (number: number) => URL, lookMs: number) {
    this.shore = shore;
    this.lookMs = lookMs;
    this.urlOf = urlOf;
  }

  /** When somebody's block of another was acknowledged: neither is given what the other has thrown. */
  readonly #blockedAt = new Map<string, number>();

  blocked(by: number, other: number): void {
    this.#blockedAt.set(bothOf(by, other), performance.now());
  }

  wereBlocked(one: number, other: number, at: number): boolean {
    return (this.#blockedAt.get(bothOf(one, other)) ?? Infinity) < at;
  }

  answered(bottle: BottleId): void {
    this.isAnswered.add(bottle);
    this.ledger.tell({ fact: "acknowledged", what: `the answer to ${bottle}` });
  }

  readonly #told = new Set<BottleId>();

  /** By event or inbox: he may be told again, for a line that has just ended. */
  tell({ thrown }: Catcher, bottle: BottleId): void {
    if (!thrown.includes(bottle) || this.#told.has(bottle)) return;
    this.#told.add(bottle);
    this.ledger.tell({ fact: "arrived", what: `the answer to ${bottle}` });
  }
}

async function readInbox(sea: Sea, catcher: Catcher): Promise<void> {
  for (let after: string | undefined; ;) {
    const query = after === undefined ? {} : { after };
    const { items, cursor } = await catcher.drifter.write("session:inbox", query);
    for (const item of items) if (item.kind === "bottle:answered") sea.tell(catcher, item.bottleId);
    if (items.length === 0) return;
    after = cursor;
  }
}

async function run({ rng, isLong, note }: Terms): Promise<Finding> {
  const [catchers, thrown, killed] = isLong ? [200, 10_000, 20] : [30, 300, 2];
  const judge = new Judge({ isLong });
  const redis = await RedisMachine.start();
  const servers: ServerMachine[] = [];
  const shore: Shore = {
    rng,
    backAfterMs: () => 20 + 180 * rng.uniform(),
    drifters: new Set(),
  };
  const sweep = sweepEach(shore);
  try {
    for (let i = 0; i < 2; i += 1)
      servers.push(await ServerMachine.start({ ...SETTINGS, REDIS_URL: redis.url }));
    const lookMs = isLong ? 2000 : 200;
    const sea = new Sea(shore, (number) => servers[number % 2]!.url, lookMs);
    const all = Array.from({ length: catchers }, (_, number) => new Catcher(sea, number));
    await eachOf(catchers, (i) => all[i]!.drifter.come());
    await eachOf(catchers, (i) => all[i]!.throwAll(thrown / catchers));
    note(`${thrown} thrown`);
    const catching = Promise.all(all.map((catcher) => catcher.catchAll()));
    catching.catch(() => {});
    for (let i = 0; i < killed; i += 1) {
      await pause(100 + rng.uniform() * 500);
      const server = servers[below(rng, 2)]!;
      await server.kill();
      await pause(rng.uniform() * 500);
      await server.run();
      await Promise.race([catching, Promise.resolve()]);
    }
    const busyAfter = all.filter(({ isCalm }) => !isCalm).length;
    await catching;
    // What somebody let lapse last is back by then.
    await pause(LEASE_MS + 2500);
    const states: Record<string, number> = {};
    for (const catcher of all) {
      await readInbox(sea, catcher);
      for (const [state, count] of Object.entries(await catcher.where()))
        states[state] = (states[state] ?? 0) + count;
    }
    const { count, violations } = sea.ledger.audit();
    for (const { kind, text } of violations.slice(0, 5)) judge.faults.push(`${kind}: ${text}`);
    if (count > 5) judge.faults.push(`and ${count - 5} more`);
    // Of the short form it says how busy the machine was.
    judge.holds(!isLong || busyAfter > 0, "all was caught before the last kill");
    const caught = all.reduce((sum, catcher) => sum + catcher.caught, 0);
    return {
      done: `${catchers} catchers, ${thrown} bottles, 2 servers, ${killed} × kill -9 of one of them`,
      figures: {
        caught: `${caught} times`,
        "in the end": Object.entries(states)
          .map(([state, number]) => `${number} ${state}`)
          .join(", "),
        "answers acknowledged": String(sea.isAnswered.size),
        "held by two, lost, caught twice, one's own, of a blocked one or who blocked":
          String(count),
      },
      faults: judge.faults,
    };
  } finally {
    for (const drifter of shore.drifters) drifter.close();
    clearInterval(sweep);
    for (const server of servers) {
      await server.end("SIGTERM").catch(() => {});
      judge.holds(server.crashes === 0, "a server ended by itself");
      for (const error of server.errors().slice(0, 5)) judge.faults.push(`log: ${error}`);
    }
    await redis.stop();
  }
}

export const bottles: Strike = {
  summary: "two servers are killed in turns while all catch",
  run,
};
