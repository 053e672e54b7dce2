import type { BottleId, DrifterId, Persona, ThreadId } from "@driftsea/protocol";
import { TimerHeap } from "../lib/timer-heap.ts";
import type { NodeId } from "../presence/node-id.ts";
import type { CatchRequest, Changed, NewBottle, OutboxEntry } from "./bottles.store.ts";
import { WeightedSlots } from "./draw.ts";
import { PLAIN_CLASSES } from "./weights.ts";
import type { DrawRules } from "./weights.ts";

export interface HeldLease {
  fence: number;
  endsAt: number;
  maxEndsAt: number;
  /** Since when its holder is away; 0 while he is here. */
  goneAt: number;
  node: NodeId;
  persona: Persona;
  /** When it ends, all things considered. */
  at: number;
}

export interface Bottle extends Omit<NewBottle, "sealedUntilAt"> {
  state: "sealed" | "open" | "expired" | "recalled" | "hidden";
  free: number;
  held: number;
  answered: number;
  retired: number;
  hands: number;
  thrownBack: number;
  thrownAt: number;
  expiresAt: number;
  sealedUntilAt: number;
  boosted: boolean;
  muted: boolean;
  threadIds: ThreadId[];
  leases: Map<DrifterId, HeldLease>;
  /** Who has held it; nobody twice. */
  seenBy: DrifterId[];
}

export type Timer =
  | { kind: "unseal" | "boost" | "expire" | "forget"; id: BottleId }
  | { kind: "lease"; id: BottleId; drifter: DrifterId };

/** One sea in memory: what `lua/sea.lua` is on Redis. */
export class SeaState {
  readonly rules: DrawRules;
  readonly bottles = new Map<BottleId, Bottle>();
  readonly slots: WeightedSlots;
  readonly timers = new TimerHeap<Timer>();
  readonly outbox: Map<string, OutboxEntry>;
  readonly own = new Map<DrifterId, Set<BottleId>>();
  readonly seen = new Map<DrifterId, Set<BottleId>>();
  readonly holding = new Map<DrifterId, Set<BottleId>>();
  readonly writes: Map<string, { threadId: ThreadId; until: number }>;
  /** When it ends unless somebody throws. */
  silentAt = Infinity;
  readonly silences: number;
  /** What a silence has ended and the sweeper has not told of yet. */
  readonly over: SeaState[];

  /** @param before The sea that has ended: answers and what is to be told stay. */
  constructor(rules: DrawRules, before?: SeaState) {
    this.rules = rules;
    this.slots = new WeightedSlots(rules.weights);
    this.outbox = before?.outbox ?? new Map();
    this.writes = before?.writes ?? new Map();
    this.silences = before ? before.silences + 1 : 0;
    this.over = before ? [...before.over, before] : [];
  }
}

/** One atomic change: its instant, and what it leaves in the outbox. */
export class Change {
  readonly outbox: OutboxEntry[] = [];
  readonly #sea: SeaState;
  readonly now: number;

  constructor(sea: SeaState, now: number) {
    this.#sea = sea;
    this.now = now;
  }

  done<T>(result: T): Changed<T> {
    return { result, outbox: this.outbox };
  }

  tell(key: string, entry: DistributiveOmit<OutboxEntry, "key" | "at">): void {
    const whole: OutboxEntry = { ...entry, key, at: this.now };
    this.#sea.outbox.set(key, whole);
    this.outbox.push(whole);
  }

  endLeases(bottle: Bottle, sea = this.#sea): void {
    for (const drifter of bottle.leases.keys()) {
      dropLease(sea, bottle, drifter);
      bottle.free += 1;
      this.tell(`ended|${bottle.id}|${drifter}`, { kind: "ended", bottleId: bottle.id, drifter });
    }
  }

  expireIfRunning(bottle: Bottle): void {
    if (["open", "sealed", "hidden"].includes(bottle.state)) this.expire(bottle);
  }

  expire(bottle: Bottle): void {
    this.endLeases(bottle);
    if (bottle.answered > 0) {
      bottle.state = "open";
      bottle.retired += bottle.free;
      bottle.free = 0;
    } else {
      bottle.state = "expired";
      this.tell(`returned|${bottle.id}`, {
        kind: "returned",
        bottleId: bottle.id,
        drifter: bottle.owner,
        held: bottle.hands,
        thrownBack: bottle.thrownBack,
        muted: bottle.muted,
      });
    }
    place(this.#sea, bottle);
  }

  putBack(bottle: Bottle): void {
    if (bottle.hands >= this.#sea.rules.handsPerCopy * bottle.finders) bottle.retired += 1;
    else bottle.free += 1;
    if (bottle.free === 0 && bottle.held === 0 && bottle.answered === 0) this.expire(bottle);
    else place(this.#sea, bottle);
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export function place(sea: SeaState, bottle: Bottle): void {
  if (bottle.state !== "open" || bottle.free === 0) return sea.slots.move(bottle.id, null);
  const plain = Math.min(bottle.thrownBack, PLAIN_CLASSES - 1);
  const boosted = bottle.boosted && bottle.answered === 0;
  sea.slots.move(bottle.id, boosted ? plain + PLAIN_CLASSES : plain);
}

/** The bottle that the numbers of a request fall on, among what this catcher may have. */
export function drawBottle(sea: SeaState, request: CatchRequest, change: Change): Bottle | null {
  const { catcher, draws } = request;
  const blocked = new Set(request.blocked);
  const seen = sea.seen.get(catcher);
  const live = (weightClass: number, pos: number): Bottle | null => {
    const bottle = sea.bottles.get(sea.slots.at(weightClass, pos)!)!;
    if (bottle.expiresAt > change.now) return bottle;
    change.expire(bottle);
    return null;
  };
  for (let i = 0; i < draws.length - 1 && sea.slots.size > 0;) {
    const counts = sea.slots.counts();
    const slot = sea.slots.locate(draws[i]!, counts);
    const bottle = live(slot.weightClass, slot.pos);
    if (!bottle) continue;
    if (bottle.owner !== catcher && !blocked.has(bottle.owner) && !seen?.has(bottle.id)) {
      return bottle;
    }
    i += 1;
  }
  const u = draws[draws.length - 1]!;
  while (sea.slots.size > 0) {
    const excluded = new Set<BottleId>([...(sea.own.get(catcher) ?? []), ...(seen ?? [])]);
    for (const drifter of blocked) for (const id of sea.own.get(drifter) ?? []) excluded.add(id);
    const taken: number[][] = sea.slots.counts().map(() => []);
    for (const id of excluded) {
      const place = sea.slots.placeOf(id);
      if (place) taken[place.weightClass]!.push(place.pos);
    }
    const counts = sea.slots.counts().map((count, c) => count - taken[c]!.length);
    if (counts.every((count) => count === 0)) return null;
    const slot = sea.slots.locate(u, counts);
    let pos = slot.pos;
    for (const t of taken[slot.weightClass]!.sort((a, b) => a - b)) if (t <= pos) pos += 1;
    const bottle = live(slot.weightClass, pos);
    if (bottle) return bottle;
  }
  return null;
}

export function leaseOf(
  sea: SeaState,
  id: BottleId,
  drifter: DrifterId,
  now: number,
): { bottle: Bottle; lease: HeldLease } | null {
  const bottle = sea.bottles.get(id);
  const lease = bottle?.leases.get(drifter);
  return bottle && lease && lease.at > now ? { bottle, lease } : null;
}

export function addTimer(sea: SeaState, at: number, timer: Timer): void {
  const holder = timer.kind === "lease" ? `|${timer.drifter}` : "";
  sea.timers.add(at, `${timer.kind}|${timer.id}${holder}`, timer);
}

export function writeLease(
  sea: SeaState,
  bottle: Bottle,
  drifter: DrifterId,
  lease: HeldLease,
  graceMs: number,
): void {
  lease.at = Math.min(lease.endsAt, lease.maxEndsAt, bottle.expiresAt);
  if (lease.goneAt > 0) lease.at = Math.min(lease.at, lease.goneAt + graceMs);
  bottle.leases.set(drifter, lease);
  addTimer(sea, lease.at, { kind: "lease", id: bottle.id, drifter });
}

export function dropLease(sea: SeaState, bottle: Bottle, drifter: DrifterId): void {
  bottle.leases.delete(drifter);
  bottle.held -= 1;
  unindex(sea.holding, drifter, bottle.id);
}

export function indexed(index: Map<DrifterId, Set<BottleId>>, drifter: DrifterId): Set<BottleId> {
  let ids = index.get(drifter);
  if (!ids) index.set(drifter, (ids = new Set()));
  return ids;
}

export function unindex(
  index: Map<DrifterId, Set<BottleId>>,
  drifter: DrifterId,
  id: BottleId,
): void {
  const ids = index.get(drifter);
  ids?.delete(id);
  if (ids?.size === 0) index.delete(drifter);
}
