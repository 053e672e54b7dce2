import type { Crew } from "../run/user.ts";
import { Bottles, bottles } from "./bottles.ts";
import { Feed, feed } from "./feed.ts";
import { Meets, meets } from "./meets.ts";
import { Rooms, rooms } from "./rooms.ts";
import type { Play, Scenario } from "./scenario.ts";

const PEOPLE_IN_ROOMS = 3;
/**
 * Of ten operations, and of twelve people, so many are in each part. Who meets has met all the others after a
 * while, and then waits for somebody longer (S3): so there are more of them.
 */
const PARTS = [
  { share: 4, people: 3, create: (crew: Crew): Play => new Bottles(crew) },
  { share: 3, people: PEOPLE_IN_ROOMS, create: (crew: Crew): Play => new Rooms(crew) },
  { share: 2, people: 2, create: (crew: Crew): Play => new Feed(crew) },
  { share: 1, people: 4, create: (crew: Crew): Play => new Meets(crew) },
] as const;
const PEOPLE = 12;

/** Of the connections of one process those of a part. */
const partOf = (connections: number, people: number): number =>
  Math.max(5, Math.floor((connections * people) / PEOPLE));

/** Everything at once, each part with people of its own. */
class Mixed implements Play {
  readonly #parts: { play: Play; share: number }[] = [];
  /** Which part's turn it is, over and over. */
  readonly #turns: Play[] = [];
  #next = 0;

  constructor(crew: Crew) {
    let first = 0;
    for (const { share, people, create } of PARTS) {
      const connections = partOf(crew.connections, people);
      const play = create({ ...crew, connections, firstNumber: first });
      first += connections + 1;
      this.#parts.push({ play, share });
    }
    // Spread out: what has many turns has them evenly among the others'.
    const turns = this.#parts.flatMap(({ play, share }) =>
      Array.from({ length: share }, (_, i) => ({ at: (i + 0.5) / share, play })),
    );
    this.#turns.push(...turns.sort((a, b) => a.at - b.at).map(({ play }) => play));
  }

  async prepare(): Promise<void> {
    for (const { play } of this.#parts) await play.prepare();
  }

  act(scheduledAt: number): Promise<boolean> {
    const play = this.#turns[this.#next % this.#turns.length]!;
    this.#next += 1;
    return play.act(scheduledAt);
  }

  stop(): void {
    for (const { play } of this.#parts) play.stop?.();
  }

  async settle(): Promise<void> {
    await Promise.all(this.#parts.map(({ play }) => play.settle()));
  }
}

const of = [bottles, rooms, feed, meets];
const operations = [...new Set(of.flatMap(({ operations }) => operations))];
const server = Object.assign({}, ...of.map(({ server }) => server)) as Scenario["server"];

export const mixed: Scenario = {
  summary: "bottles, rooms, feed and meets at once",
  operations,
  defaults: { connections: 200, stages: [{ durationMs: 20_000, rate: 100 }] },
  server,
  largestRoom: (connections) => partOf(connections, PEOPLE_IN_ROOMS),
  create: (crew) => new Mixed(crew),
};

/** Shorter than a worker takes to be up again would say nothing of its loss. */
const LOSS_MS = 20_000;

export const loss: Scenario = {
  ...mixed,
  summary: "as mixed; half way one of the server's processes is killed",
  operations: [...operations, "back"],
  defaults: { connections: 200, stages: [{ durationMs: LOSS_MS, rate: 50 }] },
  processes: 3,
  kills: true,
  slo: "back.p95<5000,errors<1%",
};

export const soak: Scenario = {
  ...mixed,
  summary: "as mixed, for half an hour; does the server's memory stay?",
  defaults: { connections: 200, stages: [{ durationMs: 1_800_000, rate: 50 }] },
};
