import type { DrifterId, MeetId } from "@driftsea/protocol";
import { RETRY_MS, SCANNED } from "./meets.store.ts";
import type { MeetRules, Search } from "./meets.store.ts";

export interface Waiting {
  drifter: DrifterId;
  searchId: MeetId;
  search: Search;
  since: number;
  /** When he is tried next. */
  tryAt: number;
}

export interface Fit {
  other: Waiting;
  shared: string[];
  again: boolean;
}

/** What `lua/pairing.lua` is on Redis: who is paired with whom, at one instant. */
export class Pairing {
  readonly #now: number;
  readonly #rules: MeetRules;
  readonly #hasMet: (one: DrifterId, other: DrifterId) => boolean;

  constructor(
    now: number,
    rules: MeetRules,
    hasMet: (one: DrifterId, other: DrifterId) => boolean,
  ) {
    this.#now = now;
    this.#rules = rules;
    this.#hasMet = hasMet;
  }

  /** When a search has waited long enough. */
  endsAt({ since, search }: Waiting): number {
    return since + (search.mode === "shake" ? this.#rules.windowMs : this.#rules.waitMs);
  }

  isOver(one: Waiting): boolean {
    return this.endsAt(one) <= this.#now;
  }

  #isRelaxed(one: Waiting): boolean {
    return this.#now - one.since >= this.#rules.relaxMs;
  }

  #isOpen(one: Waiting): boolean {
    return one.search.interests.length === 0 || this.#isRelaxed(one);
  }

  /** Who fits best out of a window, which is in the order of waiting. */
  choose(one: Waiting, window: readonly Waiting[]): Fit | null {
    const { mode, interests, blocked } = one.search;
    const fits = window.flatMap((other): Fit[] => {
      if (other.drifter === one.drifter || this.isOver(other)) return [];
      if (blocked.includes(other.drifter)) return [];
      if (other.search.blocked.includes(one.drifter)) return [];
      const shared = interests.filter((word) => other.search.interests.includes(word));
      const isFit =
        mode === "shake" || shared.length > 0 || (this.#isOpen(one) && this.#isOpen(other));
      return isFit ? [{ other, shared, again: false }] : [];
    });
    // Sorting is stable: of those with as many, the longest waiting.
    fits.sort((a, b) => b.shared.length - a.shared.length);
    const isNew = ({ other }: Fit): boolean =>
      !this.#hasMet(one.drifter, other.drifter) && !this.#hasMet(other.drifter, one.drifter);
    const fresh = fits.find(isNew);
    if (fresh) return fresh;
    const met = fits.find(
      ({ other }) => mode === "shake" || (this.#isRelaxed(one) && this.#isRelaxed(other)),
    );
    return met ? { ...met, again: true } : null;
  }

  /** When somebody for whom nobody fits now is tried again. */
  nextTryAt(one: Waiting, queueLength: number): number {
    const times = [this.endsAt(one)];
    if (one.search.mode === "random" && !this.#isRelaxed(one))
      times.push(one.since + this.#rules.relaxMs);
    if (queueLength > SCANNED) times.push(this.#now + RETRY_MS);
    return Math.min(...times);
  }
}
