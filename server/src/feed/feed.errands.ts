import type { CircleId, PlaceId, SecretId } from "@driftsea/protocol";
import type { CircleService } from "../circles/circles.service.ts";
import type { Clock } from "../lib/clock.ts";
import type { Errand, FeedStore } from "./feed.store.ts";
import { circleMarkOf } from "./feed.wire.ts";

/** An errand that is not done after this is somebody else's to do, in ms. */
const UNFINISHED_MS = 2000;
const BATCH = 50;
/** What is written where nobody can be hidden; its author's entry has a block as everybody's. */
const NO_BLOCK = "none";

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
  /** Whose errands are to be run, and the running of them. */
  readonly #waiting = new Set<CircleId>();
  #working: Promise<void> | null = null;

  constructor(parts: ErrandParts) {
    this.#p = parts;
    this.#store = parts.store;
  }

  /** After the reply; one after the other, so that who writes much does not take the store from others. */
  run(circle: CircleId): void {
    this.#waiting.add(circle);
    this.#working ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#work())
      .finally(() => (this.#working = null));
  }

  async #work(): Promise<void> {
    for (const circle of this.#waiting) {
      this.#waiting.delete(circle);
      await this.#runErrands(circle).catch(this.#p.onUnsettled);
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#working) await this.#working;
  }

  /** Does what a process left undone that died, or that could not reach something. */
  async sweep(): Promise<void> {
    if (this.#working) return;
    const before = this.#p.clock.now() - UNFINISHED_MS;
    for (const circle of await this.#store.unfinished(before, BATCH))
      await this.#runErrands(circle);
  }

  /** Each step is safe to repeat, and whoever finds an errand begins it again. */
  async #runErrands(circle: CircleId): Promise<void> {
    for (const errand of await this.#store.errands(circle)) {
      if (errand.kind === "post") await this.#bringToOwnCircle(circle, errand);
      else await this.#carryToCircle(circle, errand);
      await this.#store.finish(circle, errand);
    }
  }

  async #bringToOwnCircle(
    author: CircleId,
    errand: Extract<Errand, { kind: "post" }>,
  ): Promise<void> {
    const { postId: id, secret, epoch, place } = errand;
    await this.#store.create(id, secret);
    const graph = this.#p.circles.graph(epoch);
    const { readers } = await graph.audienceOf(author);
    // Where one write came twice, another release may have been drawn than this errand's.
    const [stored] = await this.#store.read([{ id, mark: "" }]);
    if (!stored) return;
    const { releaseAt } = stored;
    // The author reads his own as everybody does: a feed without it would give him away.
    const [cover] = await graph.coversOf(author);
    const all = new Map([[author, cover?.block ?? NO_BLOCK], ...readers]);
    await this.#store.deliver(all, { id, way: "own", releaseAt });
    if (place === undefined) return;
    await this.#store.drop(place, id, releaseAt);
    this.#p.onDropped({ place, id, releaseAt });
  }

  async #carryToCircle(
    carrier: CircleId,
    { postId: id, releaseAt, epoch }: Extract<Errand, { kind: "carry" }>,
  ): Promise<void> {
    const graph = this.#p.circles.graph(epoch);
    // Those to whom he himself could be shown: a heart opens nobody a way around k.
    const { readers } = await graph.audienceOf(carrier);
    if (readers.size === 0) return;
    const friends = await graph.friendsOf(carrier);
    const circleMark = circleMarkOf(id, carrier, friends);
    const carried = await this.#store.carry(id, circleMark, this.#p.worldAtCircles);
    if (carried) await this.#store.deliver(readers, { id, way: "carried", releaseAt });
  }
}
