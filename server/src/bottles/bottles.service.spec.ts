import { expect } from "chai";
import { nanoid } from "nanoid";
import { pino } from "pino";
import type { DrifterId, WriteId } from "@driftsea/protocol";
import { readConfig } from "../config.ts";
import { ManualClock } from "../lib/clock.ts";
import { seededRandom } from "../lib/random.ts";
import { QuotaService } from "../quotas/quotas.service.ts";
import { NoticeService } from "../sessions/notices.service.ts";
import { openStores } from "../stores.ts";
import { ThreadService } from "../threads/threads.service.ts";
import { SocketPublisher } from "../transport/publisher.ts";
import { BottleService } from "./bottles.service.ts";
import { Settlement } from "./bottles.settle.ts";
import { MemoryBottleStore } from "./bottles.store.memory.ts";
import { DEFAULT_SEAS, SeaCatalogue } from "./sea-catalogue.ts";

describe("catching", () => {
  it("[B3] a creature's share of 100 000 seeded draws is 0.2 ± 0.005, in a full and an empty sea", async function () {
    this.timeout(60_000);
    const { service, catcher, allowance } = await openSea("creatures");
    for (const isFull of [false, true]) {
      if (isFull) {
        for (let i = 0; i < 200; i += 1) {
          const thrower = nanoid<DrifterId>();
          await service.throw(thrower, { id: nanoid<WriteId>(), text: "x" });
        }
      }
      const outcomes = { bottle: 0, creature: 0, calm: 0 };
      for (let draws = 0; draws < 100_000; draws += 1) {
        const before = await allowance(catcher);
        const caught = await service.catch(catcher, undefined);
        outcomes[caught.outcome] += 1;
        // Calm alone costs nothing.
        expect(before - caught.quota.left).to.equal(caught.outcome === "calm" ? 0 : 1);
      }
      expect(outcomes.creature / 100_000).to.be.within(0.195, 0.205);
      // Each bottle once; then the sea is calm for him.
      expect(outcomes.bottle).to.equal(isFull ? 200 : 0);
    }
  });
});

/** A service on real parts in memory, without the limits of a day. */
async function openSea(seed: string) {
  const logger = pino({ level: "silent" });
  const stores = await openStores(readConfig({}), logger, "");
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const store = new MemoryBottleStore(clock);
  const publisher = new SocketPublisher();
  const notices = new NoticeService(stores.sessions, publisher);
  const threads = new ThreadService(stores.threads, publisher, notices);
  const quotas = new QuotaService(stores.quotas, clock, { throws: 1e9, catches: 1e9 });
  const service = new BottleService({
    store,
    seas: new SeaCatalogue(store, DEFAULT_SEAS),
    quotas,
    threads,
    settlement: new Settlement(store, threads, quotas, notices),
    blockedOf: () => Promise.resolve([]),
    clock,
    rng: seededRandom(seed),
    node: "n",
    rules: {
      lifeMs: 86_400_000,
      leaseMs: 600_000,
      leaseMaxMs: 3_600_000,
      holderGraceMs: 60_000,
      creatureProbability: 0.2,
    },
    onUnsettled: (error) => {
      throw error as Error;
    },
  });
  return {
    service,
    catcher: nanoid<DrifterId>(),
    allowance: async (drifter: DrifterId) => (await quotas.quotas(drifter)).catches.left,
  };
}
