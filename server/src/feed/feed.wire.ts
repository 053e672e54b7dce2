import { LIMITS, PERSONA_CREATURES } from "@driftsea/protocol";
import type { Events, OwnerHash, Poll, Secret, SecretComment, SecretId } from "@driftsea/protocol";
import type { WriteId } from "@driftsea/protocol";
import type { CircleId } from "@driftsea/protocol";
import { ageOf } from "../lib/age.ts";
import { below, secureRandom } from "../lib/random.ts";
import { digest, sha256 } from "../lib/sha256.ts";
import { orderOf, sinceOf } from "./feed.store.ts";
import type { FeedEntry, FeedStore, Mark, StoredComment, StoredSecret, Way } from "./feed.store.ts";

/* How a secret looks from outside, and the names under which nobody finds its people. */

/** The same write is the same secret, and nothing of who wrote is needed to know it again. */
export const secretIdOf = (writeId: WriteId, ownerHash: OwnerHash): SecretId =>
  sha256("secret", writeId, ownerHash).slice(0, 21) as SecretId;

/** `mask` is kept by nobody: from what is stored no mark can be computed. */
export const markOf = (mask: string, id: SecretId): Mark => sha256("mark", mask, id);

export const writeMarkOf = (mask: string, id: SecretId, writeId: WriteId): Mark =>
  sha256("write", mask, id, writeId);

/** Of one who carries it to his circle: his heart may be taken back, this is not. */
export const carrierMarkOf = (mask: string, id: SecretId): Mark => sha256("carry", mask, id);

/** Two people with the same friends are one circle. */
export const circleMarkOf = (id: SecretId, me: CircleId, friends: readonly CircleId[]): Mark =>
  sha256("circle", id, ...[me, ...friends].sort());

const iconAt = (creature: number, hue: number): string => `${creature}-${hue}`;

/** The same person's within one secret, and another in every other. */
export function steadyIcon(mask: string, id: SecretId): string {
  const drawn = digest("icon", mask, id);
  return iconAt(drawn.readUInt32BE(0) % PERSONA_CREATURES, drawn.readUInt32BE(4) % 360);
}

export const freshIcon = (): string =>
  iconAt(below(secureRandom, PERSONA_CREATURES), below(secureRandom, 360));

export const CROWN = "crown";

export function pollToWire({ yes, no }: { yes: number; no: number }): Poll {
  return yes + no < LIMITS.few ? { hidden: true } : { yes, no };
}

/**
 * Since when a secret is there for a reader, ms since 1970: by its place where he has it from his circle, or in the
 * world. When it was released he does not learn: who was here then would be one of few.
 */
export const sinceFor = (
  { releaseAt, worldSince }: StoredSecret,
  entry: Pick<FeedEntry, "order"> | null,
): number => (entry ? sinceOf(entry.order) : (worldSince ?? sinceOf(orderOf(releaseAt, 0))));

/** He may see it in both: its comments are older in neither. */
export const commentsSince = (stored: StoredSecret, entry: FeedEntry | null): number =>
  Math.max(sinceFor(stored, entry), stored.worldSince ?? 0);

/** `way` is null where the reader has it from the world. */
export function secretToWire(
  stored: StoredSecret,
  reader: { way: Way | null; muted: boolean; since: number },
  now: number,
): Secret {
  const { id, text, background, persona, hearts, commentCount, hearted, voted } = stored;
  return {
    id,
    text,
    ...(background === undefined ? {} : { background }),
    ...(stored.hasPhoto ? { photo: { url: `/media/${id}/${id}` } } : {}),
    label: reader.way === null ? "world" : "circle",
    age: ageOf(now - reader.since),
    hearts,
    comments: commentCount,
    mayComment: reader.way === "own" || stored.comments === "anyone",
    ...(stored.hasPoll ? { poll: pollToWire(stored) } : {}),
    ...(persona === undefined ? {} : { persona }),
    hearted,
    ...(voted === null ? {} : { voted }),
    muted: reader.muted,
  };
}

/** What changes while it is shown. */
export const changeToWire = (stored: StoredSecret): Events["feed:changed"] => ({
  postId: stored.id,
  hearts: stored.hearts,
  comments: stored.commentCount,
  ...(stored.hasPoll ? { poll: pollToWire(stored) } : {}),
});

/** Its author may answer before it comes to others; the age that they see is never above the secret's. */
export function commentToWire(stored: StoredComment, since: number, now: number): SecretComment {
  const { seq, icon, crown, text, at } = stored;
  return { seq, icon, crown, text, age: ageOf(now - Math.max(at, since)) };
}

/** Secrets as one person reads them, with his own heart and vote; in the order asked for. */
export const readBy = (
  store: FeedStore,
  { mask }: { mask: string },
  ids: readonly SecretId[],
): Promise<(StoredSecret | null)[]> =>
  store.read(ids.map((id) => ({ id, mark: markOf(mask, id) })));
