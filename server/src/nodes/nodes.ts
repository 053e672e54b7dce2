import type { Tellings } from "./tellings.ts";

export type TellingKind = keyof Tellings;
export type Listener<K extends TellingKind> = (what: Tellings[K]) => void | Promise<void>;
/** What others told since then, ms since 1970 in the store's clock, may not have been heard. */
export type Missed = (since: number) => Promise<void>;

/**
 * How processes wake each other. Nothing is stored and nothing is promised: what has to be known is in
 * the stores, and whoever may have missed something reads it there. What one process tells about one
 * name is heard in the order of telling, and before all that any process tells about that name after
 * the telling has resolved.
 */
export interface Nodes {
  /** False: no other process is alive, and telling costs nothing. */
  readonly areOthers: boolean;
  /**
   * What others tell may not arrive here. Meanwhile nothing is told to anybody that cannot be checked
   * in a store, and what `onMissed` was given is called again and again.
   */
  readonly isDeaf: boolean;
  /** To all other processes; `name` is the drifter or the place it is about. Never rejects. */
  tell<K extends TellingKind>(name: string, kind: K, what: Tellings[K]): Promise<void>;
  /**
   * The same, and waits until each has done it: at the latest until one that has not answered knows
   * itself that it is deaf.
   */
  ask<K extends TellingKind>(name: string, kind: K, what: Tellings[K]): Promise<void>;
  hear<K extends TellingKind>(kind: K, listener: Listener<K>): void;
  /** Something may have passed this process by. A listener that rejects is called again. */
  onMissed(listener: Missed): void;
}

/** There is one process, and never another. */
export const alone: Nodes = {
  areOthers: false,
  isDeaf: false,
  tell: async () => {},
  ask: async () => {},
  hear: () => {},
  onMissed: () => {},
};
