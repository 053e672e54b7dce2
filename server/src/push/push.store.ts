import type { BottleId, DrifterId } from "@driftsea/protocol";

/**
 * Where somebody is told that something has come for a bottle of his: the address at the push
 * service of his browser's maker, and nothing else. Each method is one atomic change of one bottle's.
 * Each may reject with StoreUnavailable.
 */
export interface PushStore {
  /** In the place of what was kept for this bottle before; for `lifeMs`, and not longer. */
  keep(drifter: DrifterId, bottle: BottleId, endpoint: string, lifeMs: number): Promise<void>;
  /** Gives it once: who has taken it, tells him. */
  take(drifter: DrifterId, bottle: BottleId): Promise<string | null>;
  drop(drifter: DrifterId, bottles: readonly BottleId[]): Promise<void>;
  /** The server's own key, for good: `fresh` where there was none. Every process gets the same. */
  serverKey(fresh: string): Promise<string>;
  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}
