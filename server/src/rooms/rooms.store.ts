import type {
  DrifterId,
  MessageTimer,
  Persona,
  PersonaId,
  Room,
  RoomAccess,
  RoomId,
  RoomLifetime,
  WriteId,
} from "@driftsea/protocol";
import type { NodeId } from "../presence/node-id.ts";

/** Base64url of the SHA-256 of a secret. */
export type SecretHash = string;

export interface NewRoom {
  id: RoomId;
  /** Null where nobody rules it. */
  creator: DrifterId | null;
  ownerHash: SecretHash;
  title?: string;
  access: RoomAccess;
  lifetime: Required<RoomLifetime>;
  /** Longest life of an idle or presence room, in ms. */
  capMs: number;
  capacity: number;
  encrypted: boolean;
  slowModeMs: number;
  links: boolean;
  /** Only who was let in, or has an invite, may enter. */
  invited: boolean;
  /** Who may enter without an invite, besides the creator; awaited until the room would end without him. */
  admitted?: readonly DrifterId[];
}

/** What everybody sees of a room, and whose it is. */
export interface StoredRoom extends Room {
  creator: DrifterId | null;
  lifetime: Required<RoomLifetime>;
}

/** What a message says. */
export type MessageBody = { text: string } | { sealed: string } | { photoId: string };

/** Without text, sealed and photoId it has gone. */
export type StoredRoomMessage = {
  seq: number;
  id: WriteId;
  from: Persona;
  epoch: number;
  sentAt: number;
  timer?: MessageTimer;
  re?: number;
  goneAt?: number;
} & Partial<{ text: string; sealed: string; photoId: string }>;

export interface RoomAppend {
  writeId: WriteId;
  body: MessageBody;
  /** The photo itself, where the body names one. */
  photo?: Uint8Array;
  timer?: MessageTimer;
  re?: number;
  /** Whether the text holds a link. */
  hasLink: boolean;
  /** What it was sealed for. */
  epoch?: number;
  seq?: number;
}

export type Appended =
  | { code: "written"; isNew: boolean; message: StoredRoomMessage; deadlineAt: number }
  /** No such room, or he is not in. */
  | { code: "gone" }
  /** The room takes text where this is sealed, or the other way round. */
  | { code: "kind" }
  | { code: "links" }
  | { code: "slow"; retryAfterMs: number }
  /** The room has moved on from the epoch or number that it was sealed for. */
  | { code: "moved" };

export type Entered =
  | { code: "in"; me: Persona; isNew: boolean; room: StoredRoom }
  /** The mask under which he stands before the door. */
  | { code: "locked"; me: Persona; creator: DrifterId | null; isNew: boolean }
  | { code: "full" }
  | { code: "gone" };

/** Somebody who is in no longer, and what the room is without him. */
export interface Left {
  persona: Persona;
  members: number;
  deadlineAt: number;
  /** False in a room where two met. */
  hasHost: boolean;
}

export interface Erased extends Left {
  /** Messages that say nothing any more. */
  seqs: number[];
  /** False: he had gone before, or had only knocked. */
  wasIn: boolean;
}

/** What a look at a room that was due has found, to be told to its members. */
export type RoomEffect =
  | { kind: "closing" }
  | { kind: "left"; drifter: DrifterId; persona: Persona; members: number }
  /** The room was made for him, and he has not come. */
  | { kind: "missing"; drifter: DrifterId }
  | { kind: "message-gone"; seq: number };

export type Tended =
  | {
      code: "alive";
      nextAt: number;
      deadlineAt: number;
      hasHost: boolean;
      effects: RoomEffect[];
    }
  | { code: "ended"; hasHost: boolean }
  /** It went by itself. */
  | { code: "unknown" };

export type Rule =
  /** Changes nothing: whether the key is the right one, and whose a mask is. */
  | { op: "look"; persona: PersonaId }
  | { op: "lock"; locked: boolean }
  | { op: "motd"; text: string }
  | { op: "admit"; persona: PersonaId }
  | { op: "kick"; persona: PersonaId }
  | { op: "destroy" };

export type Ruled =
  | { code: "gone" }
  | {
      code: "done";
      room: StoredRoom;
      /** Whom it was about, and whether a member was taken out. */
      whom?: { drifter: DrifterId; persona: Persona; wasOut: boolean };
    };

/** How somebody stands to a room: what he may do there, and point at. */
export interface Standing {
  isIn: boolean;
  /** `seq` of the newest message that he could see: the head while he is in, else when he went. */
  upTo: number;
  encrypted: boolean;
}

/** Out of sight pending review, in sight again, or gone for good; `look` changes nothing. */
export type Veil = "look" | "hide" | "restore" | "remove";

export interface Veiled {
  /** Null where he was erased. */
  author: DrifterId | null;
  changed: boolean;
  /** As it is now. */
  message: StoredRoomMessage;
}

export type Seen =
  | { code: "gone" | "nothing" | "gone-for-all" | "gone-for-reader" }
  | { code: "begun"; goneAt: number };

/**
 * Rooms. All of one room lives in one slot, so each method that names a room is one atomic change or
 * reading of it. From `deadlineAt` on, in the store's clock, there is no such room for anybody,
 * whether or not it was deleted yet; a dead id never lives again. `seq` is dense from 1, given where
 * the message is written. A drifter has one mask in a room for as long as it lives, drawn for it alone.
 * Each method may reject with StoreUnavailable; all are safe to repeat.
 */
export interface RoomStore {
  /**
   * The id of the room that a drifter's write makes: `fresh` at first, the same for `WRITE_RECORD_MS`.
   * Milliseconds to wait where he has made `limit` rooms in that time.
   */
  reserve(
    drifter: DrifterId,
    writeHash: SecretHash,
    fresh: RoomId,
    limit: number,
  ): Promise<{ id: RoomId } | { retryAfterMs: number }>;
  /** Once an id; again gives the room as it is. Null: it has ended. */
  create(room: NewRoom): Promise<StoredRoom | null>;
  read(id: RoomId): Promise<StoredRoom | null>;
  /** Listed rooms that live, the newest first. */
  listed(limit: number): Promise<StoredRoom[]>;

  /**
   * Lets somebody in, under the mask he has or else under this one. Who was removed, or has neither
   * an invite nor been let in where it needs one: "gone"; "full" where it holds no more. An invite is spent by who comes in by it
   * for the first time, and by nobody else. "locked" notes that he knocked; `isNew` the first time.
   */
  enter(
    id: RoomId,
    who: { drifter: DrifterId; node: NodeId; mask: Persona; inviteHash?: SecretHash },
  ): Promise<Entered>;
  /** Who is in, in the order of coming, at most `limit`. */
  members(id: RoomId, limit: number): Promise<Persona[]>;
  /** Who stands before the locked door, the first first. */
  knocks(id: RoomId): Promise<Persona[]>;
  /** Goes. Null: he was not in. */
  leave(id: RoomId, drifter: DrifterId): Promise<Left | null>;
  /**
   * A process has lost him: where no other through which he entered serves him, he is in until
   * `graceMs` later, unless he enters again.
   */
  away(id: RoomId, drifter: DrifterId, node: NodeId, graceMs: number): Promise<void>;
  /** The same for all whom a process held, reckoned from `since`. */
  orphan(node: NodeId, since: number, graceMs: number): Promise<void>;
  /** These are all the rooms in which a process holds members; of others it is not asked when it dies. */
  attended(node: NodeId, ids: readonly RoomId[]): Promise<void>;

  /** Writes a message of a member, once a write id; again gives what was given then. */
  append(id: RoomId, from: DrifterId, message: RoomAppend, backlog: number): Promise<Appended>;
  /**
   * What comes after a number and has not given way, or the newest where that is null, as this reader
   * may see it: as much as `maxBytes` hold, and one at least. In order, without a gap.
   */
  messages(
    id: RoomId,
    reader: DrifterId,
    after: number | null,
    maxBytes: number,
  ): Promise<StoredRoomMessage[]>;
  /** Null where there is no such room. */
  standing(id: RoomId, drifter: DrifterId): Promise<Standing | null>;
  /** Which of them are in; null where there is no such room. */
  areIn(id: RoomId, drifters: readonly DrifterId[]): Promise<boolean[] | null>;
  /**
   * Who wrote a message and what it says; null beyond what the reader could see, and where it has gone. Of one that has
   * gone by its timer, who wrote it.
   */
  written(
    id: RoomId,
    reader: DrifterId,
    seq: number,
  ): Promise<{ author: DrifterId; message: StoredRoomMessage } | null>;
  /**
   * A reader's screen shows a message: the clock of a timed one begins, one to be seen once is gone
   * for him, and for all once all who are in have seen it (in a room of at most `SEEN_BY_ALL`).
   */
  see(id: RoomId, reader: DrifterId, seq: number): Promise<Seen>;
  photo(id: RoomId, photoId: string): Promise<Uint8Array | null>;
  /**
   * Null where it is not there. What is hidden has gone for all, its photo too; restored it is as it was,
   * unless its own clock ran out meanwhile or it was to be seen once.
   */
  veil(id: RoomId, seq: number, veil: Veil): Promise<Veiled | null>;
  /** Ends a room, whoever rules it. */
  end(id: RoomId): Promise<void>;

  /**
   * Does what only the owner key allows; "gone" also where it is another's, or about the maker or a
   * mask that is not known. A removal is for ever, until he is admitted: it raises the epoch, voids all
   * invites, and from then on a room by link opens by invite alone; who only knocked is sent away
   * without that. His mask stays his.
   */
  rule(id: RoomId, ownerHash: SecretHash, rule: Rule): Promise<Ruled>;
  /**
   * Makes an invite: from the first on, only invites open a room by link. False: there is no such
   * room, or it is another's.
   */
  invite(
    id: RoomId,
    ownerHash: SecretHash,
    invite: { hash: SecretHash; uses: number; ttlMs: number },
  ): Promise<boolean>;
  /** Who else was let in, where exactly two ever were in a room of two; else null. */
  otherOfTwo(id: RoomId, drifter: DrifterId): Promise<DrifterId | null>;

  /** Rooms that something is due in; for `leaseMs` nobody else is given them. */
  claimDue(limit: number, leaseMs: number): Promise<RoomId[]>;
  /** Deletes a room that has ended; else does what is due in it, and answers that, and does nothing more, until it was `told`. */
  tend(id: RoomId): Promise<Tended>;
  /** All who are to know what a look has found know it. */
  told(id: RoomId): Promise<void>;
  /** What was claimed is done; where it lives, it is looked at again at `nextAt`. */
  tended(done: readonly { id: RoomId; nextAt: number | null }[]): Promise<void>;

  /** The rooms in which a drifter has been, as far as they are remembered; for erasing him. */
  roomsOf(drifter: DrifterId): Promise<RoomId[]>;
  /** Takes his words and his mask out of a room. Null: he has none there. */
  erase(id: RoomId, drifter: DrifterId): Promise<Erased | null>;

  /** In which rooms he was and which he made is remembered no longer. */
  forget(drifter: DrifterId): Promise<void>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

/** A room's last minute is told, in ms before its end. */
export const CLOSING_MS = 60_000;
/**
 * Longer than the making or the destroying of a room takes, in ms: what is being made is not taken for what has ended
 * before that, and then it is looked whether the members of what was destroyed were told.
 */
export const MAKING_MS = 10_000;
/** A presence room in which somebody is lives at least this much longer, in ms; renewed at half of it. */
export const PRESENCE_LEASE_MS = 60_000;
/** Photos that a room keeps; the oldest give way. */
export const PHOTOS_KEPT = 30;
/** Invites that a room has at once; the one that ends first gives way. */
export const INVITES_KEPT = 200;
/** Who stand before a door at once; more are not noted. */
export const KNOCKS_KEPT = 50;
/** Up to so many members a message that is seen once goes when all have seen it. */
export const SEEN_BY_ALL = 100;
/** What one answer holds of a log, in bytes: well below what may wait for a slow reader. */
export const PAGE_BYTES = 512 * 1024;
/** Things that one look at a room does at most. */
export const TEND_BATCH = 500;
