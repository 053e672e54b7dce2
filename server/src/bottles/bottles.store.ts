import type {
  BottleId,
  BottleKind,
  BottleState,
  DrifterId,
  Persona,
  SeaId,
  ThreadId,
  WriteId,
} from "@driftsea/protocol";
import type { NodeId } from "../presence/node-id.ts";

export interface NewBottle {
  id: BottleId;
  owner: DrifterId;
  text: string;
  kind: BottleKind;
  mood?: string;
  /** Counted from the throw, or from the unsealing of a sealed bottle; ms. */
  lifeMs: number;
  /** How many people may answer, 1 to 5; copies share one deadline. */
  finders: number;
  sealedUntilAt?: number;
}

export interface StoredBottle {
  id: BottleId;
  owner: DrifterId;
  text: string;
  kind: BottleKind;
  mood?: string;
  sea: SeaId;
  state: BottleState;
  /** Leases given so far. */
  hands: number;
  thrownBack: number;
  thrownAt: number;
  expiresAt: number;
  sealedUntilAt?: number;
  muted: boolean;
  threadIds: ThreadId[];
}

export interface Lease {
  endsAt: number;
  /** Grows with each lease of a bottle. */
  fence: number;
  /** The thrower's mask in this lease and in the thread that an answer opens. */
  persona: Persona;
}

export interface CatchRequest {
  catcher: DrifterId;
  node: NodeId;
  leaseMs: number;
  leaseMaxMs: number;
  persona: Persona;
  /** Whose bottles he must not get. */
  blocked: readonly DrifterId[];
  /** Numbers uniform in [0, 1), at least one; each is one draw. */
  draws: readonly number[];
}

/** What other slots must learn of a change, until somebody has told them. Settled by `key`. */
export type OutboxEntry = { key: string; at: number; bottleId: BottleId } & (
  | {
      kind: "answered";
      threadId: ThreadId;
      thrower: DrifterId;
      finder: DrifterId;
      throwerPersona: Persona;
      finderPersona: Persona;
      writeId: WriteId;
      text: string;
      muted: boolean;
      bottle: { text: string; kind: BottleKind; mood?: string };
    }
  /** A lease ran out, or its holder stayed away. */
  | { kind: "lapsed"; drifter: DrifterId; fence: number }
  /** A lease was ended by the bottle's own end: recalled, hidden or out of time. */
  | { kind: "ended"; drifter: DrifterId }
  /** Nobody answered; `drifter` is the thrower. */
  | { kind: "returned"; drifter: DrifterId; held: number; thrownBack: number; muted: boolean }
);

/** How full a sea is, and when it ends. */
export interface Level {
  afloat: number;
  /** How many times it has ended by silence. */
  silences: number;
  /** When it ends unless somebody throws, ms since 1970; null where it does not. */
  silentAt: number | null;
}

/** An answer, and what the change left in the outbox. */
export interface Changed<T> {
  result: T;
  outbox: OutboxEntry[];
}

/**
 * The seas. Every method is one atomic change of one sea; changes of a sea happen in one order that
 * all callers see. Time is the store's clock; a deadline counts from its instant on, whether or not
 * anything has been swept.
 *
 * Invariants: a copy of a bottle is in exactly one of sealed, afloat, held, answered, expired,
 * recalled, hidden; a copy is leased to one drifter at most; a drifter leases a bottle once at most.
 *
 * Every method may reject with StoreUnavailable: then it is unknown whether the change happened.
 * All are safe to repeat, but `catch`, which would lease another bottle; the first stays in
 * `list().held`.
 */
export interface BottleStore {
  /**
   * Sets a bottle afloat or seals it. "again": the id was there, and nothing changed. Where a silence is
   * given, in ms, the sea ends so long after this throw, unless there is another: from that instant on
   * no method sees anything of what was in it but outbox and answers, and `sweep` deletes it (R11).
   */
  throw(sea: SeaId, bottle: NewBottle, silenceMs?: number): Promise<"new" | "again">;

  /**
   * Draws by weight among what this drifter may have: not his own, none that he held before, none of
   * a blocked person, none past its deadline. Null only where no such bottle is afloat. The cost
   * follows the drifter's own history and never the size of the sea.
   */
  catch(
    sea: SeaId,
    request: CatchRequest,
  ): Promise<Changed<{ bottle: StoredBottle; lease: Lease } | null>>;

  /** Renews a lease from now on, at most to its longest end and the bottle's; null when it is over. */
  hold(
    sea: SeaId,
    id: BottleId,
    holder: DrifterId,
    options: { leaseMs: number; node: NodeId; graceMs: number },
  ): Promise<number | null>;

  /**
   * Turns a lease into an answer, once for a holder and write id. Null when the lease is over.
   * The entry is in the outbox until `settled`; null where that has happened already.
   */
  answer(
    sea: SeaId,
    id: BottleId,
    holder: DrifterId,
    answer: { writeId: WriteId; threadId: ThreadId; persona: Persona; text: string },
  ): Promise<{ threadId: ThreadId; entry: OutboxEntry | null } | null>;

  /** Throws back; false when the lease is over. */
  release(sea: SeaId, id: BottleId, holder: DrifterId): Promise<Changed<boolean>>;

  /**
   * Takes a bottle back and erases its text; false where it is not his or is over. `null`: a moderator
   * takes it, whoever threw it.
   */
  recall(sea: SeaId, id: BottleId, thrower: DrifterId | null): Promise<Changed<boolean>>;

  /** Hides a bottle pending review, or restores it under its original deadline. */
  hide(sea: SeaId, id: BottleId, hidden: boolean): Promise<Changed<boolean>>;

  mute(sea: SeaId, id: BottleId, thrower: DrifterId, muted: boolean): Promise<boolean>;

  /** What a drifter threw and still keeps, and the leases he has. */
  list(
    sea: SeaId,
    drifter: DrifterId,
  ): Promise<{ own: StoredBottle[]; held: { bottle: StoredBottle; lease: Lease }[] }>;

  /** One bottle as it is now, or null. */
  read(sea: SeaId, id: BottleId): Promise<StoredBottle | null>;

  /** Whether this drifter holds the bottle or has held it. */
  hasSeen(sea: SeaId, id: BottleId, drifter: DrifterId): Promise<boolean>;

  /** Notes that a sea may hold something until then, ms since 1970; the latest that was noted counts. */
  use(sea: SeaId, until: number): Promise<void>;
  /** Seas that were noted, and are not over. */
  used(): Promise<SeaId[]>;

  /** Which of these seas has the bottle. A bottle never leaves its sea. */
  locate(seas: readonly SeaId[], id: BottleId): Promise<SeaId | null>;

  /** Of each sea. */
  levels(seas: readonly SeaId[]): Promise<Level[]>;

  /**
   * A drifter is connected to a node, or no longer: the first moves his leases there, the second marks
   * the holder of those that are there as away since now.
   */
  setHolder(
    sea: SeaId,
    drifter: DrifterId,
    at: { node: NodeId; isHere: boolean },
    graceMs: number,
  ): Promise<void>;

  /**
   * A node has died: those whom it served have been away since its last beat. Who they are, some at a time; to be
   * called until there are no more.
   */
  orphan(
    sea: SeaId,
    node: NodeId,
    lastBeatAt: number,
    graceMs: number,
  ): Promise<{ drifters: DrifterId[]; isMore: boolean }>;

  /** Does at most `limit` things that are due; returns how many were done. */
  sweep(sea: SeaId, limit: number): Promise<Changed<number>>;

  /** Everything that is not settled. */
  outbox(sea: SeaId): Promise<OutboxEntry[]>;
  settled(sea: SeaId, key: string): Promise<void>;

  /** Deletes a drifter's bottles, gives his leases back, forgets what he has seen. */
  erase(sea: SeaId, drifter: DrifterId): Promise<Changed<number>>;
}

/** How long a thrower keeps a bottle after its life, in ms. */
export const KEEP_MS = 7 * 24 * 60 * 60 * 1000;
