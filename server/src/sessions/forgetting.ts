import type { DrifterId } from "@driftsea/protocol";
import { inSlices } from "../lib/in-slices.ts";
import type { Context } from "../lib/connection-context.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { BlockService } from "../safety/blocks.service.ts";
import type { ReporterService } from "../safety/reporters.service.ts";
import type { SocketPublisher } from "../transport/publisher.ts";
import type { Dispatch } from "../transport/dispatch.ts";
import type { SessionService } from "./sessions.service.ts";
import type { Services } from "../transport/handlers.ts";

/** An erasure takes no longer, in ms. */
const FORGET_MS = 30_000;
/** Drifters who are looked up at once. */
const AT_ONCE = 50;

/** What has something of a drifter. */
type Keepers =
  | "bottles"
  | "circles"
  | "feed"
  | "hole"
  | "meets"
  | "penalties"
  | "places"
  | "push"
  | "quotas"
  | "rooms"
  | "threads";

export interface ForgettingParts extends Pick<Services, Keepers> {
  dispatch: Dispatch;
  nodes: Nodes;
  publisher: SocketPublisher;
  sessions: SessionService;
  blocks: BlockService;
  reporters: ReporterService;
}

/** How a drifter is forgotten, by whichever process he asks; and whom the others have to put out. */
export class Forgetting {
  readonly #p: ForgettingParts;
  /** Who is forgotten by another process, and when he is listened to again if that says nothing more. */
  readonly #forgetting = new Map<DrifterId, NodeJS.Timeout>();

  constructor(parts: ForgettingParts) {
    this.#p = parts;
    const { nodes, dispatch, publisher, sessions, bottles } = parts;
    nodes.hear("forgetting", async ({ drifter }) => {
      // Whoever forgets him may die over it.
      clearTimeout(this.#forgetting.get(drifter));
      const timer = setTimeout(() => {
        this.#forgetting.delete(drifter);
        dispatch.openTo(drifter);
      }, FORGET_MS).unref();
      this.#forgetting.set(drifter, timer);
      await dispatch.closeTo(drifter, { isAskedHere: false });
    });
    nodes.hear("forgotten", ({ drifter, isDone }) => {
      clearTimeout(this.#forgetting.get(drifter));
      this.#forgetting.delete(drifter);
      if (isDone) publisher.disconnect(drifter);
      dispatch.openTo(drifter);
    });
    nodes.onMissed(() =>
      inSlices(publisher.drifters(), AT_ONCE, async (drifter) => {
        if ((await sessions.boxOf(drifter)) === null) publisher.disconnect(drifter);
        else await bottles.arrived(drifter);
      }),
    );
  }

  async forget(context: Context): Promise<void> {
    const { dispatch, nodes, publisher, sessions, blocks, places, circles } = this.#p;
    const { drifter, box, circle, mask } = context;
    await Promise.all([dispatch.closeTo(drifter), nodes.ask(drifter, "forgetting", { drifter })]);
    try {
      await this.#eraseAll(context);
      await sessions.erase(drifter);
      // Last: who is still known keeps his list, and nobody writes into that of one who is not.
      await blocks.end(box);
    } catch (error) {
      dispatch.openTo(drifter);
      void nodes.tell(drifter, "forgotten", { drifter, isDone: false });
      throw error;
    }
    try {
      if (nodes.areOthers) {
        await nodes.ask(drifter, "forgotten", { drifter, isDone: true });
        // That he was there, another process may have noted until it put him out.
        await places.erase({ circle, mask });
        await circles.erase(circle);
      }
    } finally {
      // He is forgotten, whatever came of the rest.
      setImmediate(() => {
        publisher.disconnect(drifter);
        dispatch.openTo(drifter);
      });
    }
  }

  async #eraseAll({ drifter, circle, mask }: Context): Promise<void> {
    const p = this.#p;
    // While it is known which bottles are his.
    await p.push.erase(drifter);
    // What others could still see first.
    await p.bottles.erase(drifter);
    await p.threads.erase(drifter);
    await p.meets.erase(drifter);
    await p.rooms.erase(drifter);
    await p.hole.erase(drifter);
    await p.feed.erase(circle);
    await p.places.erase({ circle, mask });
    await p.circles.erase(circle);
    await p.quotas.erase(drifter);
    await p.penalties.erase(drifter);
    await p.reporters.erase({ mask });
  }
}
