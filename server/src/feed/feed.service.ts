import { cleanText } from "@driftsea/protocol";
import type {
  Data,
  EventName,
  Events,
  OwnerKey,
  Payload,
  PlaceId,
  Poll,
  PollChoice,
  Secret,
  SecretComment,
  SecretId,
} from "@driftsea/protocol";
import type { CircleService } from "../circles/circles.service.ts";
import type { CircleId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import type { Context } from "../lib/connection-context.ts";
import { DomainError, gone, invalid } from "../lib/errors.ts";
import { parseCursor } from "../lib/pages.ts";
import { photoType } from "../lib/photos.ts";
import type { ConnectionId, Publisher } from "../lib/publisher.ts";
import type { Rng } from "../lib/random.ts";
import { ownerHashOf } from "../lib/sha256.ts";
import type { PlaceService } from "../places/places.service.ts";
import { CROWN, circleMarkOf, commentToWire, freshIcon, markOf } from "./feed.wire.ts";
import { pollToWire, secretIdOf, secretToWire, steadyIcon, writeMarkOf } from "./feed.wire.ts";
import type { QuotaService } from "../quotas/quotas.service.ts";
import type { Errand, FeedEntry, FeedStore, NewSecret, StoredSecret } from "./feed.store.ts";
import { rethink } from "./rethink.ts";

/** Secrets that one page shows. */
const PAGE = 20;
/** Secrets of which one connection hears what becomes of them; the oldest give way. */
const HEARD = 200;
/** An errand that is not done after this is somebody else's to do, in ms. */
const UNFINISHED_MS = 2000;
/** Clocks of processes and store differ by less than this, in ms. */
const SKEW_MS = 50;
/** What has arrived is looked for again for so long, in ms: by whom it was moved may lag. */
const ARRIVALS_AGAIN_MS = 10_000;
const BATCH = 50;
/** Audiences that are looked up ahead when an epoch begins. */
const AUDIENCES_AHEAD = 50;
/** Circles to which this process remembers having carried something, so that it is not done again. */
const CARRIED_KEPT = 10_000;
/** Secrets that this process has put into places and will tell of on their release. */
const DROPPED_KEPT = 10_000;

export interface FeedRules {
  /** A secret is released at a random time within this, in ms (F15). */
  releaseDelayMaxMs: number;
  /** Carried to so many circles it is the world's (F3). */
  worldAtCircles: number;
}

export interface FeedParts {
  store: FeedStore;
  circles: CircleService;
  quotas: Pick<QuotaService, "spend">;
  places: PlaceService;
  publisher: Publisher;
  /** The store's. */
  clock: Clock;
  random: Rng;
  rules: FeedRules;
  /** What could not be brought to a circle now; somebody does later. */
  onUnsettled: (error: unknown) => void;
}

type Who = Pick<Context, "circle" | "mask">;

/** A secret as it comes to somebody; `way` is null where he has it from the world. */
interface Shown {
  id: SecretId;
  way: FeedEntry["way"] | null;
}

/** One connection that reads. */
interface Reader extends Who {
  /** What it was shown, the oldest first, and whether that came from its circle. */
  shown: Map<SecretId, "circle" | "world">;
  /** He has looked at the world, and hears what comes there. */
  isInWorld: boolean;
  /** His circle was not to be shown when he asked; he is told when it is. */
  isInDark: boolean;
  /** The place whose secrets it was shown last. */
  place: PlaceId | null;
}

/** The feed of secrets: who wrote what, nobody can tell (F1 to F17). */
export class FeedService {
  readonly #p: FeedParts;
  readonly #store: FeedStore;
  readonly #readers = new Map<ConnectionId, Reader>();
  /** Whose errands are to be run, and the running of them. */
  readonly #waiting = new Set<CircleId>();
  #working: Promise<void> | null = null;
  readonly #carried = new Set<string>();
  /** Of what came to the world a moment ago, this process has told those who read there. */
  #toldOfWorld: ReadonlySet<SecretId> = new Set();
  #dropped: { place: PlaceId; id: SecretId; releaseAt: number }[] = [];
  #lookedUpTo: number;
  #epoch: number;
  #turning: Promise<void> | null = null;
  #isClosing = false;

  constructor(parts: FeedParts) {
    this.#p = parts;
    this.#store = parts.store;
    this.#lookedUpTo = parts.clock.now();
    this.#epoch = parts.circles.epoch();
  }

  /** Writes a secret. The reply does not wait until it has been brought to anybody. */
  async post(context: Context, input: Payload<"feed:post">): Promise<Secret> {
    const text = cleanText(input.text);
    askAgain(text, input);
    const { photo, background, ownerHash } = input;
    if (photo !== undefined && photoType(photo) === null) {
      throw invalid({ photo: "must be WebP, JPEG or PNG" });
    }
    if (input.place !== undefined) this.#p.places.check(input.place);
    const id = secretIdOf(input.id, ownerHash);
    const { circles, places, clock, random, rules } = this.#p;
    const [before] = await this.#read(context, [id]);
    if (before) return this.#toOwner(before);
    // Where it drifts is decided now; in the world it is only by hearts, as every other (F3).
    const place = input.place === undefined ? null : await places.name(context, input.place);
    const secret: NewSecret = {
      text,
      ...(background === undefined ? {} : { background }),
      ...(photo === undefined ? {} : { photo: new Uint8Array(photo) }),
      ownerHash,
      comments: input.comments ?? "circle",
      icons: input.icons ?? "steady",
      hasPoll: input.poll ?? false,
      ...(input.identity === "pseudonym" ? { persona: context.persona } : {}),
      releaseAt: clock.now() + Math.floor(random.uniform() * rules.releaseDelayMaxMs),
    };
    const epoch = circles.epoch();
    const { releaseAt } = secret;
    const write = async (): Promise<boolean> => {
      const errand = {
        kind: "post",
        postId: id,
        epoch,
        releaseAt,
        secret,
        ...(place === null ? {} : { place }),
      } as const;
      const isNew = await this.#store.begin(context.circle, errand);
      await this.#store.create(id, secret);
      return isNew;
    };
    await this.#p.quotas.spend(context.drifter, "secrets", write, Boolean);
    this.#afterReply(context.circle);
    // Where the same write came twice at once, one of the two was first.
    const [stored] = await this.#read(context, [id]);
    if (!stored) throw gone();
    return this.#toOwner(stored);
  }

  #toOwner(stored: StoredSecret): Secret {
    return secretToWire(stored, { way: "own", muted: false }, this.#p.clock.now());
  }

  async own(who: Who, id: SecretId, ownerKey: OwnerKey): Promise<Secret> {
    const [stored] = await this.#read(who, [id]);
    if (stored?.ownerHash !== ownerHashOf(ownerKey)) throw gone();
    return this.#toOwner(stored);
  }

  /** One page of the circle's feed; from now on this connection hears of what arrives. */
  async open(context: Context, cursor?: string): Promise<Data<"feed:open">> {
    const { circles } = this.#p;
    const { circle } = context;
    const reader = this.#reader(context);
    reader.isInDark = true;
    if (!(await circles.isOpen(circle))) return { open: false, posts: [] };
    if (!(await this.#hides(circle))) {
      await this.#withdraw(circle);
      return { open: true, posts: [] };
    }
    reader.isInDark = false;
    await this.#store.arrive(circle);
    const entries = await this.#store.page(circle, parseCursor(cursor), PAGE);
    const posts = await this.#toReader(reader, entries);
    this.#listen(context.connection, reader, posts);
    return { open: true, posts, ...nextCursor(entries) };
  }

  async world(context: Context, cursor?: string): Promise<Data<"feed:world">> {
    const reader = this.#reader(context);
    reader.isInWorld = true;
    const entries = await this.#store.world(parseCursor(cursor), PAGE);
    const posts = await this.#toReader(
      reader,
      entries.map((entry) => ({ ...entry, way: null })),
    );
    this.#listen(context.connection, reader, posts);
    return { posts, ...nextCursor(entries) };
  }

  /** One page of what drifts in a place, or around it where it is too small: the world at the widest. */
  async around(context: Context, asked: PlaceId, cursor?: string): Promise<Data<"feed:open">> {
    const before = parseCursor(cursor);
    const place = await this.#p.places.name(context, asked);
    const reader = this.#reader(context);
    reader.place = place;
    if (place === null) return { open: true, ...(await this.world(context, cursor)), place };
    const entries = await this.#store.inPlace(place, before, PAGE);
    const posts = await this.#toReader(reader, await this.#withWays(context.circle, entries));
    this.#listen(context.connection, reader, posts);
    return { open: true, posts, ...nextCursor(entries), place };
  }

  /** What lies in his own feed as well is of his circle, where that is shown to him at all. */
  async #withWays(
    circle: CircleId,
    entries: readonly { id: SecretId }[],
  ): Promise<{ id: SecretId; way: FeedEntry["way"] | null }[]> {
    const isShown = (await this.#p.circles.isOpen(circle)) && (await this.#hides(circle));
    return Promise.all(
      entries.map(async ({ id }) => ({
        id,
        way: isShown ? await this.#store.wayOf(circle, id) : null,
      })),
    );
  }

  #reader({ connection, circle, mask }: Context): Reader {
    const reader = this.#readers.get(connection) ?? {
      circle,
      mask,
      shown: new Map(),
      isInWorld: false,
      isInDark: false,
      place: null,
    };
    this.#readers.set(connection, reader);
    return reader;
  }

  /** Whether this reader's circle is large enough that whoever writes in it is hidden (F2). */
  async #hides(circle: CircleId): Promise<boolean> {
    return this.#p.circles.graph().hidesIn(circle);
  }

  async #toReader(who: Who, entries: readonly Shown[]): Promise<Secret[]> {
    const ids = entries.map(({ id }) => id);
    const [secrets, muted, hidden] = await Promise.all([
      this.#read(who, ids),
      this.#store.mutedOf(who.circle, ids),
      // In his own feed nothing lies that he hid.
      entries.some(({ way }) => way === null) ? this.#store.hiddenOf(who.circle, ids) : [],
    ]);
    const now = this.#p.clock.now();
    return entries.flatMap(({ way }, i) => {
      const stored = secrets[i];
      return stored && !hidden[i] ? [secretToWire(stored, { way, muted: muted[i]! }, now)] : [];
    });
  }

  #read({ mask }: Who, ids: readonly SecretId[]): Promise<(StoredSecret | null)[]> {
    return this.#store.read(ids.map((id) => ({ id, mark: markOf(mask, id) })));
  }

  #listen(connection: ConnectionId, reader: Reader, posts: readonly Secret[]): void {
    for (const { id, label } of posts) {
      if (!reader.shown.has(id) && !this.#p.publisher.join(connection, id)) {
        this.#readers.delete(connection);
        return;
      }
      reader.shown.delete(id);
      reader.shown.set(id, label);
    }
    for (const id of reader.shown.keys()) {
      if (reader.shown.size <= HEARD) break;
      reader.shown.delete(id);
      this.#p.publisher.leave(connection, id);
    }
  }

  /** What there is to be read by somebody else than its author. */
  async #released(who: Who, id: SecretId): Promise<StoredSecret> {
    const [stored] = await this.#read(who, [id]);
    if (!stored || stored.releaseAt > this.#p.clock.now()) throw gone();
    return stored;
  }

  /** A heart carries the secret to the circle of whoever gives it, once. */
  async heart(context: Context, id: SecretId, on: boolean): Promise<number> {
    const stored = await this.#released(context, id);
    const change = () => this.#store.heart(id, markOf(context.mask, id), on);
    const hearts = await this.#spendHeart(context, stored.hearted !== on, change);
    if (hearts === null) throw gone();
    if (stored.hearted !== on) this.#tellChange({ ...stored, hearts });
    if (on) await this.#carry(context, stored);
    return hearts;
  }

  async share(context: Context, id: SecretId): Promise<void> {
    const stored = await this.#released(context, id);
    const carry = () => this.#carry(context, stored);
    await this.#p.quotas.spend(context.drifter, "hearts", carry, Boolean);
  }

  /** What changes nothing costs nothing. */
  #spendHeart<T>({ drifter }: Context, isChange: boolean, change: () => Promise<T>): Promise<T> {
    if (!isChange) return change();
    return this.#p.quotas.spend(drifter, "hearts", change, (done) => done !== null);
  }

  /**
   * By whom it lies before; accounts that count for nobody carry nothing, however many they are.
   * Whether there is something to be carried that this process has not carried yet.
   */
  async #carry({ circle, connection }: Context, { id, isWorld }: StoredSecret): Promise<boolean> {
    const { circles, clock, random, rules } = this.#p;
    const name = `${circle}|${id}`;
    const graph = circles.graph();
    if (this.#carried.has(name) || !(await graph.isOpen(circle))) return false;
    // From a place it is shown as the world's.
    const isShown = this.#readers.get(connection)?.shown.get(id) === "world";
    if (!isWorld && !isShown && (await this.#store.wayOf(circle, id)) === null) return false;
    const releaseAt = clock.now() + Math.floor(random.uniform() * rules.releaseDelayMaxMs);
    await this.#store.begin(circle, { kind: "carry", postId: id, epoch: graph.epoch, releaseAt });
    this.#carried.add(name);
    if (this.#carried.size > CARRIED_KEPT)
      this.#carried.delete(this.#carried.values().next().value!);
    this.#afterReply(circle);
    return true;
  }

  async comment(context: Context, input: Payload<"feed:comment">): Promise<SecretComment> {
    const { postId: id, ownerKey } = input;
    const stored = await this.#mayRead(context, id, ownerKey);
    const crown = ownerKey !== undefined;
    const mayComment =
      crown ||
      stored.comments === "anyone" ||
      (await this.#store.wayOf(context.circle, id)) === "own";
    if (!mayComment) throw new DomainError("forbidden", "only its own circle may comment");
    const steady = stored.icons === "steady" ? steadyIcon(context.mask, id) : freshIcon();
    const mark = writeMarkOf(context.mask, id, input.id);
    const again = await this.#store.commentOf(id, mark);
    if (again) return commentToWire(again, stored.releaseAt, this.#p.clock.now());
    const said = { icon: crown ? CROWN : steady, crown, text: cleanText(input.text) };
    const write = () => this.#store.comment(id, mark, said);
    const isNew = (done: Awaited<ReturnType<typeof write>>) => done?.isNew === true;
    const written = await this.#p.quotas.spend(context.drifter, "comments", write, isNew);
    if (!written) throw gone();
    const comment = commentToWire(written.comment, stored.releaseAt, this.#p.clock.now());
    if (written.isNew) {
      this.#p.publisher.toRoom(id, "feed:commented", { postId: id, comment });
      this.#tellChange({ ...stored, commentCount: comment.seq });
    }
    return comment;
  }

  /** Its author, before it is released too; a key that is not its own is refused. */
  async #mayRead(who: Who, id: SecretId, ownerKey: OwnerKey | undefined): Promise<StoredSecret> {
    if (ownerKey === undefined) return this.#released(who, id);
    const [stored] = await this.#read(who, [id]);
    if (stored?.ownerHash !== ownerHashOf(ownerKey)) throw gone();
    return stored;
  }

  async comments(
    context: Context,
    { postId: id, after = 0, ownerKey }: Payload<"feed:comments">,
  ): Promise<{ comments: SecretComment[]; recovered: boolean }> {
    const { releaseAt } = await this.#mayRead(context, id, ownerKey);
    const found = await this.#store.comments(id, after);
    if (!found) throw gone();
    const now = this.#p.clock.now();
    // Whoever has a cursor and misses what came right after it must be told.
    const recovered = after === 0 || found.length === 0 || found[0]!.seq === after + 1;
    return { comments: found.map((comment) => commentToWire(comment, releaseAt, now)), recovered };
  }

  async vote(context: Context, id: SecretId, choice: PollChoice): Promise<Poll> {
    const stored = await this.#released(context, id);
    const change = () => this.#store.vote(id, markOf(context.mask, id), choice);
    const tally = await this.#spendHeart(context, stored.voted !== choice, change);
    if (!tally) throw gone();
    if (stored.voted !== choice) this.#tellChange({ ...stored, ...tally });
    return pollToWire(tally);
  }

  #tellChange(stored: StoredSecret): void {
    this.#p.publisher.toRoom(stored.id, "feed:changed", {
      postId: stored.id,
      hearts: stored.hearts,
      comments: stored.commentCount,
      ...(stored.hasPoll ? { poll: pollToWire(stored) } : {}),
    });
  }

  /** Out of sight in all his windows. */
  async hide({ circle, connection }: Context, id: SecretId): Promise<void> {
    await this.#store.hide(circle, id);
    this.#p.publisher.leave(connection, id);
    for (const [other, reader] of this.#readers) {
      if (reader.circle !== circle || !reader.shown.delete(id) || other === connection) continue;
      this.#p.publisher.leave(other, id);
      this.#tell(other, "feed:withdrawn", { postId: id });
    }
  }

  async mute({ circle }: Context, id: SecretId): Promise<void> {
    await this.#store.mute(circle, id);
  }

  async delete(id: SecretId, ownerKey: OwnerKey): Promise<void> {
    if (!(await this.#store.delete(id, ownerHashOf(ownerKey)))) throw gone();
    this.#p.publisher.toRoom(id, "feed:withdrawn", { postId: id });
    this.#p.publisher.closeRoom(id);
    for (const { shown } of this.#readers.values()) shown.delete(id);
  }

  /** Null before its release: whoever asks by its address alone may be anybody. */
  async photo(id: SecretId): Promise<Uint8Array | null> {
    const [stored] = await this.#store.read([{ id, mark: "" }]);
    if (!stored || stored.releaseAt > this.#p.clock.now()) return null;
    return this.#store.photo(id);
  }

  /** What a report quotes: a secret, or one comment of it. */
  async quote(id: SecretId, seq: number | undefined): Promise<string> {
    const [stored] = await this.#store.read([{ id, mark: "" }]);
    if (!stored || stored.releaseAt > this.#p.clock.now()) throw gone();
    if (seq === undefined) return stored.text;
    const [comment] = (await this.#store.comments(id, seq - 1)) ?? [];
    if (comment?.seq !== seq) throw gone();
    return comment.text;
  }

  disconnected({ connection }: Pick<Context, "connection">): void {
    this.#readers.delete(connection);
  }

  async erase(circle: CircleId): Promise<void> {
    await this.#store.erase(circle);
  }

  /** Shows those who read here what was released, and takes back what no longer hides anybody. */
  async tend(): Promise<void> {
    const { clock, circles } = this.#p;
    const from = this.#lookedUpTo;
    const to = clock.now() - SKEW_MS;
    if (await this.#store.hasReleases(from, to)) {
      const all = [...this.#byCircle()];
      const since = from - ARRIVALS_AGAIN_MS;
      for (let i = 0; i < all.length; i += BATCH)
        await Promise.all(all.slice(i, i + BATCH).map((one) => this.#arrive(...one, since)));
    }
    await this.#arriveInWorld(from - ARRIVALS_AGAIN_MS);
    this.#lookedUpTo = Math.max(from, to);
    await this.#tellPlaces();
    if (circles.epoch() !== this.#epoch) {
      this.#turning ??= this.#turn(circles.epoch())
        .catch(this.#p.onUnsettled)
        .finally(() => (this.#turning = null));
    }
  }

  /**
   * A new epoch, for those who read here: what hides nobody any more is taken back, whose circle can be
   * shown now is told, and whoever may write finds his audience looked up. Beside everything else.
   */
  async #turn(epoch: number): Promise<void> {
    const { circles } = this.#p;
    const readers = [...this.#byCircle().keys()];
    for (const circle of readers) {
      if (this.#isClosing) return;
      const isHiding = await this.#hides(circle);
      // Where nothing was shown nothing is taken back: there the author's own lies, which lets him answer.
      if (!isHiding && this.#isShownTo(circle)) await this.#withdraw(circle);
      if (isHiding && (await circles.isOpen(circle))) this.#light(circle);
    }
    // Where the store was away in between, all are looked at again.
    this.#epoch = epoch;
    for (const circle of readers.slice(0, AUDIENCES_AHEAD)) {
      if (this.#isClosing || circles.epoch() !== epoch) return;
      await circles.graph(epoch).audienceOf(circle);
    }
  }

  #isShownTo(circle: CircleId): boolean {
    for (const reader of this.#readers.values())
      if (reader.circle === circle && [...reader.shown.values()].includes("circle")) return true;
    return false;
  }

  /** Whoever was answered that there is nothing yet may ask again. */
  #light(circle: CircleId): void {
    for (const [connection, reader] of this.#readers) {
      if (reader.circle !== circle || !reader.isInDark) continue;
      reader.isInDark = false;
      this.#tell(connection, "feed:opened", {});
    }
  }

  #byCircle(): Map<CircleId, ConnectionId[]> {
    const all = new Map<CircleId, ConnectionId[]>();
    for (const [connection, { circle }] of this.#readers)
      all.set(circle, [...(all.get(circle) ?? []), connection]);
    return all;
  }

  /** Another window of his, or another process, may have put it into his feed: he hears it here too. */
  async #arrive(
    circle: CircleId,
    connections: readonly ConnectionId[],
    since: number,
  ): Promise<void> {
    await this.#store.arrive(circle);
    const entries = await this.#store.arrivedSince(circle, since);
    if (entries.length === 0 || !(await this.#hides(circle))) return;
    for (const connection of connections) {
      const reader = this.#readers.get(connection);
      if (!reader) continue;
      const fresh = entries.filter(({ id }) => reader.shown.get(id) !== "circle");
      await this.#show(connection, reader, fresh);
    }
  }

  /** Tells those who read in a place what is released there; what another process put there is read alone. */
  async #tellPlaces(): Promise<void> {
    const now = this.#p.clock.now();
    const released = this.#dropped.filter(({ releaseAt }) => releaseAt <= now);
    if (released.length === 0) return;
    this.#dropped = this.#dropped.filter(({ releaseAt }) => releaseAt > now);
    for (const [connection, reader] of this.#readers) {
      const fresh = released.filter(
        ({ place, id }) => place === reader.place && !reader.shown.has(id),
      );
      if (fresh.length === 0) continue;
      const entries = await this.#withWays(reader.circle, fresh);
      await this.#show(connection, reader, entries, { here: true });
    }
  }

  /** Each hears it as his own: what he hid is not told to him, and what he muted is marked. */
  async #arriveInWorld(since: number): Promise<void> {
    const readers = [...this.#readers].filter(([, { isInWorld }]) => isInWorld);
    if (readers.length === 0) return;
    const ids = await this.#store.arrivedInWorld(since);
    const fresh = ids.filter((id) => !this.#toldOfWorld.has(id));
    const entries = fresh.map((id) => ({ id, way: null }));
    for (let i = 0; i < readers.length && fresh.length > 0; i += BATCH) {
      const some = readers.slice(i, i + BATCH);
      await Promise.all(some.map((one) => this.#show(...one, entries)));
    }
    this.#toldOfWorld = new Set(ids);
  }

  async #show(
    connection: ConnectionId,
    reader: Reader,
    entries: readonly Shown[],
    where: { here?: true } = {},
  ): Promise<void> {
    const posts = await this.#toReader(reader, entries);
    this.#listen(connection, reader, posts);
    for (const post of posts) this.#tell(connection, "feed:posted", { post, ...where });
  }

  #tell<N extends EventName>(connection: ConnectionId, event: N, payload: Events[N]): void {
    this.#p.publisher.toConnection(connection, event, payload);
  }

  async #withdraw(circle: CircleId): Promise<void> {
    await this.#store.withdraw(circle);
    for (const [connection, reader] of this.#readers) {
      if (reader.circle !== circle) continue;
      reader.isInDark = true;
      for (const [id, label] of reader.shown) {
        if (label !== "circle") continue;
        reader.shown.delete(id);
        this.#p.publisher.leave(connection, id);
        this.#tell(connection, "feed:withdrawn", { postId: id });
      }
    }
  }

  /** One after the other, so that who writes much does not take the store from others. */
  #afterReply(circle: CircleId): void {
    this.#waiting.add(circle);
    this.#working ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#work())
      .finally(() => (this.#working = null));
  }

  async #work(): Promise<void> {
    for (const circle of this.#waiting) {
      this.#waiting.delete(circle);
      await this.#runErrands(circle).catch(this.#p.onUnsettled);
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#working || this.#turning) await (this.#working ?? this.#turning);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.idle();
  }

  /** Does what a process left undone that died, or that could not reach something. */
  async sweep(): Promise<void> {
    if (this.#working) return;
    const before = this.#p.clock.now() - UNFINISHED_MS;
    for (const circle of await this.#store.unfinished(before, BATCH))
      await this.#runErrands(circle);
  }

  /** Each step is safe to repeat, and whoever finds an errand begins it again. */
  async #runErrands(circle: CircleId): Promise<void> {
    for (const errand of await this.#store.errands(circle)) {
      if (errand.kind === "post") await this.#bringToOwnCircle(circle, errand);
      else await this.#carryToCircle(circle, errand);
      await this.#store.finish(circle, errand);
    }
  }

  async #bringToOwnCircle(
    author: CircleId,
    errand: Extract<Errand, { kind: "post" }>,
  ): Promise<void> {
    const { postId: id, secret, epoch, place } = errand;
    await this.#store.create(id, secret);
    const { readers } = await this.#p.circles.graph(epoch).audienceOf(author);
    // Where one write came twice, another release may have been drawn than this errand's.
    const [stored] = await this.#store.read([{ id, mark: "" }]);
    if (!stored) return;
    const { releaseAt } = stored;
    // The author reads his own as everybody does: a feed without it would give him away.
    await this.#store.deliver([author, ...readers], { id, way: "own", releaseAt });
    if (place === undefined) return;
    await this.#store.drop(place, id, releaseAt);
    this.#dropped.push({ place, id, releaseAt });
    if (this.#dropped.length > DROPPED_KEPT) this.#dropped.shift();
  }

  async #carryToCircle(
    carrier: CircleId,
    { postId: id, releaseAt, epoch }: Extract<Errand, { kind: "carry" }>,
  ): Promise<void> {
    const graph = this.#p.circles.graph(epoch);
    // Those to whom he himself could be shown: a heart opens nobody a way around k.
    const { readers } = await graph.audienceOf(carrier);
    if (readers.length === 0) return;
    const friends = await graph.friendsOf(carrier);
    const circleMark = circleMarkOf(id, carrier, friends);
    const carried = await this.#store.carry(id, circleMark, this.#p.rules.worldAtCircles);
    if (carried) await this.#store.deliver(readers, { id, way: "carried", releaseAt });
  }
}

/** What may lead to somebody is meant so, and a private person's name was asked about once more (F9). */
function askAgain(text: string, { confirmed, confirmedNames }: Payload<"feed:post">): void {
  const marks = rethink(text).filter(
    ({ kind }) => confirmed !== true || (kind === "name" && confirmedNames !== true),
  );
  if (marks.length === 0) return;
  throw new DomainError("confirmation_needed", "it may lead to somebody", {
    fields: {
      text: "holds what leads to somebody",
      marks: JSON.stringify(marks),
      ...(confirmed === true ? { names: "of private people must be confirmed once more" } : {}),
    },
  });
}

function nextCursor(entries: readonly { order: number }[]): { cursor?: string } {
  const last = entries.at(-1);
  return last && entries.length === PAGE ? { cursor: last.order.toString(36) } : {};
}
