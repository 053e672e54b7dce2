import type { SeaId } from "@driftsea/protocol";
import { inLanes, inSlices } from "../lib/in-slices.ts";
import type { Publisher } from "../lib/publisher.ts";
import { levelToWire } from "./bottle-views.ts";
import type { Settlement } from "./bottles.settle.ts";
import type { BottleStore, OutboxEntry } from "./bottles.store.ts";
import type { SeaCatalogue } from "./sea-catalogue.ts";

/** Timers that one sweep of a sea takes, so that no script runs for long. */
const BATCH = 200;
/** Batches before the next sea has its turn: a full sea that has ended must not keep others waiting. */
const BATCHES = 50;
/** Seas that have their turn at once, and entries of the outbox of each that are settled. */
const SEAS_AT_ONCE = 20;
const AT_ONCE = 10;

/** Does in every sea what is due, finishes what was left undone, and tells how full the seas are. */
export class Tide {
  readonly #store: BottleStore;
  readonly #seas: SeaCatalogue;
  readonly #settlement: Settlement;
  readonly #publisher: Publisher;
  readonly #told = new Map<SeaId, string>();
  readonly #silences = new Map<SeaId, number>();

  constructor(
    store: BottleStore,
    seas: SeaCatalogue,
    settlement: Settlement,
    publisher: Publisher,
  ) {
    this.#store = store;
    this.#seas = seas;
    this.#settlement = settlement;
    this.#publisher = publisher;
  }

  async sweep(): Promise<void> {
    await this.#inEachSea(async (sea) => {
      const failures: unknown[] = [];
      for (let batch = 0; batch < BATCHES; batch += 1) {
        const { result: done, outbox } = await this.#store.sweep(sea, BATCH);
        failures.push(...(await this.#settleAll(sea, outbox)));
        if (done < BATCH) break;
      }
      if (failures.length > 0) throw failures[0];
    });
  }

  /** Settles what a process left behind; `olderThanMs` spares what is being settled now. */
  async settleLeftovers(now: number, olderThanMs: number): Promise<void> {
    await this.#inEachSea(async (sea) => {
      const outbox = await this.#store.outbox(sea);
      const left = outbox.filter((entry) => entry.at <= now - olderThanMs);
      const [failure] = await this.#settleAll(sea, left);
      if (failure !== undefined) throw failure;
    });
  }

  /** A sea whose master is away keeps no other from its turn. Rejects with the first failure in the end. */
  #inEachSea(work: (sea: SeaId) => Promise<void>): Promise<void> {
    return inLanes(this.#seas.ids, SEAS_AT_ONCE, work);
  }

  /** One that cannot be settled stays in the outbox, and keeps no other from being settled, in no sea. */
  async #settleAll(sea: SeaId, outbox: readonly OutboxEntry[]): Promise<unknown[]> {
    const failures: unknown[] = [];
    await inSlices(outbox, AT_ONCE, (entry) =>
      this.#settlement.settle(sea, entry).catch((error: unknown) => failures.push(error)),
    );
    return failures;
  }

  /** Tells everybody which seas have ended or stand otherwise than before; a place's is nobody else's affair. */
  async publish(): Promise<void> {
    const seas = this.#seas.infos.map((info) => info.id);
    const levels = await this.#store.levels(seas);
    for (const [i, sea] of seas.entries()) {
      const { silences } = levels[i]!;
      if (silences > (this.#silences.get(sea) ?? silences))
        this.#publisher.toEveryone("sea:gone", { sea });
      this.#silences.set(sea, silences);
      const level = levelToWire(levels[i]!);
      if (this.#told.get(sea) === JSON.stringify(level)) continue;
      this.#told.set(sea, JSON.stringify(level));
      this.#publisher.toEveryone("sea:tide", { sea, ...level });
    }
  }
}
