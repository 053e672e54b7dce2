import type { Clock } from "../lib/clock.ts";
import { SECRET_KEEP_MS, TALLY_KEEP_MS } from "./puzzles.store.ts";
import type { Crowd, PuzzleStore } from "./puzzles.store.ts";

interface Ending<T> {
  value: T;
  endsAt: number;
}

/** `PuzzleStore` in this process; the contract is written there. */
export class MemoryPuzzleStore implements PuzzleStore {
  readonly #clock: Clock;
  readonly #secrets = new Map<number, Ending<string>>();
  readonly #spent = new Map<string, Ending<string>>();
  readonly #crowds = new Map<number, Ending<Crowd>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async secret(day: number, fresh: string): Promise<string> {
    return this.#keep(this.#secrets, day, SECRET_KEEP_MS, fresh);
  }

  async spend(nonce: string, by: string, keepMs: number): Promise<boolean> {
    return this.#keep(this.#spent, nonce, keepMs, by) === by;
  }

  async tally(window: number, more: Crowd): Promise<{ now: Crowd; before: Crowd }> {
    const crowd = this.#keep(this.#crowds, window, TALLY_KEEP_MS, { newcomers: 0, throws: 0 });
    crowd.newcomers += more.newcomers;
    crowd.throws += more.throws;
    const before = this.#crowds.get(window - 1)?.value ?? { newcomers: 0, throws: 0 };
    return { now: { ...crowd }, before: { ...before } };
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const kept of [this.#secrets, this.#spent, this.#crowds] as Map<
      unknown,
      Ending<unknown>
    >[])
      for (const [key, { endsAt }] of kept) if (endsAt <= now) kept.delete(key);
  }

  /** What is kept under a key; `fresh` from now on, where nothing is. */
  #keep<K, T>(kept: Map<K, Ending<T>>, key: K, keepMs: number, fresh: T): T {
    const now = this.#clock.now();
    const there = kept.get(key);
    if (there && there.endsAt > now) return there.value;
    kept.set(key, { value: fresh, endsAt: now + keepMs });
    return fresh;
  }
}
