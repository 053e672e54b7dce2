import type { DrifterId, ThreadEnd, ThreadId, WriteId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { isRecorded } from "../lib/write-record.ts";
import { ENDED_KEEP_MS, MESSAGES_KEPT, THREADS_KEPT } from "./threads.store.ts";
import type {
  NewThread,
  Side,
  StoredMessage,
  StoredSide,
  StoredThread,
  ThreadStore,
} from "./threads.store.ts";

interface Thread {
  bottleId: NewThread["bottleId"];
  bottle: NewThread["bottle"];
  sides: [StoredSide, StoredSide];
  head: number;
  expiresAt: number;
  closed: ThreadEnd | null;
  log: StoredMessage[];
  /** `<side>:<write id>` → the message that it made. */
  writes: Map<string, StoredMessage>;
}

/** `ThreadStore` in this process; the contract is written there. */
export class MemoryThreadStore implements ThreadStore {
  readonly #clock: Clock;
  readonly #threads = new Map<ThreadId, Thread>();
  /** Both sides have left it: until when that is known, ms since 1970. */
  readonly #ended = new Map<ThreadId, number>();
  readonly #lists = new Map<DrifterId, Set<ThreadId>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #live(id: ThreadId): Thread | null {
    const thread = this.#threads.get(id);
    return thread && thread.expiresAt > this.#clock.now() ? thread : null;
  }

  #mine(id: ThreadId, drifter: DrifterId): { thread: Thread; side: Side } | null {
    const thread = this.#live(id);
    const side = thread?.sides.findIndex((s) => s.drifter === drifter && !s.left);
    return thread && (side === 0 || side === 1) ? { thread, side } : null;
  }

  async open(input: NewThread): Promise<"new" | "again"> {
    if (this.#threads.has(input.id) || this.#ended.has(input.id)) return "again";
    const thread: Thread = {
      bottleId: input.bottleId,
      bottle: { ...input.bottle },
      sides: [
        { ...input.thrower, left: false, muted: false },
        { ...input.finder, left: false, muted: false },
      ],
      head: 0,
      expiresAt: 0,
      closed: null,
      log: [],
      writes: new Map(),
    };
    this.#threads.set(input.id, thread);
    this.#write(thread, 1, input.answer, input.lifeMs);
    return "new";
  }

  #write(
    thread: Thread,
    from: Side,
    input: { writeId: WriteId; text: string },
    lifeMs: number,
  ): StoredMessage {
    const sentAt = this.#clock.now();
    thread.head += 1;
    const message = { seq: thread.head, id: input.writeId, from, text: input.text, sentAt };
    thread.log.push(message);
    if (thread.log.length > MESSAGES_KEPT) thread.log.shift();
    for (const [key, written] of thread.writes) {
      if (isRecorded(written.sentAt, sentAt)) break;
      thread.writes.delete(key);
    }
    thread.writes.set(`${from}:${input.writeId}`, message);
    thread.expiresAt = sentAt + lifeMs;
    return message;
  }

  async readAs(drifter: DrifterId, id: ThreadId): Promise<StoredThread | null> {
    const isHis = this.#live(id)?.sides.some((side) => side.drifter === drifter);
    return isHis ? this.read(id) : null;
  }

  async read(id: ThreadId): Promise<StoredThread | null> {
    const thread = this.#live(id);
    if (!thread) return null;
    const [thrower, finder] = thread.sides;
    return {
      id,
      bottleId: thread.bottleId,
      bottle: { ...thread.bottle },
      sides: [{ ...thrower }, { ...finder }],
      head: thread.head,
      expiresAt: thread.expiresAt,
      ...(thread.closed === null ? {} : { closed: thread.closed }),
    };
  }

  async messages(id: ThreadId, after: number, maxBytes = Infinity): Promise<StoredMessage[]> {
    const log = this.#live(id)?.log.filter((m) => m.seq > after) ?? [];
    let bytes = 0;
    const end = log.findIndex((m, i) => {
      bytes += JSON.stringify(m).length;
      return i > 0 && bytes > maxBytes;
    });
    return (end < 0 ? log : log.slice(0, end)).map((m) => ({ ...m }));
  }

  async append(
    id: ThreadId,
    from: DrifterId,
    input: { writeId: WriteId; text: string },
    lifeMs: number,
  ): Promise<{ message: StoredMessage; isNew: boolean } | "gone" | "closed"> {
    const mine = this.#mine(id, from);
    if (!mine) return "gone";
    const { thread, side } = mine;
    const written = thread.writes.get(`${side}:${input.writeId}`);
    if (written && isRecorded(written.sentAt, this.#clock.now())) {
      return { message: { ...written }, isNew: false };
    }
    if (thread.closed !== null) return "closed";
    return { message: { ...this.#write(thread, side, input, lifeMs) }, isNew: true };
  }

  async mute(id: ThreadId, drifter: DrifterId, muted: boolean): Promise<boolean> {
    const mine = this.#mine(id, drifter);
    if (!mine) return false;
    mine.thread.sides[mine.side].muted = muted;
    return true;
  }

  async leave(id: ThreadId, drifter: DrifterId): Promise<boolean> {
    const mine = this.#mine(id, drifter);
    if (!mine) return false;
    const { thread, side } = mine;
    thread.sides[side].left = true;
    if (thread.closed === null) thread.closed = "left";
    else {
      this.#threads.delete(id);
      this.#ended.set(id, this.#clock.now() + ENDED_KEEP_MS);
    }
    return true;
  }

  async erase(id: ThreadId, drifter: DrifterId): Promise<boolean> {
    const thread = this.#live(id);
    const side = thread?.sides.findIndex((one) => one.drifter === drifter);
    if (!thread || (side !== 0 && side !== 1)) return false;
    await this.leave(id, drifter);
    thread.sides[side].drifter = null;
    for (const message of thread.log) if (message.from === side) message.text = "";
    if (side === 0) thread.bottle = { text: "", kind: thread.bottle.kind };
    return true;
  }

  async link(drifter: DrifterId, id: ThreadId): Promise<void> {
    const ids = this.#lists.get(drifter) ?? new Set();
    this.#lists.set(drifter, ids);
    ids.add(id);
    for (const oldest of ids) {
      if (ids.size <= THREADS_KEPT) break;
      ids.delete(oldest);
    }
  }

  async unlink(drifter: DrifterId, id: ThreadId): Promise<void> {
    const ids = this.#lists.get(drifter);
    ids?.delete(id);
    if (ids?.size === 0) this.#lists.delete(drifter);
  }

  async listOf(drifter: DrifterId, most = THREADS_KEPT): Promise<StoredThread[]> {
    const threads: StoredThread[] = [];
    for (const id of [...(this.#lists.get(drifter) ?? [])].reverse().slice(0, most)) {
      const thread = await this.read(id);
      if (thread) threads.push(thread);
      else await this.unlink(drifter, id);
    }
    return threads;
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const [id, thread] of this.#threads) if (thread.expiresAt <= now) this.#threads.delete(id);
    for (const [id, until] of this.#ended) if (until <= now) this.#ended.delete(id);
    for (const [drifter, ids] of this.#lists)
      for (const id of ids) if (!this.#live(id)) void this.unlink(drifter, id);
  }
}
