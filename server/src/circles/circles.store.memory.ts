import type { Clock } from "../lib/clock.ts";
import { PERSON_LIFE_MS } from "./circles.store.ts";
import type { CircleId } from "@driftsea/protocol";
import type { CircleStore, CodeHash, PendingLink, Person } from "./circles.store.ts";

const HOUR_MS = 60 * 60 * 1000;

interface Edge {
  from: number;
  until: number;
  codeHash: CodeHash;
}

interface Known {
  bornAt: number;
  activeAt: number;
  keptUntil: number;
  friends: Map<CircleId, Edge>;
}

interface StoredInvite {
  by: CircleId;
  left: number;
  usedBy: Set<CircleId>;
  endsAt: number;
}

/** `CircleStore` in this process; the contract is written there. */
export class MemoryCircleStore implements CircleStore {
  readonly #clock: Clock;
  readonly #people = new Map<CircleId, Known>();
  readonly #invites = new Map<CodeHash, StoredInvite>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #person(id: CircleId): Known {
    let known = this.#people.get(id);
    if (!known) {
      known = { bornAt: 0, activeAt: 0, keptUntil: Infinity, friends: new Map() };
      this.#people.set(id, known);
    }
    return known;
  }

  async touch(me: CircleId): Promise<void> {
    const now = this.#clock.now();
    const known = this.#person(me);
    if (known.bornAt === 0) known.bornAt = now;
    known.activeAt = now - (now % HOUR_MS);
    known.keptUntil = now + PERSON_LIFE_MS;
  }

  async invite(
    me: CircleId,
    codeHash: CodeHash,
    { uses, ttlMs }: { uses: number; ttlMs: number },
  ): Promise<void> {
    const endsAt = this.#clock.now() + ttlMs;
    this.#invites.set(codeHash, { by: me, left: uses, usedBy: new Set(), endsAt });
  }

  async take(codeHash: CodeHash, by: CircleId): Promise<CircleId | null> {
    const invite = this.#invites.get(codeHash);
    if (!invite || invite.endsAt <= this.#clock.now() || invite.by === by) return null;
    if (invite.usedBy.has(by)) return invite.by;
    if (invite.left < 1) return null;
    invite.left -= 1;
    invite.usedBy.add(by);
    return invite.by;
  }

  async link({ from, to, codeHash, epoch }: PendingLink, most: number): Promise<boolean> {
    for (const [me, friend] of [
      [from, to],
      [to, from],
    ] as const) {
      const { friends } = this.#person(me);
      for (const [id, edge] of friends) if (edge.until < epoch - 2) friends.delete(id);
      if (friends.get(friend)?.until === Infinity) continue;
      const live = [...friends.values()].filter(({ until }) => until === Infinity).length;
      if (live >= most) {
        this.#end(from, to, epoch);
        return false;
      }
      friends.set(friend, { from: epoch, until: Infinity, codeHash });
    }
    return true;
  }

  #end(me: CircleId, friend: CircleId, epoch: number): void {
    const edge = this.#people.get(me)?.friends.get(friend);
    if (edge?.until === Infinity) edge.until = epoch;
  }

  async friends(me: CircleId): Promise<number> {
    const edges = [...(this.#people.get(me)?.friends.values() ?? [])];
    return edges.filter(({ until }) => until === Infinity).length;
  }

  async part(me: CircleId, codeHash: CodeHash | null, epoch: number): Promise<void> {
    for (const [friend, edge] of this.#people.get(me)?.friends ?? []) {
      if (codeHash !== null && edge.codeHash !== codeHash) continue;
      this.#end(me, friend, epoch);
      this.#end(friend, me, epoch);
    }
  }

  async people(ids: readonly CircleId[]): Promise<Person[]> {
    return ids.map((id) => {
      const known = this.#people.get(id);
      return {
        bornAt: known?.bornAt ?? 0,
        activeAt: known?.activeAt ?? 0,
        friends: [...(known?.friends ?? [])].map(([friend, { from, until }]) => ({
          id: friend,
          from,
          until,
        })),
      };
    });
  }

  async unfinished(): Promise<PendingLink[]> {
    // Both sides of an edge are written in one step here.
    return [];
  }

  async erase(me: CircleId): Promise<void> {
    for (const friend of this.#people.get(me)?.friends.keys() ?? [])
      this.#people.get(friend)?.friends.delete(me);
    this.#people.delete(me);
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const [hash, { endsAt }] of this.#invites) if (endsAt <= now) this.#invites.delete(hash);
    for (const [id, { keptUntil }] of this.#people) if (keptUntil <= now) this.#people.delete(id);
  }
}
