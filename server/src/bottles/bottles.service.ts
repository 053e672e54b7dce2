import { nanoid } from "nanoid";
import { CREATURES, LIMITS, cleanText } from "@driftsea/protocol";
import type {
  BottleId,
  CatchResult,
  Data,
  DrifterId,
  OwnBottle,
  Payload,
  Quota,
  Sea,
  SeaId,
  ThreadId,
  WriteId,
} from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { gone, invalid } from "../lib/errors.ts";
import { inSlices } from "../lib/in-slices.ts";
import { newPersona } from "../lib/personas.ts";
import { below } from "../lib/random.ts";
import type { Rng } from "../lib/random.ts";
import { sha256 } from "../lib/sha256.ts";
import { alone } from "../nodes/nodes.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { NodeId } from "../presence/node-id.ts";
import type { QuotaService } from "../quotas/quotas.service.ts";
import type { ThreadService } from "../threads/threads.service.ts";
import { caughtBottle, leaseEndOf, levelToWire, ownBottle } from "./bottle-views.ts";
import type { Settlement } from "./bottles.settle.ts";
import type {
  BottleStore,
  Changed,
  NewBottle,
  OutboxEntry,
  StoredBottle,
} from "./bottles.store.ts";
import type { SeaCatalogue } from "./sea-catalogue.ts";

/** Seas that are asked at once. */
const SEAS_AT_ONCE = 20;
/** Everything about a bottle is gone so long after its life, in ms. */
const AFTER_LIFE_MS = 14 * 24 * 60 * 60 * 1000;
/** Draws that may fall on a bottle which this catcher may not have, before it is looked up. */
const DRAWS = 12;

export interface BottleRules {
  /** Life of a bottle where the thrower names none, in ms. */
  lifeMs: number;
  leaseMs: number;
  leaseMaxMs: number;
  holderGraceMs: number;
  creatureProbability: number;
  /** A sea is wiped when nobody throws for so long, in ms; 0 where it is not (R11). */
  seaSilenceMs: number;
}

export interface BottleParts {
  store: BottleStore;
  seas: SeaCatalogue;
  quotas: QuotaService;
  threads: ThreadService;
  settlement: Settlement;
  /** With whom a drifter has nothing to do any more. */
  blockedOf: (drifter: DrifterId) => Promise<DrifterId[]>;
  /** Whether he is connected to this process. */
  isHere: (drifter: DrifterId) => boolean;
  nodes?: Pick<Nodes, "tell">;
  clock: Clock;
  rng: Rng;
  node: NodeId;
  rules: BottleRules;
  /** Of what is left undone after the reply: the sweeper does it again. */
  onUnsettled: (error: unknown) => void;
}

/** Entries of the outbox that are settled at once. */
const SETTLED_AT_ONCE = 50;

/** Throwing, catching, answering: what a drifter can do with bottles (B1 to B13). */
export class BottleService {
  readonly #p: BottleParts;

  constructor(parts: BottleParts) {
    this.#p = parts;
  }

  /** `chosen`: the sea that the named one means now, where that is a place's. */
  async throw(
    drifter: DrifterId,
    input: Payload<"bottle:throw">,
    chosen: SeaId | undefined = input.sea,
  ): Promise<{ bottle: OwnBottle; quota: Quota }> {
    const { store, seas, quotas, clock, rules } = this.#p;
    const sea = chosen ?? seas.ids[0]!;
    await this.#check(drifter, input, sea);
    const mark = throwMarkOf(input);
    const reservation = await quotas.take(drifter, "throws", mark);
    try {
      // A place's name may have meant another sea when this write was cut off.
      const isOfPlace = input.sea !== undefined && seas.isOfPlace(input.sea);
      const isAgain = reservation.outcome === "again";
      const id = bottleIdOf(drifter, input.id, sea);
      let before = isAgain ? await store.read(sea, id) : null;
      if (!before && isOfPlace) before = await this.#thrown(drifter, input.id);
      if (!before) {
        const lifeMs = input.lifetimeMs ?? rules.lifeMs;
        await seas.use(sea, (input.sealedUntilAt ?? clock.now()) + lifeMs + AFTER_LIFE_MS);
        const thrown: NewBottle = {
          id,
          owner: drifter,
          text: cleanText(input.text),
          kind: input.kind ?? "plain",
          ...(input.mood === undefined ? {} : { mood: input.mood }),
          lifeMs,
          finders: input.finders ?? 1,
          ...(input.sealedUntilAt === undefined ? {} : { sealedUntilAt: input.sealedUntilAt }),
        };
        await store.throw(sea, thrown, rules.seaSilenceMs);
        seas.remember(drifter, id, sea);
      }
      const bottle = before ?? (await store.read(sea, id));
      if (!bottle) throw gone();
      return {
        bottle: ownBottle(bottle, clock.now()),
        quota: quotas.quota("throws", reservation),
      };
    } catch (error) {
      // The id follows from the write: if the bottle is afloat after all, the same write finds it.
      await quotas.undo(error, drifter, "throws", reservation, mark);
      throw error;
    }
  }

  /** The bottle of an earlier throw under this write id, in whichever sea it was. */
  async #thrown(drifter: DrifterId, writeId: WriteId): Promise<StoredBottle | null> {
    const { store, seas } = this.#p;
    const found = await Promise.all(
      seas.ids.map((sea) => store.read(sea, bottleIdOf(drifter, writeId, sea))),
    );
    return found.find((bottle) => bottle !== null) ?? null;
  }

  async #check(drifter: DrifterId, input: Payload<"bottle:throw">, sea: SeaId): Promise<void> {
    const fields: Record<string, string> = {};
    const { lifetimeMs, sealedUntilAt } = input;
    const min = Math.min(LIMITS.lifetimeMinMs, this.#p.rules.lifeMs);
    if (!this.#p.seas.has(sea)) fields["sea"] = "no such sea";
    if (lifetimeMs !== undefined && (lifetimeMs < min || lifetimeMs > LIMITS.lifetimeMaxMs)) {
      fields["lifetimeMs"] = `must be from ${min} to ${LIMITS.lifetimeMaxMs}`;
    }
    if (sealedUntilAt !== undefined) {
      const now = this.#p.clock.now();
      // It was, when this write came first.
      const isPast = sealedUntilAt <= now && (await this.#thrown(drifter, input.id)) === null;
      if (isPast) fields["sealedUntilAt"] = "must be in the future";
      else if (sealedUntilAt > now + LIMITS.sealMaxMs)
        fields["sealedUntilAt"] = "must be at most 365 days ahead";
    }
    if (Object.keys(fields).length > 0) throw invalid(fields);
  }

  async catch(drifter: DrifterId, chosen: SeaId | undefined): Promise<CatchResult> {
    const { store, seas, quotas, rng, rules, node, blockedOf } = this.#p;
    const sea = chosen ?? seas.ids[0]!;
    if (!seas.has(sea)) throw invalid({ sea: "no such sea" });
    const reservation = await quotas.take(drifter, "catches");
    // Drawn before the sea is asked, so that a creature says nothing about what floats in it.
    const isCreature = rng.uniform() < rules.creatureProbability;
    if (isCreature || reservation.closedUntil > 0) {
      const creature = CREATURES[below(rng, CREATURES.length)]!;
      return { outcome: "creature", creature, quota: quotas.quota("catches", reservation) };
    }
    let caught: Awaited<ReturnType<BottleStore["catch"]>>;
    try {
      caught = await store.catch(sea, {
        catcher: drifter,
        node,
        leaseMs: rules.leaseMs,
        leaseMaxMs: rules.leaseMaxMs,
        persona: newPersona(),
        blocked: await blockedOf(drifter),
        draws: Array.from({ length: DRAWS }, () => rng.uniform()),
      });
    } catch (error) {
      await quotas.undo(error, drifter, "catches", reservation);
      throw error;
    }
    this.#settle(sea, caught.outbox);
    if (!caught.result || !(await this.#mayKeep(sea, drifter, caught.result.bottle, reservation))) {
      const quota = await quotas.giveBack(drifter, "catches", reservation);
      return { outcome: "calm", quota };
    }
    const { bottle, lease } = caught.result;
    seas.remember(drifter, bottle.id, sea);
    await this.#noteGone(drifter);
    return {
      outcome: "bottle",
      bottle: caughtBottle(bottle, lease),
      leaseEndsAt: leaseEndOf(bottle, lease.endsAt),
      quota: quotas.quota("catches", reservation),
    };
  }

  /** A block that fell between the question and the catch found nothing to let go of. */
  async #mayKeep(
    sea: SeaId,
    drifter: DrifterId,
    { id, owner }: StoredBottle,
    reservation: Awaited<ReturnType<QuotaService["take"]>>,
  ): Promise<boolean> {
    try {
      if (!(await this.#p.blockedOf(drifter)).includes(owner)) return true;
      await this.#letGoIn(sea, drifter, id);
      return false;
    } catch (error) {
      // A failed call leaves nothing in his hand, nor is it counted.
      void this.#letGoIn(sea, drifter, id).catch(() => {});
      await this.#p.quotas.undo(error, drifter, "catches", reservation);
      throw error;
    }
  }

  /** Who has hung up meanwhile was noted as gone before he held it. */
  async #noteGone(drifter: DrifterId): Promise<void> {
    if (!this.#p.isHere(drifter)) await this.departed(drifter).catch(this.#p.onUnsettled);
  }

  async hold(drifter: DrifterId, id: BottleId): Promise<number> {
    const { store, node, rules } = this.#p;
    const sea = await this.#p.seas.locate(drifter, id);
    const { leaseMs, holderGraceMs: graceMs } = rules;
    const endsAt = await store.hold(sea, id, drifter, { leaseMs, node, graceMs });
    if (endsAt === null) throw gone();
    await this.#noteGone(drifter);
    const bottle = await store.read(sea, id);
    return bottle === null ? endsAt : leaseEndOf(bottle, endsAt);
  }

  async answer(
    drifter: DrifterId,
    input: Payload<"bottle:answer">,
  ): Promise<Data<"bottle:answer">> {
    const { store, threads, settlement } = this.#p;
    const sea = await this.#p.seas.locate(drifter, input.bottleId);
    const answered = await store.answer(sea, input.bottleId, drifter, {
      writeId: input.id,
      threadId: nanoid<ThreadId>(),
      persona: newPersona(),
      text: cleanText(input.text),
    });
    if (!answered) throw gone();
    const { threadId, entry } = answered;
    // Before the reply: whoever threw it hears of the answer before he hears of what is written next.
    if (entry?.kind === "answered")
      await settlement.settle(sea, entry).catch(async (error: unknown) => {
        this.#p.onUnsettled(error);
        await settlement.begin(entry);
      });
    const { thread, messages } = await threads.open(drifter, threadId, 0);
    const message = messages.find((m) => m.id === input.id);
    if (!message) throw gone();
    return { thread, message };
  }

  async release(drifter: DrifterId, id: BottleId): Promise<void> {
    const { store, quotas } = this.#p;
    const sea = await this.#p.seas.locate(drifter, id);
    const { result, outbox } = await store.release(sea, id, drifter);
    this.#settle(sea, outbox);
    if (!result) throw gone();
    await quotas.behaved(drifter);
  }

  /** As `release`, where he holds it. */
  async letGo(drifter: DrifterId, id: BottleId): Promise<void> {
    await this.#letGoIn(await this.#p.seas.locate(drifter, id), drifter, id);
  }

  async #letGoIn(sea: SeaId, drifter: DrifterId, id: BottleId): Promise<void> {
    const { outbox } = await this.#p.store.release(sea, id, drifter);
    this.#settle(sea, outbox);
  }

  async recall(drifter: DrifterId, id: BottleId): Promise<void> {
    const sea = await this.#p.seas.locate(drifter, id);
    const { result, outbox } = await this.#p.store.recall(sea, id, drifter);
    // Before the reply: who holds it must not see it a moment longer.
    for (const entry of outbox) await this.#p.settlement.settle(sea, entry);
    if (!result) throw gone();
  }

  /** Out of the sea and of every hand, or back under its old deadline; safe to repeat. */
  async hide(id: BottleId, hidden: boolean): Promise<void> {
    await this.#change(id, (sea) => this.#p.store.hide(sea, id, hidden));
  }

  /** For good, whoever threw it. */
  async remove(id: BottleId): Promise<void> {
    await this.#change(id, (sea) => this.#p.store.recall(sea, id, null));
  }

  async #change(id: BottleId, change: (sea: SeaId) => Promise<Changed<boolean>>): Promise<void> {
    const sea = await this.#p.store.locate(this.#p.seas.ids, id);
    if (sea === null) return;
    const { outbox } = await change(sea);
    // Who holds it must not see it a moment longer.
    for (const entry of outbox) await this.#p.settlement.settle(sea, entry);
  }

  /** Never to be told to anybody; null where there is no such bottle any more. */
  async authorOf(id: BottleId): Promise<DrifterId | null> {
    const sea = await this.#p.store.locate(this.#p.seas.ids, id);
    return sea && ((await this.#p.store.read(sea, id))?.owner ?? null);
  }

  async mute(drifter: DrifterId, id: BottleId, muted: boolean): Promise<void> {
    const sea = await this.#p.seas.locate(drifter, id);
    if (!(await this.#p.store.mute(sea, id, drifter, muted))) throw gone();
  }

  async mine(drifter: DrifterId): Promise<Data<"bottle:mine">> {
    const { store, seas, clock } = this.#p;
    const lists = await Promise.all(seas.ids.map((sea) => store.list(sea, drifter)));
    const now = clock.now();
    return {
      bottles: lists
        .flatMap((list) => list.own.map((bottle) => ownBottle(bottle, now)))
        .sort((a, b) => b.thrownAt - a.thrownAt),
      held: lists.flatMap((list) =>
        list.held.map(({ bottle, lease }) => ({
          bottle: caughtBottle(bottle, lease),
          leaseEndsAt: leaseEndOf(bottle, lease.endsAt),
        })),
      ),
    };
  }

  /** Those that everybody has, and after them the place's in which somebody is, if any. */
  async seas(locale: "en" | "zh", here: SeaId | null): Promise<Sea[]> {
    const { store, seas } = this.#p;
    const infos = [...seas.infos, ...seas.ofPlaces.filter((info) => info.id === here)];
    const levels = await store.levels(infos.map((info) => info.id));
    return infos.map(({ id, title }, i) => ({
      id,
      title: title[locale],
      ...levelToWire(levels[i]!),
    }));
  }

  /** A bottle that this drifter holds or held; `gone` for any other. */
  async seen(drifter: DrifterId, id: BottleId): Promise<StoredBottle> {
    const { store } = this.#p;
    const sea = await this.#p.seas.locate(drifter, id);
    const [hasSeen, bottle] = await Promise.all([
      store.hasSeen(sea, id, drifter),
      store.read(sea, id),
    ]);
    if (!hasSeen || !bottle) throw gone();
    return bottle;
  }

  /** He is here: what he holds stays his. */
  async arrived(drifter: DrifterId): Promise<void> {
    await this.#setHolder(drifter, true);
  }

  /** His last connection to this process has ended: what he holds by it drifts on after the grace. */
  async departed(drifter: DrifterId): Promise<void> {
    await this.#setHolder(drifter, false);
    // He may be connected to another, which says that he is.
    const { nodes = alone } = this.#p;
    await nodes.tell(drifter, "departed", { drifter });
  }

  async #setHolder(drifter: DrifterId, isHere: boolean): Promise<void> {
    const { store, seas, node, rules } = this.#p;
    const at = { node, isHere };
    await Promise.all(
      seas.ids.map((sea) => store.setHolder(sea, drifter, at, rules.holderGraceMs)),
    );
  }

  /** A process has died: those whom it served, and who held something, have been away since its last beat. */
  async orphan(
    node: NodeId,
    lastBeatAt: number,
    onTouched: (drifter: DrifterId) => Promise<void>,
  ): Promise<void> {
    const { store, seas, rules } = this.#p;
    const inSea = async (sea: SeaId): Promise<void> => {
      for (let isMore = true; isMore;) {
        const some = await store.orphan(sea, node, lastBeatAt, rules.holderGraceMs);
        // Before the next: where that fails, nobody finds these any more.
        for (const drifter of some.drifters) await onTouched(drifter);
        isMore = some.isMore;
      }
    };
    await inSlices(seas.ids, SEAS_AT_ONCE, inSea);
  }

  async erase(drifter: DrifterId): Promise<void> {
    const { store, seas } = this.#p;
    for (const sea of seas.ids) {
      const { outbox } = await store.erase(sea, drifter);
      this.#settle(sea, outbox);
    }
  }

  /** Tells those concerned, without making the reply wait for it. */
  #settle(sea: SeaId, outbox: readonly OutboxEntry[]): void {
    void inSlices(outbox, SETTLED_AT_ONCE, (entry) =>
      this.#p.settlement.settle(sea, entry).catch(this.#p.onUnsettled),
    );
  }
}

/**
 * What is remembered of a throw that was paid for: what was paid for something else, or for one into another sea, is
 * none of it.
 */
const throwMarkOf = ({ id, sea }: Payload<"bottle:throw">): WriteId =>
  sha256("throw", id, sea ?? "").slice(0, 21) as WriteId;

/**
 * The bottle's id follows from who throws and his write id, 126 bits of SHA-256: a throw that is
 * repeated after an outage finds its bottle instead of throwing another. To anybody else it is as
 * random as the 256 bits of the drifter's hash.
 */
export const bottleIdOf = (drifter: DrifterId, writeId: WriteId, sea: SeaId): BottleId =>
  sha256("bottle", drifter, writeId, sea).slice(0, 21) as BottleId;
