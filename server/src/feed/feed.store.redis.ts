import type { CircleId, OwnerHash, PlaceId, PollChoice, SecretId } from "@driftsea/protocol";
import type { BlockName } from "../circles/circle-graph.ts";
import { inSlices } from "../lib/in-slices.ts";
import { secureRandom } from "../lib/random.ts";
import { fieldsOf, list, pair, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import type { Script } from "../redis/scripts.ts";
import { errandIndexKey, errandsKey, feedKeys, placeFeedKeys } from "./feed.keys.ts";
import { secretKeys, worldArrivalsKey, worldKey } from "./feed.keys.ts";
import * as keep from "./feed.store.ts";
import type {
  Arrival,
  ArrivedEntry,
  Errand,
  FeedEntry,
  FeedStore,
  Mark,
  NewSecret,
  StoredComment,
  StoredSecret,
  Way,
} from "./feed.store.ts";

const ofSecret = (name: string): Script =>
  loadScript(import.meta.url, `lua/${name}.lua`, ["lua/secret.lua"]);
const ofFeed = (name: string): Script =>
  loadScript(import.meta.url, `lua/${name}.lua`, ["lua/feed.lua"]);
const CREATE = ofSecret("create-secret");
const READ = ofSecret("read-secret");
const HEART = ofSecret("heart-secret");
const CARRY = ofSecret("carry-secret");
const VOTE = ofSecret("vote-secret");
const COMMENT = ofSecret("comment-secret");
const COMMENTS = ofSecret("read-comments");
const DELETE = ofSecret("delete-secret");
const VEIL = ofSecret("veil-secret");
const PHOTO = ofSecret("read-photo");
const DELIVER = ofFeed("deliver-secret");
const ARRIVE = ofFeed("arrive-secrets");
const HIDE = ofFeed("hide-secret");
const MUTE = ofFeed("mute-secret");
const BEGIN = loadScript(import.meta.url, "lua/begin-errand.lua");

/** Feeds that are written together; arrivals that one reading moves. */
const BATCH = 50;
const ARRIVALS = 50;

/** `FeedStore` on Redis; the contract is written there. */
export class RedisFeedStore implements FeedStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  #ofSecret(s: Script, id: SecretId, ...args: (string | number)[]): Promise<unknown> {
    return this.#redis.run(s, secretKeys(this.#redis.prefix, id), args);
  }

  #ofFeed(s: Script, reader: CircleId, ...args: (string | number)[]): Promise<unknown> {
    return this.#redis.run(s, feedKeys(this.#redis.prefix, reader), args);
  }

  async begin(me: CircleId, errand: Errand): Promise<boolean> {
    const { prefix, clock } = this.#redis;
    const index = errandIndexKey(prefix);
    // First the index: an errand that is not in it would wait for ever.
    await Promise.all([
      this.#redis.command("ZADD", index, "NX", clock.now(), me),
      this.#redis.command("PEXPIRE", index, keep.SECRET_LIFE_MS),
    ]);
    const args = [nameOf(errand), toJson(errand), keep.SECRET_LIFE_MS];
    const isNew = (await this.#redis.run(BEGIN, [errandsKey(prefix, me)], args)) === 1;
    // And again: whoever found the index without it has tidied up.
    await this.#redis.command("ZADD", index, "NX", clock.now(), me);
    return isNew;
  }

  async errands(me: CircleId, limit: number): Promise<Errand[]> {
    const key = errandsKey(this.#redis.prefix, me);
    // Any of them: of one who writes more than can be brought, none is read again and again.
    const found = list(await this.#redis.command("HRANDFIELD", key, limit, "WITHVALUES"));
    return found.flatMap((json, i) => (i % 2 === 1 ? [fromJson(text(json))] : []));
  }

  async finish(me: CircleId, errands: readonly Errand[]): Promise<void> {
    await this.#redis.command("HDEL", errandsKey(this.#redis.prefix, me), ...errands.map(nameOf));
    if (await this.#isIdle(me)) return;
    const { prefix, clock } = this.#redis;
    await this.#redis.command("ZADD", errandIndexKey(prefix), "XX", clock.now(), me);
  }

  /** Nothing lies with him; then he is in the index no more. */
  async #isIdle(me: CircleId): Promise<boolean> {
    const { prefix, clock } = this.#redis;
    const isThere = async (): Promise<boolean> =>
      (await this.#redis.command("EXISTS", errandsKey(prefix, me))) === 1;
    if (await isThere()) return false;
    await this.#redis.command("ZREM", errandIndexKey(prefix), me);
    // One that was begun in between is in the index again.
    if (!(await isThere())) return true;
    await this.#redis.command("ZADD", errandIndexKey(prefix), "NX", clock.now(), me);
    return false;
  }

  async unfinished(before: number, limit: number): Promise<CircleId[]> {
    const key = errandIndexKey(this.#redis.prefix);
    const ids = await this.#redis.command("ZRANGEBYSCORE", key, "-inf", before, "LIMIT", 0, limit);
    const found: CircleId[] = [];
    for (const id of list(ids).map((one) => text(one) as CircleId)) {
      // One whose errand never came, or has expired, would stand in the way of others for ever.
      if (!(await this.#isIdle(id))) found.push(id);
    }
    return found;
  }

  async create(id: SecretId, secret: NewSecret): Promise<number | null> {
    const { photo, persona, background, hasPoll, releaseAt, ...words } = secret;
    const fields = {
      ...words,
      ...(background === undefined ? {} : { background }),
      ...(persona === undefined ? {} : { persona: JSON.stringify(persona) }),
      hasPoll: hasPoll ? "1" : "0",
      hasPhoto: photo ? "1" : "0",
      releaseAt: String(releaseAt),
    };
    const base64 = photo ? Buffer.from(photo).toString("base64") : "";
    const args = [keep.SECRET_LIFE_MS, base64, ...Object.entries(fields).flat()];
    const stored = await this.#ofSecret(CREATE, id, ...args);
    return stored === null ? null : Number(stored);
  }

  async deliver(
    readers: ReadonlyMap<CircleId, BlockName>,
    { id, way, releaseAt }: { id: SecretId; way: Way; releaseAt: number },
  ): Promise<void> {
    const args = [LETTERS[way], id, releaseAt, keep.SECRET_LIFE_MS, keep.FEED_KEPT] as const;
    await inSlices([...readers], BATCH, ([reader, block]) =>
      this.#ofFeed(DELIVER, reader, ...args, block),
    );
  }

  async arrive(
    reader: CircleId,
    upTo: ReadonlyMap<BlockName, number> = new Map(),
    elsewhere = Infinity,
  ): Promise<Arrival> {
    const keys = feedKeys(this.#redis.prefix, reader);
    return this.#arrive(keys, keep.FEED_KEPT, { upTo, elsewhere });
  }

  async #arrive(
    keys: readonly string[],
    kept: number,
    more: { upTo?: ReadonlyMap<BlockName, number>; elsewhere?: number; byRelease?: true },
  ): Promise<Arrival> {
    const { upTo = new Map<BlockName, number>(), elsewhere = Infinity, byRelease } = more;
    const { WINDOW_MS, SECRET_LIFE_MS, ARRIVALS_KEPT_MS, RECENT_MS } = keep;
    const instant = (at: number): number => Math.max(0, Math.min(at, Number.MAX_SAFE_INTEGER));
    const blocks = [...upTo].flatMap(([block, at]) => [block, instant(at)]);
    const common = [
      WINDOW_MS,
      SECRET_LIFE_MS,
      kept,
      ARRIVALS_KEPT_MS,
      instant(elsewhere),
      RECENT_MS,
      byRelease ? "1" : "",
    ];
    const args = [...common, upTo.size, ...blocks];
    const entries: FeedEntry[] = [];
    for (;;) {
      // Anew for each: of two with one order a page that ends between them would show but the first.
      const random = Array.from({ length: ARRIVALS }, () =>
        Math.floor(secureRandom.uniform() * 1e9),
      );
      const answer = list(await this.#redis.run(ARRIVE, keys, [...args, ...random]));
      const [held, nextAt, ...flat] = answer;
      const some = entriesOf(flat);
      entries.push(...some);
      if (some.length === ARRIVALS) continue;
      return { entries, isHeld: held === 1, nextAt: nextAt === "" ? Infinity : Number(nextAt) };
    }
  }

  async arrivedSince(reader: CircleId, since: number): Promise<ArrivedEntry[]> {
    const { prefix, clock } = this.#redis;
    const [, feed, , , arrived] = feedKeys(prefix, reader);
    const from = Math.max(since, clock.now() - keep.ARRIVALS_KEPT_MS);
    const range = [`(${from}`, "+inf", "WITHSCORES"];
    const flat = list(await this.#redis.command("ZRANGEBYSCORE", arrived!, ...range));
    const came: { id: SecretId; arrivedAt: number }[] = [];
    for (let i = 0; i < flat.length; i += 2)
      came.push({ id: text(flat[i]) as SecretId, arrivedAt: Number(flat[i + 1]) });
    if (came.length === 0) return [];
    const both = came.flatMap(({ id }) => [`o${id}`, `c${id}`]);
    const orders = list(await this.#redis.command("ZMSCORE", feed!, ...both));
    return came.flatMap((one, i): ArrivedEntry[] => {
      const [own, carried] = orders.slice(2 * i, 2 * i + 2);
      if (own != null) return [{ ...one, way: "own", order: Number(own) }];
      return carried == null ? [] : [{ ...one, way: "carried", order: Number(carried) }];
    });
  }

  async page(reader: CircleId, before: number | null, limit: number): Promise<FeedEntry[]> {
    const [, feed] = feedKeys(this.#redis.prefix, reader);
    return entriesOf(await this.#newest(feed!, before, limit));
  }

  #newest(key: string, before: number | null, limit: number): Promise<unknown> {
    const from = before === null ? "+inf" : `(${before}`;
    const page = ["WITHSCORES", "LIMIT", 0, limit] as const;
    return this.#redis.command("ZREVRANGEBYSCORE", key, from, "-inf", ...page);
  }

  async entryOf(reader: CircleId, id: SecretId): Promise<FeedEntry | null> {
    const [, feed] = feedKeys(this.#redis.prefix, reader);
    const [own, carried] = list(await this.#redis.command("ZMSCORE", feed!, `o${id}`, `c${id}`));
    if (own !== null) return { id, way: "own", order: Number(own) };
    return carried === null ? null : { id, way: "carried", order: Number(carried) };
  }

  async hide(reader: CircleId, id: SecretId): Promise<void> {
    await this.#ofFeed(HIDE, reader, id, keep.SECRET_LIFE_MS, keep.HIDDEN_KEPT);
  }

  async mute(reader: CircleId, id: SecretId): Promise<void> {
    await this.#ofFeed(MUTE, reader, id, keep.SECRET_LIFE_MS, keep.HIDDEN_KEPT);
  }

  async mutedOf(reader: CircleId, ids: readonly SecretId[]): Promise<boolean[]> {
    return this.#areIn(feedKeys(this.#redis.prefix, reader)[3]!, ids);
  }

  async hiddenOf(reader: CircleId, ids: readonly SecretId[]): Promise<boolean[]> {
    return this.#areIn(feedKeys(this.#redis.prefix, reader)[2]!, ids);
  }

  async #areIn(key: string, ids: readonly SecretId[]): Promise<boolean[]> {
    if (ids.length === 0) return [];
    const scores = list(await this.#redis.command("ZMSCORE", key, ...ids));
    return scores.map((score) => score !== null);
  }

  async withdraw(reader: CircleId): Promise<void> {
    const [due, feed, , , arrived, blocks] = feedKeys(this.#redis.prefix, reader);
    await this.#redis.command("DEL", due!, feed!, arrived!, blocks!);
  }

  async drop(place: PlaceId, id: SecretId, releaseAt: number): Promise<void> {
    const args = [LETTERS.own, id, releaseAt, keep.SECRET_LIFE_MS, keep.WORLD_KEPT, ""];
    await this.#redis.run(DELIVER, placeFeedKeys(this.#redis.prefix, place), args);
  }

  async inPlace(
    place: PlaceId,
    before: number | null,
    limit: number,
  ): Promise<{ id: SecretId; order: number }[]> {
    const keys = placeFeedKeys(this.#redis.prefix, place);
    await this.#arrive(keys, keep.WORLD_KEPT, { byRelease: true });
    const entries = entriesOf(await this.#newest(keys[1]!, before, limit));
    return entries.map(({ id, order }) => ({ id, order }));
  }

  async world(before: number | null, limit: number): Promise<{ id: SecretId; order: number }[]> {
    const flat = list(await this.#newest(worldKey(this.#redis.prefix), before, limit));
    const found: { id: SecretId; order: number }[] = [];
    for (let i = 0; i < flat.length; i += 2)
      found.push({ id: text(flat[i]) as SecretId, order: Number(flat[i + 1]) });
    return found;
  }

  async read(asked: readonly { id: SecretId; mark: Mark }[]): Promise<(StoredSecret | null)[]> {
    return Promise.all(
      asked.map(async ({ id, mark }) => {
        const [hearted, voted, ...flat] = list(await this.#ofSecret(READ, id, mark));
        if (hearted === undefined) return null;
        return parseSecret(id, fieldsOf(flat), text(hearted) === "1", text(voted));
      }),
    );
  }

  async photo(id: SecretId): Promise<Uint8Array | null> {
    const base64 = text(await this.#ofSecret(PHOTO, id));
    return base64 === "" ? null : Buffer.from(base64, "base64");
  }

  async heart(id: SecretId, mark: Mark, on: boolean): Promise<number | null> {
    const hearts = text(await this.#ofSecret(HEART, id, mark, on ? "1" : "0"));
    return hearts === "" ? null : whole(hearts);
  }

  async carry(
    id: SecretId,
    circleMark: Mark,
    worldAt: number,
    { by, epoch }: { by: Mark; epoch: number },
  ): Promise<{ isNew: boolean; isNewInWorld: boolean } | null> {
    const place = keep.orderOf(this.#redis.clock.now(), secureRandom.uniform());
    const answer = list(await this.#ofSecret(CARRY, id, circleMark, worldAt, place, by, epoch));
    const [isNew, isNewInWorld, order] = answer;
    if (isNew === undefined) return null;
    if (order !== "") {
      const key = worldKey(this.#redis.prefix);
      await this.#redis.command("ZADD", key, Number(order), id);
      await this.#redis.command("ZREMRANGEBYRANK", key, 0, -keep.WORLD_KEPT - 1);
      await this.#redis.command("PEXPIRE", key, keep.SECRET_LIFE_MS);
    }
    if (isNewInWorld === "1") await this.#noteArrival(id);
    return { isNew: isNew === "1", isNewInWorld: isNewInWorld === "1" };
  }

  async #noteArrival(id: SecretId): Promise<void> {
    const { prefix, clock } = this.#redis;
    const [key, now] = [worldArrivalsKey(prefix), clock.now()];
    await this.#redis.command("ZADD", key, now, id);
    await this.#redis.command("ZREMRANGEBYSCORE", key, "-inf", now - keep.ARRIVALS_KEPT_MS);
    await this.#redis.command("PEXPIRE", key, keep.ARRIVALS_KEPT_MS);
  }

  async arrivedInWorld(since: number): Promise<SecretId[]> {
    const { prefix, clock } = this.#redis;
    const from = Math.max(since, clock.now() - keep.ARRIVALS_KEPT_MS);
    const key = worldArrivalsKey(prefix);
    const ids = await this.#redis.command("ZRANGEBYSCORE", key, `(${from}`, "+inf");
    return list(ids).map((id) => text(id) as SecretId);
  }

  async vote(
    id: SecretId,
    mark: Mark,
    choice: PollChoice,
  ): Promise<{ yes: number; no: number } | null> {
    const [yes, no] = list(await this.#ofSecret(VOTE, id, mark, choice));
    return yes === undefined ? null : { yes: whole(yes), no: whole(no) };
  }

  async comment(
    id: SecretId,
    writeMark: Mark,
    { icon, crown, text: words }: Omit<StoredComment, "seq" | "at">,
  ): Promise<{ comment: StoredComment; isNew: boolean } | null> {
    const args = [writeMark, icon, crown ? "1" : "0", words, keep.COMMENTS_KEPT];
    const answer = list(await this.#ofSecret(COMMENT, id, ...args));
    if (answer.length === 0) return null;
    const [isNew, json] = pair(answer);
    return { comment: parseComment(json), isNew: isNew === "1" };
  }

  async commentOf(id: SecretId, writeMark: Mark): Promise<StoredComment | null> {
    const [, marks] = secretKeys(this.#redis.prefix, id);
    const seq = await this.#redis.command("HGET", marks!, `w:${writeMark}`);
    if (seq === null) return null;
    const [comment] = (await this.comments(id, whole(seq) - 1)) ?? [];
    return comment?.seq === whole(seq) ? comment : null;
  }

  async comments(id: SecretId, after: number): Promise<StoredComment[] | null> {
    const [there, ...comments] = list(await this.#ofSecret(COMMENTS, id, after));
    return there === undefined ? null : comments.map(parseComment);
  }

  async delete(id: SecretId, ownerHash: OwnerHash): Promise<boolean> {
    const isGone = (await this.#ofSecret(DELETE, id, ownerHash, keep.SECRET_LIFE_MS)) === 1;
    if (isGone) await this.#redis.command("ZREM", worldKey(this.#redis.prefix), id);
    return isGone;
  }

  async veil(id: SecretId, seq: number | null, veil: keep.Veil): Promise<boolean> {
    const isChanged = (await this.#ofSecret(VEIL, id, seq ?? "", veil)) === 1;
    if (veil === "remove" && seq === null)
      await this.#redis.command("ZREM", worldKey(this.#redis.prefix), id);
    return isChanged;
  }

  async erase(reader: CircleId): Promise<void> {
    const { prefix } = this.#redis;
    await this.#redis.command("DEL", ...feedKeys(prefix, reader), errandsKey(prefix, reader));
    await this.#redis.command("ZREM", errandIndexKey(prefix), reader);
  }
}

const LETTERS = { own: "o", carried: "c" } as const;

const nameOf = ({ kind, postId }: Errand): string => `${kind}|${postId}`;

function toJson(errand: Errand): string {
  if (errand.kind === "carry") return JSON.stringify(errand);
  const { photo, ...secret } = errand.secret;
  const base64 = photo && Buffer.from(photo).toString("base64");
  return JSON.stringify({ ...errand, secret, base64 });
}

function fromJson(json: string): Errand {
  const { base64, ...errand } = JSON.parse(json) as Errand & { base64?: string };
  if (errand.kind === "carry" || base64 === undefined) return errand;
  const secret = { ...errand.secret, photo: Buffer.from(base64, "base64") };
  return { ...errand, secret };
}

function entriesOf(answer: unknown): FeedEntry[] {
  const flat = list(answer);
  const entries: FeedEntry[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const name = text(flat[i]);
    entries.push({
      id: name.slice(1) as SecretId,
      way: name.startsWith("o") ? "own" : "carried",
      order: Number(flat[i + 1]),
    });
  }
  return entries;
}

function parseSecret(
  id: SecretId,
  fields: Record<string, string>,
  hearted: boolean,
  voted: string,
): StoredSecret {
  const { background, persona, veil } = fields;
  return {
    id,
    text: text(fields["text"]),
    ownerHash: fields["ownerHash"] as OwnerHash,
    ...(background === undefined
      ? {}
      : { background: background as NonNullable<StoredSecret["background"]> }),
    ...(persona === undefined
      ? {}
      : { persona: JSON.parse(persona) as NonNullable<StoredSecret["persona"]> }),
    ...(veil === undefined ? {} : { veil: veil as NonNullable<StoredSecret["veil"]> }),
    comments: fields["comments"] === "anyone" ? "anyone" : "circle",
    icons: fields["icons"] === "fresh" ? "fresh" : "steady",
    hasPoll: fields["hasPoll"] === "1",
    hasPhoto: fields["hasPhoto"] === "1",
    releaseAt: whole(fields["releaseAt"]),
    hearts: whole(fields["hearts"]),
    commentCount: whole(fields["head"]),
    yes: whole(fields["yes"]),
    no: whole(fields["no"]),
    circles: whole(fields["circles"]),
    isWorld: fields["world"] === "1",
    ...(fields["world"] === "1" ? { worldSince: keep.sinceOf(Number(fields["place"])) } : {}),
    hearted,
    voted: voted === "" ? null : (voted as PollChoice),
  };
}

const parseComment = (json: unknown): StoredComment => JSON.parse(text(json)) as StoredComment;
