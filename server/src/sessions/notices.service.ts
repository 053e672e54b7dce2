import type { DrifterId, Notice, NoticeKind } from "@driftsea/protocol";
import type { Publisher } from "../lib/publisher.ts";
import type { SessionStore } from "./sessions.store.ts";

/**
 * How long a notice that is being told by event stays out of the inbox, in ms. Only a process that
 * dies in between leaves it there, to be read later.
 */
const PENDING_MS = 2000;
const PAGE = 100;

/** Tells a drifter something exactly once: by its event while he is connected, else by his inbox. */
export class NoticeService {
  readonly #store: SessionStore;
  readonly #publisher: Publisher;

  constructor(store: SessionStore, publisher: Publisher) {
    this.#store = store;
    this.#publisher = publisher;
  }

  /** Safe to repeat: the same id is told once. */
  async notify(drifter: DrifterId, id: string, notice: Notice): Promise<void> {
    const wasConnected = this.#publisher.isConnected(drifter);
    const seq = await this.#store.push(drifter, id, notice, wasConnected ? PENDING_MS : 0);
    if (seq === null || !this.#publisher.isConnected(drifter)) return;
    if (wasConnected) {
      this.#emit(drifter, notice);
      await this.#store.drop(drifter, seq);
    } else if (await this.#store.drop(drifter, seq)) {
      // He came while it was being put in, and may have read the inbox before or after that.
      this.#emit(drifter, notice);
    }
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
