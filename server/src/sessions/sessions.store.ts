import type { DrifterId, Notice, Persona } from "@driftsea/protocol";

export interface Session {
  /** When the drifter first came, ms since 1970. */
  since: number;
  /** The mask that he sees of himself; others see a fresh one in each context. */
  persona: Omit<Persona, "id">;
  /** The public half of the box for which his blocks are sealed, base64url. */
  box: string;
}

/**
 * Who is known, by the hash of his token, and the notices that wait for him.
 * Every method is one atomic change of one drifter. A session ends `lifeMs`, or up to a thirtieth of that more,
 * after it was last resumed, and its inbox with it. Each may reject with StoreUnavailable.
 */
export interface SessionStore {
  /** Known from now on, to the slot: to the instant, the time would say which other record was made with it. */
  create(
    drifter: DrifterId,
    session: Omit<Session, "since">,
    time: { lifeMs: number; slotMs: number },
  ): Promise<void>;

  /** The session, renewed; null where there is none. */
  resume(drifter: DrifterId, lifeMs: number): Promise<Session | null>;

  /** Since when he is known, and on how many days he came; null where there is no session. */
  standing(drifter: DrifterId): Promise<{ since: number; days: number } | null>;

  /** The box of somebody who need not be here; null where there is no session. */
  boxOf(drifter: DrifterId): Promise<string | null>;

  /**
   * Puts a notice into the inbox, once an id; its number there, or null where it was put before or
   * nobody waits for it. It stays out of sight for `pendingMs`, so that whoever is connected can be
   * told by event first: `drop` then takes it out again. A process that dies in between leaves it.
   * `drop` answers false where it has been read here already. `claim` takes one out of sight that is in it:
   * false where it was read, is out of sight, or is not there.
   */
  push(
    drifter: DrifterId,
    noticeId: string,
    notice: Notice,
    pendingMs: number,
  ): Promise<number | null>;
  drop(drifter: DrifterId, seq: number): Promise<boolean>;
  claim(drifter: DrifterId, seq: number, pendingMs: number): Promise<boolean>;

  /** Whether that notice lies in the inbox, and nobody has read it there. */
  isUnread(drifter: DrifterId, seq: number): Promise<boolean>;

  /**
   * Without `after`: what was not read before, each once. With it: everything later than that
   * cursor, again where it must be, and what lies before it is deleted. In order, at most `limit`;
   * `isHeldUp` where the next is out of sight.
   */
  read(
    drifter: DrifterId,
    after: number | undefined,
    limit: number,
  ): Promise<{ items: Notice[]; cursor: number; isHeldUp: boolean }>;

  /** What nobody has read yet, in sight or not, in order, at most `limit`. It stays unread. */
  unread(drifter: DrifterId, limit: number): Promise<{ seq: number; notice: Notice }[]>;

  erase(drifter: DrifterId): Promise<void>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

/** Notices that wait for one drifter at the most; the oldest give way. */
export const INBOX_CAP = 500;
/** How long a notice's id is remembered, in ms: as long as an outbox may wait. */
export const NOTICED_MS = 7 * 24 * 60 * 60 * 1000;
