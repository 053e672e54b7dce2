import { cleanText, findLinks } from "@driftsea/protocol";
import type { Data, MessageTimer, Payload, Reply, RoomId, WriteId } from "@driftsea/protocol";
import { connection, send, serverNow } from "../connection.ts";
import { draftOf, keepDraft, layAside, takeOut } from "../drafts.ts";
import { newId, post } from "../outbox.ts";
import type { RoomLines, RoomWrite } from "../outbox.ts";
import { parts } from "../parts.ts";
import type { Mark } from "../safety/marks.ts";
import { explain, say } from "../say.ts";
import { keptOf } from "./kept.ts";
import { currentKey } from "./keyring.ts";
import { addOwn, enter } from "./rooms.ts";
import { seal, sealBytes } from "./sealing.ts";
import type { Place, Plain, RoomKey } from "./sealing.ts";
import { answering, inRoom, isHere, rooms, slowUntil } from "./state.ts";

/** How often one write is tried again where the room has moved on, or has let go of him. */
const TRIES = 30;
/** A photo may take this long, in ms. */
const PHOTO_REPLY_MS = 30_000;

type Sent = Data<"room:send">;

/**
 * Hands a message over. In an encrypted room what waits in the outbox is the plain text: a message is
 * sealed for its number in the room, and that is known only as it goes. It lies in this browser
 * alone, until it is sent or the room ends.
 *
 * False where it may not go as it is; the words stay where they are.
 */
export function write(roomId: RoomId, text: string, timer: MessageTimer | undefined): boolean {
  const open = inRoom(roomId);
  if (!open) return false;
  if (!open.room.links && findLinks(text).length > 0) {
    say({ key: "roomNoLinks" });
    return false;
  }
  const re = answering.value[roomId];
  const message: RoomWrite = {
    name: "room:send",
    payload: {
      id: newId(),
      roomId,
      text: cleanText(text),
      ...(timer ? { timer } : {}),
      ...(re === undefined ? {} : { re }),
    },
  };
  answering.value = { ...answering.value, [roomId]: undefined };
  if (open.room.encrypted) return writeSealed(message, text);
  post(message);
  return true;
}

/** Sealed words that sound heavy, until they have gone out. */
const heavy = new Set<WriteId>();

/**
 * What is sealed nobody but this page can look through: what it would mark is asked about, and goes
 * out where it is meant so. Words that wait for the lists stay where they are.
 */
function writeSealed(message: RoomWrite, text: string): boolean {
  const { screener } = parts;
  const { roomId } = message.payload;
  if (screener.arrival.peek().is === "away") {
    void screener.load().then(() => {
      const place = `room:${roomId}`;
      if (draftOf(place) === text && writeSealed(message, text)) keepDraft(place, "");
    });
    return false;
  }
  const found = screener.now()?.screen(message.payload.text ?? "");
  if (found && found.verdict !== "fine") {
    void parts.safety.load().then((safety) => askAbout(safety, message, found.marks, text));
    return false;
  }
  post(message);
  if (found?.care) heavy.add(message.payload.id);
  return true;
}

/** The words leave their field only with what asks about them, and that puts them back. */
function askAbout(
  safety: Awaited<ReturnType<typeof parts.safety.load>>,
  message: RoomWrite,
  marks: readonly Mark[],
  text: string,
): void {
  if (!safety) return say({ key: "wordsMarked" }, 20_000);
  takeOut(`room:${message.payload.roomId}`, text);
  safety.putBack(message, marks, true);
}

/** Where the next message would stand, and the key it would be sealed under. */
function nextPlace(roomId: RoomId, key?: RoomKey): { place: Place; key: RoomKey } | null {
  const open = inRoom(roomId);
  if (!open) return null;
  const { epoch } = open.room;
  const under = key ?? currentKey(roomId, epoch);
  if (under === null) return null;
  return { place: { roomId, epoch, seq: open.last + 1, from: open.me.id }, key: under };
}

const tries = new Map<WriteId, number>();
const isThere = (roomId: RoomId): boolean =>
  isHere(roomId) && rooms.peek().get(roomId)?.is !== "over";

export const roomLines: RoomLines = {
  isOpen: (roomId) => inRoom(roomId) !== null,
  prepare: async ({ payload }) => {
    const open = inRoom(payload.roomId);
    if (!open?.room.encrypted) return payload;
    const next = nextPlace(payload.roomId);
    if (!next) return null;
    const { id, roomId, text = "", re, timer } = payload;
    const plain: Plain = { t: "text", text, ...(re === undefined ? {} : { re }) };
    const { epoch, seq } = next.place;
    const sealed = await seal(next.key, next.place, plain);
    return { id, roomId, sealed, epoch, seq, ...(timer ? { timer } : {}) };
  },
  again: async ({ payload: { id, roomId } }, { error }) => {
    if (error.code === "rate_limited") {
      await slowDown(roomId, error.retryAfterMs);
      return true;
    }
    const open = inRoom(roomId);
    const mayHaveMoved = error.code === "conflict" && open?.room.encrypted === true;
    // `gone` may mean that the server let go of him while he was away.
    if (!mayHaveMoved && error.code !== "gone") return false;
    const tried = (tries.get(id) ?? 0) + 1;
    tries.set(id, tried);
    if (tried > (mayHaveMoved ? TRIES : 1)) return false;
    await enter(roomId);
    // Where he is before its door now, it waits until he is in.
    return isThere(roomId);
  },
};

/** Waits until the room takes another message; the page shows until when. */
async function slowDown(roomId: RoomId, waitMs = 1000): Promise<void> {
  slowUntil.value = { ...slowUntil.value, [roomId]: serverNow() + waitMs };
  await new Promise((done) => setTimeout(done, waitMs));
}

/** How a message's sending ended. */
export function settleMessage(payload: Payload<"room:send">, reply: Reply<Sent>): void {
  const { id, roomId, text = "", re, timer } = payload;
  tries.delete(id);
  if (reply.ok) {
    const { seq, sentAt } = reply.data;
    const more = { ...(timer ? { timer } : {}), ...(re === undefined ? {} : { re }) };
    // A timed message that is one's own is read by others: its clock is the server's.
    void addOwn(roomId, { seq, id, sentAt, ...more }, { is: "text", text });
    noteSlowness(roomId, sentAt);
    if (heavy.delete(id))
      void parts.care.load().then((care) => care?.careFor({ name: "room:send", payload }, {}));
    return;
  }
  // What was written for a room dies with it. Whether that has ended, coming in alone has told.
  if (!isThere(roomId)) return;
  layAside(`room:${roomId}`, text);
  if (reply.error.code === "rejected") say({ key: "roomRejected" }, 20_000);
  else explain(reply);
}

/** After a message a slow room lets its writer wait; not the host. */
function noteSlowness(roomId: RoomId, sentAt: number): void {
  const slowModeMs = inRoom(roomId)?.room.slowModeMs ?? 0;
  if (slowModeMs > 0 && keptOf(roomId)?.ownerKey === undefined)
    slowUntil.value = { ...slowUntil.value, [roomId]: sentAt + slowModeMs };
}

/** Sends something sealed at once, for the room as it stands, until it fits. Null: not now. */
export async function sendSealed(
  roomId: RoomId,
  id: WriteId,
  what: { plain: Plain } | { photo: Uint8Array<ArrayBuffer>; timer?: MessageTimer | undefined },
  under?: RoomKey,
): Promise<Reply<Sent> | null> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const next = nextPlace(roomId, under);
    if (!next) return null;
    const { epoch, seq } = next.place;
    const body =
      "plain" in what
        ? { sealed: await seal(next.key, next.place, what.plain) }
        : {
            photo: await sealBytes(next.key, next.place, what.photo),
            ...(what.timer ? { timer: what.timer } : {}),
          };
    const reply = await send("room:send", { id, roomId, epoch, seq, ...body }, PHOTO_REPLY_MS);
    if (reply?.ok) {
      const { seq: given, sentAt } = reply.data;
      if ("plain" in what) await addOwn(roomId, { seq: given, id, sentAt }, { is: "control" });
      noteSlowness(roomId, sentAt);
      return reply;
    }
    if (reply?.error.code === "rate_limited") await slowDown(roomId, reply.error.retryAfterMs);
    else if (reply?.error.code === "conflict") await enter(roomId);
    else return reply;
  }
  return null;
}

/** Sends a photo; the same id again is the same photo. False where it is still to be sent. */
export async function sendPhoto(
  roomId: RoomId,
  id: WriteId,
  photo: Uint8Array<ArrayBuffer>,
  timer: MessageTimer | undefined,
): Promise<boolean> {
  if (connection.peek().is !== "ready") {
    say({ key: "photoNeedsLine" });
    return false;
  }
  const isSealed = inRoom(roomId)?.room.encrypted === true;
  const reply = isSealed
    ? await sendSealed(roomId, id, { photo, timer })
    : await send("room:send", { id, roomId, photo, ...(timer ? { timer } : {}) }, PHOTO_REPLY_MS);
  if (reply?.ok) {
    noteSlowness(roomId, reply.data.sentAt);
    return true;
  }
  if (reply?.error.code === "rate_limited") {
    const until = serverNow() + (reply.error.retryAfterMs ?? 1000);
    slowUntil.value = { ...slowUntil.value, [roomId]: until };
  }
  explain(reply);
  return false;
}
