import type { Background, CircleId, OwnerHash, Persona, PlaceId } from "@driftsea/protocol";
import type { PollChoice, SecretId } from "@driftsea/protocol";
import type { BlockName } from "../circles/circle-graph.ts";

/** Stands for one person within one secret; nothing that is stored leads from it to a person. */
export type Mark = string;

/** A secret as it was written. Nothing in it names its author. */
export interface NewSecret {
  text: string;
  background?: Background;
  photo?: Uint8Array;
  ownerHash: OwnerHash;
  comments: "circle" | "anyone";
  icons: "steady" | "fresh";
  hasPoll: boolean;
  /** Only under the lasting pseudonym. */
  persona?: Omit<Persona, "id">;
  /** Nobody but its author sees it before, ms since 1970. */
  releaseAt: number;
}

/** Out of everybody's sight pending review, in it again, or gone for good. */
export type Veil = "hide" | "restore" | "remove";

export interface StoredSecret extends Omit<NewSecret, "photo"> {
  id: SecretId;
  hasPhoto: boolean;
  hearts: number;
  commentCount: number;
  yes: number;
  no: number;
  /** How many circles it has been carried to. */
  circles: number;
  isWorld: boolean;
  /** Since when the world counts its age, ms since 1970: `sinceOf` where it stands there. */
  worldSince?: number;
  /** Only for whoever holds its key; a removed one says nothing any more. */
  veil?: "hidden" | "removed";
  /** Of the reader who asks. */
  hearted: boolean;
  voted: PollChoice | null;
}

export interface StoredComment {
  seq: number;
  icon: string;
  crown: boolean;
  text: string;
  at: number;
  /** For nobody to read. */
  veil?: "hidden" | "removed";
}

/** `own`: the circle is its author's, who may be asked. `carried`: somebody's who gave a heart. */
export type Way = "own" | "carried";

/** What a process still has to bring to a circle. It lies with the person until it is done, and no longer. */
export type Errand = { epoch: number; releaseAt: number; postId: SecretId } &
  /** `place`: where it drifts as well. */
  ({ kind: "post"; secret: NewSecret; place?: PlaceId } | { kind: "carry"; by?: Mark });

export interface FeedEntry {
  id: SecretId;
  way: Way;
  /** Where it stands in the feed, descending. */
  order: number;
}

export interface ArrivedEntry extends FeedEntry {
  /** When it came into the feed, ms since 1970. */
  arrivedAt: number;
}

/** What has come into a feed, and what is to come. */
export interface Arrival {
  entries: FeedEntry[];
  /** Something that is released waits for its block. */
  isHeld: boolean;
  /** When the next is released, ms since 1970; Infinity where nothing else lies ready. */
  nextAt: number;
}

/**
 * Secrets, and the feeds in which they lie. A feed belongs to its reader and lies in his slot; a
 * secret lies in its own. From a secret to its author nothing leads: while it is being brought to its
 * readers an errand lies with the author, and afterwards nothing.
 *
 * Every method is one atomic change or reading in one slot, or a series of such that is safe to
 * repeat. A secret ends `SECRET_LIFE_MS` after its release, whatever is done with it; a feed, so long after
 * anything was last put into it. One that is veiled lies in feeds as before, and one is found before its
 * `releaseAt`, which is for its owner alone: the service looks to it that nobody is shown them. Each may
 * reject with StoreUnavailable.
 */
export interface FeedStore {
  /** Notes an errand, once a secret and kind; false where it was noted before and is not done yet. */
  begin(me: CircleId, errand: Errand): Promise<boolean>;
  /** Some of what lies with him, so many at most. */
  errands(me: CircleId, limit: number): Promise<Errand[]>;
  finish(me: CircleId, errands: readonly Errand[]): Promise<void>;
  /** With whom something has lain since `before` or longer, and nothing was finished since then. */
  unfinished(before: number, limit: number): Promise<CircleId[]>;

  /**
   * Makes a secret, where it is not there; not again where it was deleted.
   * @returns When what is there is released; null where it was deleted.
   */
  create(id: SecretId, secret: NewSecret): Promise<number | null>;
  /**
   * Puts it into feeds, from `releaseAt` on, each with the block of the reader's circle that it comes from
   * ("" for none); not where it is or was hidden. `own` replaces `carried`; the block stays.
   */
  deliver(
    readers: ReadonlyMap<CircleId, BlockName>,
    entry: { id: SecretId; way: Way; releaseAt: number },
  ): Promise<void>;

  /**
   * Moves what is released into the feed, in an order that is random within windows of its coming; names it. Out of a
   * block, what was released after the instant that `upTo` has for it waits; out of one that is not named
   * there, what was released after `elsewhere`.
   */
  arrive(
    reader: CircleId,
    upTo?: ReadonlyMap<BlockName, number>,
    elsewhere?: number,
  ): Promise<Arrival>;
  /** What `arrive` put into the feed after `since`, whoever asked it to, and lies there. */
  arrivedSince(reader: CircleId, since: number): Promise<ArrivedEntry[]>;
  /** Entries below `before`, the newest window first. */
  page(reader: CircleId, before: number | null, limit: number): Promise<FeedEntry[]>;
  /** How one secret stands in a reader's feed. */
  entryOf(reader: CircleId, id: SecretId): Promise<FeedEntry | null>;
  /** Takes it out of one feed for good; the newest `HIDDEN_KEPT` are remembered, as of those muted. */
  hide(reader: CircleId, id: SecretId): Promise<void>;
  mute(reader: CircleId, id: SecretId): Promise<void>;
  mutedOf(reader: CircleId, ids: readonly SecretId[]): Promise<boolean[]>;
  hiddenOf(reader: CircleId, ids: readonly SecretId[]): Promise<boolean[]>;
  /** Empties a feed whose circle has become too small to hide anybody; what was hidden stays hidden. */
  withdraw(reader: CircleId): Promise<void>;

  /** Puts it into what drifts in a place, from `releaseAt` on, once. */
  drop(place: PlaceId, id: SecretId, releaseAt: number): Promise<void>;
  /** What has been released there, the newest window first, in an order that is random within windows. */
  inPlace(
    place: PlaceId,
    before: number | null,
    limit: number,
  ): Promise<{ id: SecretId; order: number }[]>;

  world(before: number | null, limit: number): Promise<{ id: SecretId; order: number }[]>;
  /** What came to the world after `since`. */
  arrivedInWorld(since: number): Promise<SecretId[]>;

  /** In the order asked for; null where it is not there. */
  read(ids: readonly { id: SecretId; mark: Mark }[]): Promise<(StoredSecret | null)[]>;
  photo(id: SecretId): Promise<Uint8Array | null>;
  /** Null: it is not there. */
  heart(id: SecretId, mark: Mark, on: boolean): Promise<number | null>;
  /**
   * One circle more, once a circle; at `worldAt` it goes to the world, also where that was cut off. Null too
   * where the same person has carried it in another epoch, in which his circle may have been another.
   */
  carry(
    id: SecretId,
    circleMark: Mark,
    worldAt: number,
    carrier: { by: Mark; epoch: number },
  ): Promise<{ isNew: boolean; isNewInWorld: boolean } | null>;
  vote(id: SecretId, mark: Mark, choice: PollChoice): Promise<{ yes: number; no: number } | null>;
  /** Once a write id; again gives the same. */
  comment(
    id: SecretId,
    writeMark: Mark,
    comment: Omit<StoredComment, "seq" | "at">,
  ): Promise<{ comment: StoredComment; isNew: boolean } | null>;
  /** What one write said, where it is kept. */
  commentOf(id: SecretId, writeMark: Mark): Promise<StoredComment | null>;
  /** Null: it is not there. The oldest give way beyond `COMMENTS_KEPT`. */
  comments(id: SecretId, after: number): Promise<StoredComment[] | null>;
  /** False: it is not there, or somebody else's. */
  delete(id: SecretId, ownerHash: OwnerHash): Promise<boolean>;

  /** Of a secret, or of one comment; false where nothing changed. Its end stays as it was. */
  veil(id: SecretId, seq: number | null, veil: Veil): Promise<boolean>;

  /** Takes a reader's feed away. What he wrote is nobody's any more, and stays. */
  erase(reader: CircleId): Promise<void>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

export const SECRET_LIFE_MS = 30 * 24 * 60 * 60 * 1000;
/** Order is random within windows of so long, in ms (F6). */
export const WINDOW_MS = 30 * 60 * 1000;
/** Entries that a feed, and the world or a place, keep. */
export const FEED_KEPT = 1000;
/**
 * What came within so long stays beyond that, in ms: in a window that is full its random place may be the lowest, and
 * it would be gone before anybody was told of it, where the store is slow, or another process let it come.
 */
export const RECENT_MS = 60_000;
export const WORLD_KEPT = 5000;
/** A reader says what he hides, so that there must be an end to it. */
export const HIDDEN_KEPT = 2000;
export const COMMENTS_KEPT = 500;
/** What has arrived is asked for within this, in ms. */
export const ARRIVALS_KEPT_MS = 5 * 60 * 1000;

/** Above all of the window before it, and random within its own. */
export function orderOf(at: number, random: number): number {
  return Math.floor(at / WINDOW_MS) * 1e9 + Math.floor(random * 1e9);
}

/**
 * Since when the age of what stands there counts, ms since 1970: from the end of its window on, so that it is new
 * when it comes, and its age says no more of an instant than its place does.
 */
export const sinceOf = (order: number): number => (Math.floor(order / 1e9) + 1) * WINDOW_MS;
