import { cleanText } from "@driftsea/protocol";
import type {
  BottleId,
  DrifterId,
  Thread,
  ThreadId,
  ThreadMessage,
  WriteId,
} from "@driftsea/protocol";
import type { Context } from "../lib/connection-context.ts";
import { DomainError, gone } from "../lib/errors.ts";
import { inSlices } from "../lib/in-slices.ts";
import { firstPage } from "../lib/pages.ts";
import type { Publisher } from "../lib/publisher.ts";
import { TypingTimers } from "../lib/typing-timers.ts";
import { alone } from "../nodes/nodes.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { NoticeService } from "../sessions/notices.service.ts";
import { ThreadEars } from "./thread-ears.ts";
import { THREADS_LISTED } from "./threads.store.ts";
import type { NewThread, Side, StoredMessage, StoredThread, ThreadStore } from "./threads.store.ts";

/** A thread ends this long after its last message, in ms. */
export const THREAD_LIFE_MS = 7 * 24 * 60 * 60 * 1000;

/** What one answer holds of a conversation, in bytes: well below what may wait for a slow reader. */
const PAGE_BYTES = 512 * 1024;
/** Messages that a report of a whole thread holds. */
const QUOTED = 20;
/** They are among so many of both sides. */
const QUOTED_FROM = 100;
/** Drifters whose threads are looked through at once. */
const AT_ONCE = 50;

/** Conversations of two. */
export class ThreadService {
  readonly #store: ThreadStore;
  readonly #publisher: Publisher;
  readonly #notices: NoticeService;
  readonly #nodes: Nodes;
  readonly #ears: ThreadEars;
  readonly #typing = new TypingTimers();

  constructor(
    store: ThreadStore,
    publisher: Publisher,
    notices: NoticeService,
    nodes: Nodes = alone,
  ) {
    this.#store = store;
    this.#publisher = publisher;
    this.#notices = notices;
    this.#nodes = nodes;
    this.#ears = new ThreadEars({
      store,
      isHere: (drifter) => publisher.isConnected(drifter),
      tell: (drifter, { id, message, side }, except) => {
        const told = { threadId: id, message: messageToWire(message, side) };
        publisher.here.toDrifter(drifter, "thread:message", told, except);
      },
    });
    nodes.hear("thread-message", async ({ id, sides, ...message }) => {
      const isHere = sides.some((one) => one !== null && publisher.isConnected(one));
      if (isHere) await this.#ears.heard(id, message);
      else this.#ears.passedBy(id);
    });
    nodes.hear("thread-typing", ({ id, from, to, typing }) =>
      this.#tellTyping(id, { from, to, typing }),
    );
    nodes.onMissed((since) => this.#missed(since));
  }

  /** Opens a thread and lets both sides find it. Safe to repeat. */
  async begin(thread: Omit<NewThread, "lifeMs">): Promise<void> {
    await this.#store.open({ ...thread, lifeMs: THREAD_LIFE_MS });
    await Promise.all([
      this.#store.link(thread.thrower.drifter, thread.id),
      this.#store.link(thread.finder.drifter, thread.id),
    ]);
  }

  /** The thread as one of its sides sees it, or null. */
  async view(drifter: DrifterId, id: ThreadId): Promise<Thread | null> {
    const found = await this.#mine(drifter, id);
    return found && toWire(found.thread, found.side);
  }

  /** The other side of one's thread, also of one that one has left: null when it was forgotten; throws `gone` where it is not one's own. */
  async otherOf(drifter: DrifterId, id: ThreadId): Promise<DrifterId | null> {
    const { thread, side } = await this.#requireOnce(drifter, id);
    return thread.sides[side === 0 ? 1 : 0].drifter;
  }

  async list(drifter: DrifterId): Promise<Thread[]> {
    const all = (await this.#store.listOf(drifter)).flatMap((thread) => {
      const side = sideOf(thread, drifter);
      return side === null ? [] : [toWire(thread, side)];
    });
    return all.slice(0, THREADS_LISTED);
  }

  /** What was written after a cursor, as much as one answer holds: `head` says whether there is more. */
  async open(
    drifter: DrifterId,
    id: ThreadId,
    after: number | undefined,
  ): Promise<{ thread: Thread; messages: ThreadMessage[]; recovered: boolean }> {
    const { thread, side } = await this.#require(drifter, id);
    const messages = await this.#store.messages(id, after ?? 0, PAGE_BYTES);
    const first = messages[0]?.seq;
    // A message may have come between the two readings.
    thread.head = Math.max(thread.head, messages.at(-1)?.seq ?? 0);
    return {
      thread: toWire(thread, side),
      messages: firstPage(messages, PAGE_BYTES).map((message) => messageToWire(message, side)),
      // Who comes without a cursor has missed nothing.
      recovered:
        after === undefined || (first === undefined ? after === thread.head : first === after + 1),
    };
  }

  async send(
    context: Context,
    id: ThreadId,
    message: { writeId: WriteId; text: string },
  ): Promise<ThreadMessage> {
    const { drifter } = context;
    const clean = { writeId: message.writeId, text: cleanText(message.text) };
    const written = await this.#store.append(id, drifter, clean, THREAD_LIFE_MS);
    if (written === "gone") throw gone();
    if (written === "closed") throw new DomainError("gone", "the other side has left");
    const side = written.message.from;
    if (written.isNew) this.#typing.stop(id, drifter);
    // Again too: where the first answer was lost, nobody was told.
    const thread = await this.#store.read(id);
    if (thread) await this.#tellWritten(thread, written, context);
    return messageToWire(written.message, side);
  }

  async #tellWritten(
    thread: StoredThread,
    { message, isNew }: { message: StoredMessage; isNew: boolean },
    { connection }: Pick<Context, "connection">,
  ): Promise<void> {
    const { id } = thread;
    const { seq, sentAt } = message;
    const sides = thread.sides.map((side) => side.drifter);
    void this.#nodes.tell(id, "thread-message", { id, seq, sentAt, sides });
    const isAlone = !this.#nodes.areOthers;
    // It is written, whatever comes of the telling; what fails now is told by `tend`.
    await this.#ears.wrote(thread, message, { connection, isAlone, isNew }).catch(() => {});
  }

  /** Tells what could not be told while the store was away. For a ticker. */
  tend(): Promise<void> {
    return this.#ears.retry();
  }

  /** Tells those who are here what was written since then, and what nobody has told them. */
  async #missed(since: number): Promise<void> {
    await inSlices(this.#publisher.drifters(), AT_ONCE, async (drifter) => {
      for (const thread of await this.#store.listOf(drifter, THREADS_LISTED)) {
        if (thread.expiresAt - THREAD_LIFE_MS >= since) await this.#ears.missed(thread, since);
      }
    });
  }

  async type(drifter: DrifterId, id: ThreadId, typing: boolean): Promise<void> {
    const { thread, side } = await this.#require(drifter, id);
    const other = thread.sides[side === 0 ? 1 : 0];
    if (other.drifter === null || other.left || other.muted) return;
    const to = other.drifter;
    void this.#nodes.tell(to, "thread-typing", { id, from: drifter, to, typing });
    this.#tellTyping(id, { from: drifter, to, typing });
  }

  /** Each process tells its own, and the end too, so that it comes where the typist's has died. */
  #tellTyping(id: ThreadId, who: { from: DrifterId; to: DrifterId; typing: boolean }): void {
    const { from, to, typing } = who;
    const tell = (now: boolean): void =>
      this.#publisher.here.toDrifter(to, "thread:typing", { threadId: id, typing: now });
    if (typing) this.#typing.start(id, from, tell);
    else this.#typing.end(id, from);
  }

  async mute(drifter: DrifterId, id: ThreadId, muted: boolean): Promise<void> {
    if (!(await this.#store.mute(id, drifter, muted))) throw gone();
  }

  /** Leaves, and tells the other side. It stays among his threads: what he wrote is his to erase. */
  async leave(drifter: DrifterId, id: ThreadId): Promise<void> {
    const { thread, side } = await this.#requireOnce(drifter, id);
    const hasLeft = thread.sides[side].left;
    if (!hasLeft && !(await this.#store.leave(id, drifter))) return;
    this.#endTyping(thread, side);
    // Again too: where the first answer was lost, nobody was told.
    await this.#tellLeft(id, side);
    if (hasLeft) throw gone();
  }

  /**
   * Everywhere, and once nothing more can begin: else the other is told of it seconds after he was told that
   * this one has left.
   */
  #endTyping({ id, sides }: StoredThread, side: Side): void {
    const [from, to] = [sides[side].drifter, sides[side === 0 ? 1 : 0].drifter];
    if (from === null || to === null) return;
    void this.#nodes.tell(to, "thread-typing", { id, from, to, typing: false });
    this.#typing.end(id, from);
  }

  /** As it stands after he has left: the other may have left at the same time. */
  async #tellLeft(id: ThreadId, side: Side): Promise<void> {
    const other = (await this.#store.read(id))?.sides[side === 0 ? 1 : 0];
    if (!other?.drifter || other.left || other.muted) return;
    const notice = { kind: "thread:closed", threadId: id, reason: "left" } as const;
    await this.#notices.notify(other.drifter, `closed:${id}`, notice);
  }

  /** Leaves what an answer to somebody's bottle opened, where he found it. */
  async leaveAbout(drifter: DrifterId, bottleId: BottleId): Promise<void> {
    for (const thread of await this.#store.listOf(drifter)) {
      if (thread.bottleId === bottleId && sideOf(thread, drifter) === 1)
        await this.leave(drifter, thread.id);
    }
  }

  async erase(drifter: DrifterId): Promise<void> {
    await inSlices(await this.#store.listOf(drifter), AT_ONCE, async (thread) => {
      const side = onceSideOf(thread, drifter);
      // In this order: what fails in between finds him in it, and is done again.
      if (side !== null) {
        await this.#store.leave(thread.id, drifter);
        this.#endTyping(thread, side);
        await this.#tellLeft(thread.id, side);
      }
      await this.#store.erase(thread.id, drifter);
      await this.#store.unlink(drifter, thread.id);
    });
  }

  /**
   * What was last written, for a report; one message or the last ones. `side` is whose it is: without a
   * number, the other's.
   */
  async quote(
    drifter: DrifterId,
    id: ThreadId,
    seq: number | undefined,
  ): Promise<{ texts: string[]; side: Side; isOwn: boolean; endsAt: number }> {
    const { thread, side: own } = await this.#require(drifter, id);
    const quoteOf = (texts: string[], side: Side) => ({
      texts,
      side,
      isOwn: side === own,
      endsAt: thread.expiresAt,
    });
    if (seq === undefined) {
      const other: Side = own === 0 ? 1 : 0;
      // His alone: whoever complains is not to be taken for him by what he wrote himself.
      const from = Math.max(0, thread.head - QUOTED_FROM);
      const log = await this.#store.messages(id, from, PAGE_BYTES);
      const said = log.filter((one) => one.from === other);
      const last = said.slice(-QUOTED).map(({ text }) => text);
      return quoteOf(last.length > 0 || other === 1 ? last : [thread.bottle.text], other);
    }
    // 0 is the bottle that began it.
    if (seq === 0) return quoteOf([thread.bottle.text], 0);
    const [message] = await this.#store.messages(id, seq - 1, 1);
    if (message?.seq !== seq) throw gone();
    return quoteOf([message.text], message.from);
  }

  /** Who is on a side, never to be told to anybody; null where he was forgotten. */
  async authorOf(id: ThreadId, side: Side): Promise<DrifterId | null> {
    return (await this.#store.read(id))?.sides[side].drifter ?? null;
  }

  /** Whose a message is; null where it is there no more. */
  async writerOf(id: ThreadId, seq: number): Promise<Side | null> {
    const [message] = await this.#store.messages(id, seq - 1, 1);
    return message?.seq === seq ? message.from : null;
  }

  /** Puts one side out, as if he had left; safe to repeat. */
  async putOut(id: ThreadId, side: Side): Promise<void> {
    const thread = await this.#store.read(id);
    const { drifter, left } = thread?.sides[side] ?? { drifter: null, left: true };
    if (drifter !== null && !left) await this.leave(drifter, id);
  }

  close(): void {
    this.#typing.close();
  }

  async #mine(
    drifter: DrifterId,
    id: ThreadId,
  ): Promise<{ thread: StoredThread; side: Side } | null> {
    const thread = await this.#store.readAs(drifter, id);
    const side = thread && sideOf(thread, drifter);
    return thread && side !== null ? { thread, side } : null;
  }

  /** Also where he has left. */
  async #requireOnce(
    drifter: DrifterId,
    id: ThreadId,
  ): Promise<{ thread: StoredThread; side: Side }> {
    const thread = await this.#store.readAs(drifter, id);
    const side = thread && onceSideOf(thread, drifter);
    if (thread === null || side === null) throw gone();
    return { thread, side };
  }

  async #require(drifter: DrifterId, id: ThreadId): Promise<{ thread: StoredThread; side: Side }> {
    const mine = await this.#mine(drifter, id);
    if (!mine) throw gone();
    return mine;
  }
}

function sideOf(thread: StoredThread, drifter: DrifterId): Side | null {
  const side = onceSideOf(thread, drifter);
  return side === null || thread.sides[side].left ? null : side;
}

/** Also where he has left. */
function onceSideOf({ sides: [thrower, finder] }: StoredThread, drifter: DrifterId): Side | null {
  if (thrower.drifter === drifter) return 0;
  return finder.drifter === drifter ? 1 : null;
}

function toWire(thread: StoredThread, side: Side): Thread {
  const me = thread.sides[side];
  return {
    id: thread.id,
    bottleId: thread.bottleId,
    bottle: thread.bottle,
    thrower: side === 0,
    me: me.persona,
    other: thread.sides[side === 0 ? 1 : 0].persona,
    head: thread.head,
    expiresAt: thread.expiresAt,
    muted: me.muted,
    ...(thread.closed === undefined ? {} : { closed: thread.closed }),
  };
}

function messageToWire(message: StoredMessage, reader: Side): ThreadMessage {
  const { seq, id, text, sentAt } = message;
  return { seq, id, mine: message.from === reader, text, sentAt };
}
