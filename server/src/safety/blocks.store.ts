import type { DrifterId } from "@driftsea/protocol";

/** Names the list of one box: the hash of its public half. */
export type BlockList = string;

export interface SealedBlock {
  /** Says nothing to whoever has no box's secret, and is of this list alone. */
  handle: string;
  /** Opened by the box's secret only, which is not stored. */
  sealed: string;
}

/**
 * Who has nothing to do with whom, as nobody can read it who has the store alone: of each block either
 * side has an entry, sealed for its own box, under a handle of its own. That two entries are of one
 * block, whose they are and who wanted it can be told from neither. Each method is one atomic change
 * and may reject with StoreUnavailable.
 */
export interface BlockStore {
  /** Puts an entry there, or in the place of the one with its handle; the list is kept for `BLOCK_KEEP_MS`. */
  put(list: BlockList, entry: SealedBlock): Promise<void>;
  /** Puts an entry in the place of the one with its handle, where there is one; it is kept no longer. */
  replace(list: BlockList, entry: SealedBlock): Promise<void>;
  all(list: BlockList): Promise<SealedBlock[]>;
  /** Whose list it is is here: it is kept for `BLOCK_KEEP_MS` from now on. One that has ended is not. */
  renew(list: BlockList): Promise<void>;

  /** Whose list it is has gone; where there is one it can be taken on, for `HANDED_ON_MS`. */
  end(list: BlockList): Promise<void>;
  hasEnded(list: BlockList): Promise<boolean>;
  /** Whether it has ended and may be taken on, which it may be tried `TRIES_KEPT` times: this is one. */
  mayTake(list: BlockList): Promise<boolean>;
  /** It has been taken on. */
  drop(list: BlockList): Promise<void>;

  /** Remembers for `PARTING_MS` that these two have been parted, for whoever is bringing them together. */
  part(one: DrifterId, other: DrifterId): Promise<void>;
  areParting(one: DrifterId, other: DrifterId): Promise<boolean>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

/** How long a list is kept after its newest entry, and after its owner was here, in ms. */
export const BLOCK_KEEP_MS = 365 * 24 * 60 * 60 * 1000;
/** How long the list of somebody who has gone can be taken on, in ms. */
export const HANDED_ON_MS = 30 * 24 * 60 * 60 * 1000;
/** Whoever was cut off before he learnt his new token comes again, but a long list is work for others. */
export const TRIES_KEPT = 10;
/** Longer than anybody waits for a partner, in ms. */
export const PARTING_MS = 10 * 60 * 1000;
