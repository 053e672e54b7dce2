import type { DrifterId, MeetEnd, MeetId, RoomId } from "@driftsea/protocol";
import type { NodeId } from "../presence/node-id.ts";

export type MeetMode = "random" | "shake";

/** What somebody asks for. */
export interface Search {
  mode: MeetMode;
  /** Normalised, each once. */
  interests: readonly string[];
  /** With whom he is never paired. */
  blocked: readonly DrifterId[];
  /** The process that he is connected to. */
  node: NodeId;
}

export interface MeetRules {
  /** After this a search takes partners without a shared interest, and recent ones, in ms (S1, S3). */
  relaxMs: number;
  /** Those who shake within this of each other are paired, in ms (S5). */
  windowMs: number;
  /** The longest that somebody waits, in ms. */
  waitMs: number;
}

/** Ids for a pair that may come about. */
export interface FreshIds {
  meetId: MeetId;
  roomId: RoomId;
}

export interface Pair extends FreshIds {
  between: readonly [DrifterId, DrifterId];
  /** Interests that both named. */
  shared: readonly string[];
  /** They were paired lately. */
  again: boolean;
  /** ms since 1970. */
  at: number;
  /** From then on it is a meeting, whether or not both have been told yet. */
  made: boolean;
}

/** Something has ended, and its consequences are owed: the room's end, then telling some of it. */
export interface Ending {
  /** Of the pair; where nobody was found, of the search. */
  meetId: MeetId;
  roomId: RoomId | null;
  reason: MeetEnd;
  tell: readonly DrifterId[];
  /** What must be told before, because it may not have been told yet that they were found. */
  untold: { shared: readonly string[]; again: boolean } | null;
}

export type Standing =
  { state: "idle" } | { state: "waiting"; since: number } | { state: "paired"; pair: Pair };

/**
 * Those who seek a partner, and those who have one. Each method is one atomic change or reading of
 * all of it; after each, a drifter is in exactly one of idle, waiting, paired, and nobody is in two
 * pairs.
 *
 * A pair is found, then made, then told. Until it is made nobody knows of it, and whatever parts it
 * puts those who stay back into the queue under their old `since`. After that, who stays is told,
 * and while one may not know of it yet, who skips or blocks is told too: he may believe he seeks.
 * What is owed (a pair not told, an ending not settled) stays in the store until somebody has done it.
 *
 * Who fits: nobody blocked by either; in random mode with an interest in common, or both without
 * any or past `relaxMs`; shakers only shakers within `windowMs`. Of those, one who is none of either's
 * last `RECENT_COUNT` partners nor one of the last `RECENT_MS`; where there is none, a recent one,
 * marked `again`: in random mode once both are past `relaxMs`, among shakers at once. Of those the one
 * with the most shared interests, then the one who waits longest.
 *
 * Only the `SCANNED` longest waiting of a mode are looked at, so that no call takes long. Behind them
 * one may wait beside somebody who fits; each of a longer queue is tried again every `RETRY_MS`.
 *
 * Each method may reject with StoreUnavailable; all are safe to repeat.
 */
export interface MeetStore {
  /**
   * Seeks, and pairs at once where somebody fits. Who waits, or is in a pair not yet made, only asks
   * for something else now: he keeps his place and the id of his search. A shaker has no place to
   * keep: each shake begins a new window. Who is in a pair leaves it first.
   */
  seek(
    drifter: DrifterId,
    search: Search,
    ids: FreshIds & { searchId: MeetId },
    rules: MeetRules,
  ): Promise<{ pair: Pair | null; ending: Ending | null }>;

  /**
   * Pairs those for whom time or a return to the queue has made something possible, at most as many
   * as there are ids, and ends the searches that have waited long enough ("nobody").
   */
  match(ids: readonly FreshIds[], rules: MeetRules): Promise<{ pairs: Pair[]; endings: Ending[] }>;

  /** Nobody finds both blocked: from now on it is a meeting. False: it has been parted. */
  made(meetId: MeetId): Promise<boolean>;
  /** Both have been told. False: it has ended. */
  told(meetId: MeetId): Promise<boolean>;

  /** Leaves the pair that has been made, if it is this one where one is named (S2). */
  end(by: DrifterId, meetId?: MeetId): Promise<Ending | null>;
  /** Stops seeking; a pair that both have been told of is left only where it is named. */
  cancel(drifter: DrifterId, meetId?: MeetId): Promise<Ending | null>;
  /** He is gone from this process: what he sought from there, he seeks no longer. Pairs that have been made stay. */
  drop(drifter: DrifterId, node: NodeId): Promise<Ending | null>;
  /** The same for all whom a process held. */
  orphan(node: NodeId): Promise<Ending[]>;
  /** `by` and the other are not to meet: their pair is left, and what they seek avoids the other. */
  part(by: DrifterId, other: DrifterId): Promise<Ending | null>;
  /** A room has ended by itself, and the pair with it; both are told. */
  roomEnded(roomId: RoomId, reason: MeetEnd): Promise<Ending | null>;
  /** Leaves everything, and takes him out of all lists of recent partners. */
  erase(drifter: DrifterId): Promise<Ending | null>;

  /** The consequences of an ending have been seen to. */
  settled(meetId: MeetId): Promise<void>;
  /**
   * What has been owed for longer than this, and pairs older than `PAIR_MAX_MS`, as endings. Nobody
   * else is given them for as long again.
   */
  unfinished(olderThanMs: number, limit: number): Promise<{ pairs: Pair[]; endings: Ending[] }>;

  read(drifter: DrifterId): Promise<Standing>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

/** The same numbers stand in lua/meets.lua. */
export const SCANNED = 200;
export const RETRY_MS = 1000;
/** Partners that are not met again while there is another (S3): the last ones, and for this long. */
export const RECENT_COUNT = 20;
export const RECENT_MS = 24 * 60 * 60 * 1000;
/** After this nobody is a recent partner, in ms. */
export const RECENT_KEEP_MS = 30 * 24 * 60 * 60 * 1000;
/** A pair is no older than this, in ms: a room's longest life, and a day. */
export const PAIR_MAX_MS = 31 * 24 * 60 * 60 * 1000;
