import { now } from "../measure/clock.ts";
import { eachOf, pause } from "../run/together.ts";
import { User } from "../run/user.ts";
import type { Crew } from "../run/user.ts";
import { ChatRoom } from "./chat-room.ts";
import type { Play, Scenario } from "./scenario.ts";

/** Between two waves, in ms. */
const WAVE_EVERY_MS = 3000;
/** Members of a room who are away while its host writes on, in ms. */
const AWAY_MS = 200;

/**
 * Waves in which all but the hosts of the rooms lose their line at one instant, and come back with
 * token and cursor while the hosts write on.
 */
class Reconnect implements Play {
  readonly #crew: Crew;
  readonly #rooms: ChatRoom[] = [];
  #next = 0;
  #isOver = false;
  #waves: Promise<void> = Promise.resolve();

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  async prepare(): Promise<void> {
    const { connections, size } = this.#crew;
    const users: User[] = [];
    await eachOf(connections, async (number) => {
      const user = new User(this.#crew, number);
      if (await user.connect()) users.push(user);
    });
    for (let i = 0; i < users.length; i += size) {
      const room = new ChatRoom(this.#crew);
      await room.fill(users.slice(i, i + size));
      this.#rooms.push(room);
    }
    this.#waves = this.#wave();
  }

  async #wave(): Promise<void> {
    while (!this.#isOver) {
      await pause(WAVE_EVERY_MS / 3);
      await Promise.all(this.#rooms.map((room) => this.#cutAll(room)));
      await pause(this.#isOver ? 0 : (2 * WAVE_EVERY_MS) / 3);
    }
  }

  async #cutAll(room: ChatRoom): Promise<void> {
    const [, ...others] = room.members;
    for (const user of others) user.cut();
    await pause(AWAY_MS);
    const dueAt = now();
    await eachOf(others.length, (i) => room.resume(others[i]!, dueAt));
  }

  act(scheduledAt: number): Promise<boolean> {
    const room = this.#rooms[this.#next % this.#rooms.length]!;
    this.#next += 1;
    return room.sendByHost(scheduledAt);
  }

  async settle(): Promise<void> {
    this.#isOver = true;
    await this.#waves;
    await Promise.all(this.#rooms.map((room) => room.settle()));
  }
}

export const reconnect: Scenario = {
  summary: "waves of lost lines, and of those who come back",
  operations: ["send", "resume", "deliver", "connect"],
  defaults: { connections: 200, stages: [{ durationMs: 12_000, rate: 50 }] },
  server: {},
  largestRoom: (connections) => connections,
  create: (crew) => new Reconnect(crew),
};
