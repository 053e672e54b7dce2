import type { DrifterId, ThreadId } from "@driftsea/protocol";
import type { ConnectionId } from "../lib/publisher.ts";
import { Recent } from "../lib/recent.ts";
import type { StoredMessage, StoredThread, ThreadStore } from "./threads.store.ts";

/** Threads of which it is remembered what was told here; the oldest give way. */
const REMEMBERED = 20_000;
/** Messages that overtook each other lie no further apart than this, in ms. */
const OVERTAKEN_MS = 2000;
/** The answer that opens a thread is told with it. */
const FIRST = 1;
/** So many overtake one at most. */
const OVERTAKEN = 100;

interface Ears {
  /** Number of the message that was told last. */
  told: number;
  /** Number up to which there is something to be told. */
  wanted: number;
  /** Nothing earlier was missed: another than the number counts where nothing was told yet. */
  since: number;
  reading: Promise<void> | null;
}

export interface ThreadEarsParts {
  store: Pick<ThreadStore, "read" | "messages">;
  isHere: (drifter: DrifterId) => boolean;
  tell: (
    drifter: DrifterId,
    told: { id: ThreadId; message: StoredMessage; side: 0 | 1 },
    except: ConnectionId | undefined,
  ) => void;
}

/**
 * What those who are connected here are told of threads, each message once and in order, also where
 * another process wrote it or a word of that was lost: the log says what is missing.
 */
export class ThreadEars {
  readonly #p: ThreadEarsParts;
  readonly #threads = new Recent<ThreadId, Ears>(REMEMBERED);
  /** By which connection a message came, which knows it by its reply. */
  readonly #authors = new Map<string, ConnectionId>();
  /** Where the store was away. */
  readonly #behind = new Set<ThreadId>();

  constructor(parts: ThreadEarsParts) {
    this.#p = parts;
  }

  /**
   * Written here. Where no other process is there, nothing can have come in between; but where it is written again,
   * for its answer was lost, others may have come.
   */
  async wrote(
    thread: StoredThread,
    message: StoredMessage,
    { connection, isAlone, isNew }: { connection: ConnectionId; isAlone: boolean; isNew: boolean },
  ): Promise<void> {
    const ears = this.#threads.get(thread.id);
    const isNext = ears ? !ears.reading && ears.told === message.seq - 1 : isAlone && isNew;
    if (isNext) {
      this.#threads.set(thread.id, { told: message.seq, wanted: 0, since: 0, reading: null });
      this.#tell(thread, message, connection);
      return;
    }
    const author = `${thread.id}:${message.seq}`;
    this.#authors.set(author, connection);
    await this.heard(thread.id, message).finally(() => this.#authors.delete(author));
  }

  /** It goes on without anybody who is connected here: what was told here says nothing any more. */
  passedBy(id: ThreadId): void {
    this.#threads.delete(id);
  }

  /** There is a message of this number. */
  async heard(id: ThreadId, { seq, sentAt }: Pick<StoredMessage, "seq" | "sentAt">): Promise<void> {
    const ears = this.#threads.get(id) ?? {
      told: Math.max(FIRST, seq - OVERTAKEN),
      wanted: 0,
      since: sentAt - OVERTAKEN_MS,
      reading: null,
    };
    if (seq <= ears.told) return;
    ears.wanted = Math.max(ears.wanted, seq);
    this.#threads.set(id, ears);
    await this.#read(id, ears);
  }

  /** Tells what was written since then, in ms since 1970, and was not told. */
  async missed(thread: StoredThread, since: number): Promise<void> {
    const ears = this.#threads.get(thread.id) ?? { told: FIRST, wanted: 0, since, reading: null };
    if (ears.told >= thread.head) return;
    ears.wanted = thread.head;
    this.#threads.set(thread.id, ears);
    await this.#read(thread.id, ears);
  }

  /** What the store was away for. */
  async retry(): Promise<void> {
    // A copy: one that fails again would come again in this very round, for ever.
    for (const id of Array.from(this.#behind)) {
      this.#behind.delete(id);
      const ears = this.#threads.get(id);
      if (ears) await this.#read(id, ears).catch(() => {});
    }
  }

  /** One reads at a time, until nothing is wanted any more. */
  #read(id: ThreadId, ears: Ears): Promise<void> {
    return (ears.reading ??= this.#readOn(id, ears));
  }

  async #readOn(id: ThreadId, ears: Ears): Promise<void> {
    try {
      do {
        const { wanted } = ears;
        const [thread, messages] = await Promise.all([
          this.#p.store.read(id),
          this.#p.store.messages(id, ears.told),
        ]);
        for (const message of thread ? messages : []) {
          if (message.seq <= ears.told) continue;
          ears.told = message.seq;
          const author = this.#authors.get(`${id}:${message.seq}`);
          if (message.sentAt >= ears.since) this.#tell(thread!, message, author);
        }
        // What has given way is not told.
        ears.told = Math.max(ears.told, wanted);
      } while (ears.told < ears.wanted);
      ears.since = 0;
    } catch (error) {
      this.#behind.add(id);
      throw error;
    } finally {
      // At once: what is wanted from now on is read by another.
      ears.reading = null;
    }
  }

  #tell(thread: StoredThread, message: StoredMessage, except: ConnectionId | undefined): void {
    for (const side of [0, 1] as const) {
      const { drifter, left, muted } = thread.sides[side];
      if (drifter === null || !this.#p.isHere(drifter)) continue;
      if (side !== message.from && (left || muted)) continue;
      this.#p.tell(drifter, { id: thread.id, message, side }, except);
    }
  }
}
