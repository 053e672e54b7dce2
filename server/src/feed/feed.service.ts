import { cleanText, photoFault, withoutMetadata } from "@driftsea/protocol";
import type {
  CircleId,
  EventName,
  Events,
  Notice,
  OwnerHash,
  OwnerKey,
  Payload,
  Poll,
  PollChoice,
  Secret,
  SecretComment,
  SecretId,
} from "@driftsea/protocol";
import type { CircleService } from "../circles/circles.service.ts";
import type { Clock } from "../lib/clock.ts";
import type { Context } from "../lib/connection-context.ts";
import { DomainError, gone, invalid } from "../lib/errors.ts";
import { Hearing } from "../lib/hearing.ts";
import type { ConnectionId, Place, Publisher } from "../lib/publisher.ts";
import type { Rng } from "../lib/random.ts";
import { Recent } from "../lib/recent.ts";
import type { Viewers } from "../lib/viewers.ts";
import { ownerHashOf } from "../lib/sha256.ts";
import type { PlaceService } from "../places/places.service.ts";
import type { QuotaService } from "../quotas/quotas.service.ts";
import type { FeedErrands } from "./feed.errands.ts";
import { SECRET_LIFE_MS } from "./feed.store.ts";
import type { FeedStore, NewSecret, StoredSecret, Veil } from "./feed.store.ts";
import type { FeedStreams } from "./feed.streams.ts";
import {
  CROWN,
  carrierMarkOf,
  changeToWire,
  commentToWire,
  freshIcon,
  markOf,
  pollToWire,
  readBy,
  commentsSince,
} from "./feed.wire.ts";
import { secretIdOf, secretToWire, steadyIcon, writeMarkOf } from "./feed.wire.ts";

/** Circles to which this process remembers having carried something, so that it is not done again. */
const CARRIED_KEPT = 10_000;
/** Of what one connection wrote itself, and commented, it hears of so much; the oldest give way. */
const HEARD = 400;

export interface FeedServiceParts {
  store: FeedStore;
  circles: CircleService;
  quotas: Pick<QuotaService, "spend">;
  places: PlaceService;
  publisher: Publisher;
  viewers: Viewers;
  standingOf: (id: SecretId) => Promise<Notice | null>;
  streams: FeedStreams;
  errands: FeedErrands;
  /** The store's. */
  clock: Clock;
  random: Rng;
  /** A secret is released at a random time within this, in ms (F15). */
  releaseDelayMaxMs: number;
}

type Who = Pick<Context, "circle" | "mask">;

/** The feed of secrets: who wrote what, nobody can tell (F1 to F17). */
export class FeedService {
  readonly #p: FeedServiceParts;
  readonly #store: FeedStore;
  readonly #carried = new Recent<string>(CARRIED_KEPT);
  /** Of what he wrote, and nobody is named for it. */
  readonly #hearing: Hearing;

  constructor(parts: FeedServiceParts) {
    this.#p = parts;
    this.#store = parts.store;
    const { publisher, streams } = parts;
    this.#hearing = new Hearing(
      {
        join: (connection, place) => publisher.join(connection, place),
        // It may be shown to him beside that.
        leave: (connection, place) => {
          if (!streams.isShown(connection, place as SecretId)) publisher.leave(connection, place);
        },
      },
      HEARD,
    );
  }

  /** Whether it is one of his, which he goes on hearing of. */
  hears(connection: ConnectionId, id: SecretId): boolean {
    return this.#hearing.hears(connection, id);
  }

  disconnected({ connection }: Pick<Context, "connection">): void {
    this.#hearing.disconnected(connection);
  }

  /** Writes a secret. The reply does not wait until it has been brought to anybody. */
  async post(context: Context, input: Payload<"feed:post">): Promise<Secret> {
    const text = cleanText(input.text);
    const { background, ownerHash } = input;
    const photo = input.photo && withoutMetadata(input.photo);
    const fault = photo && photoFault(photo);
    if (fault !== undefined) throw invalid({ photo: fault });
    if (input.place !== undefined) this.#p.places.check(input.place);
    const id = secretIdOf(input.id, ownerHash);
    const { circles, places, clock, random, releaseDelayMaxMs } = this.#p;
    const [before] = await readBy(this.#store, context, [id]);
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
      releaseAt: clock.now() + Math.floor(random.uniform() * releaseDelayMaxMs),
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
    this.#p.errands.run(context.circle);
    // Where the same write came twice at once, one of the two was first.
    const [stored] = await readBy(this.#store, context, [id]);
    if (!stored) throw gone();
    this.#hearing.listen(context.connection, ownerHash);
    return this.#toOwner(stored);
  }

  #toOwner(stored: StoredSecret): Secret {
    const reader = { way: "own", muted: false, since: stored.releaseAt } as const;
    return secretToWire(stored, reader, this.#p.clock.now());
  }

  /**
   * The author's mailbox: how it stands, to whoever holds its key; from now on this connection hears what
   * becomes of it. No drifter is named for it.
   */
  async own(
    context: Context,
    id: SecretId,
    ownerKey: OwnerKey,
  ): Promise<{ post: Secret; notice?: Notice }> {
    const [stored] = await readBy(this.#store, context, [id]);
    if (stored?.ownerHash !== ownerHashOf(ownerKey)) throw gone();
    const notice = await this.#p.standingOf(id);
    // Of one that is gone for good there is nothing left but to be told so.
    if (stored.veil === "removed" && !notice) throw gone();
    this.#listen(context, stored);
    return { post: this.#toOwner(stored), ...(notice ? { notice } : {}) };
  }

  /** What becomes of it, and what is for its author alone. */
  #listen(
    { connection }: Context,
    { id, ownerHash }: { id: SecretId; ownerHash: OwnerHash },
  ): void {
    this.#hearing.listen(connection, id);
    this.#hearing.listen(connection, ownerHash);
  }

  /** What there is to be read by somebody else than its author. */
  async #released(who: Who, id: SecretId): Promise<StoredSecret> {
    const [stored] = await readBy(this.#store, who, [id]);
    if (!stored || stored.veil || stored.releaseAt > this.#p.clock.now()) throw gone();
    return stored;
  }

  /** A heart carries the secret to the circle of whoever gives it, once. */
  async heart(context: Context, id: SecretId, on: boolean): Promise<number> {
    const stored = await this.#released(context, id);
    const change = () => this.#store.heart(id, markOf(context.mask, id), on);
    const hearts = await this.#spendHeart(context, stored.hearted !== on, change);
    if (hearts === null) throw gone();
    if (stored.hearted !== on) await this.#tellChange(id);
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
  async #carry(
    { circle, connection, mask }: Context,
    { id, isWorld }: StoredSecret,
  ): Promise<boolean> {
    const { circles, clock, random, releaseDelayMaxMs, streams } = this.#p;
    const name = `${circle}|${id}`;
    const graph = circles.graph();
    if (this.#carried.has(name) || !(await graph.isOpen(circle))) return false;
    // From a place it is shown as the world's.
    const isShown = streams.isShownAsWorlds(connection, id);
    if (!isWorld && !isShown && (await this.#store.entryOf(circle, id)) === null) return false;
    const releaseAt = clock.now() + Math.floor(random.uniform() * releaseDelayMaxMs);
    const { epoch } = graph;
    const by = carrierMarkOf(mask, id);
    await this.#store.begin(circle, { kind: "carry", postId: id, epoch, releaseAt, by });
    this.#carried.set(name, true);
    this.#p.errands.run(circle);
    return true;
  }

  async comment(context: Context, input: Payload<"feed:comment">): Promise<SecretComment> {
    const { postId: id, ownerKey } = input;
    const stored = await this.#mayRead(context, id, ownerKey);
    const crown = ownerKey !== undefined;
    const entry = await this.#store.entryOf(context.circle, id);
    if (!crown && stored.comments !== "anyone" && entry?.way !== "own")
      throw new DomainError("forbidden", "only its own circle may comment");
    const steady = stored.icons === "steady" ? steadyIcon(context.mask, id) : freshIcon();
    const mark = writeMarkOf(context.mask, id, input.id);
    const again = await this.#store.commentOf(id, mark);
    const since = commentsSince(stored, entry);
    if (again) return commentToWire(again, since, this.#p.clock.now());
    const said = { icon: crown ? CROWN : steady, crown, text: cleanText(input.text) };
    const write = () => this.#store.comment(id, mark, said);
    const isNew = (done: Awaited<ReturnType<typeof write>>) => done?.isNew === true;
    const written = await this.#p.quotas.spend(context.drifter, "comments", write, isNew);
    if (!written) throw gone();
    const comment = commentToWire(written.comment, since, this.#p.clock.now());
    // Nobody is named who wrote it: while he is here, this connection is told what becomes of it.
    this.#hearing.listen(context.connection, commentPlace(id, comment.seq));
    if (written.isNew) {
      this.#p.publisher.toRoom(id, "feed:commented", { postId: id, comment });
      await this.#tellChange(id);
    }
    return comment;
  }

  /** Its author, before it is released too; a key that is not its own is refused. */
  async #mayRead(who: Who, id: SecretId, ownerKey: OwnerKey | undefined): Promise<StoredSecret> {
    if (ownerKey === undefined) return this.#released(who, id);
    const [stored] = await readBy(this.#store, who, [id]);
    if (stored?.ownerHash !== ownerHashOf(ownerKey) || stored.veil === "removed") throw gone();
    return stored;
  }

  async comments(
    context: Context,
    { postId: id, after = 0, ownerKey }: Payload<"feed:comments">,
  ): Promise<{ comments: SecretComment[]; recovered: boolean }> {
    const stored = await this.#mayRead(context, id, ownerKey);
    const since = commentsSince(stored, await this.#store.entryOf(context.circle, id));
    const found = await this.#store.comments(id, after);
    if (!found) throw gone();
    const now = this.#p.clock.now();
    // Whoever has a cursor and misses what came right after it must be told.
    const recovered = after === 0 || found.length === 0 || found[0]!.seq === after + 1;
    const shown = found.filter(({ veil }) => veil === undefined);
    for (const block of new Set(shown.map(({ seq }) => blockOf(seq))))
      this.#p.viewers.saw(context.mask, { kind: "comment", id, seq: block });
    return { comments: shown.map((comment) => commentToWire(comment, since, now)), recovered };
  }

  async vote(context: Context, id: SecretId, choice: PollChoice): Promise<Poll> {
    const stored = await this.#released(context, id);
    const change = () => this.#store.vote(id, markOf(context.mask, id), choice);
    const tally = await this.#spendHeart(context, stored.voted !== choice, change);
    if (!tally) throw gone();
    if (stored.voted !== choice) await this.#tellChange(id);
    return pollToWire(tally);
  }

  /** As it stands by then: what was read before its own change may be older than what was told last. */
  async #tellChange(id: SecretId): Promise<void> {
    const [now] = await this.#store.read([{ id, mark: "" }]).catch(() => []);
    if (now && !now.veil) this.#p.publisher.toRoom(id, "feed:changed", changeToWire(now));
  }

  async delete(id: SecretId, ownerKey: OwnerKey): Promise<void> {
    if (!(await this.#store.delete(id, ownerHashOf(ownerKey)))) throw gone();
    this.#p.streams.deleted(id);
  }

  /** Null before its release: whoever asks by its address alone may be anybody. */
  async photo(id: SecretId): Promise<Uint8Array | null> {
    const [stored] = await this.#store.read([{ id, mark: "" }]);
    if (!stored || stored.veil || stored.releaseAt > this.#p.clock.now()) return null;
    return this.#store.photo(id);
  }

  /** What a report quotes: a secret, or one comment with what it answers; and when the secret ends. */
  async quote(
    id: SecretId,
    seq: number | undefined,
  ): Promise<{ texts: string[]; endsAt: number; viewedAs: { seq?: number } }> {
    const [stored] = await this.#store.read([{ id, mark: "" }]);
    if (!stored || stored.veil || stored.releaseAt > this.#p.clock.now()) throw gone();
    const endsAt = stored.releaseAt + SECRET_LIFE_MS;
    if (seq === undefined) return { texts: [stored.text], endsAt, viewedAs: {} };
    const [comment] = (await this.#store.comments(id, seq - 1)) ?? [];
    if (comment?.seq !== seq || comment.veil) throw gone();
    return { texts: [stored.text, comment.text], endsAt, viewedAs: { seq: blockOf(seq) } };
  }

  /** Out of everybody's sight, back, or gone for good; safe to repeat. */
  async veil(id: SecretId, seq: number | null, veil: Veil): Promise<void> {
    await this.#store.veil(id, seq, veil);
    if (veil === "restore") return;
    if (seq === null) this.#p.streams.deleted(id);
    else this.#p.publisher.toRoom(id, "feed:comment-gone", { postId: id, seq });
  }

  /** Tells whoever holds the key of a secret, or wrote a comment and has been here since. */
  async tellAuthor<N extends EventName>(
    id: SecretId,
    seq: number | null,
    event: N,
    payload: Events[N],
  ): Promise<void> {
    if (seq !== null) return this.#p.publisher.toRoom(commentPlace(id, seq), event, payload);
    const [stored] = await this.#store.read([{ id, mark: "" }]);
    if (stored) this.#p.publisher.toRoom(stored.ownerHash, event, payload);
  }

  async erase(circle: CircleId): Promise<void> {
    await this.#store.erase(circle);
  }
}

/** Comments whose readers are counted together: whoever reads one reads those around it. */
const blockOf = (seq: number): number => Math.floor(seq / 20);

/** Where whoever wrote a comment hears of it; kept in no store. */
const commentPlace = (id: SecretId, seq: number): Place => `${id}:${seq}` as Place;
