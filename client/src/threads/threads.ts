import { computed, signal } from "@preact/signals";
import type { Payload, Reply, Thread, ThreadId, ThreadMessage } from "@driftsea/protocol";
import { offerAsBottle } from "../bottles/offering.ts";
import { connection, send } from "../connection.ts";
import { draftOf, forgetDraft, layAside } from "../drafts.ts";
import type { Heard } from "../events.ts";
import { newId, post } from "../outbox.ts";
import { go, putDown, route } from "../route.ts";
import { explain, isDone, say } from "../say.ts";
import { keysBelow, loadJson, saveJson, whenChanged } from "../store.ts";

export interface OpenThread {
  thread: Thread;
  messages: readonly ThreadMessage[];
  /** Older letters have given way on the server. */
  isTorn: boolean;
  otherTypes: boolean;
}
export const threads = signal<ReadonlyMap<ThreadId, OpenThread>>(new Map());

/** Whether it is known by now which there are. */
export const areThreadsRead = signal(false);

/** The last letter that was read, by thread. */
export const lastRead = signal<Readonly<Record<string, number>>>(loadJson("read", {}));
whenChanged("read", () => (lastRead.value = loadJson("read", {})));

export function markRead(id: ThreadId, seq: number): void {
  if ((lastRead.value[id] ?? 0) >= seq) return;
  lastRead.value = { ...lastRead.value, [id]: seq };
  saveJson("read", lastRead.value);
}

export const unread = computed(() => {
  let count = 0;
  for (const { thread } of threads.value.values())
    if (!thread.muted && thread.head > (lastRead.value[thread.id] ?? 0)) count += 1;
  return count;
});

export const heardOfThreads: Heard = {
  "thread:message": ({ threadId, message }) => receive(threadId, message),
  "thread:typing": ({ threadId, typing }) => putThread(threadId, { otherTypes: typing }),
  "thread:closed": ({ threadId, reason }) => {
    const open = threads.value.get(threadId);
    if (open) putThread(threadId, { thread: { ...open.thread, closed: reason } });
  },
};

/** After an arrival: which threads there are, and what is new in the one that lies open. */
export async function refreshThreads(): Promise<void> {
  const before = threads.value;
  const list = await send("thread:list", {});
  if (!list?.ok) return;
  areThreadsRead.value = true;
  const now = threads.value;
  const next = new Map<ThreadId, OpenThread>();
  for (const thread of list.data.threads) {
    const open = now.get(thread.id) ?? UNREAD;
    next.set(thread.id, { ...open, thread, otherTypes: false });
  }
  // What was heard or done meanwhile is newer.
  for (const id of new Set([...before.keys(), ...now.keys()])) {
    const open = now.get(id);
    if (open === before.get(id)) continue;
    if (open) next.set(id, open);
    else next.delete(id);
  }
  threads.value = next;
  for (const { id, closed } of list.data.threads) if (closed) offerDraft(id);
  // One that has run out is in no list.
  for (const key of keysBelow("draft:")) {
    const id = key.slice("draft:".length) as ThreadId;
    if (id.length === 21 && !next.has(id)) offerDraft(id);
  }
}

export async function readOnWhereOpen(): Promise<void> {
  if (route.value.sheet === "thread") await readOn(route.value.id as ThreadId);
}

const UNREAD: Omit<OpenThread, "thread"> = { messages: [], isTorn: false, otherTypes: false };

export function putThread(id: ThreadId, change: Partial<OpenThread>): void {
  const open = { ...UNREAD, ...threads.value.get(id), ...change };
  if (!open.thread) return;
  threads.value = new Map(threads.value).set(id, open as OpenThread);
  if (open.thread.closed) offerDraft(id);
}

/** Where nobody reads on there is no field any more: what lies in its draft would never be seen again. */
function offerDraft(id: ThreadId): void {
  const text = draftOf(id);
  if (text === "") return;
  forgetDraft(id);
  offerAsBottle(text, "lateLetter");
}

export function openThread(id: ThreadId): void {
  go({ sheet: "thread", id });
  void readOn(id);
}

/** So long after an answer that did not come it is asked again, in ms. */
const AGAIN_MS = 2000;
let readAgain: ReturnType<typeof setTimeout> | undefined;

/** Asks for what came after the last letter that is here. */
export async function readOn(id: ThreadId): Promise<void> {
  const open = threads.value.get(id);
  const after = open?.messages.at(-1)?.seq ?? 0;
  const reply = await send("thread:open", { threadId: id, after });
  // Without a line it is read when that is back.
  if (!reply || (!reply.ok && reply.error.retryable)) {
    const isOpen = (): boolean => route.value.sheet === "thread" && route.value.id === id;
    clearTimeout(readAgain);
    if (connection.peek().is === "ready" && isOpen())
      readAgain = setTimeout(() => isOpen() && void readOn(id), AGAIN_MS);
    return;
  }
  if (!reply.ok) {
    if (reply.error.code !== "gone") return explain(reply);
    offerDraft(id);
    return dropThread(id);
  }
  const { thread, messages, recovered } = reply.data;
  const last = messages.at(-1)?.seq ?? thread.head;
  // What was heard meanwhile is newer.
  const now = threads.value.get(id);
  if (open && !now) return;
  const known = (now?.messages ?? []).filter(({ seq }) => recovered || seq > last);
  putThread(id, {
    thread: { ...now?.thread, ...thread, head: Math.max(thread.head, now?.thread.head ?? 0) },
    messages: merge(known, messages),
    isTorn: !recovered || (open?.isTorn ?? false),
  });
  // A long conversation comes in parts.
  if (last < thread.head) await readOn(id);
}

function merge(a: readonly ThreadMessage[], b: readonly ThreadMessage[]): ThreadMessage[] {
  const bySeq = new Map([...a, ...b].map((message) => [message.seq, message]));
  return [...bySeq.values()].sort((x, y) => x.seq - y.seq);
}

function receive(id: ThreadId, message: ThreadMessage): void {
  const open = threads.value.get(id);
  if (!open) return void refreshThreads();
  const last = open.messages.at(-1)?.seq ?? 0;
  const head = Math.max(open.thread.head, message.seq);
  // Its letters are fetched when it is opened; a gap is closed by asking.
  const fits = message.seq <= last + 1 && (last > 0 || message.seq === 1);
  putThread(id, {
    thread: { ...open.thread, head },
    ...(message.mine ? {} : { otherTypes: false }),
    ...(fits ? { messages: merge(open.messages, [message]) } : {}),
  });
  const isOpen = route.value.sheet === "thread" && route.value.id === id;
  if (isOpen) {
    if (!fits) void readOn(id);
  } else if (message.mine) {
    markRead(id, message.seq);
  } else {
    say({ key: "newLetter", act: { key: "readIt", run: () => openThread(id) } });
  }
}

export function writeLetter(threadId: ThreadId, text: string): void {
  post({ name: "thread:send", payload: { id: newId(), threadId, text } });
}

/** How a letter's sending ended. */
export function settleLetter(
  { threadId, text }: Payload<"thread:send">,
  reply: Reply<{ message: ThreadMessage }>,
): void {
  if (!reply.ok) {
    layAside(threadId, text);
    if (reply.error.code !== "gone") return explain(reply);
    offerDraft(threadId);
    // Of a thread that is muted its end was not told.
    return void readOn(threadId);
  }
  markRead(threadId, reply.data.message.seq);
  receive(threadId, reply.data.message);
}

let typingSaidAt = 0;
export function sayTyping(threadId: ThreadId, typing: boolean): void {
  const now = Date.now();
  if (typing && now - typingSaidAt < 3000) return;
  if (!typing && typingSaidAt === 0) return;
  typingSaidAt = typing ? now : 0;
  void send("thread:type", { threadId, typing });
}

export async function muteThread(threadId: ThreadId, muted: boolean): Promise<void> {
  const reply = await send("thread:mute", { threadId, muted });
  if (!reply?.ok) return explain(reply);
  const open = threads.value.get(threadId);
  if (open) putThread(threadId, { thread: { ...open.thread, muted } });
}

export async function leaveThread(threadId: ThreadId): Promise<void> {
  const reply = await send("thread:leave", { threadId });
  if (!isDone(reply)) return;
  forgetThread(threadId);
  say({ key: "leftThread" });
}

export function forgetThread(threadId: ThreadId): void {
  dropThread(threadId);
  forgetDraft(threadId);
  if (route.value.sheet === "thread" && route.value.id === threadId) putDown();
}

function dropThread(id: ThreadId): void {
  const rest = new Map(threads.value);
  rest.delete(id);
  threads.value = rest;
}
