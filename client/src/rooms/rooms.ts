import { LIMITS } from "@driftsea/protocol";
import type {
  Events,
  MessageTimer,
  Persona,
  PersonaId,
  RoomId,
  RoomMessage,
  WriteId,
} from "@driftsea/protocol";
import { connection, send, serverNow } from "../connection.ts";
import { forgetDraft } from "../drafts.ts";
import type { Heard } from "../events.ts";
import { dropRoomWrites } from "../outbox.ts";
import { isCalledBack, isLastMinute, isMeetCalling, meetRoom, refreshListed } from "../places.ts";
import { go, route } from "../route.ts";
import { isDone, say } from "../say.ts";
import { forgetKept, keep, keptOf } from "./kept.ts";
import { currentKey, forgetRing, openSealed, takeLinkKey } from "./keyring.ts";
import { dropPicture, dropPictures } from "./pictures.ts";
import { forgetSeen, vanish, watch } from "./seeing.ts";
import { answering, changeRoom, changeSaid, inRoom, motdPlace, rooms } from "./state.ts";
import { setRoom, slowUntil } from "./state.ts";
import type { OpenRoom, Over, Said } from "./state.ts";
import { at, stopTimers } from "./timers.ts";

/** How many messages of a room the page keeps. */
const SAID_MAX = 500;

/** What of a room is done one after the other: opening sealed words takes time, and order counts. */
const turns = new Map<RoomId, Promise<unknown>>();
export function inTurn<T>(id: RoomId, act: () => Promise<T>): Promise<T> {
  const turn = (turns.get(id) ?? Promise.resolve()).then(act, act);
  turns.set(id, turn);
  return turn;
}

/** What follows from being in, and is done by others: a hello, a new key. */
let onArrival: (id: RoomId) => void = () => {};
export function whenInside(act: (id: RoomId) => void): void {
  onArrival = act;
}

/** Goes in, or comes back to where one was: asks for what came after the last message that is here. */
export function enter(id: RoomId): Promise<void> {
  if (!rooms.peek().has(id)) setRoom(id, { is: "entering" });
  return inTurn(id, () => enterNow(id));
}

/** Counts how often a room was let go of: what was asked for before must not bring it back. */
const endings = new Map<RoomId, number>();

/** Where the store or the reply stays away while the line is there, in ms. */
const AGAIN_MS = 2000;
const enterAgain = (id: RoomId, afterMs = AGAIN_MS): void =>
  at(id, "enter", serverNow() + afterMs, () => void enter(id));

async function enterNow(id: RoomId): Promise<void> {
  const before = inRoom(id);
  const visit = endings.get(id);
  if (rooms.peek().get(id)?.is === "over") return;
  const kept = keptOf(id);
  // By another link than before all is read again: its key may open what was shut.
  const isOtherLink = takeLinkKey(id, kept?.linkKey);
  const isOn = before !== null && !isOtherLink;
  const cursor = isOn ? { after: before.last, epoch: before.room.epoch } : {};
  const invite = !before && kept?.invite ? { invite: kept.invite } : {};
  const reply = await send("room:enter", { roomId: id, ...invite, ...cursor });
  if (endings.get(id) !== visit) return;
  // Without a line it is tried again when the line is back.
  if (!reply) return connection.peek().is === "ready" ? enterAgain(id) : undefined;
  if (!reply.ok) {
    const { code, retryable, retryAfterMs } = reply.error;
    if (code === "gone") return end(id, goneReason(id));
    if (code === "locked") return setRoom(id, { is: "locked" });
    // Out of a meeting there is no other way back in.
    const isMine = before !== null || id === meetRoom.peek();
    if (isMine && retryable && code !== "full") return enterAgain(id, retryAfterMs);
    // Whoever was in is so no longer: the server has let go of him, and somebody else has his place.
    return setRoom(id, { is: code === "full" ? "full" : "refused" });
  }
  const { room, me, members, messages, recovered, knocks = [] } = reply.data;
  if (rooms.peek().get(id)?.is === "over") return;
  // Whoever gave him a key meant him to speak where nobody else reads: he is told that it is not so.
  if (!room.encrypted && isSecret(id)) {
    forgetRing(id);
    keep(id, { linkKey: undefined, keys: undefined });
    say({ key: "roomNotSealed" }, 20_000);
  }
  const said: Said[] = [];
  for (const message of messages) said.push(await saidBy(id, me, message));
  if (endings.get(id) !== visit) return;
  const now = inRoom(id);
  const first = said[0]?.seq ?? room.head + 1;
  const isTorn = !recovered && !isOtherLink && (now !== null || first > 1);
  const last = Math.max(said.at(-1)?.seq ?? room.head, now?.last ?? 0);
  setRoom(id, {
    is: "in",
    room,
    me,
    members,
    ...newest(
      id,
      merge(now?.said ?? [], said),
      isTorn ? [...(now?.tears ?? []), first] : (now?.tears ?? []),
    ),
    last,
    typing: [],
    knocks,
    // Somebody may have been blocked meanwhile.
    hidden: keptOf(id)?.hidden ?? [],
    isOldLink: isTooOld(id, room.encrypted, room.epoch),
  });
  if (isTorn && now) say({ key: "roomTorn" });
  keep(id, {
    isIn: true,
    isFixed: room.lifetime.kind === "fixed",
    ...(id === meetRoom.peek() ? { isOfMeeting: true } : {}),
    ...(room.title === undefined ? {} : { title: room.title }),
  });
  moveDeadline(id, room.deadlineAt);
  for (const one of said) watch(id, one);
  // A long absence comes in parts.
  if (said.length > 0 && last < room.head) return enterNow(id);
  onArrival(id);
}

const isTooOld = (id: RoomId, isEncrypted: boolean, epoch: number): boolean =>
  isEncrypted && currentKey(id, epoch) === null;

function merge(a: readonly Said[], b: readonly Said[]): Said[] {
  const bySeq = new Map([...a, ...b].map((one) => [one.seq, one]));
  return [...bySeq.values()].sort((x, y) => x.seq - y.seq);
}

/** A page that stays open does not grow with all that is said: the oldest give way, as they do at the server. */
function newest(
  id: RoomId,
  said: readonly Said[],
  tears: readonly number[],
): Pick<OpenRoom, "said" | "tears"> {
  const older = said.slice(0, -SAID_MAX);
  if (older.length === 0) return { said, tears };
  for (const { seq } of older) dropPicture(id, seq);
  const first = said[older.length]!.seq;
  return { said: said.slice(-SAID_MAX), tears: [first, ...tears.filter((seq) => seq > first)] };
}

/** What a message says, opened where it is sealed. */
async function saidBy(id: RoomId, me: Persona, message: RoomMessage): Promise<Said> {
  const { text, sealed, photo, ...rest } = message;
  const said: Said = { ...rest, body: { is: "gone" } };
  if (message.goneAt !== undefined && message.goneAt <= serverNow()) return said;
  if (text !== undefined) return { ...said, body: { is: "text", text } };
  if (photo) {
    const isSealed = rooms.peek().get(id)?.is === "in" ? inRoom(id)!.room.encrypted : isSecret(id);
    return { ...said, body: { is: "photo", url: photo.url, isSealed } };
  }
  if (sealed === undefined) return said;
  const plain = await openSealed(id, me, message);
  if (!plain) return { ...said, body: { is: "shut" } };
  if (plain.t !== "text") return { ...said, body: { is: "control" } };
  const re = plain.re === undefined ? {} : { re: plain.re };
  return { ...said, ...re, body: { is: "text", text: plain.text } };
}

/** Whether this browser came with a key. */
function isSecret(id: RoomId): boolean {
  const kept = keptOf(id);
  return kept?.linkKey !== undefined || kept?.keys !== undefined;
}

async function receive({ roomId, message, deadlineAt }: Events["room:message"]): Promise<void> {
  const open = inRoom(roomId);
  if (!open) return;
  moveDeadline(roomId, deadlineAt);
  if (message.seq <= open.last) return comeBackAs(roomId, open.me, message);
  if (message.seq > open.last + 1) return enterNow(roomId);
  addSaid(roomId, await saidBy(roomId, open.me, message));
}

/** It was out of sight until somebody had looked at it. */
async function comeBackAs(id: RoomId, me: Persona, message: RoomMessage): Promise<void> {
  const known = inRoom(id)?.said.find(({ seq }) => seq === message.seq);
  if (known?.body.is !== "gone") return;
  const { body } = await saidBy(id, me, message);
  changeSaid(id, message.seq, { body });
}

function addSaid(id: RoomId, said: Said): void {
  const open = inRoom(id);
  if (!open || said.seq <= open.last) return;
  const room = { ...open.room, head: Math.max(open.room.head, said.seq) };
  changeRoom(id, {
    room,
    ...newest(id, [...open.said, said], open.tears),
    last: said.seq,
    typing: open.typing.filter((one) => one.id !== said.from.id),
    isOldLink: isTooOld(id, room.encrypted, room.epoch),
  });
  watch(id, said);
  if (said.body.is === "control") return onArrival(id);
  if (isShown(id) || said.from.id === open.me.id || open.hidden.includes(said.from.id)) return;
  (id === meetRoom.value ? isMeetCalling : isCalledBack).value = true;
}

const isShown = (id: RoomId): boolean =>
  id === meetRoom.value
    ? route.value.sheet === "lanterns"
    : route.value.sheet === "room" && route.value.id === id;

/** One's own message, as the reply to its sending tells it; the event may come before or after. */
export function addOwn(
  id: RoomId,
  own: { seq: number; id: WriteId; sentAt: number; timer?: MessageTimer; re?: number },
  body: Said["body"],
): Promise<void> {
  return inTurn(id, async () => {
    const open = inRoom(id);
    if (!open || own.seq <= open.last) return;
    if (own.seq > open.last + 1) return enterNow(id);
    addSaid(id, { ...own, from: open.me, epoch: open.room.epoch, body });
  });
}

function moveDeadline(id: RoomId, deadlineAt: number): void {
  const open = inRoom(id);
  if (!open) return;
  changeRoom(id, { room: { ...open.room, deadlineAt } });
  keep(id, { deadlineAt });
  // The end of one that lives on by its members moves untold, for whoever is in and for who has no line
  // just now. Of an idle one it is asked when it seems to have come, else the server says it.
  const { kind } = open.room.lifetime;
  if (kind === "fixed") at(id, "end", deadlineAt, () => end(id, "expired"));
  else if (kind === "idle")
    at(id, "end", Math.max(deadlineAt, serverNow() + AGAIN_MS), () => void enter(id));
}

const goneReason = (id: RoomId): Over => {
  const kept = keptOf(id);
  return kept?.isIn === true && kept.deadlineAt <= serverNow() ? "expired" : "gone";
};

/** It is over: nothing of it stays in this browser. */
export function end(id: RoomId, reason: Over): void {
  const before = rooms.peek().get(id);
  if (before?.is === "over") return;
  const isOpen = route.value.sheet === "room" && route.value.id === id;
  const isUnseen = !isShown(id);
  forgetRoom(id);
  if (isOpen) setRoom(id, { is: "over", reason });
  else if (before?.is === "in" && reason !== "left" && isUnseen) say({ key: "roomOverElsewhere" });
  onEnd(id, reason);
  void refreshListed();
}

let onEnd: (id: RoomId, reason: Over) => void = () => {};
/** Who shows a room elsewhere hears of its end. */
export function whenOver(act: (id: RoomId, reason: Over) => void): void {
  onEnd = act;
}

export function forgetRoom(id: RoomId): void {
  endings.set(id, (endings.get(id) ?? 0) + 1);
  stopTimers(id);
  counting.delete(id);
  turns.delete(id);
  forgetSeen(id);
  setRoom(id, null);
  const { [id]: _slow, ...slow } = slowUntil.value;
  const { [id]: _answering, ...others } = answering.value;
  slowUntil.value = slow;
  answering.value = others;
  dropPictures(id);
  dropRoomWrites(id);
  for (const place of [`room:${id}`, motdPlace(id)]) forgetDraft(place);
  forgetRing(id);
  forgetKept(id);
  isLastMinute.value = false;
}

const isIn = (list: readonly Persona[], persona: Persona): boolean =>
  list.some((one) => one.id === persona.id);
const without = (list: readonly Persona[], persona: Persona): Persona[] =>
  list.filter((one) => one.id !== persona.id);
const withOne = (list: readonly Persona[], persona: Persona): readonly Persona[] =>
  isIn(list, persona) ? list : [...list, persona];

/** What is told of a room comes after what was asked for before, where he is in then. */
function inOpen(id: RoomId, act: (open: OpenRoom) => void): void {
  void inTurn(id, async () => {
    const open = inRoom(id);
    if (open) act(open);
  });
}

/** The server lets go of one who is said to write after 6 s; its word may be lost. */
const TYPING_MS = 7000;

/** Who is in is asked anew so long after it was seen that it is not known, at the soonest, in ms. */
const COUNT_MS = 1000;
const counting = new Set<RoomId>();

/** Somebody came or went. */
function count(id: RoomId, members: readonly Persona[], total: number, deadlineAt: number): void {
  const open = inRoom(id);
  if (!open) return;
  changeRoom(id, { members, room: { ...open.room, members: total } });
  moveDeadline(id, deadlineAt);
  // Out of a crowd, of which nobody is told who comes and goes: who is in is asked anew, once, and not by all at once.
  if (total > LIMITS.crowd || members.length === total || counting.has(id)) return;
  counting.add(id);
  at(id, "count", serverNow() + COUNT_MS * (1 + 4 * Math.random()), () => {
    counting.delete(id);
    const now = inRoom(id);
    if (!now || now.room.members > LIMITS.crowd || leaving.has(id)) return;
    if (now.members.length !== now.room.members) void enter(id);
  });
}

export const heardOfRooms: Heard = {
  "room:message": (event) => void inTurn(event.roomId, () => receive(event)),
  "room:joined": ({ roomId, persona, members, deadlineAt }) =>
    inOpen(roomId, (open) => {
      count(roomId, withOne(open.members, persona), members, deadlineAt);
      changeRoom(roomId, { knocks: without(open.knocks, persona) });
    }),
  "room:left": ({ roomId, persona, members, deadlineAt }) =>
    inOpen(roomId, (open) => {
      count(roomId, without(open.members, persona), members, deadlineAt);
      changeRoom(roomId, { typing: without(open.typing, persona) });
    }),
  "room:crowd": ({ roomId, members, deadlineAt }) =>
    inOpen(roomId, (open) => count(roomId, open.members, members, deadlineAt)),
  "room:typing": ({ roomId, persona, typing }) => {
    const open = inRoom(roomId);
    if (!open || persona.id === open.me.id) return;
    const stop = (): void =>
      changeRoom(roomId, { typing: without(inRoom(roomId)?.typing ?? [], persona) });
    if (!typing) return stop();
    changeRoom(roomId, { typing: withOne(open.typing, persona) });
    at(roomId, `t${persona.id}`, serverNow() + TYPING_MS, stop);
  },
  "room:knocked": ({ roomId, persona }) => {
    inOpen(roomId, (open) => changeRoom(roomId, { knocks: withOne(open.knocks, persona) }));
    if (isShown(roomId)) return say({ key: "somebodyKnocks" });
    isCalledBack.value = true;
    const run = (): void => go({ sheet: "room", id: roomId });
    say({ key: "somebodyKnocks", act: { key: "roomGoIn", run } }, 20_000);
  },
  "room:admitted": ({ roomId }) => {
    if (rooms.peek().get(roomId)?.is !== "locked") return;
    if (!isShown(roomId)) isCalledBack.value = true;
    void enter(roomId);
  },
  "room:changed": ({ room }) => {
    void inTurn(room.id, async () => {
      const open = inRoom(room.id);
      if (!open) return;
      // Its head may be ahead of what is here: what lies between is still to come.
      const isOldLink = isTooOld(room.id, room.encrypted, room.epoch);
      changeRoom(room.id, { room, isOldLink });
      moveDeadline(room.id, room.deadlineAt);
      if (room.epoch !== open.room.epoch) onArrival(room.id);
    });
  },
  "room:message-gone": ({ roomId, seq }) => inOpen(roomId, () => vanish(roomId, seq)),
  "room:closing": ({ roomId, at: endsAt }) => moveDeadline(roomId, endsAt),
  "room:gone": ({ roomId, reason }) => end(roomId, reason),
};

/** After each arrival of this page: back into all rooms in which it is. */
export async function comeBack(): Promise<void> {
  const COMING = new Set(["in", "entering", "locked", "full", "refused"]);
  const all = [...rooms.peek()].filter(([, state]) => COMING.has(state.is));
  await Promise.all(all.map(([id]) => enter(id)));
  for (const [id, state] of all)
    if (state.is === "in") lookLater(id, state.last, LOOK_WITHIN_MS * Math.random());
}

/** When many come back at once, each reads again what he had at a time of his own within this, in ms. */
const LOOK_WITHIN_MS = 5000;

const lookLater = (id: RoomId, last: number, afterMs: number): void =>
  at(id, "look", serverNow() + afterMs, () => void inTurn(id, () => lookAgain(id, last)));

/** What went out of sight while there was no line is told nobody: all up to `last` is looked at again. */
async function lookAgain(id: RoomId, last: number): Promise<void> {
  const visit = endings.get(id);
  let after = (inRoom(id)?.said[0]?.seq ?? Infinity) - 1;
  let head = 0;
  while (after < last) {
    // To enter once more would undo his going.
    if (leaving.has(id)) return lookLater(id, last, AGAIN_MS);
    const reply = await send("room:enter", { roomId: id, after });
    if (endings.get(id) !== visit) return;
    if (!reply?.ok) {
      const isWorthIt = !reply || reply.error.retryable;
      // Without a line it is looked at when that is back.
      if (isWorthIt && connection.peek().is === "ready") lookLater(id, last, AGAIN_MS);
      return;
    }
    const { messages, room } = reply.data;
    for (const { seq, text, sealed, photo } of messages)
      if (text === undefined && sealed === undefined && !photo) vanish(id, seq);
    after = messages.at(-1)?.seq ?? Infinity;
    head = room.head;
  }
  // What was read there is not told any more.
  if (head > (inRoom(id)?.last ?? Infinity)) await enterNow(id);
}

/** Those that he is about to leave. */
const leaving = new Set<RoomId>();

export async function leaveRoom(id: RoomId): Promise<void> {
  leaving.add(id);
  const reply = await send("room:leave", { roomId: id }).finally(() => leaving.delete(id));
  // `gone`: he was in no longer. Anything else, and he still is.
  if (isDone(reply)) end(id, "left");
}

/** Whom a reader has blocked he hears no more of, here either. */
export function hide(id: RoomId, persona: PersonaId): void {
  const hidden = [...(inRoom(id)?.hidden ?? []), persona];
  changeRoom(id, { hidden });
  keep(id, { hidden });
  // Nor does one go on answering him.
  const answered = inRoom(id)?.said.find(({ seq }) => seq === answering.peek()[id]);
  if (answered?.from.id === persona) answering.value = { ...answering.peek(), [id]: undefined };
}

let typingSaidAt = 0;
export function sayTyping(roomId: RoomId, typing: boolean): void {
  const now = Date.now();
  if (typing && now - typingSaidAt < 3000) return;
  if (!typing && typingSaidAt === 0) return;
  typingSaidAt = typing ? now : 0;
  void send("room:type", { roomId, typing });
}
