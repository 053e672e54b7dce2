import { batch } from "@preact/signals";
import type { Data, Events, OfCare, Reply } from "@driftsea/protocol";
import { heardOfBottles, refreshBottles, refreshSeas } from "./bottles/bottles.ts";
import { settleAnswer, settleThrow } from "./bottles/bottles.ts";
import { isSomebodyNew, send, serverNow } from "./connection.ts";
import { layAside } from "./drafts.ts";
import type { Heard } from "./events.ts";
import { lateAsks, lateBottles, lateCare, lateFeed, lateHole, lateMeets } from "./late.ts";
import { lateRooms, lateSafety, lateShell } from "./late.ts";
import type { Late } from "./late.ts";
import type { SecretWrite, Write } from "./outbox.ts";
import { dropRoomWrites, waiting } from "./outbox.ts";
import { heardOfPlaces, refreshPlaces } from "./places.ts";
import { forgetEnded, keepMade, keptOf } from "./rooms/kept.ts";
import { HELD, OWN, keysBelow, load, save } from "./store.ts";
import { settleReport } from "./safety/safety.ts";
import { explain, say, whenClosed } from "./say.ts";
import { pushKey, quotas, self } from "./session/session.ts";
import {
  heardOfThreads,
  readOnWhereOpen,
  refreshThreads,
  settleLetter,
} from "./threads/threads.ts";
import { placeOf, textOf } from "./writes.ts";

/** Where what was read of the inbox ends, while it is being read. */
const INBOX = "inbox";

const heard: Heard = {
  ...heardOfBottles,
  ...heardOfThreads,
  ...heardOfPlaces,
  "session:ready": (ready) => {
    batch(() => {
      self.value = ready.persona;
      quotas.value = ready.quotas;
      pushKey.value = ready.pushKey;
    });
    if (isSomebodyNew.value) {
      isSomebodyNew.value = false;
      say({ key: "somebodyNew" });
    }
    // After a reload the room that lies open is in the address alone.
    const isOpen = (id: string) => location.hash.includes(id) || lateRooms.now()?.isHere(id);
    for (const id of forgetEnded(serverNow(), isOpen)) dropRoomWrites(id);
    void refresh().then(() => {
      if (ready.features.includes("shell")) void lateShell.load();
    });
  },
};

const isOfSafety = (name: string, payload: object): boolean =>
  /^(item:|session:penalty)/.test(name) ||
  (name === "session:ready" && (payload as Events["session:ready"]).penalties.length > 0);

type Hearing = ((payload: never) => void) | undefined;

/**
 * What the server tells goes to the feature that it is about. One that nobody has been to is not
 * loaded yet, and nothing of it can concern this page.
 */
export function hear(event: string, payload: never): void {
  const name = event as keyof Events;
  (heard[name] as Hearing)?.(payload);
  for (const late of [lateRooms, lateHole, lateMeets, lateFeed, lateAsks])
    (late.now()?.heard[name] as Hearing)?.(payload);
  // That part comes when there is something to say.
  if (lateSafety.now() || isOfSafety(name, payload))
    void lateSafety.load().then((safety) => (safety?.heard[name] as Hearing)?.(payload));
}

/** After each arrival: how things stand, and what was missed. */
async function refresh(): Promise<void> {
  // One's shelf is looked at without a line as well: it is fetched while there is one.
  void lateBottles.load();
  await Promise.all([
    lateRooms.now()?.comeBack(),
    lateMeets.now()?.comeBack(),
    lateFeed.now()?.comeBack(),
  ]);
  for (const write of waiting.peek()) void enterFor(write);
  await refreshSeas();
  await Promise.all([refreshBottles(), refreshThreads()]);
  for (;;) {
    // The next call says that the last page has arrived; where an answer was lost, it is asked for again.
    const after = load(INBOX);
    save(INBOX, after ?? "0");
    const page = await send("session:inbox", after === null ? {} : { after });
    if (!page?.ok) break;
    const { items, cursor } = page.data;
    // What that part has to tell is told once: without it nothing of this page counts as arrived.
    const isForSafety = items.some(({ kind, ...payload }) => isOfSafety(kind, payload));
    if (isForSafety && !(await lateSafety.load())) break;
    for (const { kind, ...payload } of items) hear(kind, payload as never);
    save(INBOX, items.length > 0 ? cursor : null);
    if (items.length === 0) break;
  }
  await readOnWhereOpen();
  await refreshPlaces();
  if (keysBelow(HELD).length > 0) void lateSafety.load();
  // Whoever has told secrets learns here what became of them: the server has nobody to tell.
  if (lateFeed.now() === null && keysBelow(OWN).length > 0)
    await (await lateFeed.load())?.askAfterOwn();
}

/** What waits for a room goes when one is in: also where the page was opened again elsewhere. */
async function enterFor(write: Write): Promise<void> {
  if (write.name !== "room:send") return;
  const { roomId } = write.payload;
  const kept = keptOf(roomId);
  // Into one of a meeting one comes with the meeting alone.
  if (!kept?.isIn || kept.isOfMeeting) return;
  const rooms = await lateRooms.load();
  if (!rooms?.isHere(roomId)) await rooms?.enter(roomId);
}

lateSafety.arrival.subscribe((arrival) => {
  if (arrival.is === "here") arrival.it.tendHeld(settle);
});
whenClosed((...why) => void lateSafety.load().then((safety) => safety?.refusedAsClosed(...why)));

const LOOKED_AT: ReadonlySet<string> = new Set([
  "rejected",
  "confirmation_needed",
  "held_for_review",
]);

/** How a write ended. What came back for what it says is asked about where it was written. */
export function settle(write: Write | SecretWrite, reply: Reply<never>): void {
  if (write.name === "feed:post")
    return void lateFeed
      .load()
      .then((feed) => (feed ? feed.settleSecret(write, reply) : keepBack(write, reply)));
  if (!reply.ok && LOOKED_AT.has(reply.error.code))
    return void lateSafety.load().then((safety) => {
      if (!safety?.takeUp(write, reply)) settleThere(write, reply);
    });
  settleThere(write, reply);
  if (reply.ok && (reply.data as OfCare).care)
    void lateCare.load().then((care) => care?.careFor(write, reply.data));
}

/** Its part of the page did not come: what it says stays, and so does the key that only its reply has. */
function keepBack(write: Write | SecretWrite, reply: Reply<never>): void {
  if (!reply.ok) {
    layAside(placeOf(write)!, textOf(write));
    return explain(reply);
  }
  const data: unknown = reply.data;
  if (write.name === "room:create") keepMade(data as Data<"room:create">);
  if (write.name === "feed:post") save(OWN + (data as Data<"feed:post">).post.id, write.ownerKey);
}

/** To the feature that made it. */
function settleThere(write: Write, reply: Reply<never>): void {
  const settleIn = <T>(late: Late<T>, act: (it: T) => void): void =>
    void late.load().then((it) => (it ? act(it) : keepBack(write, reply)));
  switch (write.name) {
    case "bottle:throw":
      return settleThrow(write.payload, reply);
    case "bottle:answer":
      return settleAnswer(write.payload, reply);
    case "thread:send":
      return settleLetter(write.payload, reply);
    case "safety:report":
      return settleReport(write.payload, reply);
    case "room:create":
      return settleIn(lateRooms, (rooms) => rooms.settleCreation(write.payload, reply));
    case "room:send":
      // What was written for a room dies with it.
      if (!lateRooms.now() && keptOf(write.payload.roomId)) return keepBack(write, reply);
      return lateRooms.now()?.settleMessage(write.payload, reply);
    case "hole:write":
      return settleIn(lateHole, (hole) => hole.settleLetter(write.payload, reply));
    case "feed:comment":
      return settleIn(lateFeed, (feed) => feed.settleComment(write.payload, reply));
    case "ask:ask":
      return settleIn(lateAsks, (asks) => asks.settleQuestion(write.payload, reply));
    case "ask:answer":
      return settleIn(lateAsks, (asks) => asks.settleAnswer(write.payload, reply));
  }
}
