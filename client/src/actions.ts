import { batch } from "@preact/signals";
import { nanoid } from "nanoid";
import type {
  BottleId,
  Events,
  Payload,
  Reply,
  ReportReason,
  ReportTarget,
  ThreadId,
  ThreadMessage,
  WriteId,
} from "@driftsea/protocol";
import { isCalm } from "./choices.ts";
import { connection, isSomebodyNew, send, serverNow } from "./connection.ts";
import { draftOf, keepDraft } from "./drafts.ts";
import { emptyOutbox, post } from "./outbox.ts";
import type { Write } from "./outbox.ts";
import { go, putDown, route } from "./route.ts";
import { scene } from "./shore.ts";
import {
  bottles,
  chosenSea,
  haul,
  held,
  inTheAir,
  markRead,
  quotas,
  say,
  seas,
  self,
  threads,
} from "./state.ts";
import type { OpenThread } from "./state.ts";
import { forgetAll } from "./store.ts";

/** How long a throw can be taken back before anything is sent, in ms. */
const UNDO_MS = 5000;
/** A wait that is felt, in ms; an answer that takes longer is not delayed further. */
const FELT_MS = { least: 600, most: 1200 };

const newId = (): WriteId => nanoid<WriteId>();
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

// --- what the server tells -------------------------------------------------------------------

type Heard = { [N in keyof Events]?: (payload: Events[N]) => void };

const heard: Heard = {
  "session:ready": (ready) => {
    batch(() => {
      self.value = ready.persona;
      quotas.value = ready.quotas;
    });
    if (isSomebodyNew.value) {
      isSomebodyNew.value = false;
      say({ key: "somebodyNew" });
    }
    void refresh();
  },
  "session:penalty": ({ untilAt }) => say({ key: "penalty", values: { time: untilAt } }, 20_000),
  "bottle:answered": ({ thread }) => {
    putThread(thread.id, { thread });
    say({ key: "answered", act: { key: "readIt", run: () => openThread(thread.id) } }, 20_000);
    void refreshMine();
  },
  "bottle:returned": ({ held, thrownBack }) => {
    say({ key: "returned", values: { held, thrownBack } }, 20_000);
    void refreshMine();
  },
  "bottle:lapsed": ({ bottleId }) => letGo(bottleId, "lapsed"),
  "bottle:recalled": ({ bottleId }) => letGo(bottleId, "recalledFromYou"),
  "thread:message": ({ threadId, message }) => receive(threadId, message),
  "thread:typing": ({ threadId, typing }) => putThread(threadId, { otherTypes: typing }),
  "thread:closed": ({ threadId, reason }) => {
    const open = threads.value.get(threadId);
    if (open) putThread(threadId, { thread: { ...open.thread, closed: reason } });
  },
  "sea:tide": ({ sea, afloat }) => {
    seas.value = seas.value.map((one) => (one.id === sea ? { ...one, afloat } : one));
  },
};

export function hear(event: string, payload: never): void {
  (heard[event as keyof Events] as ((payload: never) => void) | undefined)?.(payload);
}

/** After each arrival: what was missed, and how things stand. */
async function refresh(): Promise<void> {
  const list = await send("sea:list", {});
  if (list?.ok) seas.value = list.data.seas;
  await Promise.all([refreshMine(), refreshThreads()]);
  let cursor: string | undefined;
  for (;;) {
    // The next call says that the last page has arrived.
    const page = await send("session:inbox", cursor === undefined ? {} : { after: cursor });
    if (!page?.ok || page.data.items.length === 0) break;
    cursor = page.data.cursor;
    for (const { kind, ...payload } of page.data.items) hear(kind, payload as never);
  }
  const { sheet } = route.value;
  if (sheet === "thread" && "id" in route.value) await readOn(route.value.id as ThreadId);
}

export async function refreshMine(): Promise<void> {
  const mine = await send("bottle:mine", {});
  if (!mine?.ok) return;
  batch(() => {
    bottles.value = mine.data.bottles;
    held.value = mine.data.held;
  });
}

async function refreshThreads(): Promise<void> {
  const list = await send("thread:list", {});
  if (!list?.ok) return;
  threads.value = new Map(
    list.data.threads.map((thread) => {
      const open = threads.value.get(thread.id) ?? empty(thread.id);
      return [thread.id, { ...open, thread }] as const;
    }),
  );
}

function empty(_id: ThreadId): Omit<OpenThread, "thread"> {
  return { messages: [], isTorn: false, otherTypes: false };
}

function putThread(id: ThreadId, change: Partial<OpenThread>): void {
  const open = { ...empty(id), ...threads.value.get(id), ...change };
  if (open.thread) threads.value = new Map(threads.value).set(id, open as OpenThread);
}

// --- throwing --------------------------------------------------------------------------------

export type Throw = Omit<Payload<"bottle:throw">, "id">;

/** The bottle flies at once; it is sent after the time in which it can be taken back. */
export function throwBottle(input: Throw): void {
  putDown();
  void scene()?.throwBottle();
  const timer = setTimeout(() => {
    inTheAir.value = null;
    keepDraft("throw", "");
    post({ name: "bottle:throw", payload: { id: newId(), ...input } });
    if (connection.value.is !== "ready") say({ key: "waitsForSea" });
  }, UNDO_MS);
  inTheAir.value = {
    until: Date.now() + UNDO_MS,
    undo: () => {
      clearTimeout(timer);
      inTheAir.value = null;
      void scene()?.takeBack();
      // The draft was kept all the time.
      go({ sheet: "throw" });
    },
  };
}

// --- catching --------------------------------------------------------------------------------

export async function catchBottle(): Promise<void> {
  if (haul.value.is === "waiting") return;
  const inHand = held.value[0];
  if (inHand) return go({ sheet: "held", id: inHand.bottle.id });
  haul.value = { is: "waiting" };
  if (route.value.sheet !== "none") putDown();
  const shore = scene();
  shore?.castLine();
  const felt = isCalm.value ? 0 : FELT_MS.least + Math.random() * (FELT_MS.most - FELT_MS.least);
  const [reply] = await Promise.all([
    send("bottle:catch", chosenSea.value === "world" ? {} : { sea: chosenSea.value }),
    wait(felt),
  ]);
  if (!reply?.ok) {
    void shore?.haul("calm");
    haul.value = { is: "nothing" };
    return reply ? explain(reply) : say({ key: "noReply" });
  }
  const caught = reply.data;
  if (quotas.value) quotas.value = { ...quotas.value, catches: caught.quota };
  switch (caught.outcome) {
    case "bottle": {
      const { bottle, leaseEndsAt } = caught;
      held.value = [...held.value, { bottle, leaseEndsAt }];
      await shore?.haul("bottle");
      haul.value = { is: "nothing" };
      return go({ sheet: "held", id: bottle.id });
    }
    case "creature":
      await shore?.haul(caught.creature);
      haul.value = { is: "creature", creature: caught.creature };
      return go({ sheet: "catch" });
    case "calm":
      await shore?.haul("calm");
      haul.value = { is: "calm" };
      return go({ sheet: "catch" });
  }
}

/** While he composes the lease is renewed, at most once a minute. */
let heldAt = 0;
export async function hold(bottleId: BottleId): Promise<void> {
  if (Date.now() - heldAt < 60_000) return;
  heldAt = Date.now();
  const reply = await send("bottle:hold", { bottleId });
  if (!reply?.ok) return;
  held.value = held.value.map((one) =>
    one.bottle.id === bottleId ? { ...one, leaseEndsAt: reply.data.leaseEndsAt } : one,
  );
}

export function answer(bottleId: BottleId, text: string): void {
  post({ name: "bottle:answer", payload: { id: newId(), bottleId, text } });
  if (connection.value.is !== "ready") say({ key: "waitsForSea" });
}

export async function throwBack(bottleId: BottleId): Promise<void> {
  const reply = await send("bottle:release", { bottleId });
  if (!reply) return say({ key: "noReply" });
  void scene()?.throwBottle();
  dropHeld(bottleId);
  say({ key: reply.ok ? "thrownBack" : "lapsed" });
}

function dropHeld(bottleId: BottleId): void {
  held.value = held.value.filter((one) => one.bottle.id !== bottleId);
  if (route.value.sheet === "held" && route.value.id === bottleId) putDown();
}

/** A lease has ended; what was being written stays. */
function letGo(bottleId: BottleId, key: "lapsed" | "recalledFromYou"): void {
  const text = draftOf(`answer:${bottleId}`);
  const wasHeld = held.value.some((one) => one.bottle.id === bottleId);
  keepDraft(`answer:${bottleId}`, "");
  dropHeld(bottleId);
  if (text !== "") offerAsBottle(text);
  else if (wasHeld || key === "lapsed") say({ key });
}

/** An answer that came too late can still be thrown as a bottle of one's own. */
function offerAsBottle(text: string): void {
  layAside("throw", text);
  const run = (): void => go({ sheet: "throw" });
  say({ key: "lateAnswer", act: { key: "throwItInstead", run } }, 60_000);
}

/** Puts words that could not go where they were meant to back on a paper, below what is there. */
function layAside(place: string, text: string): void {
  const draft = draftOf(place);
  if (draft.includes(text)) return;
  keepDraft(place, draft === "" ? text : `${draft}\n\n${text}`);
}

// --- letters ---------------------------------------------------------------------------------

export function openThread(id: ThreadId): void {
  go({ sheet: "thread", id });
  void readOn(id);
}

/** Asks for what came after the last letter that is here. */
export async function readOn(id: ThreadId): Promise<void> {
  const open = threads.value.get(id);
  const after = open?.messages.at(-1)?.seq ?? 0;
  const reply = await send("thread:open", { threadId: id, after });
  if (!reply) return;
  if (!reply.ok) {
    if (reply.error.code !== "gone") return explain(reply);
    const rest = new Map(threads.value);
    rest.delete(id);
    threads.value = rest;
    return;
  }
  const { thread, messages, recovered } = reply.data;
  const known = recovered ? (open?.messages ?? []) : [];
  putThread(id, {
    thread,
    messages: merge(known, messages),
    isTorn: !recovered || (open?.isTorn ?? false),
  });
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
  if (!reply?.ok) return reply ? explain(reply) : say({ key: "noReply" });
  const open = threads.value.get(threadId);
  if (open) putThread(threadId, { thread: { ...open.thread, muted } });
}

export async function leaveThread(threadId: ThreadId): Promise<void> {
  const reply = await send("thread:leave", { threadId });
  if (!reply) return say({ key: "noReply" });
  forgetThread(threadId);
  say({ key: "leftThread" });
}

function forgetThread(threadId: ThreadId): void {
  const rest = new Map(threads.value);
  rest.delete(threadId);
  threads.value = rest;
  if (route.value.sheet === "thread" && route.value.id === threadId) putDown();
}

// --- one's own bottles -----------------------------------------------------------------------

export async function recall(bottleId: BottleId): Promise<void> {
  const reply = await send("bottle:recall", { bottleId });
  if (!reply) return say({ key: "noReply" });
  say({ key: reply.ok ? "recalled" : "recallTooLate" });
  await refreshMine();
}

export async function muteBottle(bottleId: BottleId, muted: boolean): Promise<void> {
  const reply = await send("bottle:mute", { bottleId, muted });
  if (!reply?.ok) return reply ? explain(reply) : say({ key: "noReply" });
  await refreshMine();
}

// --- safety ----------------------------------------------------------------------------------

type Pointed = { kind: ReportTarget & ("bottle" | "thread"); id: string };

export function report(target: Pointed, reason: ReportReason): void {
  post({ name: "safety:report", payload: { id: newId(), target, reason } });
}

export async function block(target: Pointed): Promise<void> {
  const reply = await send("safety:block", { target });
  if (!reply?.ok) return reply ? explain(reply) : say({ key: "noReply" });
  if (target.kind === "bottle") dropHeld(target.id as BottleId);
  await refreshThreads();
  if (target.kind === "thread") forgetThread(target.id as ThreadId);
  say({ key: "blocked" });
}

export async function forgetMe(): Promise<void> {
  const reply = await send("session:forget", {});
  if (!reply?.ok) return reply ? explain(reply) : say({ key: "noReply" });
  emptyOutbox();
  forgetAll();
  location.replace(location.pathname);
}

// --- how a write ended -----------------------------------------------------------------------

export function settle(write: Write, reply: Reply<never>): void {
  switch (write.name) {
    case "bottle:throw":
      if (!reply.ok) {
        layAside("throw", write.payload.text);
        return explain(reply, { key: "tryAgain", run: () => go({ sheet: "throw" }) });
      }
      quotas.value = quotas.value && {
        ...quotas.value,
        throws: (reply.data as { quota: { left: number; resetsAt: number } }).quota,
      };
      say({ key: "afloatNow" });
      return void refreshMine();
    case "bottle:answer": {
      const { bottleId, text } = write.payload;
      if (!reply.ok) {
        held.value = held.value.filter((one) => one.bottle.id !== bottleId);
        return offerAsBottle(text);
      }
      const { thread, message } = reply.data as {
        thread: OpenThread["thread"];
        message: ThreadMessage;
      };
      dropHeld(bottleId);
      putThread(thread.id, { thread, messages: [message] });
      markRead(thread.id, message.seq);
      return openThread(thread.id);
    }
    case "thread:send": {
      const { threadId, text } = write.payload;
      if (reply.ok) {
        const { message } = reply.data as { message: ThreadMessage };
        markRead(threadId, message.seq);
        return receive(threadId, message);
      }
      layAside(threadId, text);
      return say({ key: "letterKept" });
    }
    case "safety:report":
      return reply.ok ? say({ key: "reported" }) : explain(reply);
  }
}

function explain(reply: Reply<unknown>, act?: { key: "tryAgain"; run: () => void }): void {
  if (reply.ok) return;
  const { code, retryAfterMs } = reply.error;
  const more = act ? { act } : {};
  if (code === "quota_exceeded") {
    const time = serverNow() + (retryAfterMs ?? 0);
    return say({ key: "quotaExceeded", values: { time }, ...more }, 20_000);
  }
  if (code === "gone") return say({ key: "gone", ...more });
  if (code === "rate_limited") return say({ key: "tooFast", ...more });
  if (code === "invalid") return say({ key: "invalid", ...more }, 20_000);
  say({ key: "wentWrong", ...more });
}
