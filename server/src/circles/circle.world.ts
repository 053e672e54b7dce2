import type { CircleId } from "@driftsea/protocol";
import { below } from "../lib/random.ts";
import type { Rng } from "../lib/random.ts";
import { CircleGraph } from "./circle-graph.ts";

/** People in one community. */
const COMMUNITY = 60;
/** Of a person's friends so many are of his community, and half of those friends of friends. */
const INSIDE = 0.8;
const MIN_FRIENDS = 3;

/** A made-up town: communities, and numbers of friends after a power law. Honest people come first. */
export class CircleWorld {
  readonly honest: number;
  readonly #friends: Set<number>[];
  readonly #young = new Set<number>();

  constructor(honest: number, rng: Rng) {
    this.honest = honest;
    this.#friends = Array.from({ length: honest }, () => new Set<number>());
    for (let i = 0; i < honest; i += 1) {
      const own = this.#friends[i]!;
      const wanted = Math.min(200, Math.floor(MIN_FRIENDS * (1 - rng.uniform()) ** (-1 / 1.5)));
      for (let tries = 0; own.size < wanted && tries < wanted * 3; tries += 1)
        this.link(i, this.#someone(i, rng));
    }
  }

  #someone(i: number, rng: Rng): number {
    if (rng.uniform() >= INSIDE) return below(rng, this.honest);
    const own = [...this.#friends[i]!];
    if (own.length > 0 && rng.uniform() < 0.5) {
      const theirs = [...this.#friends[own[below(rng, own.length)]!]!];
      return theirs[below(rng, theirs.length)]!;
    }
    const begin = i - (i % COMMUNITY);
    return begin + below(rng, Math.min(COMMUNITY, this.honest - begin));
  }

  link(one: number, other: number): void {
    if (one === other) return;
    this.#friends[one]!.add(other);
    this.#friends[other]!.add(one);
  }

  /** Takes somebody's friends away. */
  cutOff(i: number): void {
    for (const friend of this.#friends[i]!) this.#friends[friend]!.delete(i);
    this.#friends[i]!.clear();
  }

  /** Accounts of an attacker; `isOld` where they have behaved for weeks. */
  addFakes(count: number, isOld: boolean): number[] {
    return Array.from({ length: count }, () => {
      const fake = this.#friends.push(new Set()) - 1;
      if (!isOld) this.#young.add(fake);
      return fake;
    });
  }

  /** Someone of the same community. */
  neighbour(i: number, rng: Rng): number {
    const begin = i - (i % COMMUNITY);
    return begin + below(rng, Math.min(COMMUNITY, this.honest - begin));
  }

  friendsOf(i: number): number[] {
    return [...this.#friends[i]!];
  }

  id(i: number): CircleId {
    return `p${i}` as CircleId;
  }

  graph(k: number): CircleGraph {
    return new CircleGraph(1, { minFriends: MIN_FRIENDS, k }, async (ids) =>
      ids.map((id) => {
        const i = Number(id.slice(1));
        const friends = this.friendsOf(i).map((friend) => this.id(friend));
        return { isEstablished: !this.#young.has(i), friends };
      }),
    );
  }
}

export interface AttackFigures {
  /** Secrets that one of the attacker's accounts was shown as its circle's. */
  seen: number;
  /** How often the best guess at their authors is right. */
  right: number;
}

/**
 * An attacker who knows every edge and every rule, and who of his accounts was shown a secret and who
 * was not: everybody of whom that would be so is as likely as the others. Secrets by random authors.
 */
export async function guessAuthors(
  world: CircleWorld,
  readers: readonly number[],
  authors: readonly number[],
  k: number,
): Promise<AttackFigures> {
  const graph = world.graph(k);
  const shown = await Promise.all(readers.map((reader) => graph.shownTo(world.id(reader))));
  const viewOf = (author: number): string =>
    shown.map((people) => (people.has(world.id(author)) ? "1" : "0")).join("");
  const alike = new Map<string, number>();
  for (let i = 0; i < world.honest; i += 1) {
    const view = viewOf(i);
    alike.set(view, (alike.get(view) ?? 0) + 1);
  }
  let [seen, right] = [0, 0];
  for (const author of authors) {
    const view = viewOf(author);
    if (!view.includes("1")) continue;
    seen += 1;
    right += 1 / alike.get(view)!;
  }
  return { seen, right: seen === 0 ? 0 : right / seen };
}
