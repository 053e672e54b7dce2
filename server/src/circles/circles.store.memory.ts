import type { Clock } from "../lib/clock.ts";
import { ACTIVE_SLOT_MS, ENDED_KEPT_EPOCHS, PERSON_LIFE_MS, SPANS_KEPT } from "./circles.store.ts";
import type { CircleId } from "@driftsea/protocol";
import type { CircleStore, CodeHash, PendingLink, Person, Taken } from "./circles.store.ts";

/** A time of friendship. */
interface Span {
  from: number;
  until: number;
  codeHash: CodeHash;
}

interface Known {
  bornAt: number;
  activeAt: number;
  keptUntil: number;
  /** The newest first; it alone may last. Most have none. */
  friends?: Map<CircleId, Span[]>;
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
      const keptUntil = this.#clock.now() + PERSON_LIFE_MS;
      known = { bornAt: 0, activeAt: 0, keptUntil };
      this.#people.set(id, known);
    }
    return known;
  }

  async touch(me: CircleId, bornSlotMs: number): Promise<void> {
    const now = this.#clock.now();
    const known = this.#person(me);
    if (known.bornAt === 0) known.bornAt = now - (now % bornSlotMs);
    known.activeAt = now - (now % ACTIVE_SLOT_MS);
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

  async take(codeHash: CodeHash, by: CircleId): Promise<Taken | null> {
    const invite = this.#invites.get(codeHash);
    if (!invite || invite.endsAt <= this.#clock.now() || invite.by === by) return null;
    if (invite.usedBy.has(by)) return { friend: invite.by, isAgain: true };
    if (invite.left < 1) return null;
    invite.left -= 1;
    invite.usedBy.add(by);
    return { friend: invite.by, isAgain: false };
  }

  async giveBack(codeHash: CodeHash, by: CircleId): Promise<void> {
    const invite = this.#invites.get(codeHash);
    if (invite?.usedBy.delete(by)) invite.left += 1;
  }

  async link({ from, to, codeHash, epoch }: PendingLink, most: number): Promise<boolean> {
    const friendsOf = (id: CircleId): Map<CircleId, Span[]> =>
      (this.#person(id).friends ??= new Map());
    const sides = [
      { friends: friendsOf(from), friend: to },
      { friends: friendsOf(to), friend: from },
    ].filter(({ friends, friend }) => !isLive(friends.get(friend)));
    for (const { friends, friend } of sides) {
      const mayBegin = !friends.get(friend)?.some((span) => span.codeHash === codeHash);
      forget(friends, epoch - ENDED_KEPT_EPOCHS);
      if (!mayBegin || liveOf(friends) >= most) return false;
    }
    for (const { friends, friend } of sides) {
      const span = { from: epoch, until: Infinity, codeHash };
      friends.set(friend, [span, ...(friends.get(friend) ?? [])].slice(0, SPANS_KEPT));
    }
    return true;
  }

  #end(me: CircleId, friend: CircleId, epoch: number): void {
    const newest = this.#people.get(me)?.friends?.get(friend)?.[0];
    if (newest?.until === Infinity) newest.until = epoch;
  }

  async friends(me: CircleId): Promise<number> {
    return liveOf(this.#people.get(me)?.friends ?? new Map());
  }

  async part(me: CircleId, codeHash: CodeHash | null, epoch: number): Promise<void> {
    for (const [friend, [newest]] of this.#people.get(me)?.friends ?? []) {
      if (codeHash !== null && newest!.codeHash !== codeHash) continue;
      this.#end(me, friend, epoch);
      this.#end(friend, me, epoch);
    }
  }

  async activity(ids: readonly CircleId[]): Promise<number[]> {
    return ids.map((id) => this.#people.get(id)?.activeAt ?? 0);
  }

  async people(ids: readonly CircleId[]): Promise<Person[]> {
    return ids.map((id) => {
      const known = this.#people.get(id);
      return {
        bornAt: known?.bornAt ?? 0,
        activeAt: known?.activeAt ?? 0,
        friends: [...(known?.friends ?? [])].flatMap(([friend, spans]) =>
          spans.map(({ from, until }) => ({ id: friend, from, until })),
        ),
      };
    });
  }

  async unfinished(): Promise<PendingLink[]> {
    // Both sides of an edge are written in one step here.
    return [];
  }

  async erase(me: CircleId): Promise<void> {
    for (const friend of this.#people.get(me)?.friends?.keys() ?? [])
      this.#people.get(friend)?.friends?.delete(me);
    this.#people.delete(me);
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const [hash, { endsAt }] of this.#invites) if (endsAt <= now) this.#invites.delete(hash);
    for (const [id, { keptUntil }] of this.#people) if (keptUntil <= now) this.#people.delete(id);
  }
}

const isLive = (spans: Span[] | undefined): boolean => spans?.[0]?.until === Infinity;

const liveOf = (friends: Map<CircleId, Span[]>): number =>
  [...friends.values()].filter(isLive).length;

function forget(friends: Map<CircleId, Span[]>, before: number): void {
  for (const [id, spans] of friends) {
    const kept = spans.filter(({ until }) => until >= before);
    if (kept.length === 0) friends.delete(id);
    else friends.set(id, kept);
  }
}
