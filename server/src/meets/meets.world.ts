import { expect } from "chai";
import type { DrifterId, EventName, Events, MeetId, RoomId } from "@driftsea/protocol";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { StoreUnavailable, gone } from "../lib/errors.ts";
import type { Publisher, PublisherHere } from "../lib/publisher.ts";
import { below, seededRandom } from "../lib/random.ts";
import type { Rng } from "../lib/random.ts";
import { MeetService } from "./meets.service.ts";
import type { MeetRooms } from "./meets.service.ts";
import type { Ending, MeetStore, Pair } from "./meets.store.ts";

export const RELAX = 10_000;
const WINDOW = 2000;

/** Where a step can fail, as where the process dies there: before it had its effect, or after. */
const STEPS = ["made", "told", "settled", "room opens", "room ends"] as const;
type Step = (typeof STEPS)[number];

/** One drifter's page: what it must believe after what it was told. */
class Page {
  view: "idle" | "waiting" | { meetId: MeetId; roomId: RoomId } = "idle";
  node: number | null = null;
  readonly over = new Set<MeetId>();

  /** Whatever he was in, he has left it by his own hand. */
  turnTo(view: "idle" | "waiting"): void {
    if (typeof this.view === "object") this.over.add(this.view.meetId);
    this.view = view;
  }

  hear(event: EventName, payload: Events["meet:found"] | Events["meet:ended"]): void {
    const { meetId } = payload;
    if (event === "meet:found") {
      if (!this.over.has(meetId) && "roomId" in payload)
        this.view = { meetId, roomId: payload.roomId };
      return;
    }
    if (this.over.has(meetId)) return;
    this.over.add(meetId);
    const isNobody = "reason" in payload && payload.reason === "nobody";
    if (isNobody ? this.view === "waiting" : this.isIn(meetId)) this.view = "idle";
  }

  isIn(meetId: MeetId): boolean {
    return typeof this.view === "object" && this.view.meetId === meetId;
  }
}

/** The world around the service: pages, rooms, blocks, two processes, and what can fail. */
export class World {
  readonly rng: Rng;
  readonly t: TimedStore<MeetStore>;
  readonly drifters: readonly DrifterId[];
  readonly pages = new Map<DrifterId, Page>();
  readonly heard: string[] = [];
  readonly services: MeetService[] = [];
  /** Blocked pair → the step in which it came. */
  readonly blocks = new Map<string, number>();
  readonly owed = new Map<MeetId, Ending>();
  step = 0;
  readonly #pairs = new Map<MeetId, Pair>();
  readonly #endedRooms = new Set<RoomId>();
  readonly #seed: string;
  #fault: { at: Step; when: "before" | "after" } | null = null;
  #nodes = 0;

  constructor(t: TimedStore<MeetStore>, seed: string) {
    this.t = t;
    this.#seed = seed;
    this.rng = seededRandom(seed);
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"].slice(0, 2 + below(this.rng, 7));
    this.drifters = names.map((name) => name as DrifterId);
    for (const drifter of this.drifters) this.pages.set(drifter, new Page());
    this.start(0);
    this.start(1);
  }

  pick<T>(items: readonly T[]): T {
    return items[below(this.rng, items.length)]!;
  }

  page(drifter: DrifterId): Page {
    return this.pages.get(drifter)!;
  }

  /** The process in this place is another one from now on. */
  start(place: number): string {
    const node = `n${this.#nodes++}`;
    this.services[place] = new MeetService({
      store: this.#watched(),
      publisher: this.#publisher,
      rooms: this.#rooms,
      // The answer is as old as its way.
      blockedOf: async (drifter) => {
        const blocked = this.drifters.filter((other) => this.blocks.has(key(drifter, other)));
        await aWhile();
        return blocked;
      },
      areParting: async (one, other) => {
        const parting = this.blocks.has(key(one, other));
        await aWhile();
        return parting;
      },
      node,
      rules: { relaxMs: RELAX, windowMs: WINDOW },
      onUnsettled: (error) => expect(error, this.#seed).to.be.instanceOf(StoreUnavailable),
    });
    return node;
  }

  breakNext(): void {
    this.#fault = { at: this.pick(STEPS), when: this.pick(["before", "after"] as const) };
  }

  repair(): void {
    this.#fault = null;
  }

  async idle(): Promise<void> {
    for (const service of this.services) await service.idle();
  }

  async #perhaps<T>(at: Step, work: () => Promise<T>): Promise<T> {
    const fault = this.#fault?.at === at ? this.#fault : null;
    if (fault) this.#fault = null;
    if (fault?.when === "before") throw new StoreUnavailable();
    const result = await work();
    if (fault) throw new StoreUnavailable();
    return result;
  }

  readonly #rooms: MeetRooms = {
    open: ({ roomId }) =>
      this.#perhaps("room opens", async () => {
        if (this.#endedRooms.has(roomId)) throw gone();
      }),
    end: (roomId) =>
      this.#perhaps("room ends", async () => {
        this.#endedRooms.add(roomId);
        for (const page of this.pages.values())
          if (typeof page.view === "object" && page.view.roomId === roomId) page.turnTo("idle");
      }),
  };

  readonly #here: PublisherHere = {
    toDrifter: (drifter, event, payload) => {
      const page = this.page(drifter);
      if (page.node === null) return;
      const told = payload as Events["meet:found"] | Events["meet:ended"];
      page.hear(event, told);
      const { between = [], again } = this.#pairs.get(told.meetId) ?? {};
      this.heard.push(
        `${drifter} ${event} ${between.join("+")} ${"reason" in told ? told.reason : again}`,
      );
    },
    toRoom: () => {},
    closeRoom: () => {},
  };
  readonly #publisher: Pick<Publisher, "isConnected" | "here" | "watch"> = {
    isConnected: (drifter) => this.page(drifter).node !== null,
    here: this.#here,
    watch: () => {},
  };

  /** The store, seen from outside: what it gives is remembered, and what it is asked may fail. */
  #watched(): MeetStore {
    const { store } = this.t;
    return new Proxy(store, {
      get:
        (_target, name: keyof MeetStore) =>
        async (...args: never[]) => {
          const method = store[name]!.bind(store) as (...args: never[]) => Promise<unknown>;
          const call = async (): Promise<unknown> => {
            const answer = await method(...args);
            this.#note(answer);
            if (name === "settled") this.owed.delete(args[0]!);
            if (name === "made" && answer === true) this.#checkMade(args[0]!);
            return answer;
          };
          const step = STEPS.find((s) => s === name);
          return step ? this.#perhaps(step, call) : call();
        },
    });
  }

  /** An answer is a pair, an ending, or holds some. */
  #note(answer: unknown): void {
    if (typeof answer !== "object" || answer === null) return;
    if ("between" in answer) this.#pairs.set((answer as Pair).meetId, answer as Pair);
    else if ("tell" in answer) this.owed.set((answer as Ending).meetId, answer as Ending);
    else for (const each of Object.values(answer)) this.#note(each);
  }

  /** Only a block of the same instant may come too late for the question that is asked before. */
  #checkMade(meetId: MeetId): void {
    const [a, b] = this.#pairs.get(meetId)!.between;
    const blockedIn = this.blocks.get(key(a, b)) ?? this.step;
    expect(blockedIn, `${this.#seed}: two blocked were brought together`).to.equal(this.step);
  }

  /** What holds at every instant. */
  async check(): Promise<unknown[]> {
    const states: unknown[] = [];
    for (const drifter of this.drifters) {
      const page = this.page(drifter);
      const standing = await this.t.store.read(drifter);
      const where = `${this.#seed}, step ${this.step}: ${drifter}`;
      if (standing.state === "paired") {
        const { between, meetId } = standing.pair;
        expect(between, where).to.include(drifter);
        const other = await this.t.store.read(between[0] === drifter ? between[1] : between[0]);
        expect(other, where).to.have.nested.property("pair.meetId", meetId);
      }
      if (page.node === null) expect(standing.state, `${where}: a ghost`).not.to.equal("waiting");
      if (page.view === "waiting" && standing.state === "idle") {
        const isOwed = [...this.owed.values()].some(({ tell }) => tell.includes(drifter));
        expect(isOwed, `${where}: lost`).to.equal(true);
      }
      states.push(standing.state === "paired" ? standing.pair.between : standing.state);
    }
    return states;
  }

  /** What holds once nothing is owed: each page believes what is, and nobody waits beside who fits. */
  async checkAtRest(wereAlone: boolean): Promise<void> {
    const waiting: DrifterId[] = [];
    for (const drifter of this.drifters) {
      const { view, node } = this.page(drifter);
      if (node === null) continue;
      const standing = await this.t.store.read(drifter);
      const where = `${this.#seed}, at rest: ${drifter} ${JSON.stringify(view)}`;
      if (standing.state === "waiting") waiting.push(drifter);
      // Of two at once, one may be put back into the queue while he is told.
      const idle = wereAlone ? ["idle"] : ["idle", "waiting"];
      if (view === "idle") expect(standing.state, where).to.be.oneOf(idle);
      else if (view === "waiting") expect(standing.state, where).to.equal("waiting");
      else expect(standing, where).to.have.nested.property("pair.meetId", view.meetId);
    }
    for (const one of waiting)
      for (const other of waiting)
        if (one < other)
          expect(
            this.blocks.has(key(one, other)),
            `${this.#seed}: ${one} beside ${other}`,
          ).to.equal(true);
  }
}

/** Long enough for others to get ahead. */
export async function aWhile(): Promise<void> {
  for (let turns = 0; turns < 6; turns += 1) await Promise.resolve();
}

/** Names two people, whichever comes first. */
export const key = (one: DrifterId, other: DrifterId): string => [one, other].sort().join("|");
