import type { CircleId } from "@driftsea/protocol";
import { Recent } from "../lib/recent.ts";
import { sha256 } from "../lib/sha256.ts";
import { Slices } from "../lib/slices.ts";
import { blocksOf } from "./blocks.ts";

/** What the graph knows of one person in one epoch. */
export interface Node {
  /** Old enough, and active in the period: may count as somebody who could have written. */
  isEstablished: boolean;
  /** Friends whose edge counts in this epoch, as his own record has it. */
  friends: readonly CircleId[];
}

export interface GraphRules {
  /** Friends before a feed opens. */
  minFriends: number;
  /** People who could have written a secret, as its reader may count them. */
  k: number;
}

/** Names one block of one reader's circle, the same in each epoch in which it begins with the same two. */
export type BlockName = string;

export interface Audience {
  /** Each with the block of his circle in which the author is hidden from him. */
  readers: ReadonlyMap<CircleId, BlockName>;
  /** The least number of people who count for any of these readers; 0 where there is none. */
  couldWrite: number;
}

/** Those who could have written what one reader is shown out of one block of his circle. */
export interface Cover {
  block: BlockName;
  count: number;
  /** `COVER_KEPT` of them at most, or four times k. */
  some: readonly CircleId[];
}

/** A block of a reader's circle in which at least k count. */
interface Block {
  name: BlockName;
  /** By number; those who count come first. */
  members: Int32Array;
  /** How many of them count. */
  count: number;
}

/** Enough to see who of them is here, in a circle of any size. */
const COVER_KEPT = 200;
/** Readers in all audiences that are remembered, some 100 B each; those that were looked up first give way. */
const AUDIENCE_READERS = 200_000;
/** Readers whose covers are remembered, some kB each. */
const COVERS = 20_000;
/** What all blocks that are remembered take, in bytes; those that were found first give way. */
const BLOCK_BYTES = 32_000_000;
/** Of one reader, and of each block of his, beside 4 for each of its people; reckoned. */
const READER_BYTES = 60;
const BLOCK_OWN_BYTES = 300;
/** Friends outside the reader's own that somebody must have to count for that reader. */
const OUTSIDE_FRIENDS = 2;
/** Of a hash: 66 bits. */
const BLOCK_NAME_CHARS = 11;
/** Of the block in which these two are. */
export const blockNameOf = (one: string, other: string): BlockName =>
  sha256("block", one, other).slice(0, BLOCK_NAME_CHARS);
/** People that are loaded together. */
const BATCH = 100;

/**
 * Who may see whose secrets, frozen for one epoch (F2, F14).
 *
 * The rule for a reader R and an author V of his circle, computed on R's friends and friends of
 * friends WITHOUT R: somebody counts where he is established and has two friends who are neither R
 * nor R's friends; and only those count together with V who hang together with V in such a way that
 * no single person parts them (a block of the graph). V is shown where at least k count.
 *
 * An edge is one where the records of both sides have it: a process that died between the two, or one
 * side that has expired, leaves none. Long searches rest, so that the process serves others meanwhile.
 *
 * So accounts that a reader made and tied to himself hold nothing up: without R they are not there;
 * and a whole cloud of them behind one accepted invite hangs on one person, who parts it from V.
 */
export class CircleGraph {
  readonly epoch: number;
  readonly #rules: GraphRules;
  readonly #load: (ids: CircleId[]) => Promise<Node[]>;
  readonly #numberOf = new Map<CircleId, number>();
  readonly #ids: CircleId[] = [];
  /** By number, whom a record names; null while nobody has asked for that person. */
  readonly #claims: (readonly number[] | null)[] = [];
  /** Whom it names, and who names it, as far as both are loaded. */
  readonly #friends: number[][] = [];
  /** Who names somebody that is not loaded. */
  readonly #unanswered = new Map<number, number[]>();
  readonly #established: boolean[] = [];
  #searches: Promise<unknown> = Promise.resolve();
  /** By reader: whoever writes in one circle after another has his readers in common with them. */
  readonly #blocks = new Map<number, readonly Block[]>();
  #blockBytes = 0;
  readonly #audiences = new Map<CircleId, Promise<Audience>>();
  /** Of those that are looked up, how many readers each has, in order. */
  readonly #sizes = new Map<CircleId, number>();
  #remembered = 0;
  readonly #covers = new Recent<CircleId, Promise<readonly Cover[]>>(COVERS);
  readonly #loading = new Map<number, Promise<void>>();

  constructor(
    epoch: number,
    rules: GraphRules,
    load: (ids: CircleId[], epoch: number) => Promise<Node[]>,
  ) {
    this.epoch = epoch;
    this.#rules = rules;
    this.#load = (ids) => load(ids, epoch);
  }

  async friendsOf(me: CircleId): Promise<CircleId[]> {
    const own = this.#number(me);
    await this.#needFriends([own]);
    return this.#friends[own]!.map((n) => this.#ids[n]!);
  }

  /** Whether the feed of this person is open, by the edges that count. */
  async isOpen(me: CircleId): Promise<boolean> {
    return (await this.friendsOf(me)).length >= this.#rules.minFriends;
  }

  /** Whom a reader may be shown, and in the midst of how many who count, at least. */
  async shownTo(reader: CircleId): Promise<Map<CircleId, number>> {
    const slices = new Slices();
    await slices.rest();
    const shown = new Map<CircleId, number>();
    for (const { members, count } of await this.#blocksOf(this.#number(reader), slices))
      for (const n of members) {
        const id = this.#ids[n]!;
        shown.set(id, Math.max(count, shown.get(id) ?? 0));
      }
    return shown;
  }

  /** Whether this reader may be shown anybody. */
  async hidesIn(reader: CircleId): Promise<boolean> {
    return (await this.coversOf(reader)).length > 0;
  }

  /** Those in whose midst whoever is shown to this reader is hidden, by blocks; kept for the epoch. */
  coversOf(reader: CircleId): Promise<readonly Cover[]> {
    const known = this.#covers.get(reader);
    if (known) return known;
    const covers = this.#findCovers(reader);
    this.#covers.set(reader, covers);
    covers.catch(() => this.#covers.delete(reader));
    return covers;
  }

  async #findCovers(reader: CircleId): Promise<readonly Cover[]> {
    const slices = new Slices();
    await slices.rest();
    const kept = Math.max(COVER_KEPT, 4 * this.#rules.k);
    return (await this.#blocksOf(this.#number(reader), slices)).map(({ name, members, count }) => ({
      block: name,
      count,
      some: Array.from(members.subarray(0, Math.min(count, kept)), (n) => this.#ids[n]!),
    }));
  }

  /** Who is shown what this author writes; remembered for those who wrote last. */
  audienceOf(author: CircleId): Promise<Audience> {
    const known = this.#audiences.get(author);
    if (known) return known;
    // One after the other: many who ask at once must not take the process, nor the store, from all others.
    const audience = this.#searches.then(() => this.#findAudience(author));
    this.#searches = audience.catch(() => {});
    this.#audiences.set(author, audience);
    audience.then(
      ({ readers }) => this.#remember(author, readers.size),
      () => this.#audiences.delete(author),
    );
    return audience;
  }

  #remember(author: CircleId, readers: number): void {
    // An audience of nobody is remembered too.
    this.#sizes.set(author, readers + 1);
    this.#remembered += readers + 1;
    for (const [first, size] of this.#sizes) {
      if (this.#remembered <= AUDIENCE_READERS) return;
      this.#sizes.delete(first);
      this.#audiences.delete(first);
      this.#remembered -= size;
    }
  }

  async #findAudience(author: CircleId): Promise<Audience> {
    const own = this.#number(author);
    const slices = new Slices();
    await slices.rest();
    await this.#needCircle([own], slices);
    const circle = this.#twoSteps(own, new Int32Array(this.#ids.length));
    await this.#needFriends(circle, slices);
    const open = circle.filter((n) => this.#friends[n]!.length >= this.#rules.minFriends);
    const unknown = open.filter((n) => !this.#blocks.has(n));
    await this.#needCircle(unknown, slices);
    const place = new Int32Array(this.#ids.length);
    const readers = new Map<CircleId, BlockName>();
    let least = Infinity;
    for (const reader of open) {
      if (slices.isOver()) await slices.rest();
      const blocks = this.#blocks.get(reader) ?? (await this.#search(reader, slices, place));
      let mine: Block | null = null;
      for (const block of blocks) {
        const { name, count, members } = block;
        if (count < (mine?.count ?? 0) || !members.includes(own)) continue;
        // Whoever stands in two is taken for the same one by every process.
        if (mine === null || count > mine.count || name < mine.name) mine = block;
      }
      if (mine === null) continue;
      readers.set(this.#ids[reader]!, mine.name);
      least = Math.min(least, mine.count);
    }
    return { readers, couldWrite: readers.size === 0 ? 0 : least };
  }

  #number(id: CircleId): number {
    const known = this.#numberOf.get(id);
    if (known !== undefined) return known;
    const number = this.#ids.length;
    this.#numberOf.set(id, number);
    this.#ids.push(id);
    this.#claims.push(null);
    this.#friends.push([]);
    this.#established.push(false);
    return number;
  }

  /** Loads these people, and whom they name: all their friends are known then. */
  async #needFriends(people: readonly number[], slices = new Slices()): Promise<void> {
    await this.#need([people], slices);
    await this.#need(
      people.map((n) => this.#claims[n]!),
      slices,
    );
  }

  /** All friends of these people are known then, and all friends of those. */
  async #needCircle(people: readonly number[], slices: Slices): Promise<void> {
    await this.#needFriends(people, slices);
    const friends = new Set<number>();
    for (const n of people) {
      if (slices.isOver()) await slices.rest();
      for (const friend of this.#friends[n]!) friends.add(friend);
    }
    await this.#needFriends([...friends], slices);
  }

  async #need(lists: readonly (readonly number[])[], slices: Slices): Promise<void> {
    const missing = new Set<number>();
    for (const list of lists) {
      if (slices.isOver()) await slices.rest();
      for (const n of list) if (this.#claims[n] === null) missing.add(n);
    }
    const waits = new Set<Promise<void>>();
    const mine: number[] = [];
    for (const n of missing) {
      const loading = this.#loading.get(n);
      if (loading) waits.add(loading);
      else if (this.#claims[n] === null) mine.push(n);
    }
    let before: Promise<void> = Promise.resolve();
    for (let i = 0; i < mine.length; i += BATCH) {
      const some = mine.slice(i, i + BATCH);
      const loading = before
        .then(() => this.#loadSome(some))
        .finally(() => {
          for (const n of some) this.#loading.delete(n);
        });
      for (const n of some) this.#loading.set(n, loading);
      waits.add(loading);
      before = loading;
    }
    await Promise.all(waits);
  }

  async #loadSome(people: number[]): Promise<void> {
    const nodes = await this.#load(people.map((n) => this.#ids[n]!));
    const slices = new Slices();
    for (const [i, n] of people.entries()) {
      if (slices.isOver()) await slices.rest();
      this.#learn(n, nodes[i]!);
    }
  }

  #learn(n: number, { isEstablished, friends }: Node): void {
    const claims = new Set(friends.map((friend) => this.#number(friend)));
    this.#claims[n] = [...claims];
    this.#established[n] = isEstablished;
    for (const other of this.#unanswered.get(n) ?? []) {
      if (!claims.has(other)) continue;
      this.#friends[n]!.push(other);
      this.#friends[other]!.push(n);
    }
    this.#unanswered.delete(n);
    for (const other of claims) {
      if (this.#claims[other] !== null) continue;
      const names = this.#unanswered.get(other);
      if (names) names.push(n);
      else this.#unanswered.set(other, [n]);
    }
  }

  /** Friends, then theirs; `place` has where each stands in the answer, and 1. It was all 0. */
  #twoSteps(own: number, place: Int32Array): number[] {
    const found: number[] = [];
    const add = (n: number): void => {
      if (n !== own && place[n] === 0) place[n] = found.push(n);
    };
    for (const friend of this.#friends[own]!) add(friend);
    for (const friend of this.#friends[own]!) for (const far of this.#friends[friend]!) add(far);
    return found;
  }

  async #blocksOf(reader: number, slices: Slices): Promise<readonly Block[]> {
    const known = this.#blocks.get(reader);
    if (known) return known;
    await this.#needCircle([reader], slices);
    return this.#search(reader, slices, new Int32Array(this.#ids.length));
  }

  /**
   * The blocks of a reader's circle in which at least k count; everybody of the circle is loaded. `place`
   * is all 0, has room for them, is this search's own while it lasts, and is all 0 again.
   */
  async #search(reader: number, slices: Slices, place: Int32Array): Promise<readonly Block[]> {
    const circle = this.#twoSteps(reader, place);
    const blocks: Block[] = [];
    if (circle.length >= this.#rules.k) {
      const counts = await this.#counting(reader, circle, place, slices);
      const areEnough = counts.reduce((sum, one) => sum + one, 0) >= this.#rules.k;
      // Of a crowd of newcomers, however dense, nobody counts, and nothing more is looked for.
      const edges = areEnough ? circle.map((n) => this.#friends[n]!) : [];
      for (const found of blocksOf(edges, place)) {
        if (slices.isOver()) await slices.rest();
        if (found === null) continue;
        const count = found.reduce((sum, at) => sum + counts[at]!, 0);
        if (count < this.#rules.k) continue;
        const members = new Int32Array(found.length);
        let [next, nextOther] = [0, count];
        for (const at of found) {
          if (counts[at] === 1) members[next++] = circle[at]!;
          else members[nextOther++] = circle[at]!;
        }
        blocks.push({ name: this.#nameOf(members), members, count });
      }
    }
    for (const n of circle) place[n] = 0;
    this.#keep(reader, blocks);
    return blocks;
  }

  #keep(reader: number, blocks: readonly Block[]): void {
    const sizeOf = (some: readonly Block[]): number =>
      some.reduce((sum, { members }) => sum + BLOCK_OWN_BYTES + members.byteLength, READER_BYTES);
    if (this.#blocks.has(reader)) return;
    this.#blocks.set(reader, blocks);
    this.#blockBytes += sizeOf(blocks);
    for (const [first, some] of this.#blocks) {
      if (this.#blockBytes <= BLOCK_BYTES) return;
      this.#blocks.delete(first);
      this.#blockBytes -= sizeOf(some);
    }
  }

  /** Two blocks have one person in common at most: the first two of all its people name one. */
  #nameOf(members: Int32Array): BlockName {
    let [first, second] = ["", ""];
    for (const n of members) {
      const id = this.#ids[n]!;
      if (first === "" || id < first) [first, second] = [id, first];
      else if (second === "" || id < second) second = id;
    }
    return blockNameOf(first, second);
  }

  /** 1 for each of the circle who counts for this reader, else 0. */
  async #counting(
    reader: number,
    circle: readonly number[],
    place: Int32Array,
    slices: Slices,
  ): Promise<Uint8Array> {
    const near = this.#friends[reader]!.length;
    const isOutside = (n: number): boolean =>
      n !== reader && !(place[n]! >= 1 && place[n]! <= near);
    const counts = new Uint8Array(circle.length);
    let open = circle.map((_, at) => at).filter((at) => this.#established[circle[at]!]);
    while (open.length > 0) {
      const lacking: number[] = [];
      const more: number[][] = [];
      for (const at of open) {
        if (slices.isOver()) await slices.rest();
        const n = circle[at]!;
        let outside = 0;
        for (const friend of this.#friends[n]!) {
          if (isOutside(friend)) outside += 1;
          if (outside === OUTSIDE_FRIENDS) break;
        }
        if (outside === OUTSIDE_FRIENDS) {
          counts[at] = 1;
          continue;
        }
        // Whoever is three steps away is loaded only where it matters whether he names him too.
        const unknown = this.#claims[n]!.filter((other) => this.#claims[other] === null);
        if (unknown.length === 0) continue;
        lacking.push(at);
        more.push(unknown.slice(0, OUTSIDE_FRIENDS));
      }
      await this.#need(more, slices);
      open = lacking;
    }
    return counts;
  }
}
