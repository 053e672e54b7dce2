import type { CircleId, OwnerHash, PlaceId, PollChoice, SecretId } from "@driftsea/protocol";
import type { BlockName } from "../circles/circle-graph.ts";
import type { Clock } from "../lib/clock.ts";
import { secureRandom } from "../lib/random.ts";
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

interface Written {
  secret: NewSecret;
  hearts: Set<Mark>;
  votes: Map<Mark, PollChoice>;
  circles: Set<Mark>;
  /** And in which epoch each carried it. */
  carriers: Map<Mark, number>;
  writes: Map<Mark, number>;
  comments: StoredComment[];
  head: number;
  isWorld: boolean;
  worldSince: number | null;
  veil: "hidden" | "removed" | null;
}

interface Feed {
  due: Map<SecretId, { way: Way; at: number; block: BlockName }>;
  entries: Map<SecretId, { way: Way; order: number; arrivedAt: number }>;
  hidden: Set<SecretId>;
  muted: Set<SecretId>;
  keptUntil: number;
}

/** `FeedStore` in this process; the contract is written there. */
export class MemoryFeedStore implements FeedStore {
  readonly #clock: Clock;
  /** Whose they are, and since when nothing of them was finished. */
  readonly #errands = new Map<CircleId, { all: Map<string, Errand>; since: number }>();
  readonly #secrets = new Map<SecretId, Written>();
  /** Deleted ones, and until when that is remembered. */
  readonly #deleted = new Map<SecretId, number>();
  readonly #feeds = new Map<CircleId, Feed>();
  readonly #world = new Map<SecretId, number>();
  #worldArrivals: { id: SecretId; at: number }[] = [];
  readonly #places = new Map<PlaceId, Pick<Feed, "due" | "entries" | "keptUntil">>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async begin(me: CircleId, errand: Errand): Promise<boolean> {
    const his = this.#errands.get(me) ?? { all: new Map(), since: this.#clock.now() };
    this.#errands.set(me, his);
    const name = nameOf(errand);
    if (his.all.has(name)) return false;
    his.all.set(name, structuredClone(errand));
    return true;
  }

  async errands(me: CircleId, limit: number): Promise<Errand[]> {
    return [...(this.#errands.get(me)?.all.values() ?? [])].slice(0, limit);
  }

  async finish(me: CircleId, errands: readonly Errand[]): Promise<void> {
    const his = this.#errands.get(me);
    if (!his) return;
    for (const errand of errands) his.all.delete(nameOf(errand));
    his.since = this.#clock.now();
    if (his.all.size === 0) this.#errands.delete(me);
  }

  async unfinished(before: number, limit: number): Promise<CircleId[]> {
    return [...this.#errands]
      .filter(([, { since }]) => since <= before)
      .map(([id]) => id)
      .slice(0, limit);
  }

  #secret(id: SecretId): Written | undefined {
    const written = this.#secrets.get(id);
    if (!written || written.secret.releaseAt + keep.SECRET_LIFE_MS <= this.#clock.now())
      return undefined;
    return written;
  }

  async create(id: SecretId, secret: NewSecret): Promise<number | null> {
    const known = this.#secret(id);
    if (known) return known.secret.releaseAt;
    if (this.#deleted.has(id)) return null;
    this.#secrets.set(id, {
      secret,
      hearts: new Set(),
      votes: new Map(),
      circles: new Set(),
      carriers: new Map(),
      writes: new Map(),
      comments: [],
      head: 0,
      isWorld: false,
      worldSince: null,
      veil: null,
    });
    return secret.releaseAt;
  }

  #feed(reader: CircleId): Feed {
    let feed = this.#feeds.get(reader);
    if (!feed) {
      feed = {
        due: new Map(),
        entries: new Map(),
        hidden: new Set(),
        muted: new Set(),
        keptUntil: 0,
      };
      this.#feeds.set(reader, feed);
    }
    feed.keptUntil = this.#clock.now() + keep.SECRET_LIFE_MS;
    return feed;
  }

  async deliver(
    readers: ReadonlyMap<CircleId, BlockName>,
    { id, way, releaseAt }: { id: SecretId; way: Way; releaseAt: number },
  ): Promise<void> {
    for (const [reader, block] of readers) {
      const { due, entries, hidden } = this.#feed(reader);
      if (hidden.has(id)) continue;
      const known = due.get(id) ?? entries.get(id);
      if (known) {
        if (way === "own") known.way = "own";
        continue;
      }
      due.set(id, { way, at: releaseAt, block });
      dropBeyond(due, keep.FEED_KEPT, (entry) => entry.at);
    }
  }

  async arrive(
    reader: CircleId,
    upTo: ReadonlyMap<BlockName, number> = new Map(),
    elsewhere = Infinity,
  ): Promise<Arrival> {
    const feed = this.#feeds.get(reader);
    const comesUpTo = (block: BlockName): number => upTo.get(block) ?? elsewhere;
    const now = this.#clock.now();
    const entries = feed ? this.#arrive(feed, keep.FEED_KEPT, () => now, comesUpTo) : [];
    const waiting = [...(feed?.due.values() ?? [])].map(({ at }) => at);
    const nextAt = Math.min(...waiting.filter((at) => at > now));
    return { entries, isHeld: waiting.some((at) => at <= now), nextAt };
  }

  #arrive(
    feed: Pick<Feed, "due" | "entries">,
    kept: number,
    standsAt: (releaseAt: number) => number,
    comesUpTo: (block: BlockName) => number,
  ): FeedEntry[] {
    const arrived: FeedEntry[] = [];
    for (const [id, { way, at, block }] of feed.due) {
      if (at > Math.min(comesUpTo(block), this.#clock.now())) continue;
      const order = keep.orderOf(standsAt(at), secureRandom.uniform());
      feed.due.delete(id);
      feed.entries.set(id, { way, order, arrivedAt: this.#clock.now() });
      arrived.push({ id, way, order });
    }
    const recently = this.#clock.now() - keep.RECENT_MS;
    dropBeyond(
      feed.entries,
      kept,
      ({ order }) => order,
      ({ arrivedAt }) => arrivedAt > recently,
    );
    return arrived;
  }

  #entries(reader: CircleId): ArrivedEntry[] {
    const entries = this.#feeds.get(reader)?.entries ?? new Map();
    return [...entries].map(([id, entry]) => ({ id, ...entry }));
  }

  async arrivedSince(reader: CircleId, since: number): Promise<ArrivedEntry[]> {
    const from = Math.max(since, this.#clock.now() - keep.ARRIVALS_KEPT_MS);
    return this.#entries(reader).filter(({ arrivedAt }) => arrivedAt > from);
  }

  async page(reader: CircleId, before: number | null, limit: number): Promise<FeedEntry[]> {
    return newest(this.#entries(reader), before, limit).map(({ id, way, order }) => ({
      id,
      way,
      order,
    }));
  }

  async entryOf(reader: CircleId, id: SecretId): Promise<FeedEntry | null> {
    const entry = this.#feeds.get(reader)?.entries.get(id);
    return entry ? { id, way: entry.way, order: entry.order } : null;
  }

  async hide(reader: CircleId, id: SecretId): Promise<void> {
    const feed = this.#feed(reader);
    feed.due.delete(id);
    feed.entries.delete(id);
    remember(feed.hidden, id);
  }

  async mute(reader: CircleId, id: SecretId): Promise<void> {
    remember(this.#feed(reader).muted, id);
  }

  async mutedOf(reader: CircleId, ids: readonly SecretId[]): Promise<boolean[]> {
    return ids.map((id) => this.#feeds.get(reader)?.muted.has(id) ?? false);
  }

  async hiddenOf(reader: CircleId, ids: readonly SecretId[]): Promise<boolean[]> {
    return ids.map((id) => this.#feeds.get(reader)?.hidden.has(id) ?? false);
  }

  async withdraw(reader: CircleId): Promise<void> {
    this.#feeds.get(reader)?.due.clear();
    this.#feeds.get(reader)?.entries.clear();
  }

  async drop(place: PlaceId, id: SecretId, releaseAt: number): Promise<void> {
    const feed = this.#places.get(place) ?? { due: new Map(), entries: new Map(), keptUntil: 0 };
    this.#places.set(place, feed);
    feed.keptUntil = this.#clock.now() + keep.SECRET_LIFE_MS;
    if (feed.due.has(id) || feed.entries.has(id)) return;
    feed.due.set(id, { way: "own", at: releaseAt, block: "" });
    dropBeyond(feed.due, keep.WORLD_KEPT, ({ at }) => at);
  }

  async inPlace(
    place: PlaceId,
    before: number | null,
    limit: number,
  ): Promise<{ id: SecretId; order: number }[]> {
    const feed = this.#places.get(place);
    if (!feed) return [];
    this.#arrive(
      feed,
      keep.WORLD_KEPT,
      (releaseAt) => releaseAt,
      () => Infinity,
    );
    const all = [...feed.entries].map(([id, { order }]) => ({ id, order }));
    return newest(all, before, limit);
  }

  async world(before: number | null, limit: number): Promise<{ id: SecretId; order: number }[]> {
    const all = [...this.#world].map(([id, order]) => ({ id, order }));
    return newest(all, before, limit);
  }

  async arrivedInWorld(since: number): Promise<SecretId[]> {
    const from = Math.max(since, this.#clock.now() - keep.ARRIVALS_KEPT_MS);
    return this.#worldArrivals.filter(({ at }) => at > from).map(({ id }) => id);
  }

  async read(asked: readonly { id: SecretId; mark: Mark }[]): Promise<(StoredSecret | null)[]> {
    return asked.map(({ id, mark }) => {
      const written = this.#secret(id);
      if (!written) return null;
      const { photo, ...secret } = written.secret;
      return {
        ...secret,
        id,
        hasPhoto: photo !== undefined,
        hearts: written.hearts.size,
        commentCount: written.head,
        ...tally(written),
        circles: written.circles.size,
        isWorld: written.isWorld,
        ...(written.worldSince === null ? {} : { worldSince: written.worldSince }),
        ...(written.veil === null ? {} : { veil: written.veil }),
        hearted: written.hearts.has(mark),
        voted: written.votes.get(mark) ?? null,
      };
    });
  }

  async photo(id: SecretId): Promise<Uint8Array | null> {
    return this.#secret(id)?.secret.photo ?? null;
  }

  async heart(id: SecretId, mark: Mark, on: boolean): Promise<number | null> {
    const written = this.#secret(id);
    if (!written) return null;
    if (on) written.hearts.add(mark);
    else written.hearts.delete(mark);
    return written.hearts.size;
  }

  async carry(
    id: SecretId,
    circleMark: Mark,
    worldAt: number,
    { by, epoch }: { by: Mark; epoch: number },
  ): Promise<{ isNew: boolean; isNewInWorld: boolean } | null> {
    const written = this.#secret(id);
    if (!written || (written.carriers.get(by) ?? epoch) !== epoch) return null;
    written.carriers.set(by, epoch);
    if (written.circles.has(circleMark)) return { isNew: false, isNewInWorld: false };
    written.circles.add(circleMark);
    const isNewInWorld = !written.isWorld && written.circles.size >= worldAt;
    if (isNewInWorld) {
      written.isWorld = true;
      const order = keep.orderOf(this.#clock.now(), secureRandom.uniform());
      written.worldSince = keep.sinceOf(order);
      this.#world.set(id, order);
      dropBeyond(this.#world, keep.WORLD_KEPT, (order) => order);
      const now = this.#clock.now();
      const kept = this.#worldArrivals.filter(({ at }) => at > now - keep.ARRIVALS_KEPT_MS);
      this.#worldArrivals = [...kept, { id, at: now }];
    }
    return { isNew: true, isNewInWorld };
  }

  async vote(
    id: SecretId,
    mark: Mark,
    choice: PollChoice,
  ): Promise<{ yes: number; no: number } | null> {
    const written = this.#secret(id);
    if (!written?.secret.hasPoll) return null;
    written.votes.set(mark, choice);
    return tally(written);
  }

  async comment(
    id: SecretId,
    writeMark: Mark,
    comment: Omit<StoredComment, "seq" | "at">,
  ): Promise<{ comment: StoredComment; isNew: boolean } | null> {
    const written = this.#secret(id);
    if (!written) return null;
    const at = this.#clock.now();
    const old = written.writes.get(writeMark);
    if (old !== undefined) {
      const kept = written.comments.find(({ seq }) => seq === old);
      return { comment: kept ?? { ...comment, seq: old, at }, isNew: false };
    }
    written.head += 1;
    const made = { ...comment, seq: written.head, at };
    written.comments.push(made);
    if (written.comments.length > keep.COMMENTS_KEPT) written.comments.shift();
    written.writes.set(writeMark, made.seq);
    return { comment: made, isNew: true };
  }

  async commentOf(id: SecretId, writeMark: Mark): Promise<StoredComment | null> {
    const written = this.#secret(id);
    const seq = written?.writes.get(writeMark);
    return written?.comments.find((one) => one.seq === seq) ?? null;
  }

  async comments(id: SecretId, after: number): Promise<StoredComment[] | null> {
    const kept = this.#secret(id)?.comments.filter(({ seq }) => seq > after);
    return kept?.map((comment) => ({ ...comment })) ?? null;
  }

  async delete(id: SecretId, ownerHash: OwnerHash): Promise<boolean> {
    if (this.#secret(id)?.secret.ownerHash !== ownerHash) return false;
    this.#secrets.delete(id);
    this.#world.delete(id);
    this.#deleted.set(id, this.#clock.now() + keep.SECRET_LIFE_MS);
    return true;
  }

  async veil(id: SecretId, seq: number | null, veil: keep.Veil): Promise<boolean> {
    const written = this.#secret(id);
    const comment = written?.comments.find((one) => one.seq === seq);
    if (!written || (seq !== null && !comment)) return false;
    const was = (seq === null ? written.veil : comment?.veil) ?? null;
    if (was === "removed" || (veil === "hide" && was) || (veil === "restore" && !was)) return false;
    const now = veil === "restore" ? null : veil === "hide" ? "hidden" : "removed";
    if (comment) {
      delete comment.veil;
      if (now) comment.veil = now;
      if (now === "removed") comment.text = "";
      return true;
    }
    written.veil = now;
    if (now !== "removed") return true;
    const { photo: _, persona: _persona, background: _ground, ...secret } = written.secret;
    written.secret = { ...secret, text: "" };
    const { hearts, votes, circles, carriers, writes } = written;
    for (const all of [hearts, votes, circles, carriers, writes]) all.clear();
    written.comments = [];
    written.isWorld = false;
    written.worldSince = null;
    this.#world.delete(id);
    return true;
  }

  async erase(reader: CircleId): Promise<void> {
    this.#feeds.delete(reader);
    this.#errands.delete(reader);
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const id of this.#secrets.keys()) if (!this.#secret(id)) this.#secrets.delete(id);
    for (const id of this.#world.keys()) if (!this.#secrets.has(id)) this.#world.delete(id);
    for (const [id, until] of this.#deleted) if (until <= now) this.#deleted.delete(id);
    for (const [id, { keptUntil }] of this.#feeds) if (keptUntil <= now) this.#feeds.delete(id);
    for (const [id, { keptUntil }] of this.#places) if (keptUntil <= now) this.#places.delete(id);
  }
}

const nameOf = ({ kind, postId }: Errand): string => `${kind}|${postId}`;

function tally({ votes }: Written): { yes: number; no: number } {
  const all = [...votes.values()];
  const yes = all.filter((choice) => choice === "yes").length;
  return { yes, no: all.length - yes };
}

function newest<T extends { order: number }>(all: T[], before: number | null, limit: number): T[] {
  return all
    .filter(({ order }) => before === null || order < before)
    .sort((a, b) => b.order - a.order)
    .slice(0, limit);
}

function remember(ids: Set<SecretId>, id: SecretId): void {
  ids.delete(id);
  ids.add(id);
  if (ids.size > keep.HIDDEN_KEPT) ids.delete(ids.values().next().value!);
}

function dropBeyond<K, V>(
  map: Map<K, V>,
  most: number,
  orderOf: (value: V) => number,
  stays: (value: V) => boolean = () => false,
): void {
  if (map.size <= most) return;
  const oldest = [...map]
    .filter(([, value]) => !stays(value))
    .sort(([, a], [, b]) => orderOf(a) - orderOf(b));
  for (const [key] of oldest.slice(0, map.size - most)) map.delete(key);
}
