import type { DrifterId } from "@driftsea/protocol";
import { SCANNED } from "./meets.store.ts";
import type { MeetMode } from "./meets.store.ts";
import type { Waiting } from "./pairing.ts";

/** Those who wait, in memory: each mode in the order of waiting. */
export class WaitingQueue {
  readonly #queues: Record<MeetMode, Waiting[]> = { random: [], shake: [] };
  readonly #waiting = new Map<DrifterId, Waiting>();

  get(drifter: DrifterId): Waiting | undefined {
    return this.#waiting.get(drifter);
  }

  all(): Waiting[] {
    return [...this.#waiting.values()];
  }

  length(mode: MeetMode): number {
    return this.#queues[mode].length;
  }

  /** Those who are looked at. */
  window(mode: MeetMode): Waiting[] {
    return this.#queues[mode].slice(0, SCANNED);
  }

  /** Those whose time to be tried has come, the earliest first. */
  due(now: number, limit: number): Waiting[] {
    return this.all()
      .filter((one) => one.tryAt <= now)
      .sort((a, b) => a.tryAt - b.tryAt || (a.drifter < b.drifter ? -1 : 1))
      .slice(0, limit);
  }

  add(one: Waiting): void {
    this.#waiting.set(one.drifter, one);
    const queue = this.#queues[one.search.mode];
    // Whoever comes new belongs at the end.
    const before = queue.findLastIndex(
      (w) => w.since < one.since || (w.since === one.since && w.drifter < one.drifter),
    );
    queue.splice(before + 1, 0, one);
  }

  /** Takes somebody out; what he sought, or null. */
  take(drifter: DrifterId): Waiting | null {
    const one = this.#waiting.get(drifter);
    if (!one) return null;
    this.#waiting.delete(drifter);
    const queue = this.#queues[one.search.mode];
    queue.splice(queue.indexOf(one), 1);
    return one;
  }
}
