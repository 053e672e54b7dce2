import { randomBytes } from "node:crypto";
import { LIMITS, publicCount } from "@driftsea/protocol";
import type { CircleCode, CircleId, CircleStatus } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import type { Context } from "../lib/connection-context.ts";
import { gone, invalid } from "../lib/errors.ts";
import { inSlices } from "../lib/in-slices.ts";
import { slotOf } from "../lib/slot.ts";
import { sha256 } from "../lib/sha256.ts";
import type { QuotaService } from "../quotas/quotas.service.ts";
import { CircleGraph } from "./circle-graph.ts";
import type { BlockName, Cover, GraphRules, Node } from "./circle-graph.ts";
import { ACTIVE_SLOT_MS } from "./circles.store.ts";
import type { CircleStore, CodeHash } from "./circles.store.ts";

/** How long an invite lives, in ms. */
const INVITE_MS = 7 * 24 * 60 * 60 * 1000;
/** Who was here within this counts as active, in ms. */
const ACTIVE_WITHIN_MS = 7 * 24 * 60 * 60 * 1000;
/** That somebody is here is noted once in this time, in ms. */
export const TOUCH_MS = ACTIVE_SLOT_MS;
/** Whoever was here within this is around, in ms: as long as a release is put off by default (F15). */
export const AROUND_MS = 20 * 60 * 1000;
/** A link that is not finished after this is somebody else's to finish, in ms. */
const UNFINISHED_MS = 2000;
/** When somebody was here last is asked for again after this, in ms: many readers have him in common. */
const ACTIVITY_KEPT_MS = 1000;
const BATCH = 50;
/** It takes so many slots at least to be established. */
const SLOTS_ESTABLISHED = 72;
/** Graphs that are kept: of the newest epochs. */
const GRAPHS = 2;
/**
 * And of older ones for so long after they were asked for, in ms: where much is to be brought that was written some
 * epochs ago, each of these is not looked up anew for each of it.
 */
const OLDER_KEPT_MS = 5 * 60_000;

export interface CircleRules extends GraphRules {
  /** Audiences are frozen for so long, in ms. */
  epochMs: number;
  /** Who is here for so long may count as somebody who could have written, in ms. */
  establishedAfterMs: number;
  /** Whoever was here so long before a release may have written it, in ms (F15). */
  aroundMs: number;
}

/**
 * How many of those who count must have been here since a secret was written before it comes into a
 * feed: twice k, or three quarters where there are not so many, but k at least. Being here then gives
 * nobody away.
 */
export const enoughOf = (k: number, whoCount: number): number =>
  Math.max(k, Math.min(2 * k, Math.ceil(whoCount * 0.75)));

/** Friends by one-time links; of each other's friends nobody learns anything (F2, F14). */
export class CircleService {
  readonly #store: CircleStore;
  readonly #quotas: Pick<QuotaService, "spend">;
  readonly #clock: Clock;
  readonly #rules: CircleRules;
  readonly #bornSlotMs: number;
  /** Who is connected here, and by how many lines. */
  readonly #present = new Map<CircleId, number>();
  readonly #graphs = new Map<number, { graph: CircleGraph; askedAt: number }>();
  #activity = new Map<CircleId, Promise<number>>();
  #activityAskedAt = -Infinity;

  constructor(parts: {
    store: CircleStore;
    quotas: Pick<QuotaService, "spend">;
    clock: Clock;
    rules: CircleRules;
  }) {
    this.#store = parts.store;
    this.#quotas = parts.quotas;
    this.#clock = parts.clock;
    this.#rules = parts.rules;
    this.#bornSlotMs = slotOf(parts.rules.establishedAfterMs, SLOTS_ESTABLISHED);
  }

  /** The epoch now; an edge made or ended in it counts, or counts no longer, from the next on. */
  epoch(): number {
    return Math.floor(this.#clock.now() / this.#rules.epochMs);
  }

  /** Who sees whom in an epoch: this one, where none is named. */
  graph(epoch = this.epoch()): CircleGraph {
    const now = this.#clock.now();
    const known = this.#graphs.get(epoch);
    if (known) {
      known.askedAt = now;
      return known.graph;
    }
    const graph = new CircleGraph(epoch, this.#rules, (ids) => this.#nodes(ids, epoch));
    this.#graphs.set(epoch, { graph, askedAt: now });
    this.#forgetGraphs();
    return graph;
  }

  #forgetGraphs(): void {
    const newest = [...this.#graphs.keys()].sort((a, b) => b - a).slice(0, GRAPHS);
    const before = this.#clock.now() - OLDER_KEPT_MS;
    for (const [epoch, { askedAt }] of this.#graphs)
      if (!newest.includes(epoch) && askedAt <= before) this.#graphs.delete(epoch);
  }

  async #nodes(ids: CircleId[], epoch: number): Promise<Node[]> {
    const beganAt = epoch * this.#rules.epochMs;
    return (await this.#store.people(ids)).map(({ bornAt, activeAt, friends }) => ({
      isEstablished:
        bornAt > 0 &&
        bornAt + this.#rules.establishedAfterMs <= beganAt &&
        activeAt + TOUCH_MS + ACTIVE_WITHIN_MS > beganAt,
      friends: friends
        .filter(({ from, until }) => from <= epoch && epoch < until)
        .map(({ id }) => id),
    }));
  }

  /** He is here. */
  async arrived(me: CircleId): Promise<void> {
    const lines = this.#present.get(me) ?? 0;
    this.#present.set(me, lines + 1);
    if (lines === 0) await this.#store.touch(me, this.#bornSlotMs);
  }

  /** One of his lines has ended. */
  departed(me: CircleId): void {
    const lines = this.#present.get(me) ?? 0;
    if (lines > 1) this.#present.set(me, lines - 1);
    else this.#present.delete(me);
  }

  /** Those who are here are still here; to be called once in `TOUCH_MS`. */
  async touchAll(): Promise<void> {
    await inSlices([...this.#present.keys()], BATCH, async (one) => {
      // He may have been forgotten meanwhile.
      if (this.#present.has(one)) await this.#store.touch(one, this.#bornSlotMs);
    });
  }

  /**
   * What was released by this instant, in ms, may come to a reader out of each block of his circle: enough
   * of those who could have written it have been here since shortly before (F15).
   */
  async coveredUpTo(reader: CircleId): Promise<ReadonlyMap<BlockName, number>> {
    const covers = await this.graph().coversOf(reader);
    return new Map(
      await Promise.all(
        covers.map(async (cover) => [cover.block, await this.#coveredUpTo(cover)] as const),
      ),
    );
  }

  async #coveredUpTo({ count, some }: Cover): Promise<number> {
    const { k, aroundMs } = this.#rules;
    const enough = enoughOf(k, count);
    if (some.filter((one) => this.#present.has(one)).length >= enough) return this.#clock.now();
    const lasts = await this.#activityOf(some);
    lasts.sort((a, b) => b - a);
    return (lasts[enough - 1] ?? 0) + ACTIVE_SLOT_MS + aroundMs;
  }

  async #activityOf(ids: readonly CircleId[]): Promise<number[]> {
    const now = this.#clock.now();
    if (now > this.#activityAskedAt + ACTIVITY_KEPT_MS) {
      this.#activity = new Map();
      this.#activityAskedAt = now;
    }
    const known = this.#activity;
    const missing = ids.filter((id) => !known.has(id));
    const asked = this.#store.activity(missing);
    for (const [i, id] of missing.entries())
      known.set(
        id,
        asked.then((lasts) => lasts[i]!),
      );
    asked.catch(() => known.clear());
    return Promise.all(ids.map((id) => known.get(id)!));
  }

  async invite(
    { circle, drifter }: Pick<Context, "circle" | "drifter">,
    uses = 1,
  ): Promise<{ code: CircleCode; expiresAt: number }> {
    const code = randomBytes(32).toString("base64url") as CircleCode;
    const expiresAt = this.#clock.now() + INVITE_MS;
    const make = () => this.#store.invite(circle, hashOf(code), { uses, ttlMs: INVITE_MS });
    await this.#quotas.spend(drifter, "invites", make, () => true);
    return { code, expiresAt };
  }

  /**
   * Throws `gone` for a link that does not work, whatever the reason. Whoever has followed it before gets
   * the answer of then, also where the other has parted from him since: he cannot ask by it.
   */
  async accept(me: CircleId, code: CircleCode): Promise<void> {
    const codeHash = hashOf(code);
    const taken = await this.#store.take(codeHash, me);
    if (taken === null) throw gone();
    const { friend, isAgain } = taken;
    const [person] = await this.#store.people([friend]);
    // Whoever made the link may have been forgotten since.
    const isThere = person!.bornAt > 0;
    const link = { from: me, to: friend, codeHash, epoch: this.epoch() + 1 };
    const isLinked = isThere && (await this.#store.link(link, LIMITS.friends));
    if (isLinked || isAgain) return;
    await this.#store.giveBack(codeHash, me);
    throw gone();
  }

  async status(me: CircleId): Promise<CircleStatus> {
    const { minFriends } = this.#rules;
    const [friends, audience] = await Promise.all([
      this.#store.friends(me),
      this.graph().audienceOf(me),
    ]);
    return {
      open: friends >= minFriends,
      friends,
      needed: Math.max(0, minFriends - friends),
      couldWrite: publicCount(audience.couldWrite),
    };
  }

  /** Whether he has the friends that open his feed, those of today included. */
  async isOpen(me: CircleId): Promise<boolean> {
    return (await this.#store.friends(me)) >= this.#rules.minFriends;
  }

  /** Ends friendships: with those who came by one link, or else with all. Of no one: nothing. */
  async leave(me: CircleId, which: { all?: true; code?: CircleCode }): Promise<void> {
    if (which.all !== undefined && which.code !== undefined) {
      throw invalid({ code: "a link's, or else all; not both" });
    }
    const codeHash = which.code === undefined ? null : hashOf(which.code);
    await this.#store.part(me, codeHash, this.epoch() + 1);
  }

  async erase(me: CircleId): Promise<void> {
    // He is connected for a moment longer, and is not to be noted as here in that.
    this.#present.delete(me);
    await this.#store.erase(me);
  }

  /** Finishes what a process left half done that died. */
  async sweep(): Promise<void> {
    this.#forgetGraphs();
    const now = this.#clock.now();
    for (const link of await this.#store.unfinished(now - UNFINISHED_MS, BATCH))
      await this.#store.link(link, LIMITS.friends);
  }
}

const hashOf = (code: CircleCode): CodeHash => sha256("circle code", code);
