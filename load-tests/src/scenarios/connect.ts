import { User } from "../run/user.ts";
import type { Crew } from "../run/user.ts";
import type { Play, Scenario } from "./scenario.ts";

/** People come and go: each operation is a new drifter; as many as `--connections` stay at once. */
class Connect implements Play {
  readonly #crew: Crew;
  /** Connected, the longest first. */
  readonly #present: User[] = [];
  readonly #tokens = new Set<string>();
  #made = 0;

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  async prepare(): Promise<void> {}

  async act(scheduledAt: number): Promise<boolean> {
    const user = new User(this.#crew, this.#made % this.#crew.connections);
    this.#made += 1;
    if (!(await user.connect(scheduledAt))) return false;
    const { token } = user;
    if (token !== undefined && this.#tokens.has(token)) {
      const text = `${user.name} was given the token of somebody else`;
      this.#crew.tell({ fact: "broken", kind: "duplicate", text });
    }
    if (token !== undefined) this.#tokens.add(token);
    this.#present.push(user);
    if (this.#present.length > this.#crew.connections) this.#present.shift()!.close();
    return true;
  }

  async settle(): Promise<void> {
    for (const user of this.#present) user.close();
  }
}

export const connect: Scenario = {
  summary: "new drifters come and go",
  operations: ["connect"],
  defaults: { connections: 500, stages: [{ durationMs: 10_000, rate: 200 }] },
  server: {},
  create: (crew) => new Connect(crew),
};
