import type { CircleId } from "@driftsea/protocol";

/** Base64url of a SHA-256. */
export type CodeHash = string;

export interface Friend {
  id: CircleId;
  /** The edge counts in epochs from this one on. */
  from: number;
  /** And no longer in this one; Infinity while they are friends. */
  until: number;
}

export interface Person {
  /** When he was first here, ms since 1970; 0 where he is unknown. */
  bornAt: number;
  /** When he was here last, to `ACTIVE_SLOT_MS`. */
  activeAt: number;
  /**
   * Edges that count, or have counted in an epoch that may be asked for, as his own record has them; one
   * friend more than once where they have parted and are friends again.
   */
  friends: Friend[];
}

/** Whose invite it was, and whether the same person has taken it before. */
export interface Taken {
  friend: CircleId;
  isAgain: boolean;
}

/** An edge of which one side may not know yet. */
export interface PendingLink {
  from: CircleId;
  to: CircleId;
  codeHash: CodeHash;
  epoch: number;
}

/**
 * Who is a friend of whom. An edge is two records, one with each person; it is a friendship where
 * both have it. What needs both is done one after the other, is safe to repeat, and `unfinished` names
 * links a process that died has left half done. Edges that have ended are kept for
 * `ENDED_KEPT_EPOCHS`, so that what they counted in is answered alike. People and edges live `PERSON_LIFE_MS` from the last time
 * that the person was here. Each method may reject with StoreUnavailable.
 */
export interface CircleStore {
  /** He is here. Makes him known where he is new, from now on, to the slot (`Person.bornAt`). */
  touch(me: CircleId, bornSlotMs: number): Promise<void>;

  /** Makes an invite for `uses` people. */
  invite(me: CircleId, codeHash: CodeHash, invite: { uses: number; ttlMs: number }): Promise<void>;

  /**
   * Takes one use of an invite, once a person: again gives the same friend, also after the last use.
   * Null: there is none, it is used up, or it is his own.
   */
  take(codeHash: CodeHash, by: CircleId): Promise<Taken | null>;

  /** Gives back a use that made no friendship, as if it had never been taken. */
  giveBack(codeHash: CodeHash, by: CircleId): Promise<void>;

  /**
   * Makes two friends from `epoch` on; nothing changes where they are. False, and nothing is changed:
   * one of them has `most` friends already, or they have parted and this is the invite by which they
   * were friends: who ends it is not tied again by the old link.
   */
  link(link: PendingLink, most: number): Promise<boolean>;

  /** How many friends he has now, whether or not their edges count yet. */
  friends(me: CircleId): Promise<number>;

  /** Ends his friendships, all or those that came by one invite, from `epoch` on; on both sides. */
  part(me: CircleId, codeHash: CodeHash | null, epoch: number): Promise<void>;

  /** When each was here last, in the order asked for; 0 where he is unknown. */
  activity(ids: readonly CircleId[]): Promise<number[]>;

  /** In the order asked for. */
  people(ids: readonly CircleId[]): Promise<Person[]>;

  /** Links that were begun before `before` and not finished. */
  unfinished(before: number, limit: number): Promise<PendingLink[]>;

  /** Takes a person and all his edges out, at once. */
  erase(me: CircleId): Promise<void>;

  /** Drops what has expired, where the store does not by itself. */
  sweep?(): void;
}

/** When somebody was here is kept no more exactly than this, in ms. */
export const ACTIVE_SLOT_MS = 5 * 60 * 1000;
export const PERSON_LIFE_MS = 90 * 24 * 60 * 60 * 1000;
/** Ended edges are kept for so long: as an invite lives, where an epoch is a day. */
export const ENDED_KEPT_EPOCHS = 8;
/** Times of friendship that are kept of two; the oldest give way. */
export const SPANS_KEPT = 20;
