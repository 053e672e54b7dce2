import type { Clock } from "../../src/lib/clock.ts";
import { MemoryQuotaStore } from "../../src/quotas/quotas.store.memory.ts";

/** Allowances of a test, by a clock that it moves. */
export const quotasInMemory = (clock: Clock): MemoryQuotaStore => new MemoryQuotaStore(clock);
