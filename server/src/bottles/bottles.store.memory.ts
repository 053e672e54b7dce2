import type { BottleId, DrifterId, Persona, SeaId, ThreadId, WriteId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import type { NodeId } from "../presence/node-id.ts";
import { stateOf } from "./bottle-state.ts";
import { KEEP_MS } from "./bottles.store.ts";
import type {
  BottleStore,
  CatchRequest,
  Changed,
  Lease,
  Level,
  NewBottle,
  OutboxEntry,
  StoredBottle,
} from "./bottles.store.ts";
import {
  Change,
  SeaState,
  addTimer,
  drawBottle,
  dropLease,
  indexed,
  leaseOf,
  place,
  unindex,
  writeLease,
} from "./sea-state.ts";
import type { Bottle, HeldLease, Timer } from "./sea-state.ts";
import { DRAW_RULES } from "./weights.ts";
import type { DrawRules } from "./weights.ts";

/**
 * `BottleStore` in this process; the contract is written there. It makes the same choices as the
 * scripts in `lua/`, from the same numbers, and is the model that they are tested against.
 */
export class MemoryBottleStore implements BottleStore {
  readonly #clock: Clock;
  readonly #rules: DrawRules;
  readonly #seas = new Map<SeaId, SeaState>();
  readonly #used = new Map<SeaId, number>();

  /** Other rules are for simulations that compare seas. */
  constructor(clock: Clock, rules = DRAW_RULES) {
    this.#clock = clock;
    this.#rules = rules;
  }

  #sea(id: SeaId): SeaState {
    let sea = this.#seas.get(id);
    if (!sea || this.#clock.now() >= sea.silentAt)
      this.#seas.set(id, (sea = new SeaState(this.#rules, sea)));
    return sea;
  }

  async throw(seaId: SeaId, input: NewBottle, silenceMs = 0): Promise<"new" | "again"> {
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
      seenBy: [],
    };
    sea.bottles.set(input.id, bottle);
    sea.silentAt = silenceMs > 0 ? now + silenceMs : Infinity;
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
    const bottle = drawBottle(sea, request, change);
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
    bottle.seenBy.push(request.catcher);
    indexed(sea.holding, request.catcher).add(bottle.id);
    place(sea, bottle);
    return change.done({ bottle: snapshot(bottle, seaId), lease: publicLease(lease) });
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

  async recall(seaId: SeaId, id: BottleId, thrower: DrifterId | null): Promise<Changed<boolean>> {
    const sea = this.#sea(seaId);
    const change = new Change(sea, this.#clock.now());
    const bottle = sea.bottles.get(id);
    if (!bottle || (thrower !== null && bottle.owner !== thrower)) return change.done(false);
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

  async use(sea: SeaId, until: number): Promise<void> {
    this.#used.set(sea, Math.max(until, this.#used.get(sea) ?? 0));
  }

  async used(): Promise<SeaId[]> {
    const now = this.#clock.now();
    return [...this.#used].filter(([, until]) => until >= now).map(([sea]) => sea);
  }

  async locate(seas: readonly SeaId[], id: BottleId): Promise<SeaId | null> {
    return seas.find((sea) => this.#sea(sea).bottles.has(id)) ?? null;
  }

  async levels(seas: readonly SeaId[]): Promise<Level[]> {
    return seas.map((id) => {
      const { slots, silences, silentAt } = this.#sea(id);
      return { afloat: slots.size, silences, silentAt: silentAt === Infinity ? null : silentAt };
    });
  }

  async setHolder(
    seaId: SeaId,
    drifter: DrifterId,
    { node, isHere }: { node: NodeId; isHere: boolean },
    graceMs: number,
  ): Promise<void> {
    const sea = this.#sea(seaId);
    const now = this.#clock.now();
    for (const id of sea.holding.get(drifter) ?? []) {
      const held = leaseOf(sea, id, drifter, now);
      if (!held) continue;
      if (isHere) Object.assign(held.lease, { goneAt: 0, node });
      else if (held.lease.node !== node) continue;
      else held.lease.goneAt ||= now;
      writeLease(sea, held.bottle, drifter, held.lease, graceMs);
    }
  }

  async orphan(
    seaId: SeaId,
    node: NodeId,
    lastBeatAt: number,
    graceMs: number,
  ): Promise<{ drifters: DrifterId[]; isMore: boolean }> {
    const sea = this.#sea(seaId);
    const touched = new Set<DrifterId>();
    for (const [drifter, ids] of sea.holding) {
      for (const id of ids) {
        const bottle = sea.bottles.get(id);
        const lease = bottle?.leases.get(drifter);
        if (!bottle || !lease || lease.node !== node || lease.goneAt > 0) continue;
        lease.goneAt = lastBeatAt;
        writeLease(sea, bottle, drifter, lease, graceMs);
        touched.add(drifter);
      }
    }
    return { drifters: [...touched], isMore: false };
  }

  async sweep(seaId: SeaId, limit: number): Promise<Changed<number>> {
    const sea = this.#sea(seaId);
    const change = new Change(sea, this.#clock.now());
    const over = sea.over.shift();
    if (over) {
      for (const bottle of over.bottles.values()) change.endLeases(bottle, over);
      return change.done(limit);
    }
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
        unindex(sea.own, bottle.owner, bottle.id);
        for (const drifter of bottle.seenBy) unindex(sea.seen, drifter, bottle.id);
        for (const [key, write] of sea.writes) {
          // The oldest come first.
          if (write.until > change.now) break;
          sea.writes.delete(key);
        }
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
      for (const holder of bottle.seenBy) unindex(sea.seen, holder, id);
      sea.bottles.delete(id);
    }
    for (const index of [sea.own, sea.seen, sea.holding]) index.delete(drifter);
    return change.done(own.length);
  }
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
