import type { DrifterId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { pairMark } from "./safety.keys.ts";
import { BLOCK_KEEP_MS, HANDED_ON_MS, PARTING_MS, TRIES_KEPT } from "./blocks.store.ts";
import type { BlockList, BlockStore, SealedBlock } from "./blocks.store.ts";

interface List {
  entries: Map<string, string>;
  hasEnded: boolean;
  tries: number;
  until: number;
}

/** `BlockStore` in this process; the contract is written there. */
export class MemoryBlockStore implements BlockStore {
  readonly #clock: Clock;
  readonly #lists = new Map<BlockList, List>();
  readonly #parting = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #list(list: BlockList): List | undefined {
    const found = this.#lists.get(list);
    return found && found.until > this.#clock.now() ? found : undefined;
  }

  async put(list: BlockList, { handle, sealed }: SealedBlock): Promise<void> {
    const fresh = (): List => ({ entries: new Map(), hasEnded: false, tries: 0, until: 0 });
    const found = this.#list(list) ?? fresh();
    found.entries.set(handle, sealed);
    found.until = this.#clock.now() + BLOCK_KEEP_MS;
    this.#lists.set(list, found);
  }

  async replace(list: BlockList, { handle, sealed }: SealedBlock): Promise<void> {
    const entries = this.#list(list)?.entries;
    if (entries?.has(handle)) entries.set(handle, sealed);
  }

  async all(list: BlockList): Promise<SealedBlock[]> {
    const entries = this.#list(list)?.entries ?? new Map<string, string>();
    return [...entries].map(([handle, sealed]) => ({ handle, sealed }));
  }

  async renew(list: BlockList): Promise<void> {
    const found = this.#list(list);
    if (found && !found.hasEnded) found.until = this.#clock.now() + BLOCK_KEEP_MS;
  }

  async end(list: BlockList): Promise<void> {
    const found = this.#list(list);
    if (!found || found.hasEnded) return;
    found.hasEnded = true;
    found.until = this.#clock.now() + HANDED_ON_MS;
  }

  async hasEnded(list: BlockList): Promise<boolean> {
    return this.#list(list)?.hasEnded ?? false;
  }

  async mayTake(list: BlockList): Promise<boolean> {
    const found = this.#list(list);
    if (!found?.hasEnded || found.tries === TRIES_KEPT) return false;
    found.tries += 1;
    return true;
  }

  async drop(list: BlockList): Promise<void> {
    this.#lists.delete(list);
  }

  async part(one: DrifterId, other: DrifterId): Promise<void> {
    this.#parting.set(pairMark(one, other), this.#clock.now() + PARTING_MS);
  }

  async areParting(one: DrifterId, other: DrifterId): Promise<boolean> {
    return (this.#parting.get(pairMark(one, other)) ?? 0) > this.#clock.now();
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const [list, { until }] of this.#lists) if (until <= now) this.#lists.delete(list);
    for (const [mark, until] of this.#parting) if (until <= now) this.#parting.delete(mark);
  }
}
