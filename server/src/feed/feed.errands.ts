import type { CircleId, PlaceId, SecretId } from "@driftsea/protocol";
import { blockNameOf } from "../circles/circle-graph.ts";
import type { CircleService } from "../circles/circles.service.ts";
import type { Clock } from "../lib/clock.ts";
import type { Errand, FeedStore } from "./feed.store.ts";
import { circleMarkOf } from "./feed.wire.ts";

/** An errand that is not done after this is somebody else's to do, in ms. */
const UNFINISHED_MS = 2000;
const BATCH = 50;
/** Whose errands are run at once: more than come in the usual, so that what was held up is made up for. */
const LANES = 48;
/** Errands of one person in one turn of his; then others have theirs. */
const AT_A_TURN = 8;

/** A secret that was put into a place. */
export interface Dropped {
  place: PlaceId;
  id: SecretId;
  releaseAt: number;
}

export interface ErrandParts {
  store: FeedStore;
  circles: CircleService;
  /** The store's. */
  clock: Clock;
  /** Carried to so many circles it is the world's (F3). */
  worldAtCircles: number;
  /** In their feeds something lies ready, from `at` on. */
  onDelivered: (readers: readonly CircleId[], at: number) => void;
  onDropped: (dropped: Dropped) => void;
  /** What could not be brought to a circle now; somebody does later. */
  onUnsettled: (error: unknown) => void;
}

/**
 * Brings secrets to those who may be shown them. An errand lies with whoever wrote or gave a heart until
 * it is done; each step is safe to repeat, and another process finishes what one left that died.
 */
export class FeedErrands {
  readonly #p: ErrandParts;
  readonly #store: FeedStore;
  /** Whose errands are to be run, whose are being run, and the running of them. */
  readonly #waiting = new Set<CircleId>();
  readonly #served = new Set<CircleId>();
  readonly #lanes = new Set<Promise<void>>();

  constructor(parts: ErrandParts) {
    this.#p = parts;
    this.#store = parts.store;
  }

  /** After the reply; a few at a time, so that who writes much does not take the store from others. */
  run(circle: CircleId): void {
    this.#waiting.add(circle);
    if (this.#lanes.size >= LANES) return;
    const lane = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#serve())
      .finally(() => this.#lanes.delete(lane));
    this.#lanes.add(lane);
  }

  async #serve(): Promise<void> {
    for (let circle = this.#next(); circle !== undefined; circle = this.#next()) {
      this.#waiting.delete(circle);
      this.#served.add(circle);
      await this.#runErrands(circle)
        .catch(this.#p.onUnsettled)
        .finally(() => this.#served.delete(circle));
    }
  }

  /** Whose turn it is; not whose errands are being run: his lane comes back to him. */
  #next(): CircleId | undefined {
    for (const circle of this.#waiting) if (!this.#served.has(circle)) return circle;
    return undefined;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all(this.#lanes);
  }

  /** Has its turn, beside its own, what a process left undone that died, or that could not reach something. */
  async sweep(): Promise<void> {
    const before = this.#p.clock.now() - UNFINISHED_MS;
    for (const circle of await this.#store.unfinished(before, BATCH))
      if (!this.#served.has(circle)) this.run(circle);
  }

  /** Each step is safe to repeat, and whoever finds an errand begins it again. */
  async #runErrands(circle: CircleId): Promise<void> {
    const errands = await this.#store.errands(circle, AT_A_TURN);
    const done: Errand[] = [];
    try {
      for (const errand of errands) {
        if (errand.kind === "post") await this.#bringToOwnCircle(circle, errand);
        else await this.#carryToCircle(circle, errand);
        done.push(errand);
      }
    } finally {
      if (done.length > 0) await this.#store.finish(circle, done);
    }
    if (errands.length === AT_A_TURN) this.run(circle);
  }

  async #bringToOwnCircle(
    author: CircleId,
    errand: Extract<Errand, { kind: "post" }>,
  ): Promise<void> {
    const { postId: id, secret, epoch, place } = errand;
    // Where one write came twice, another release may have been drawn than this errand's.
    const releaseAt = await this.#store.create(id, secret);
    if (releaseAt === null) return;
    const graph = this.#p.circles.graph(epoch);
    const { readers } = await graph.audienceOf(author);
    // The author reads his own as everybody does: a feed without it would give him away. So would one that
    // has it where no other has, and a block that no two people name, where he is in none.
    if (readers.size > 0) {
      const [cover] = await graph.coversOf(author);
      const [one = "", other = ""] = [...readers.keys()].sort();
      const all = new Map([[author, cover?.block ?? blockNameOf(one, other)], ...readers]);
      await this.#store.deliver(all, { id, way: "own", releaseAt });
      this.#p.onDelivered([...all.keys()], releaseAt);
    }
    if (place === undefined) return;
    await this.#store.drop(place, id, releaseAt);
    this.#p.onDropped({ place, id, releaseAt });
  }

  async #carryToCircle(
    carrier: CircleId,
    { postId: id, releaseAt, epoch, by }: Extract<Errand, { kind: "carry" }>,
  ): Promise<void> {
    const graph = this.#p.circles.graph(epoch);
    // Those to whom he himself could be shown: a heart opens nobody a way around k.
    const { readers } = await graph.audienceOf(carrier);
    if (readers.size === 0) return;
    const friends = await graph.friendsOf(carrier);
    const circleMark = circleMarkOf(id, carrier, friends);
    const { worldAtCircles } = this.#p;
    const carried = await this.#store.carry(id, circleMark, worldAtCircles, {
      // One that lies there since an older version names nobody.
      by: by ?? circleMark,
      epoch,
    });
    if (!carried) return;
    await this.#store.deliver(readers, { id, way: "carried", releaseAt });
    this.#p.onDelivered([...readers.keys()], releaseAt);
  }
}
