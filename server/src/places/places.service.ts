import type { CircleId, Data, PlaceId, SeaId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import type { Context } from "../lib/connection-context.ts";
import { DomainError, invalid } from "../lib/errors.ts";
import { inSlices } from "../lib/in-slices.ts";
import type { ConnectionId } from "../lib/publisher.ts";
import { sha256 } from "../lib/sha256.ts";
import type { PlaceCatalogue } from "./place-catalogue.ts";
import type { PlaceStore } from "./places.store.ts";
import { say } from "./word.ts";
import type { Word } from "./word.ts";

/** That somebody is here is noted once in this time, in ms. */
const RENEW_MS = 60 * 60 * 1000;
/** Words that one person gives at the same time are tried so often. */
const TRIES = 5;
/** Renewals that go to the store together. */
const BATCH = 50;

type Who = Pick<Context, "circle" | "mask">;

export interface PlaceParts {
  store: PlaceStore;
  catalogue: PlaceCatalogue;
  /** The store's. */
  clock: Clock;
  /** A place with fewer active people is not shown by itself. */
  rules: { minPeople: number };
}

/** Where a drifter says that he is, by the operator's list and by nothing else (F12). */
export class PlaceService {
  readonly #p: PlaceParts;
  readonly #store: PlaceStore;
  readonly #catalogue: PlaceCatalogue;
  readonly #here = new Map<ConnectionId, Who>();
  readonly #renewed = new Map<CircleId, number>();

  constructor(parts: PlaceParts) {
    this.#p = parts;
    this.#store = parts.store;
    this.#catalogue = parts.catalogue;
  }

  /** Throws `invalid` where the operator's list has no such place. */
  check(place: PlaceId, field = "place"): void {
    if (!this.#catalogue.get(place)) throw invalid({ [field]: "no such place" });
  }

  async list({ circle }: Who): Promise<Data<"place:list">> {
    const mine = this.#catalogue.places.length > 0 ? await this.#mine(circle) : null;
    return { places: [...this.#catalogue.places], mine };
  }

  async #mine(circle: CircleId): Promise<PlaceId | null> {
    return this.#knownIn(await this.#store.word(circle));
  }

  /** The operator may have taken a place out of his list. */
  #knownIn(word: Word | null): PlaceId | null {
    const place = word?.now ?? null;
    return place !== null && this.#catalogue.get(place) ? place : null;
  }

  /** He is there, or nowhere. Throws `rate_limited` where he said something else within the hour. */
  async say(who: Who, place: PlaceId | null): Promise<void> {
    if (place !== null) this.check(place, "placeId");
    await this.#change(who, (before, at) => {
      if (place !== null) return say(before, place, at, this.#catalogue);
      return before && { ...before, now: null };
    });
  }

  /** He is there, by his asking for it; what lies around the place that he said is his anyway. */
  async name(who: Who, place: PlaceId): Promise<PlaceId | null> {
    this.check(place);
    await this.#change(who, (before, at) => {
      const mine = this.#knownIn(before);
      if (mine !== null && this.#catalogue.path(mine).includes(place)) return before;
      return say(before, place, at, this.#catalogue);
    });
    return this.shown(place);
  }

  async #change(
    who: Who,
    next: (before: Word | null, at: number) => Word | { retryAfterMs: number } | null,
  ): Promise<void> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = await this.#store.word(who.circle);
      const word = next(before, this.#p.clock.now());
      if (word === before || word === null) return this.renew(who);
      if ("retryAfterMs" in word) {
        const { retryAfterMs } = word;
        throw new DomainError("rate_limited", "where one is, is said once an hour", {
          retryAfterMs,
        });
      }
      // Where this or counting has no answer, saying it again or coming again counts him.
      this.#renewed.delete(who.circle);
      if (await this.#store.setWord(who.circle, before, word)) {
        await this.#settle(who, this.#knownIn(before), this.#knownIn(word));
        this.#renewed.set(who.circle, this.#p.clock.now());
        return;
      }
    }
    throw new DomainError("conflict", "something else is being said at the same time");
  }

  /** Counts him where he is now, and no longer where he was. */
  async #settle(who: Who, from: PlaceId | null, to: PlaceId | null): Promise<void> {
    const now = to === null ? [] : this.#catalogue.path(to);
    const left = (from === null ? [] : this.#catalogue.path(from)).filter((p) => !now.includes(p));
    await Promise.all([
      ...left.map((place) => this.#store.leave(place, markOf(who, place))),
      ...now.map((place) => this.#store.enter(place, markOf(who, place))),
    ]);
  }

  /** The place itself or the nearest around it that has enough people; null: the world. */
  async shown(place: PlaceId): Promise<PlaceId | null> {
    const path = this.#catalogue.path(place);
    const people = await Promise.all(path.map((one) => this.#store.people(one)));
    return path[people.findIndex((count) => count >= this.#p.rules.minPeople)] ?? null;
  }

  /** The sea that a name means to him: where it is a place's, only if he is there. */
  async seaOf(who: Who, sea: SeaId): Promise<SeaId> {
    const place = this.#catalogue.get(sea)?.id;
    if (place === undefined) return sea;
    const mine = await this.#mine(who.circle);
    if (mine === null || !this.#catalogue.path(mine).includes(place))
      throw invalid({ sea: "the sea of a place is for those who have said that they are there" });
    return seaIn(await this.shown(place));
  }

  /** The sea where he has said that he is; null where that is the world's, or he has said nothing. */
  async seaHere(who: Who): Promise<SeaId | null> {
    if (this.#catalogue.places.length === 0) return null;
    const mine = await this.#mine(who.circle);
    const shown = mine === null ? null : await this.shown(mine);
    return shown === null ? null : seaIn(shown);
  }

  /** From now on he counts as here, as long as this connection lasts. */
  connected({ connection, circle, mask }: Context): void {
    if (this.#catalogue.places.length > 0) this.#here.set(connection, { circle, mask });
  }

  disconnected({ connection }: Pick<Context, "connection">): void {
    this.#here.delete(connection);
  }

  /** He is here: what he said holds on, and he counts as active there. */
  async renew(who: Who): Promise<void> {
    const { circle } = who;
    const now = this.#p.clock.now();
    if (this.#catalogue.places.length === 0) return;
    if ((this.#renewed.get(circle) ?? -Infinity) > now - RENEW_MS) return;
    this.#renewed.set(circle, now);
    try {
      const mine = await this.#mine(circle);
      if (mine === null) return;
      await this.#store.keepWord(circle);
      await this.#settle(who, null, mine);
      // What he has said meanwhile wins.
      const since = await this.#mine(circle);
      if (since !== mine) await this.#settle(who, mine, since);
    } catch (error) {
      this.#renewed.delete(circle);
      throw error;
    }
  }

  /** Renews those who have been here for long. */
  async tend(): Promise<void> {
    const all = [...new Map([...this.#here.values()].map((who) => [who.circle, who])).values()];
    await inSlices(all, BATCH, (who) => this.renew(who));
    const old = this.#p.clock.now() - RENEW_MS;
    for (const [circle, at] of this.#renewed) if (at <= old) this.#renewed.delete(circle);
  }

  async erase(who: Who): Promise<void> {
    await this.#settle(who, await this.#mine(who.circle), null);
    await this.#store.erase(who.circle);
    this.#renewed.delete(who.circle);
  }
}

/** `mask` is kept by nobody: from what is stored no mark can be computed. */
const markOf = ({ mask }: Who, place: PlaceId): string => sha256("place", mask, place);

const seaIn = (place: PlaceId | null): SeaId => (place ?? "world") as string as SeaId;
