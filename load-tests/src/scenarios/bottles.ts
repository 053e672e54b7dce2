import { LIMITS } from "@driftsea/protocol";
import type { BottleId, Data, Events } from "@driftsea/protocol";
import { now } from "../measure/clock.ts";
import { eachOf, padded, pause } from "../run/together.ts";
import { User, writeId } from "../run/user.ts";
import type { Crew } from "../run/user.ts";
import type { Play, Scenario } from "./scenario.ts";

/** A bottle's life: the shortest there is, so that a long run comes to a steady number of them. */
const LIFE_MS = LIMITS.lifetimeMinMs;
/** So often is asked for a thrower's list; between two questions it waits so long, in ms. */
const LIST_TRIES = 5;
const LIST_AGAIN_MS = 1000;
/** So long before its end nothing is asked of a bottle any more, in ms. */
const MARGIN_MS = 60_000;

interface Thrown {
  id: BottleId;
  at: number;
}

type Caught = Extract<Data<"bottle:catch">, { outcome: "bottle" }>;

/** Throw, catch, answer, in turns; each thrower is told of his answer once. */
export class Bottles implements Play {
  readonly #crew: Crew;
  readonly #users: User[] = [];
  /** How a bottle of this run begins; all others are thrown back. */
  readonly #mark: string;
  /** Each says something of its own. */
  #texts = 0;
  /** Bottles whose throw was acknowledged, by thrower. */
  readonly #thrown = new Map<User, Thrown[]>();
  readonly #heldBefore = new Set<string>();
  /** When answers of this process were due whose throwers, of this one too, are to be told. */
  readonly #answeredAt = new Map<BottleId, number>();
  /** Bottles whose answer was told here. */
  readonly #heardOf = new Set<BottleId>();
  #next = 0;

  constructor(crew: Crew) {
    this.#crew = crew;
    this.#mark = `A bottle of load test ${crew.runId}`;
  }

  async prepare(): Promise<void> {
    await eachOf(this.#crew.connections, async (number) => {
      const user = new User(this.#crew, number);
      user.onEvent = (event, data) => {
        if (event === "bottle:answered") this.#told(data as Events["bottle:answered"]);
      };
      user.onBack = () => this.#readInbox(user);
      if (await user.connect()) this.#users.push(user);
    });
  }

  async act(scheduledAt: number): Promise<boolean> {
    const turn = this.#next;
    this.#next += 1;
    const user = this.#users[Math.floor(turn / 2) % this.#users.length];
    if (!user) return false;
    return turn % 2 === 0 ? this.#throw(user, scheduledAt) : this.#catch(user, scheduledAt);
  }

  /**
   * Whoever threw a bottle must still know of it, wherever it is. One is asked after the other: after a long run
   * each has thrown thousands, and to read all these lists at once would keep Redis from all else for a minute.
   */
  async settle(): Promise<void> {
    for (const [user, thrown] of this.#thrown) {
      // Who has lost his line for good can ask for nothing; that he lost it is counted as an error of `connect`.
      if (!user.isConnected && !this.#crew.comeBack) continue;
      const known = await this.#listOf(user);
      for (const { id } of this.#alive(thrown)) {
        if (known.has(id)) continue;
        const text = `bottle ${id} was acknowledged to ${user.name}, and is not among his`;
        this.#crew.tell({ fact: "broken", kind: "lost", text });
      }
    }
  }

  /** @throws Error where it is refused again and again: then nobody knows whether all is there */
  async #listOf(user: User): Promise<ReadonlySet<BottleId>> {
    for (let tries = 1; tries < LIST_TRIES; tries += 1) {
      const answer = await user.reply("bottle:mine", {});
      if (answer.ok) return idsOf(answer.data as Data<"bottle:mine">);
      await pause(LIST_AGAIN_MS);
    }
    return idsOf(await user.must("bottle:mine", {}));
  }

  async #throw(user: User, scheduledAt: number): Promise<boolean> {
    this.#texts += 1;
    const text = padded(`${this.#mark}, ${user.name} ${this.#texts}.`, this.#crew.payload);
    // What names a run may look like a name to be found by.
    const payload = { id: writeId(), text, lifetimeMs: LIFE_MS, confirmed: true };
    const data = await user.ask("throw", scheduledAt, "bottle:throw", payload);
    if (!data) return false;
    const thrown = this.#alive(this.#thrown.get(user) ?? []);
    thrown.push({ id: data.bottle.id, at: scheduledAt });
    this.#thrown.set(user, thrown);
    return true;
  }

  /** Without those whose end is near. */
  #alive(thrown: readonly Thrown[]): Thrown[] {
    const from = now() - LIFE_MS + MARGIN_MS;
    const first = thrown.findIndex(({ at }) => at >= from);
    return first < 0 ? [] : thrown.slice(first);
  }

  async #catch(user: User, scheduledAt: number): Promise<boolean> {
    const askedAt = Date.now() + user.aheadMs;
    const data = await user.ask("catch", scheduledAt, "bottle:catch", {});
    if (data?.outcome !== "bottle") return data !== null;
    const from = now();
    this.#check(user, data, askedAt);
    const { id: bottleId, text } = data.bottle;
    if (!text.startsWith(this.#mark)) {
      const held = { fact: "held", bottle: bottleId, by: user.name, from, to: now() } as const;
      this.#crew.tell(held);
      return (await user.ask("release", now(), "bottle:release", { bottleId })) !== null;
    }
    const answer = { id: writeId(), bottleId, text: padded("An answer.", this.#crew.payload) };
    const dueAt = now();
    this.#answeredAt.set(bottleId, dueAt);
    const answered = await user.ask("answer", dueAt, "bottle:answer", answer);
    // Answered, it is nobody else's for ever; else for the lease at least.
    const to = answered ? Infinity : now();
    this.#crew.tell({ fact: "held", bottle: bottleId, by: user.name, from, to });
    if (answered)
      this.#crew.tell({ fact: "acknowledged", what: `the answer to bottle ${bottleId}` });
    return answered !== null;
  }

  #check(user: User, { bottle, leaseEndsAt }: Caught, askedAt: number): void {
    const once = `${user.name} ${bottle.id}`;
    if (this.#heldBefore.has(once)) {
      const text = `${user.name} caught bottle ${bottle.id} a second time`;
      this.#crew.tell({ fact: "broken", kind: "duplicate", text });
    }
    this.#heldBefore.add(once);
    // A lease ends with the life of its bottle at the latest.
    if (leaseEndsAt > askedAt) return;
    const text = `${user.name} caught bottle ${bottle.id} ${askedAt - leaseEndsAt} ms after its end`;
    this.#crew.tell({ fact: "broken", kind: "read after deadline", text });
  }

  /** What came while he was away; at least once, and known by its bottle. */
  async #readInbox(user: User): Promise<void> {
    let after: string | undefined;
    for (;;) {
      const payload = after === undefined ? {} : { after };
      const answer = await user.replyOnce("session:inbox", payload);
      if (!answer.ok) return;
      const page = answer.data as Data<"session:inbox">;
      if (page.items.length === 0) return;
      for (const notice of page.items) if (notice.kind === "bottle:answered") this.#told(notice);
      after = page.cursor;
    }
  }

  #told({ bottleId }: Events["bottle:answered"]): void {
    if (this.#crew.comeBack && this.#heardOf.has(bottleId)) return;
    this.#heardOf.add(bottleId);
    this.#crew.tell({ fact: "arrived", what: `the answer to bottle ${bottleId}` });
    const dueAt = this.#answeredAt.get(bottleId);
    if (dueAt === undefined) return;
    this.#answeredAt.delete(bottleId);
    this.#crew.operations.done("told", dueAt, dueAt, now());
  }
}

const idsOf = ({ bottles }: Data<"bottle:mine">): ReadonlySet<BottleId> =>
  new Set(bottles.map(({ id }) => id));

export const bottles: Scenario = {
  summary: "throw, catch, answer",
  operations: ["throw", "catch", "answer", "told", "release", "connect"],
  defaults: { connections: 200, stages: [{ durationMs: 10_000, rate: 200 }] },
  server: {},
  create: (crew) => new Bottles(crew),
};
