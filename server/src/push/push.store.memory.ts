import type { BottleId, DrifterId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import type { PushStore } from "./push.store.ts";

/** `PushStore` in this process; the contract is written there. */
export class MemoryPushStore implements PushStore {
  readonly #clock: Clock;
  readonly #watches = new Map<string, { endpoint: string; endsAt: number }>();
  #serverKey: string | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async keep(
    drifter: DrifterId,
    bottle: BottleId,
    endpoint: string,
    lifeMs: number,
  ): Promise<void> {
    this.#watches.set(nameOf(drifter, bottle), { endpoint, endsAt: this.#clock.now() + lifeMs });
  }

  async take(drifter: DrifterId, bottle: BottleId): Promise<string | null> {
    const name = nameOf(drifter, bottle);
    const watch = this.#watches.get(name);
    this.#watches.delete(name);
    return watch && watch.endsAt > this.#clock.now() ? watch.endpoint : null;
  }

  async drop(drifter: DrifterId, bottles: readonly BottleId[]): Promise<void> {
    for (const bottle of bottles) this.#watches.delete(nameOf(drifter, bottle));
  }

  async serverKey(fresh: string): Promise<string> {
    return (this.#serverKey ??= fresh);
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const [name, { endsAt }] of this.#watches) if (endsAt <= now) this.#watches.delete(name);
  }
}

const nameOf = (drifter: DrifterId, bottle: BottleId): string => `${drifter} ${bottle}`;
