import { eachOf } from "../run/together.ts";
import { User } from "../run/user.ts";
import type { Crew } from "../run/user.ts";
import { ChatRoom } from "./chat-room.ts";
import { DeadlineProbe } from "./deadline-probe.ts";
import type { Play, Scenario } from "./scenario.ts";

/** Rooms of `--size` in which everybody writes in turn, and each message goes to all. */
export class Rooms implements Play {
  readonly #crew: Crew;
  readonly #rooms: ChatRoom[] = [];
  readonly #probe: DeadlineProbe | null;
  #next = 0;

  constructor(crew: Crew) {
    this.#crew = crew;
    // One in the run is enough.
    this.#probe = crew.worker === 0 ? new DeadlineProbe(crew, crew.connections) : null;
  }

  async prepare(): Promise<void> {
    const { connections, size } = this.#crew;
    const users: User[] = [];
    await eachOf(connections, async (number) => {
      const user = new User(this.#crew, number);
      if (await user.connect()) users.push(user);
    });
    const filling: ChatRoom[] = [];
    // Who is left over from the last whole room is in none, unless there is no other.
    const count = Math.max(1, Math.floor(users.length / size));
    for (let i = 0; i < count; i += 1) filling.push(new ChatRoom(this.#crew));
    await eachOf(count, (i) => filling[i]!.fill(users.slice(i * size, (i + 1) * size)), 16);
    this.#rooms.push(...filling);
    await this.#probe?.start();
  }

  act(scheduledAt: number): Promise<boolean> {
    const room = this.#rooms[this.#next % this.#rooms.length]!;
    this.#next += 1;
    return room.send(scheduledAt);
  }

  async settle(): Promise<void> {
    await this.#probe?.stop();
    await Promise.all(this.#rooms.map((room) => room.settle()));
  }
}

export const rooms: Scenario = {
  summary: "each message of a room goes to all its members (--size)",
  operations: ["send", "deliver", "ended", "connect"],
  defaults: { connections: 100, stages: [{ durationMs: 10_000, rate: 100 }] },
  server: { ROOM_MIN_LIFETIME_MS: 500 },
  largestRoom: (connections) => connections,
  create: (crew) => new Rooms(crew),
};
