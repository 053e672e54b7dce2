import type { DrifterId, Notice, NoticeKind } from "@driftsea/protocol";
import { inSlices } from "../lib/in-slices.ts";
import type { Publisher } from "../lib/publisher.ts";
import { alone } from "../nodes/nodes.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { Tellings } from "../nodes/tellings.ts";
import type { SessionStore } from "./sessions.store.ts";

/**
 * How long a notice that is being told by event stays out of the inbox, in ms. Only a process that
 * dies in between leaves it there, to be read later.
 */
const PENDING_MS = 2000;
const PAGE = 100;
/** Inboxes that are looked into at once. */
const AT_ONCE = 50;

/** Tells a drifter something exactly once: by its event while he is connected, else by his inbox. */
export class NoticeService {
  readonly #store: SessionStore;
  readonly #publisher: Publisher;
  readonly #nodes: Nodes;
  #onWaiting: (drifter: DrifterId, seq: number, notice: Notice) => void = () => {};

  constructor(store: SessionStore, publisher: Publisher, nodes: Nodes = alone) {
    this.#store = store;
    this.#publisher = publisher;
    this.#nodes = nodes;
    nodes.hear("notice", (told) => this.#take(told));
    nodes.onMissed(() => this.#missed());
  }

  /** He is not connected to this process: what lies in his inbox now may wait for long. */
  whenWaiting(act: (drifter: DrifterId, seq: number, notice: Notice) => void): void {
    this.#onWaiting = act;
  }

  isUnread(drifter: DrifterId, seq: number): Promise<boolean> {
    return this.#store.isUnread(drifter, seq);
  }

  /** Safe to repeat: the same id is told once. */
  async notify(drifter: DrifterId, id: string, notice: Notice): Promise<void> {
    const wasConnected = this.#publisher.isConnected(drifter);
    const seq = await this.#store.push(drifter, id, notice, wasConnected ? PENDING_MS : 0);
    if (seq === null) return;
    if (!this.#publisher.isConnected(drifter)) {
      await this.#nodes.tell(drifter, "notice", { drifter, seq, notice });
      this.#onWaiting(drifter, seq, notice);
    } else if (wasConnected) {
      this.#emit(drifter, notice);
      await this.#store.drop(drifter, seq);
    } else {
      // He came while it was being put in, and may have read the inbox before or after that.
      await this.#take({ drifter, seq, notice });
    }
  }

  /** Whoever takes it out of the inbox tells it, and nobody else does. */
  async #take({ drifter, seq, notice }: Tellings["notice"]): Promise<void> {
    if (!this.#publisher.isConnected(drifter)) return;
    if (await this.#store.drop(drifter, seq)) this.#emit(drifter, notice);
  }

  /** What lies in the inboxes of those who are here, and who have read them. */
  async #missed(): Promise<void> {
    await inSlices(this.#publisher.drifters(), AT_ONCE, async (drifter) => {
      const { items } = await this.#store.read(drifter, undefined, PAGE);
      for (const notice of items) this.#emit(drifter, notice);
    });
  }

  #emit<K extends NoticeKind>(drifter: DrifterId, notice: Notice & { kind: K }): void {
    const { kind, ...payload } = notice;
    this.#publisher.toDrifter(drifter, kind, payload as never);
  }

  async inbox(
    drifter: DrifterId,
    after: string | undefined,
  ): Promise<{ items: Notice[]; cursor: string }> {
    const from = after === undefined ? undefined : Number(after);
    const { items, cursor } = await this.#store.read(drifter, from, PAGE);
    return { items, cursor: String(cursor) };
  }
}
