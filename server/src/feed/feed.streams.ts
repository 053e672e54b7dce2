import type {
  CircleId,
  Data,
  EventName,
  Events,
  PlaceId,
  Secret,
  SecretId,
} from "@driftsea/protocol";
import type { CircleService } from "../circles/circles.service.ts";
import type { Clock } from "../lib/clock.ts";
import { inSlices } from "../lib/in-slices.ts";
import type { Context } from "../lib/connection-context.ts";
import { parseCursor } from "../lib/pages.ts";
import { secureRandom } from "../lib/random.ts";
import type { ConnectionId, Publisher } from "../lib/publisher.ts";
import { alone } from "../nodes/nodes.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { Viewers } from "../lib/viewers.ts";
import type { PlaceService } from "../places/places.service.ts";
import type { Dropped } from "./feed.errands.ts";
import type { FeedEntry, FeedStore } from "./feed.store.ts";
import { changeToWire, readBy, secretToWire, sinceFor } from "./feed.wire.ts";

/** Secrets that one page shows. */
const PAGE = 20;
/** Secrets of which one connection hears what becomes of them; the oldest give way. */
const HEARD = 200;
/** Clocks of processes and store differ by less than this, in ms. */
const SKEW_MS = 50;
/** What has arrived is looked for again for so long, in ms: by whom it was moved may lag. */
const ARRIVALS_AGAIN_MS = 10_000;
/** How often it is looked for whom something waits because too few of his circle have been here, in ms. */
const HELD_AGAIN_MS = 5000;
/** And for whom nothing is known to come, in ms at most: what another process said of it may have been lost. */
const LOOK_AGAIN_MS = 60_000;
/** Readers who are named to other processes together. */
const NAMED_TOGETHER = 500;
const BATCH = 50;
/** So often all who read in the world are told, where some of them cannot be. */
const WORLD_TRIES = 3;
/** Audiences that are looked up ahead when an epoch begins. */
const AUDIENCES_AHEAD = 50;
/** Secrets that were put into places, of which this process will tell on their release. */
const DROPPED_KEPT = 10_000;

export interface StreamParts {
  store: FeedStore;
  circles: CircleService;
  places: PlaceService;
  publisher: Publisher;
  nodes?: Nodes;
  viewers: Viewers;
  /** Whether this connection hears what becomes of a secret whether or not it is shown to it. */
  isHeard: (connection: ConnectionId, id: SecretId) => boolean;
  /** The store's. */
  clock: Clock;
  onUnsettled: (error: unknown) => void;
}

type Who = Pick<Context, "circle" | "mask">;

/** A secret as it comes to somebody; `way` is null where he has it from the world. */
interface Shown {
  id: SecretId;
  way: FeedEntry["way"] | null;
  /** Where it stands in his circle's feed; absent where he has it from elsewhere. */
  order?: number;
}

/** One connection that reads. */
interface Reader extends Who {
  /** What it was shown, the oldest first, and whether that came from its circle. */
  shown: Map<SecretId, "circle" | "world">;
  /** Of what arrived a moment ago, what it was told: more than it goes on hearing of, where much comes at once. */
  told: Set<SecretId>;
  /** What came before lies on its pages, ms since 1970. */
  hearsFrom: number;
  /** He has looked at the world, and hears what comes there. */
  isInWorld: boolean;
  /** His circle was not to be shown when he asked; he is told when it is. */
  isInDark: boolean;
  /** The place whose secrets it was shown last. */
  place: PlaceId | null;
}

/** Somebody who reads here. */
interface Person {
  windows: Map<ConnectionId, Reader>;
  /** When it is looked next what has come for him, and since when nothing was missed, ms since 1970. */
  lookAt: number;
  lookedAt: number;
}

/** What somebody reads and hears: pages of secrets, and what arrives while he has them open (F6, F15). */
export class FeedStreams {
  readonly #p: StreamParts;
  readonly #store: FeedStore;
  readonly #nodes: Nodes;
  readonly #readers = new Map<ConnectionId, Reader>();
  readonly #people = new Map<CircleId, Person>();
  /** By the beginning of the name: most of what others tell is of nobody who reads here. */
  readonly #named = new Map<string, Set<Person>>();
  /** Of what came to the world a moment ago, this process has told those who read there. */
  #toldOfWorld: ReadonlySet<SecretId> = new Set();
  /** So often in a row not all could be told. */
  #worldTries = 0;
  #dropped: Dropped[] = [];
  #lookedUpTo: number;
  #epoch: number;
  #turning: Promise<void> | null = null;
  #isClosing = false;

  constructor(parts: StreamParts) {
    this.#p = parts;
    this.#store = parts.store;
    this.#lookedUpTo = parts.clock.now();
    this.#epoch = parts.circles.epoch();
    this.#nodes = parts.nodes ?? alone;
    this.#nodes.hear("feed-deleted", ({ id }) => this.#deletedHere(id));
    this.#nodes.hear("feed-hidden", ({ circle, id }) => this.#hiddenHere(circle, id));
    this.#nodes.hear("feed-dropped", (dropped) => this.#droppedHere(dropped));
    this.#nodes.hear("feed-coming", ({ readers, at }) => this.#comingHere(readers, at));
    this.#nodes.onMissed(() => this.#missed());
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
    const { entries: come } = await this.#let(circle);
    // It lies on the pages of this window; his others hear of it.
    if (cursor === undefined) for (const { id } of come) reader.told.add(id);
    const person = this.#people.get(circle);
    if (come.length > 0 && person) person.lookAt = this.#p.clock.now();
    const entries = await this.#store.page(circle, parseCursor(cursor), PAGE);
    const posts = await this.#toReader(reader, entries);
    this.#listen(context.connection, reader, posts);
    return { open: true, posts, ...nextCursor(entries) };
  }

  async world(context: Context, cursor?: string): Promise<Data<"feed:world">> {
    return this.#world(this.#reader(context), context, cursor);
  }

  async #world(
    reader: Reader,
    { connection }: Context,
    cursor?: string,
  ): Promise<Data<"feed:world">> {
    reader.isInWorld = true;
    const entries = await this.#store.world(parseCursor(cursor), PAGE);
    const posts = await this.#toReader(
      reader,
      entries.map((entry) => ({ ...entry, way: null })),
    );
    this.#listen(connection, reader, posts);
    return { posts, ...nextCursor(entries) };
  }

  /** One page of what drifts in a place, or around it where it is too small: the world at the widest. */
  async around(context: Context, asked: PlaceId, cursor?: string): Promise<Data<"feed:open">> {
    const before = parseCursor(cursor);
    const reader = this.#reader(context);
    const place = await this.#p.places.name(context, asked);
    reader.place = place;
    if (place === null)
      return { open: true, ...(await this.#world(reader, context, cursor)), place };
    const entries = await this.#store.inPlace(place, before, PAGE);
    const posts = await this.#toReader(reader, await this.#withWays(context.circle, entries));
    this.#listen(context.connection, reader, posts);
    return { open: true, posts, ...nextCursor(entries), place };
  }

  /** What lies in his own feed as well is of his circle, where that is shown to him at all. */
  async #withWays(circle: CircleId, entries: readonly { id: SecretId }[]): Promise<Shown[]> {
    const isShown = (await this.#p.circles.isOpen(circle)) && (await this.#hides(circle));
    return Promise.all(
      entries.map(async ({ id }): Promise<Shown> => {
        const entry = isShown ? await this.#store.entryOf(circle, id) : null;
        return entry ?? { id, way: null };
      }),
    );
  }

  #reader({ connection, circle, mask }: Context): Reader {
    const known = this.#readers.get(connection);
    if (known) return known;
    const now = this.#p.clock.now();
    const reader: Reader = {
      circle,
      mask,
      hearsFrom: now - SKEW_MS,
      shown: new Map(),
      told: new Set(),
      isInWorld: false,
      isInDark: false,
      place: null,
    };
    this.#readers.set(connection, reader);
    this.#person(circle, now).windows.set(connection, reader);
    return reader;
  }

  #person(circle: CircleId, now: number): Person {
    const known = this.#people.get(circle);
    if (known) return known;
    const person: Person = { windows: new Map(), lookAt: now, lookedAt: now };
    this.#people.set(circle, person);
    const name = beginningOf(circle);
    this.#named.set(name, (this.#named.get(name) ?? new Set()).add(person));
    return person;
  }

  disconnected({ connection }: Pick<Context, "connection">): void {
    const reader = this.#readers.get(connection);
    if (!reader) return;
    this.#readers.delete(connection);
    const { circle } = reader;
    const person = this.#people.get(circle);
    person?.windows.delete(connection);
    if (person?.windows.size !== 0) return;
    this.#people.delete(circle);
    const named = this.#named.get(beginningOf(circle));
    named?.delete(person);
    if (named?.size === 0) this.#named.delete(beginningOf(circle));
  }

  /** Whether this reader's circle is large enough that whoever writes in it is hidden (F2). */
  async #hides(circle: CircleId): Promise<boolean> {
    return this.#p.circles.graph().hidesIn(circle);
  }

  async #toReader(who: Who, entries: readonly Shown[]): Promise<Secret[]> {
    const ids = entries.map(({ id }) => id);
    const [secrets, muted, hidden] = await Promise.all([
      readBy(this.#store, who, ids),
      this.#store.mutedOf(who.circle, ids),
      // In his own feed nothing lies that he hid.
      entries.some(({ way }) => way === null) ? this.#store.hiddenOf(who.circle, ids) : [],
    ]);
    const now = this.#p.clock.now();
    for (const [i, id] of ids.entries())
      if (secrets[i]) this.#p.viewers.saw(who.mask, { kind: "secret", id });
    return entries.flatMap(({ way, order }, i) => {
      const stored = secrets[i];
      if (!stored || stored.veil || hidden[i]) return [];
      const since = sinceFor(stored, way === null || order === undefined ? null : { order });
      return [secretToWire(stored, { way, muted: muted[i]!, since }, now)];
    });
  }

  #listen(connection: ConnectionId, reader: Reader, posts: readonly Secret[]): void {
    for (const { id, label } of posts) {
      if (!reader.shown.has(id) && !this.#p.publisher.join(connection, id)) {
        this.disconnected({ connection });
        return;
      }
      reader.shown.delete(id);
      reader.shown.set(id, label);
    }
    for (const id of reader.shown.keys()) {
      if (reader.shown.size <= HEARD) break;
      reader.shown.delete(id);
      this.#leave(connection, id);
    }
  }

  /** Whoever wrote it goes on hearing what becomes of it, whatever else he reads. */
  #leave(connection: ConnectionId, id: SecretId): void {
    if (!this.#p.isHeard(connection, id)) this.#p.publisher.leave(connection, id);
  }

  isShown(connection: ConnectionId, id: SecretId): boolean {
    return this.#readers.get(connection)?.shown.has(id) ?? false;
  }

  /** Out of sight in all his windows. */
  async hide({ circle, connection }: Context, id: SecretId): Promise<void> {
    await this.#store.hide(circle, id);
    this.#leave(connection, id);
    this.#readers.get(connection)?.shown.delete(id);
    this.#hiddenHere(circle, id);
    void this.#nodes.tell(circle, "feed-hidden", { circle, id });
  }

  #hiddenHere(circle: CircleId, id: SecretId): void {
    for (const [connection, reader] of this.#windowsOf(circle)) {
      if (!reader.shown.delete(id)) continue;
      this.#leave(connection, id);
      this.#tell(connection, "feed:withdrawn", { postId: id });
    }
  }

  async mute({ circle }: Context, id: SecretId): Promise<void> {
    await this.#store.mute(circle, id);
  }

  /** It is no more, or out of sight pending review, for anybody. */
  deleted(id: SecretId): void {
    this.#deletedHere(id);
    void this.#nodes.tell(id, "feed-deleted", { id });
  }

  #deletedHere(id: SecretId): void {
    const { here } = this.#p.publisher;
    here.toRoom(id, "feed:withdrawn", { postId: id });
    here.closeRoom(id);
    for (const { shown } of this.#readers.values()) shown.delete(id);
  }

  /** Whether this connection was shown it as the world's: in the world or in a place. */
  isShownAsWorlds(connection: ConnectionId, id: SecretId): boolean {
    return this.#readers.get(connection)?.shown.get(id) === "world";
  }

  /** Told to those who read in that place, on its release. */
  dropped(dropped: Dropped): void {
    this.#droppedHere(dropped);
    void this.#nodes.tell(dropped.place, "feed-dropped", dropped);
  }

  #droppedHere(dropped: Dropped): void {
    this.#dropped.push(dropped);
    if (this.#dropped.length > DROPPED_KEPT) this.#dropped.shift();
  }

  /** From `at` on something lies ready for these readers, ms since 1970. */
  coming(readers: readonly CircleId[], at: number): void {
    // In an order that says nothing of who wrote it, and no more of each than finds him.
    const names = readers.map(beginningOf).sort();
    this.#comingHere(names, at);
    for (let i = 0; i < names.length; i += NAMED_TOGETHER) {
      const some = names.slice(i, i + NAMED_TOGETHER);
      void this.#nodes.tell(some[0]!, "feed-coming", { readers: some, at });
    }
  }

  #comingHere(names: readonly string[], at: number): void {
    for (const name of names)
      for (const person of this.#named.get(name) ?? [])
        person.lookAt = Math.min(person.lookAt, at + SKEW_MS);
  }

  /** Shows those who read here what was released, and takes back what no longer hides anybody. */
  async tend(): Promise<void> {
    const { clock, circles } = this.#p;
    const from = this.#lookedUpTo;
    const now = clock.now();
    const to = now - SKEW_MS;
    const due = [...this.#people].filter(([, { lookAt }]) => lookAt <= now);
    let failure: unknown = null;
    await inSlices(due, BATCH, (one) =>
      // Whoever cannot be looked for now holds up nobody else.
      this.#arrive(...one).catch((error: unknown) => (failure = error)),
    );
    await this.#arriveInWorld(from - ARRIVALS_AGAIN_MS);
    this.#lookedUpTo = Math.max(from, to);
    await this.#tellPlaces();
    if (circles.epoch() !== this.#epoch) {
      this.#turning ??= this.#turn(circles.epoch())
        .catch(this.#p.onUnsettled)
        .finally(() => (this.#turning = null));
    }
    if (failure !== null) throw failure;
  }

  /**
   * A new epoch, for those who read here: what hides nobody any more is taken back, whose circle can be
   * shown now is told, and whoever may write finds his audience looked up. Beside everything else.
   */
  async #turn(epoch: number): Promise<void> {
    const { circles } = this.#p;
    const readers = [...this.#people.keys()];
    const before = circles.graph(this.#epoch);
    for (const circle of readers) {
      if (this.#isClosing) return;
      const isHiding = await this.#hides(circle);
      // Where nothing could be shown nothing is taken back: there the author's own lies, which lets him answer.
      if (!isHiding && (this.#isShownTo(circle) || (await before.hidesIn(circle))))
        await this.#withdraw(circle);
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
    for (const reader of this.#windowsOf(circle).values())
      if ([...reader.shown.values()].includes("circle")) return true;
    return false;
  }

  /** Whoever was answered that there is nothing yet may ask again. */
  #light(circle: CircleId): void {
    for (const [connection, reader] of this.#windowsOf(circle)) {
      if (!reader.isInDark) continue;
      reader.isInDark = false;
      this.#tell(connection, "feed:opened", {});
    }
  }

  #windowsOf(circle: CircleId): ReadonlyMap<ConnectionId, Reader> {
    return this.#people.get(circle)?.windows ?? new Map();
  }

  /**
   * Lets come to this reader what was released; but not where too few of those who could have written it
   * have been here since: being here would give its author away (F15). Says when to look again.
   */
  async #let(circle: CircleId): Promise<{ entries: readonly FeedEntry[]; lookAt: number }> {
    const { clock, circles } = this.#p;
    const now = clock.now();
    const upTo = await circles.coveredUpTo(circle);
    // Out of a block that an epoch has changed: what today's blocks are all enough for.
    const least = Math.min(now, ...upTo.values());
    const { entries, isHeld, nextAt } = await this.#store.arrive(circle, upTo, least);
    // Not all at one time.
    const again = isHeld ? HELD_AGAIN_MS : (LOOK_AGAIN_MS * (1 + secureRandom.uniform())) / 2;
    return { entries, lookAt: Math.min(now + again, nextAt + SKEW_MS) };
  }

  /** Another window of his, or another process, may have put it into his feed: he hears it here too. */
  async #arrive(circle: CircleId, person: Person): Promise<void> {
    const now = this.#p.clock.now();
    // What is said to be coming meanwhile is looked for afterwards.
    person.lookAt = Infinity;
    try {
      const { lookAt } = await this.#let(circle);
      await this.#tellArrived(circle, person, person.lookedAt - ARRIVALS_AGAIN_MS);
      person.lookedAt = now;
      person.lookAt = Math.min(person.lookAt, lookAt);
    } catch (error) {
      person.lookAt = Math.min(person.lookAt, now + HELD_AGAIN_MS);
      throw error;
    }
  }

  async #tellArrived(circle: CircleId, { windows }: Person, since: number): Promise<void> {
    const entries = await this.#store.arrivedSince(circle, since);
    if (entries.length === 0 || !(await this.#hides(circle))) return;
    const recent = new Set(entries.map(({ id }) => id));
    for (const [connection, reader] of windows) {
      const fresh = entries.filter(
        ({ id, arrivedAt }) =>
          arrivedAt > reader.hearsFrom && reader.shown.get(id) !== "circle" && !reader.told.has(id),
      );
      for (const { id } of await this.#show(connection, reader, fresh)) reader.told.add(id);
      for (const id of reader.told) if (!recent.has(id)) reader.told.delete(id);
    }
  }

  /** Tells those who read in a place what is released there. */
  async #tellPlaces(): Promise<void> {
    const now = this.#p.clock.now();
    const released = this.#dropped.filter(({ releaseAt }) => releaseAt <= now);
    if (released.length === 0) return;
    const places = new Set(released.map(({ place }) => place));
    const there = [...this.#readers].filter(([, { place }]) => place !== null && places.has(place));
    await inSlices(there, BATCH, async ([connection, reader]) => {
      const fresh = released.filter(
        ({ place, id }) => place === reader.place && !reader.shown.has(id),
      );
      if (fresh.length === 0) return;
      const entries = await this.#withWays(reader.circle, fresh);
      await this.#show(connection, reader, entries, { here: true });
    });
    // Who could not be told is told by the next turn, and nobody twice.
    this.#dropped = this.#dropped.filter((one) => !released.includes(one));
  }

  /** Each hears it as his own: what he hid is not told to him, and what he muted is marked. */
  async #arriveInWorld(since: number): Promise<void> {
    const readers = [...this.#readers].filter(([, { isInWorld }]) => isInWorld);
    if (readers.length === 0) return;
    const ids = await this.#store.arrivedInWorld(since);
    const fresh = ids.filter((id) => !this.#toldOfWorld.has(id));
    const entries = fresh.map((id) => ({ id, way: null }));
    try {
      if (fresh.length > 0) await inSlices(readers, BATCH, (one) => this.#show(...one, entries));
    } catch (error) {
      // The page knows again what it was told; but for the sake of few not all are told on and on.
      this.#worldTries += 1;
      if (this.#worldTries < WORLD_TRIES) throw error;
      this.#p.onUnsettled(error);
    }
    this.#worldTries = 0;
    this.#toldOfWorld = new Set(ids);
  }

  async #show(
    connection: ConnectionId,
    reader: Reader,
    entries: readonly Shown[],
    where: { here?: true } = {},
  ): Promise<readonly Secret[]> {
    const posts = await this.#toReader(reader, entries);
    this.#listen(connection, reader, posts);
    for (const post of posts) this.#tell(connection, "feed:posted", { post, ...where });
    return posts;
  }

  #tell<N extends EventName>(connection: ConnectionId, event: N, payload: Events[N]): void {
    this.#p.publisher.toConnection(connection, event, payload);
  }

  async #withdraw(circle: CircleId): Promise<void> {
    await this.#store.withdraw(circle);
    for (const [connection, reader] of this.#windowsOf(circle)) {
      reader.isInDark = true;
      for (const [id, label] of reader.shown) {
        if (label !== "circle") continue;
        reader.shown.delete(id);
        reader.told.delete(id);
        this.#leave(connection, id);
        this.#tell(connection, "feed:withdrawn", { postId: id });
      }
    }
  }

  /** What others have done with what is shown here may not have been heard: the store has it. */
  async #missed(): Promise<void> {
    const shown = new Set([...this.#readers.values()].flatMap((one) => [...one.shown.keys()]));
    const ids = [...shown];
    for (let i = 0; i < ids.length; i += BATCH) {
      const some = ids.slice(i, i + BATCH);
      const found = await this.#store.read(some.map((id) => ({ id, mark: "" })));
      for (const [n, id] of some.entries()) {
        const stored = found[n];
        if (stored && !stored.veil)
          this.#p.publisher.here.toRoom(id, "feed:changed", changeToWire(stored));
        else this.#deletedHere(id);
      }
    }
    const now = this.#p.clock.now();
    for (const person of this.#people.values())
      person.lookAt = Math.min(person.lookAt, now + HELD_AGAIN_MS * secureRandom.uniform());
    for (const [connection, reader] of this.#readers) {
      const own = [...reader.shown.keys()];
      const hidden = await this.#store.hiddenOf(reader.circle, own);
      for (const [n, id] of own.entries()) if (hidden[n]) this.#hiddenHere(reader.circle, id);
      if (reader.place === null) continue;
      const entries = await this.#store.inPlace(reader.place, null, PAGE);
      const fresh = entries.filter(({ id }) => !reader.shown.has(id));
      await this.#show(connection, reader, await this.#withWays(reader.circle, fresh), {
        here: true,
      });
    }
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#turning;
  }
}

function nextCursor(entries: readonly { order: number }[]): { cursor?: string } {
  const last = entries.at(-1);
  return last && entries.length === PAGE ? { cursor: last.order.toString(36) } : {};
}

/** Of all names some 70 thousand million begin differently; whoever is taken for another is looked for in vain. */
const beginningOf = (circle: CircleId): string => circle.slice(0, 6);
