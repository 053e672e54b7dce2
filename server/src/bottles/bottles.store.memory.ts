import type { BottleId, DrifterId, Persona, SeaId, ThreadId, WriteId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { TimerHeap } from "../lib/timer-heap.ts";
import type { NodeId } from "../presence/node-id.ts";
import { stateOf } from "./bottle-state.ts";
import { KEEP_MS, WRITE_RECORD_MS } from "./bottles.store.ts";
import type {
  BottleStore,
  CatchRequest,
  Changed,
  Lease,
  NewBottle,
  OutboxEntry,
  StoredBottle,
} from "./bottles.store.ts";
import { WeightedSlots, locateSlot, totalWeight } from "./draw.ts";
import { HANDS_PER_COPY, PLAIN_CLASSES } from "./weights.ts";

interface HeldLease {
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

interface Bottle extends Omit<NewBottle, "sealedUntilAt"> {
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
}

type Timer =
  | { kind: "unseal" | "boost" | "expire" | "forget"; id: BottleId }
  | { kind: "lease"; id: BottleId; drifter: DrifterId };

class SeaState {
  readonly bottles = new Map<BottleId, Bottle>();
  readonly slots = new WeightedSlots();
  readonly timers = new TimerHeap<Timer>();
  readonly outbox = new Map<string, OutboxEntry>();
  readonly own = new Map<DrifterId, Set<BottleId>>();
  readonly seen = new Map<DrifterId, Set<BottleId>>();
  readonly holding = new Map<DrifterId, Set<BottleId>>();
  readonly writes = new Map<string, { threadId: ThreadId; until: number }>();
}

/**
 * `BottleStore` in this process; the contract is written there. It makes the same choices as the
 * scripts in `lua/`, from the same numbers, and is the model that they are tested against.
 */
export class MemoryBottleStore implements BottleStore {
  readonly #clock: Clock;
  readonly #seas = new Map<SeaId, SeaState>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #sea(id: SeaId): SeaState {
    let sea = this.#seas.get(id);
    if (!sea) this.#seas.set(id, (sea = new SeaState()));
    return sea;
  }

  async throw(seaId: SeaId, input: NewBottle): Promise<"new" | "again"> {
    const sea = this.#sea(seaId);
    if (sea.bottles.has(input.id)) return "again";
    const now = this.#clock.now();
    const sealedUntilAt = (input.sealedUntilAt ?? 0) > now ? input.sealedUntilAt! : 0;
    const expiresAt = Math.max(sealedUntilAt, now) + input.lifeMs;
    const bottle: Bottle = {
      ...input,
      state: sealedUntilAt > 0 ? "sealed" : "open",
      free: input.finders,
      held: 0,
      answered: 0,
      retired: 0,
      hands: 0,
      thrownBack: 0,
      thrownAt: now,
      expiresAt,
      sealedUntilAt,
      boosted: false,
      muted: false,
      threadIds: [],
      leases: new Map(),
    };
    sea.bottles.set(input.id, bottle);
    indexed(sea.own, input.owner).add(input.id);
    if (sealedUntilAt > 0) addTimer(sea, sealedUntilAt, { kind: "unseal", id: input.id });
    addTimer(sea, expiresAt - input.lifeMs / 4, { kind: "boost", id: input.id });
    addTimer(sea, expiresAt, { kind: "expire", id: input.id });
    addTimer(sea, expiresAt + KEEP_MS, { kind: "forget", id: input.id });
    place(sea, bottle);
    return "new";
  }

  async catch(
    seaId: SeaId,
    request: CatchRequest,
  ): Promise<Changed<{ bottle: StoredBottle; lease: Lease } | null>> {
    const sea = this.#sea(seaId);
    const change = new Change(sea, this.#clock.now());
    const bottle = this.#draw(sea, request, change);
    if (!bottle) return change.done(null);
    bottle.free -= 1;
    bottle.held += 1;
    bottle.hands += 1;
    const lease: HeldLease = {
      fence: bottle.hands,
      endsAt: change.now + request.leaseMs,
      maxEndsAt: change.now + request.leaseMaxMs,
      goneAt: 0,
      node: request.node,
      persona: request.persona,
      at: 0,
    };
    writeLease(sea, bottle, request.catcher, lease, 0);
    indexed(sea.seen, request.catcher).add(bottle.id);
    indexed(sea.holding, request.catcher).add(bottle.id);
    place(sea, bottle);
    return change.done({ bottle: snapshot(bottle, seaId), lease: publicLease(lease) });
  }

  #draw(sea: SeaState, request: CatchRequest, change: Change): Bottle | null {
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
      const slot = locateSlot(draws[i]!, counts, totalWeight(counts));
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
      const total = totalWeight(counts);
      if (total <= 0) return null;
      const slot = locateSlot(u, counts, total);
      let pos = slot.pos;
      for (const t of taken[slot.weightClass]!.sort((a, b) => a - b)) if (t <= pos) pos += 1;
      const bottle = live(slot.weightClass, pos);
      if (bottle) return bottle;
    }
    return null;
  }

  async hold(
    seaId: SeaId,
    id: BottleId,
    holder: DrifterId,
    options: { leaseMs: number; node: NodeId; graceMs: number },
  ): Promise<number | null> {
    const sea = this.#sea(seaId);
    const now = this.#clock.now();
    const held = leaseOf(sea, id, holder, now);
    if (!held) return null;
    const { bottle, lease } = held;
    lease.endsAt = Math.max(lease.endsAt, now + options.leaseMs);
    lease.goneAt = 0;
    lease.node = options.node;
    writeLease(sea, bottle, holder, lease, options.graceMs);
    return lease.at;
  }

  async answer(
    seaId: SeaId,
    id: BottleId,
    holder: DrifterId,
    answer: { writeId: WriteId; threadId: ThreadId; persona: Persona; text: string },
  ): Promise<{ threadId: ThreadId; entry: OutboxEntry | null } | null> {
    const sea = this.#sea(seaId);
    const change = new Change(sea, this.#clock.now());
    const record = `${holder}:${answer.writeId}`;
    const before = sea.writes.get(record);
    if (before && before.until > change.now) {
      const entry = sea.outbox.get(`answered|${before.threadId}`) ?? null;
      return { threadId: before.threadId, entry };
    }
    const held = leaseOf(sea, id, holder, change.now);
    if (!held) return null;
    const { bottle, lease } = held;
    dropLease(sea, bottle, holder);
    bottle.answered += 1;
    bottle.threadIds.push(answer.threadId);
    sea.writes.set(record, { threadId: answer.threadId, until: change.now + WRITE_RECORD_MS });
    change.tell(`answered|${answer.threadId}`, {
      kind: "answered",
      bottleId: id,
      threadId: answer.threadId,
      thrower: bottle.owner,
      finder: holder,
      throwerPersona: lease.persona,
      finderPersona: answer.persona,
      writeId: answer.writeId,
      text: answer.text,
      muted: bottle.muted,
      bottle: {
        text: bottle.text,
        kind: bottle.kind,
        ...(bottle.mood === undefined ? {} : { mood: bottle.mood }),
      },
    });
    place(sea, bottle);
    return { threadId: answer.threadId, entry: change.outbox[0]! };
  }

  async release(seaId: SeaId, id: BottleId, holder: DrifterId): Promise<Changed<boolean>> {
    const sea = this.#sea(seaId);
    const change = new Change(sea, this.#clock.now());
    const held = leaseOf(sea, id, holder, change.now);
    if (!held) return change.done(false);
    dropLease(sea, held.bottle, holder);
    held.bottle.thrownBack += 1;
    change.putBack(held.bottle);
    return change.done(true);
  }

  async recall(seaId: SeaId, id: BottleId, thrower: DrifterId): Promise<Changed<boolean>> {
    const sea = this.#sea(seaId);
    const change = new Change(sea, this.#clock.now());
    const bottle = sea.bottles.get(id);
    if (!bottle || bottle.owner !== thrower) return change.done(false);
    if (bottle.state === "recalled") return change.done(true);
    const finished = bottle.state === "open" && bottle.free === 0 && bottle.held === 0;
    if (finished || bottle.state === "expired" || bottle.expiresAt <= change.now) {
      return change.done(false);
    }
    change.endLeases(bottle);
    bottle.state = "recalled";
    bottle.text = "";
    delete bottle.mood;
    place(sea, bottle);
    return change.done(true);
  }

  async hide(seaId: SeaId, id: BottleId, hidden: boolean): Promise<Changed<boolean>> {
    const sea = this.#sea(seaId);
    const change = new Change(sea, this.#clock.now());
    const bottle = sea.bottles.get(id);
    if (!bottle || bottle.expiresAt <= change.now) return change.done(false);
    if (hidden && (bottle.state === "open" || bottle.state === "sealed")) {
      change.endLeases(bottle);
      bottle.state = "hidden";
    } else if (!hidden && bottle.state === "hidden") {
      bottle.state = bottle.sealedUntilAt > change.now ? "sealed" : "open";
    } else if (bottle.state !== "hidden") {
      return change.done(false);
    }
    place(sea, bottle);
    return change.done(true);
  }

  async mute(seaId: SeaId, id: BottleId, thrower: DrifterId, muted: boolean): Promise<boolean> {
    const bottle = this.#sea(seaId).bottles.get(id);
    if (bottle?.owner !== thrower) return false;
    bottle.muted = muted;
    return true;
  }

  async list(seaId: SeaId, drifter: DrifterId): ReturnType<BottleStore["list"]> {
    const sea = this.#sea(seaId);
    const now = this.#clock.now();
    const own = [...(sea.own.get(drifter) ?? [])].map((id) =>
      snapshot(sea.bottles.get(id)!, seaId),
    );
    const held = [...(sea.holding.get(drifter) ?? [])].flatMap((id) => {
      const found = leaseOf(sea, id, drifter, now);
      if (!found) return [];
      return [{ bottle: snapshot(found.bottle, seaId), lease: publicLease(found.lease) }];
    });
    return { own, held };
  }

  async read(seaId: SeaId, id: BottleId): Promise<StoredBottle | null> {
    const bottle = this.#sea(seaId).bottles.get(id);
    return bottle ? snapshot(bottle, seaId) : null;
  }

  async hasSeen(seaId: SeaId, id: BottleId, drifter: DrifterId): Promise<boolean> {
    return this.#sea(seaId).seen.get(drifter)?.has(id) ?? false;
  }

  async locate(seas: readonly SeaId[], id: BottleId): Promise<SeaId | null> {
    return seas.find((sea) => this.#sea(sea).bottles.has(id)) ?? null;
  }

  async afloat(seas: readonly SeaId[]): Promise<number[]> {
    return seas.map((sea) => this.#sea(sea).slots.size);
  }

  async setHolder(
    seaId: SeaId,
    drifter: DrifterId,
    node: NodeId | null,
    graceMs: number,
  ): Promise<void> {
    const sea = this.#sea(seaId);
    const now = this.#clock.now();
    for (const id of sea.holding.get(drifter) ?? []) {
      const held = leaseOf(sea, id, drifter, now);
      if (!held) continue;
      if (node === null) held.lease.goneAt ||= now;
      else Object.assign(held.lease, { goneAt: 0, node });
      writeLease(sea, held.bottle, drifter, held.lease, graceMs);
    }
  }

  async orphan(seaId: SeaId, node: NodeId, lastBeatAt: number, graceMs: number): Promise<void> {
    const sea = this.#sea(seaId);
    for (const [drifter, ids] of sea.holding) {
      for (const id of ids) {
        const bottle = sea.bottles.get(id);
        const lease = bottle?.leases.get(drifter);
        if (!bottle || !lease || lease.node !== node || lease.goneAt > 0) continue;
        lease.goneAt = lastBeatAt;
        writeLease(sea, bottle, drifter, lease, graceMs);
      }
    }
  }

  async sweep(seaId: SeaId, limit: number): Promise<Changed<number>> {
    const sea = this.#sea(seaId);
    const change = new Change(sea, this.#clock.now());
    // As in the script: what becomes due by this very sweep waits for the next one.
    const due = sea.timers.takeDue(change.now, limit);
    for (const timer of due) this.#ring(sea, timer, change);
    return change.done(due.length);
  }

  #ring(sea: SeaState, timer: Timer, change: Change): void {
    const bottle = sea.bottles.get(timer.id);
    if (!bottle) return;
    switch (timer.kind) {
      case "unseal":
        if (bottle.state === "sealed") bottle.state = "open";
        return place(sea, bottle);
      case "boost":
        bottle.boosted = true;
        return place(sea, bottle);
      case "expire":
        if (bottle.expiresAt <= change.now) change.expireIfRunning(bottle);
        return;
      case "forget":
        sea.bottles.delete(bottle.id);
        sea.own.get(bottle.owner)?.delete(bottle.id);
        for (const seen of sea.seen.values()) seen.delete(bottle.id);
        for (const [key, write] of sea.writes)
          if (write.until <= change.now) sea.writes.delete(key);
        return;
      case "lease": {
        const lease = bottle.leases.get(timer.drifter);
        if (!lease || lease.at > change.now) return;
        if (bottle.expiresAt <= change.now) return change.expireIfRunning(bottle);
        dropLease(sea, bottle, timer.drifter);
        change.tell(`lapsed|${bottle.id}|${timer.drifter}`, {
          kind: "lapsed",
          bottleId: bottle.id,
          drifter: timer.drifter,
          fence: lease.fence,
        });
        change.putBack(bottle);
      }
    }
  }

  async outbox(seaId: SeaId): Promise<OutboxEntry[]> {
    return [...this.#sea(seaId).outbox.values()];
  }

  async settled(seaId: SeaId, key: string): Promise<void> {
    this.#sea(seaId).outbox.delete(key);
  }

  async erase(seaId: SeaId, drifter: DrifterId): Promise<Changed<number>> {
    const sea = this.#sea(seaId);
    const change = new Change(sea, this.#clock.now());
    for (const id of sea.holding.get(drifter) ?? []) {
      const bottle = sea.bottles.get(id);
      if (!bottle?.leases.has(drifter)) continue;
      dropLease(sea, bottle, drifter);
      change.putBack(bottle);
    }
    const own = [...(sea.own.get(drifter) ?? [])];
    for (const id of own) {
      const bottle = sea.bottles.get(id)!;
      change.endLeases(bottle);
      bottle.state = "recalled";
      place(sea, bottle);
      sea.bottles.delete(id);
    }
    for (const index of [sea.own, sea.seen, sea.holding]) index.delete(drifter);
    return change.done(own.length);
  }
}

/** One atomic change: its instant, and what it leaves in the outbox. */
class Change {
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

  endLeases(bottle: Bottle): void {
    for (const drifter of bottle.leases.keys()) {
      dropLease(this.#sea, bottle, drifter);
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
    if (bottle.hands >= HANDS_PER_COPY * bottle.finders) bottle.retired += 1;
    else bottle.free += 1;
    if (bottle.free === 0 && bottle.held === 0 && bottle.answered === 0) this.expire(bottle);
    else place(this.#sea, bottle);
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

function place(sea: SeaState, bottle: Bottle): void {
  if (bottle.state !== "open" || bottle.free === 0) return sea.slots.move(bottle.id, null);
  const plain = Math.min(bottle.thrownBack, PLAIN_CLASSES - 1);
  const boosted = bottle.boosted && bottle.answered === 0;
  sea.slots.move(bottle.id, boosted ? plain + PLAIN_CLASSES : plain);
}

function leaseOf(
  sea: SeaState,
  id: BottleId,
  drifter: DrifterId,
  now: number,
): { bottle: Bottle; lease: HeldLease } | null {
  const bottle = sea.bottles.get(id);
  const lease = bottle?.leases.get(drifter);
  return bottle && lease && lease.at > now ? { bottle, lease } : null;
}

function addTimer(sea: SeaState, at: number, timer: Timer): void {
  const holder = timer.kind === "lease" ? `|${timer.drifter}` : "";
  sea.timers.add(at, `${timer.kind}|${timer.id}${holder}`, timer);
}

function writeLease(
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

function dropLease(sea: SeaState, bottle: Bottle, drifter: DrifterId): void {
  bottle.leases.delete(drifter);
  bottle.held -= 1;
  const holding = sea.holding.get(drifter);
  holding?.delete(bottle.id);
  if (holding?.size === 0) sea.holding.delete(drifter);
}

function indexed(index: Map<DrifterId, Set<BottleId>>, drifter: DrifterId): Set<BottleId> {
  let ids = index.get(drifter);
  if (!ids) index.set(drifter, (ids = new Set()));
  return ids;
}

function publicLease(lease: HeldLease): Lease {
  return { endsAt: lease.at, fence: lease.fence, persona: lease.persona };
}

function snapshot(b: Bottle, sea: SeaId): StoredBottle {
  return {
    id: b.id,
    owner: b.owner,
    text: b.text,
    kind: b.kind,
    ...(b.mood === undefined ? {} : { mood: b.mood }),
    sea,
    state: stateOf(b.state, b.free, b.held),
    hands: b.hands,
    thrownBack: b.thrownBack,
    thrownAt: b.thrownAt,
    expiresAt: b.expiresAt,
    ...(b.sealedUntilAt > 0 ? { sealedUntilAt: b.sealedUntilAt } : {}),
    muted: b.muted,
    threadIds: [...b.threadIds],
  };
}
