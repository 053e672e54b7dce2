import type { ClosedFunction, DrifterId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { FADE_MS, durationOf } from "./penalties.store.ts";
import type { PenaltyStore, Step } from "./penalties.store.ts";

/** `PenaltyStore` in this process; the contract is written there. */
export class MemoryPenaltyStore implements PenaltyStore {
  readonly #clock: Clock;
  readonly #steps = new Map<DrifterId, Map<string, Step>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #live(drifter: DrifterId): Map<string, Step> {
    const steps = this.#steps.get(drifter) ?? new Map<string, Step>();
    const now = this.#clock.now();
    for (const [key, { untilAt }] of steps) if (now >= untilAt + FADE_MS) steps.delete(key);
    return steps;
  }

  async step(
    drifter: DrifterId,
    key: string,
    what: { function: ClosedFunction; reason: string },
  ): Promise<Step> {
    const steps = this.#live(drifter);
    this.#steps.set(drifter, steps);
    const before = steps.get(key);
    if (before) return { ...before };
    const number = 1 + [...steps.values()].filter((one) => one.function === what.function).length;
    const untilAt = this.#clock.now() + durationOf(number);
    const step = { function: what.function, step: number, untilAt, reason: what.reason };
    steps.set(key, step);
    return { ...step };
  }

  async of(drifter: DrifterId): Promise<Step[]> {
    return [...this.#live(drifter).values()].map((step) => ({ ...step }));
  }

  async erase(drifter: DrifterId): Promise<void> {
    this.#steps.delete(drifter);
  }

  sweep(): void {
    for (const drifter of this.#steps.keys())
      if (this.#live(drifter).size === 0) this.#steps.delete(drifter);
  }
}
