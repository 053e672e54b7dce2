import { signal } from "@preact/signals";
import type { Room, RoomId } from "@driftsea/protocol";
import { send, serverNow } from "./connection.ts";
import type { Heard } from "./events.ts";
import { isOfRiver } from "./route.ts";
import type { Route } from "./route.ts";

/** The places of the shore, in the order in which they stand. */
export const PLACES = ["beach", "lighthouse", "tree", "lanterns", "river"] as const;
export type Place = (typeof PLACES)[number];

export function placeOf({ sheet }: Route): Place {
  if (sheet === "room") return "lighthouse";
  if (isOfRiver(sheet) || sheet === "ask" || sheet === "box") return "river";
  return sheet === "lighthouse" || sheet === "tree" || sheet === "lanterns" ? sheet : "beach";
}

/*
 * What can be seen of the places from afar. It is known before a place is entered, and before what
 * belongs to it has been loaded.
 */

/** Rooms that anybody may enter: each is a lit window. */
export const listed = signal<readonly Room[]>([]);
/** The hole as it stands; null while that is not known. */
export const hole = signal<{ deadlineAt: number; letters: number } | null>(null);
/** Whether the lanterns look for somebody. */
export const isSeeking = signal(false);
/** The room in which the meeting is. It belongs to the lanterns, and not to the lighthouse. */
export const meetRoom = signal<RoomId | null>(null);
/** Whether the room that is open is in its last minute. */
export const isLastMinute = signal(false);
/** Whether something new was said in a room whose sheet is put down. */
export const isCalledBack = signal(false);

/** The same of the meeting. */
export const isMeetCalling = signal(false);

/** Whether lanterns have come down the river that nobody here has looked at. */
export const isRiverCalling = signal(false);

const DAY_MS = 24 * 60 * 60 * 1000;
/** The silence after which the hole ends, in ms, as far as it was seen. */
export const silenceMs = signal(DAY_MS);

/** How much of its time something still has, 0 to 1. */
export const shareLeft = (deadlineAt: number, wholeMs: number): number =>
  Math.min(1, Math.max(0, (deadlineAt - serverNow()) / wholeMs));

export const shareOfRoom = (room: Room): number =>
  room.lifetime.kind === "presence" ? 1 : shareLeft(room.deadlineAt, room.lifetime.ms ?? DAY_MS);

/** What the ring at the tree shows; null where nothing lies in it. */
export const shareOfHole = (): number | null =>
  hole.value === null || hole.value.letters === 0
    ? null
    : shareLeft(hole.value.deadlineAt, silenceMs.value);

export const heardOfPlaces: Heard = {
  "hole:ticked": (status) => {
    silenceMs.value = Math.max(1, status.deadlineAt - serverNow());
    hole.value = status;
  },
  "hole:gone": () => (hole.value = { deadlineAt: 0, letters: 0 }),
};

export async function refreshListed(): Promise<boolean> {
  const reply = await send("room:list", {});
  if (reply?.ok) listed.value = reply.data.rooms;
  return reply?.ok === true;
}

export async function refreshPlaces(): Promise<void> {
  const known = hole.value;
  const [, status] = await Promise.all([refreshListed(), send("hole:status", {})]);
  // What was heard meanwhile is newer.
  if (status?.ok && hole.value === known) hole.value = status.data;
}
