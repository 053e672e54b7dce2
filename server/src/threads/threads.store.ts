import type {
  BottleId,
  BottleKind,
  DrifterId,
  Persona,
  ThreadEnd,
  ThreadId,
  WriteId,
} from "@driftsea/protocol";

/** The two sides of a thread: 0 threw the bottle, 1 answered it. */
export type Side = 0 | 1;

export interface NewThread {
  id: ThreadId;
  bottleId: BottleId;
  /** What the bottle said. */
  bottle: { text: string; kind: BottleKind; mood?: string };
  thrower: { drifter: DrifterId; persona: Persona };
  finder: { drifter: DrifterId; persona: Persona };
  /** The answer that opens it; it becomes message 1. */
  answer: { writeId: WriteId; text: string };
  lifeMs: number;
}

export interface StoredSide {
  /** Null where he has left and was forgotten. */
  drifter: DrifterId | null;
  /** He sees the thread no more; the other can still block or report him. */
  left: boolean;
  persona: Persona;
  muted: boolean;
}

export interface StoredThread {
  id: ThreadId;
  bottleId: BottleId;
  bottle: { text: string; kind: BottleKind; mood?: string };
  sides: readonly [StoredSide, StoredSide];
  /** `seq` of the newest message. */
  head: number;
  expiresAt: number;
  closed?: ThreadEnd;
}

export interface StoredMessage {
  seq: number;
  id: WriteId;
  from: Side;
  text: string;
  sentAt: number;
}

/**
 * Threads of two. Every method but `listOf` is one atomic change or reading of one thread. `seq` is
 * dense from 1, given where the message is written. A thread ends `lifeMs` after its last message,
 * from that instant on; it is deleted at once when both sides have left.
 * Each method may reject with StoreUnavailable; all are safe to repeat.
 */
export interface ThreadStore {
  /** Opens a thread with its first message; a second time changes nothing, not even after its end. */
  open(thread: NewThread): Promise<"new" | "again">;

  read(id: ThreadId): Promise<StoredThread | null>;
  /** The same, to one of its two sides; for others it is not there, and takes as long as where it is not. */
  readAs(drifter: DrifterId, id: ThreadId): Promise<StoredThread | null>;

  /**
   * Messages after `after`, in order, at most `MESSAGES_KEPT`; older ones have given way. About as many as `maxBytes`
   * hold, and one at least.
   */
  messages(id: ThreadId, after: number, maxBytes?: number): Promise<StoredMessage[]>;

  /**
   * Writes a message, once a side and write id: again gives the message that was written.
   * "gone": no such thread, not his, or ended; "closed": the other side has left.
   */
  append(
    id: ThreadId,
    from: DrifterId,
    message: { writeId: WriteId; text: string },
    lifeMs: number,
  ): Promise<{ message: StoredMessage; isNew: boolean } | "gone" | "closed">;

  mute(id: ThreadId, drifter: DrifterId, muted: boolean): Promise<boolean>;

  /** One side leaves. False: it was not his any more. */
  leave(id: ThreadId, drifter: DrifterId): Promise<boolean>;

  /** Who he was and what he wrote go, also where he has left before; where not, he leaves. False: it never was his. */
  erase(id: ThreadId, drifter: DrifterId): Promise<boolean>;

  /** Remembers a thread for one of its sides. In that drifter's slot: not atomic with the thread. */
  link(drifter: DrifterId, id: ThreadId): Promise<void>;
  unlink(drifter: DrifterId, id: ThreadId): Promise<void>;
  /** The threads that a drifter has or has left, and that still are, the newest link first. @param most Of the newest. */
  listOf(drifter: DrifterId, most?: number): Promise<StoredThread[]>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

/** Messages that a thread keeps; the oldest give way. */
export const MESSAGES_KEPT = 1000;
/**
 * Threads that are remembered of a drifter; the oldest give way. So many that who forgets himself is found in all that
 * he may have by the usual allowances, but for what has been written in for longer than 14 d.
 */
export const THREADS_KEPT = 1000;
/** Of these so many are listed, and looked after. */
export const THREADS_LISTED = 200;
/** How long the id of a thread that both sides left is remembered, in ms: as an outbox may wait. */
export const ENDED_KEEP_MS = 7 * 24 * 60 * 60 * 1000;
/** How long a drifter's list of threads outlives the last one added, in ms. */
export const INDEX_KEEP_MS = 30 * 24 * 60 * 60 * 1000;
