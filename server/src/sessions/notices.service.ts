import type { DrifterId, Notice } from "@driftsea/protocol";
import { inSlices } from "../lib/in-slices.ts";
import type { Publisher } from "../lib/publisher.ts";
import { alone } from "../nodes/nodes.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { Tellings } from "../nodes/tellings.ts";
import type { SessionStore } from "./sessions.store.ts";

/**
 * How long a notice that is being told by event stays out of sight in the inbox, in ms: who is there has answered
 * by then. A process that dies in between leaves it there, to be read later.
 */
const PENDING_MS = 7000;
const PAGE = 100;
/** Inboxes that are looked into at once. */
const AT_ONCE = 50;

/**
 * Tells a drifter something exactly once: by its event while he is connected, else by his inbox. A line may be dead
 * and nobody knows it yet: what is told stays in the inbox until he answers a ping that went behind it.
 */
export class NoticeService {
  readonly #store: SessionStore;
  readonly #publisher: Publisher;
  readonly #nodes: Nodes;
  readonly #telling = new Set<Promise<void>>();
  readonly #again = new Set<NodeJS.Timeout>();
  readonly #looking = new Set<DrifterId>();
  #missing = Promise.resolve();
  readonly #pendingMs: number;
  readonly #onUnsettled: (error: unknown) => void;
  #onWaiting: (drifter: DrifterId, seq: number, notice: Notice) => void = () => {};

  constructor(parts: {
    store: SessionStore;
    publisher: Publisher;
    nodes?: Nodes;
    /** It could not be taken out of an inbox, and will be told once more. */
    onUnsettled: (error: unknown) => void;
    pendingMs?: number;
  }) {
    const { store, publisher, nodes = alone, onUnsettled, pendingMs = PENDING_MS } = parts;
    this.#pendingMs = pendingMs;
    this.#store = store;
    this.#publisher = publisher;
    this.#nodes = nodes;
    this.#onUnsettled = onUnsettled;
    nodes.hear("notice", (told) => this.#take(told));
    nodes.hear("notice-owed", ({ drifter }) => this.#lookLater(drifter));
    nodes.hear("notice-told", (told) => {
      if (publisher.isConnected(told.drifter)) this.#tellHere(told);
    });
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
    const seq = await this.#store.push(drifter, id, notice, wasConnected ? this.#pendingMs : 0);
    if (seq === null) {
      // Whoever put it in may not have had the answer, and then nobody was told.
      this.#lookLater(drifter);
      await this.#nodes.tell(drifter, "notice-owed", { drifter });
      return;
    }
    if (!this.#publisher.isConnected(drifter)) {
      await this.#nodes.tell(drifter, "notice", { drifter, seq, notice });
      // Out of sight for a line that has ended meanwhile: nobody else could take it.
      if (wasConnected) this.#later(() => this.#seek({ drifter, seq, notice }));
      this.#onWaiting(drifter, seq, notice);
    } else if (wasConnected) {
      this.#tell({ drifter, seq, notice });
    } else {
      // He came while it was being put in, and may have read the inbox before or after that.
      await this.#take({ drifter, seq, notice });
    }
  }

  /** Whoever takes it out of sight tells it, and nobody else does. */
  async #take(told: Tellings["notice"]): Promise<void> {
    const { drifter, seq } = told;
    if (!this.#publisher.isConnected(drifter)) return;
    if (await this.#store.claim(drifter, seq, this.#pendingMs)) this.#tell(told);
  }

  /** On all his lines; whichever process serves one that reads it finds that out. */
  #tell(told: Tellings["notice"]): void {
    this.#tellHere(told);
    void this.#nodes.tell(told.drifter, "notice-told", told);
  }

  /** Nobody waits for it: what he has read is found out beside everything else. */
  #tellHere(told: Tellings["notice"]): void {
    const { kind, ...payload } = told.notice;
    this.#publisher.here.toDrifter(told.drifter, kind, payload);
    const telling = this.#settle(told)
      .catch(this.#onUnsettled)
      .finally(() => this.#telling.delete(telling));
    this.#telling.add(telling);
  }

  async #settle(told: Tellings["notice"]): Promise<void> {
    const { drifter, seq, notice } = told;
    if (await this.#publisher.hasRead(drifter)) {
      await this.#store.drop(drifter, seq);
      return;
    }
    // Where his line ended a moment after it was told, it is still out of sight.
    this.#later(() => this.#seek(told));
    await this.#seek(told);
    if (!this.#publisher.isConnected(drifter)) this.#onWaiting(drifter, seq, notice);
  }

  /** When all that is out of sight now is in sight again. */
  #later(act: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#again.delete(timer);
      act().catch(this.#onUnsettled);
    }, this.#pendingMs);
    timer.unref();
    this.#again.add(timer);
  }

  #lookLater(drifter: DrifterId): void {
    if (!this.#publisher.isConnected(drifter) || this.#looking.has(drifter)) return;
    this.#looking.add(drifter);
    this.#later(async () => {
      this.#looking.delete(drifter);
      if (this.#publisher.isConnected(drifter)) await this.#tellWaiting(drifter);
    });
  }

  /** He may have come back by another line, here or elsewhere, and looked while it was out of sight. */
  async #seek(told: Tellings["notice"]): Promise<void> {
    if (this.#publisher.isConnected(told.drifter)) await this.#take(told);
    else await this.#nodes.tell(told.drifter, "notice", told);
  }

  /** Resolves when of all that was told it is known whether it was read; it is told to nobody again. */
  async idle(): Promise<void> {
    await Promise.all(this.#telling);
    for (const timer of this.#again) clearTimeout(timer);
    this.#again.clear();
    this.#looking.clear();
  }

  /** What lies in the inboxes of those who are here. */
  #missed(): Promise<void> {
    const tell = (drifter: DrifterId): Promise<void> => this.#tellWaiting(drifter);
    return (this.#missing = inSlices(this.#publisher.drifters(), AT_ONCE, tell));
  }

  /** Resolves when those who are here were told what may have passed this process by. */
  caughtUp(): Promise<void> {
    return this.#missing;
  }

  async #tellWaiting(drifter: DrifterId): Promise<void> {
    for (const { seq, notice } of await this.#store.unread(drifter, PAGE))
      await this.#take({ drifter, seq, notice });
  }

  async inbox(
    drifter: DrifterId,
    after: string | undefined,
  ): Promise<{ items: Notice[]; cursor: string }> {
    const from = after === undefined ? undefined : Number(after);
    const { items, cursor, isHeldUp } = await this.#store.read(drifter, from, PAGE);
    // What is being told on a line that may be dead keeps all behind it from being read.
    if (isHeldUp) this.#lookLater(drifter);
    return { items, cursor: String(cursor) };
  }
}
