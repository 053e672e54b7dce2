import type { DrifterId } from "@driftsea/protocol";
import { RECENT_COUNT, RECENT_KEEP_MS, RECENT_MS } from "./meets.store.ts";

/** Whom each has met lately, in memory (S3). */
export class RecentPartners {
  readonly #lists = new Map<DrifterId, Map<DrifterId, number>>();

  hasMet(drifter: DrifterId, other: DrifterId, now: number): boolean {
    const at = this.#lists.get(drifter)?.get(other);
    if (at === undefined || at <= now - RECENT_KEEP_MS) return false;
    return at > now - RECENT_MS || this.#newestFirst(drifter).indexOf(other) < RECENT_COUNT;
  }

  met(drifter: DrifterId, other: DrifterId, now: number): void {
    let list = this.#lists.get(drifter);
    if (!list) this.#lists.set(drifter, (list = new Map()));
    list.set(other, now);
    this.#trim(drifter, list, now);
  }

  erase(drifter: DrifterId): void {
    this.#lists.delete(drifter);
    for (const list of this.#lists.values()) list.delete(drifter);
  }

  sweep(now: number): void {
    for (const [drifter, list] of this.#lists) {
      this.#trim(drifter, list, now);
      if (list.size === 0) this.#lists.delete(drifter);
    }
  }

  #trim(drifter: DrifterId, list: Map<DrifterId, number>, now: number): void {
    for (const [rank, other] of this.#newestFirst(drifter).entries()) {
      const at = list.get(other)!;
      const isOld = at <= now - RECENT_MS && rank >= RECENT_COUNT;
      if (isOld || at <= now - RECENT_KEEP_MS) list.delete(other);
    }
  }

  /** At one instant, the greater id first, as in a sorted set of Redis read backwards. */
  #newestFirst(drifter: DrifterId): DrifterId[] {
    const list = [...(this.#lists.get(drifter) ?? [])];
    list.sort(([a, at], [b, bt]) => bt - at || (a < b ? 1 : -1));
    return list.map(([other]) => other);
  }
}
