import type { CircleId } from "@driftsea/protocol";

/** What the graph knows of one person in one epoch. */
export interface Node {
  /** Old enough, and active in the period: may count as somebody who could have written. */
  isEstablished: boolean;
  /** Friends whose edge counts in this epoch, on both sides. */
  friends: readonly CircleId[];
}

export interface GraphRules {
  /** Friends before a feed opens. */
  minFriends: number;
  /** People who could have written a secret, as its reader may count them. */
  k: number;
}

export interface Audience {
  readers: readonly CircleId[];
  /** The least number of people who count for any of these readers; 0 where there is none. */
  couldWrite: number;
}

/** Audiences remembered. */
const AUDIENCES = 100;
/** Friends outside the reader's own that somebody must have to count for that reader. */
const OUTSIDE_FRIENDS = 2;
/** People that are loaded together. */
const BATCH = 500;
/** The event loop is let go after so long, in ms. */
const SLICE_MS = 5;

/**
 * Who may see whose secrets, frozen for one epoch (F2, F14).
 *
 * The rule for a reader R and an author V of his circle, computed on R's friends and friends of
 * friends WITHOUT R: somebody counts where he is established and has two friends who are neither R
 * nor R's friends; and only those count together with V who hang together with V in such a way that
 * no single person parts them (a block of the graph). V is shown where at least k count.
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
  /** By number; null while nobody has asked for that person. */
  readonly #friends: (Int32Array | null)[] = [];
  readonly #established: boolean[] = [];
  #searches: Promise<unknown> = Promise.resolve();
  readonly #audiences = new Map<CircleId, Promise<Audience>>();
  readonly #hiding = new Map<CircleId, Promise<boolean>>();
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
    await this.#need([own]);
    return Array.from(this.#friends[own]!, (n) => this.#ids[n]!);
  }

  /** Whether the feed of this person is open, by the edges that count. */
  async isOpen(me: CircleId): Promise<boolean> {
    return (await this.friendsOf(me)).length >= this.#rules.minFriends;
  }

  /** Whom a reader may be shown, and in the midst of how many who count, at least. */
  async shownTo(reader: CircleId): Promise<Map<CircleId, number>> {
    const own = this.#number(reader);
    await this.#needCircle([own]);
    const shown = new Map<CircleId, number>();
    for (const [n, count] of this.#shownTo(own)) shown.set(this.#ids[n]!, count);
    return shown;
  }

  /** Whether this reader may be shown anybody; remembered for the epoch. */
  hidesIn(reader: CircleId): Promise<boolean> {
    const known = this.#hiding.get(reader);
    if (known) return known;
    const hides = this.shownTo(reader).then((shown) => shown.size > 0);
    this.#hiding.set(reader, hides);
    hides.catch(() => this.#hiding.delete(reader));
    return hides;
  }

  /** Who is shown what this author writes; remembered for those who wrote last. */
  audienceOf(author: CircleId): Promise<Audience> {
    const known = this.#audiences.get(author);
    if (known) return known;
    // One search after the other: many who ask at once must not take the process from all others.
    const audience = this.#searches.then(() => this.#findAudience(author));
    this.#searches = audience.catch(() => {});
    this.#audiences.set(author, audience);
    audience.catch(() => this.#audiences.delete(author));
    if (this.#audiences.size > AUDIENCES) {
      this.#audiences.delete(this.#audiences.keys().next().value!);
    }
    return audience;
  }

  async #findAudience(author: CircleId): Promise<Audience> {
    const own = this.#number(author);
    await this.#need([own]);
    await this.#need(this.#friends[own]!);
    const circle = this.#twoSteps(own);
    await this.#need(circle);
    const open = circle.filter((n) => this.#friends[n]!.length >= this.#rules.minFriends);
    await this.#needCircle(open);
    const readers: CircleId[] = [];
    let least = Infinity;
    let began = performance.now();
    for (const reader of open) {
      if (performance.now() - began > SLICE_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        began = performance.now();
      }
      const count = this.#shownTo(reader).get(own);
      if (count === undefined) continue;
      readers.push(this.#ids[reader]!);
      least = Math.min(least, count);
    }
    return { readers, couldWrite: readers.length === 0 ? 0 : least };
  }

  #number(id: CircleId): number {
    const known = this.#numberOf.get(id);
    if (known !== undefined) return known;
    const number = this.#ids.length;
    this.#numberOf.set(id, number);
    this.#ids.push(id);
    this.#friends.push(null);
    this.#established.push(false);
    this.#stamp.push(0);
    return number;
  }

  /** Loads these people, their friends, and the friends of those. */
  async #needCircle(people: readonly number[]): Promise<void> {
    await this.#need(people);
    const friends = new Set<number>();
    for (const n of people) for (const friend of this.#friends[n]!) friends.add(friend);
    await this.#need([...friends]);
    const far = new Set<number>();
    for (const n of friends) for (const friend of this.#friends[n]!) far.add(friend);
    await this.#need([...far]);
  }

  async #need(people: Iterable<number>): Promise<void> {
    const waits = new Set<Promise<void>>();
    const missing: number[] = [];
    for (const n of people) {
      const loading = this.#loading.get(n);
      if (loading) waits.add(loading);
      else if (this.#friends[n] === null) missing.push(n);
    }
    for (let i = 0; i < missing.length; i += BATCH) {
      const some = missing.slice(i, i + BATCH);
      const loading = this.#loadSome(some).finally(() => {
        for (const n of some) this.#loading.delete(n);
      });
      for (const n of some) this.#loading.set(n, loading);
      waits.add(loading);
    }
    await Promise.all(waits);
  }

  async #loadSome(people: number[]): Promise<void> {
    const nodes = await this.#load(people.map((n) => this.#ids[n]!));
    people.forEach((n, i) => {
      const { isEstablished, friends } = nodes[i]!;
      this.#friends[n] = Int32Array.from(friends, (friend) => this.#number(friend));
      this.#established[n] = isEstablished;
    });
  }

  /** Marks of the search under way; a new search takes a new number, so that nothing is cleared. */
  readonly #stamp: number[] = [];
  #search = 0;

  #twoSteps(own: number): number[] {
    this.#search += 1;
    const mark = this.#search;
    this.#stamp[own] = mark;
    const found: number[] = [];
    const add = (n: number): void => {
      if (this.#stamp[n] === mark) return;
      this.#stamp[n] = mark;
      found.push(n);
    };
    for (const friend of this.#friends[own]!) add(friend);
    for (const friend of this.#friends[own]!)
      for (const far of this.#friends[friend] ?? []) add(far);
    return found;
  }

  /** The same as `shownTo`, by numbers; everybody whom it needs is loaded. */
  #shownTo(reader: number): Map<number, number> {
    const shown = new Map<number, number>();
    const circle = this.#twoSteps(reader);
    if (circle.length < this.#rules.k) return shown;
    const near = new Set<number>(this.#friends[reader]);
    const inside = new Map<number, number>(circle.map((n, i) => [n, i]));
    const counts = circle.map((n) => {
      if (!this.#established[n]) return false;
      let outside = 0;
      for (const friend of this.#friends[n]!) {
        if (friend === reader || near.has(friend)) continue;
        outside += 1;
        if (outside === OUTSIDE_FRIENDS) return true;
      }
      return false;
    });
    const edges = circle.map((n) => {
      const own: number[] = [];
      for (const friend of this.#friends[n]!) {
        const at = inside.get(friend);
        if (at !== undefined) own.push(at);
      }
      return own;
    });
    for (const block of blocksOf(edges)) {
      const count = block.reduce((sum, at) => sum + (counts[at] ? 1 : 0), 0);
      if (count < this.#rules.k) continue;
      for (const at of block) {
        const n = circle[at]!;
        shown.set(n, Math.max(count, shown.get(n) ?? 0));
      }
    }
    return shown;
  }
}

/**
 * The blocks of an undirected graph: sets of at least two that stay connected whichever one of them
 * is taken away. Hopcroft and Tarjan, "Efficient algorithms for graph manipulation" (1973), without
 * recursion. Costs O(nodes + edges).
 */
export function blocksOf(edges: readonly (readonly number[])[]): number[][] {
  const blocks: number[][] = [];
  const order = new Int32Array(edges.length);
  const low = new Int32Array(edges.length);
  const next = new Int32Array(edges.length);
  const parent = new Int32Array(edges.length).fill(-1);
  const waiting: number[] = [];
  let time = 0;
  for (let root = 0; root < edges.length; root += 1) {
    if (order[root] !== 0) continue;
    time += 1;
    order[root] = low[root] = time;
    waiting.push(root);
    let at = root;
    for (;;) {
      const to = edges[at]![next[at]!];
      if (to !== undefined) {
        next[at]! += 1;
        if (to === parent[at]) continue;
        if (order[to] === 0) {
          time += 1;
          order[to] = low[to] = time;
          parent[to] = at;
          waiting.push(to);
          at = to;
        } else {
          low[at] = Math.min(low[at]!, order[to]!);
        }
        continue;
      }
      const up = parent[at]!;
      if (up < 0) break;
      low[up] = Math.min(low[up]!, low[at]!);
      if (low[at]! >= order[up]!) {
        const block = [up];
        let member: number;
        do {
          member = waiting.pop()!;
          block.push(member);
        } while (member !== at);
        blocks.push(block);
      }
      at = up;
    }
    waiting.pop();
  }
  return blocks;
}
