import { eachOf } from "../run/together.ts";
import { User } from "../run/user.ts";
import type { Crew } from "../run/user.ts";
import type { Play, Scenario } from "./scenario.ts";

/** Many are there and silent; now and then one asks, and at the end each is asked for. */
class Idle implements Play {
  readonly #crew: Crew;
  readonly #users: User[] = [];
  #next = 0;

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  async prepare(): Promise<void> {
    await eachOf(this.#crew.connections, async (number) => {
      const user = new User(this.#crew, number);
      if (await user.connect()) this.#users.push(user);
    });
  }

  async act(scheduledAt: number): Promise<boolean> {
    const user = this.#users[this.#next % this.#users.length];
    this.#next += 1;
    return (await user?.ask("ask", scheduledAt, "session:quotas", {})) != null;
  }

  async settle(): Promise<void> {
    await eachOf(this.#users.length, async (number) => {
      const user = this.#users[number]!;
      const answer = await user.reply("session:quotas", {});
      if (answer.ok) return;
      const text = `${user.name} was connected and is not answered: ${answer.error.code}`;
      this.#crew.tell({ fact: "broken", kind: "lost", text });
    });
  }
}

export const idle: Scenario = {
  summary: "many are connected and silent",
  operations: ["ask", "connect"],
  defaults: { connections: 1000, stages: [{ durationMs: 30_000, rate: 20 }] },
  server: {},
  create: (crew) => new Idle(crew),
};
