import type { ModeratorId } from "../review/review.ts";

export interface Moderator {
  id: ModeratorId;
  name: string;
}

export interface NewAccount extends Moderator {
  /** As `hashPassword` writes it. */
  password: string;
  /** Of the one-time codes, base32. */
  secret: string;
}

export interface Account extends NewAccount {
  /** When it was made, ms since 1970. */
  since: number;
  /** Goes up with each change of password or secret. */
  version: number;
}

/** What tries to get in are counted under, and how the waits of that grow. */
export interface TryMark {
  mark: string;
  /** So many tries in a row wait for nothing. */
  free: number;
  /** Then each waits twice as long as the one before, ms. */
  firstMs: number;
  /** But never longer than this, ms. */
  maxMs: number;
}

/** A password and a code that were found right, or not. */
export interface Proof {
  name: string;
  version: number;
  /** Of the code. */
  step: number;
  isRight: boolean;
}

/**
 * Accounts of moderators and their sessions at the desk. They have nothing to do with drifters.
 * Every method is one atomic change; each may reject with StoreUnavailable. A session is known by its
 * token; what is kept of a token is a hash.
 */
export interface DeskStore {
  /** False where the name is taken. */
  add(account: NewAccount): Promise<boolean>;

  find(name: string): Promise<Account | null>;

  /** All of them, in the order in which they were made. */
  list(): Promise<(Moderator & { since: number })[]>;

  /**
   * Another password or secret. Every session of the account ends with it. `step` is remembered as
   * used. False where the account is not of that version any more, or is gone.
   */
  renew(
    name: string,
    version: number,
    changes: { password?: string; secret?: string; step?: number },
  ): Promise<boolean>;

  /** Ends it and its sessions; who it was, or null. */
  remove(name: string): Promise<ModeratorId | null>;

  /**
   * Counts one try under each mark before it is made, so that many at once are counted too: 0, or how
   * long to wait, ms; then nothing was counted. A mark is forgotten an hour after the last try.
   */
  tryOnce(marks: readonly TryMark[]): Promise<number>;

  /** A try was right: the first mark begins anew, of the others that one try is taken back. */
  forgive(marks: readonly TryMark[]): Promise<void>;

  /**
   * Takes a proof, once: true where it is right, of the account's present version, and its step is
   * later than every one before. With a token it opens a session, which ends `idleMs` after it was
   * last resumed and `lifeMs` after this. The same work is done for a wrong proof.
   */
  prove(
    proof: Proof,
    session: { token: string; idleMs: number; lifeMs: number } | null,
  ): Promise<boolean>;

  /** Whose session it is, renewed; null where it has ended, or never was. */
  resume(token: string, idleMs: number): Promise<Moderator | null>;

  /** Ends a session, if there is one. */
  close(token: string): Promise<void>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

/** How long tries are remembered after the last one, in ms. */
export const TRIES_KEPT_MS = 60 * 60 * 1000;
