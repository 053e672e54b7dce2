import type { Data, Invite, OwnerKey, PersonaId, RoomId } from "@driftsea/protocol";
import { keysBelow, loadJson, save, saveJson } from "../store.ts";

/** What this browser keeps of a room until the room ends, as far as it can know that. */
export interface KeptRoom {
  /** Not yet spent, or to come back by. */
  invite?: Invite;
  ownerKey?: OwnerKey;
  /** Room keys by epoch. */
  keys?: Record<string, string>;
  /** The key that stood in the link; of which epoch it is, the first message that it opens tells. */
  linkKey?: string;
  /** Whether he is in: then a reload leads back without the door. */
  isIn?: boolean;
  /** The last deadline that is known, in the server's clock. */
  deadlineAt: number;
  /** Where two met: by its meeting alone one comes back to it. */
  isOfMeeting?: boolean;
  /** A deadline that does not move. */
  isFixed?: boolean;
  title?: string;
  /** How long what he writes may be seen, where he has chosen it. */
  timer?: string;
  /** Whose words he has blocked. */
  hidden?: PersonaId[];
  /** `seq` of one's last own hello, which later members need for giving a new key. */
  helloAt?: number;
}

/** How long an invite that nobody has used is kept: as long as one usually lives, in ms. */
const DOOR_MS = 24 * 60 * 60 * 1000;
/** No room that others keep alive lives longer (R1), in ms. */
const CAP_MS = 30 * DOOR_MS;
/** So long after its last known deadline such a room is still one to come back to, in ms. */
const BACK_MS = 60 * 60 * 1000;
const keyOf = (id: RoomId): string => `room:${id}`;
const SECRET = /^[\w-]{43}$/;

export const keptOf = (id: RoomId): KeptRoom | null => loadJson<KeptRoom | null>(keyOf(id), null);

export function keep(id: RoomId, change: Partial<KeptRoom>): void {
  saveJson(keyOf(id), { deadlineAt: Date.now() + DOOR_MS, ...keptOf(id), ...change });
}

/** One's own, as the reply to its making tells it. */
export function keepMade({ room, ownerKey }: Data<"room:create">): void {
  const isFixed = room.lifetime.kind === "fixed";
  keep(room.id, { ownerKey, isIn: true, isFixed, deadlineAt: room.deadlineAt });
}

export const keptRooms = (): RoomId[] =>
  keysBelow("room:").map((key) => key.slice("room:".length) as RoomId);

/** Takes in what stood behind the `?` of a room's link. */
export function keepArrival(id: RoomId, secrets: URLSearchParams): void {
  const [invite, linkKey] = [secrets.get("i") ?? "", secrets.get("k") ?? ""];
  // Somebody may be sent another link to a room that he is in: then it is the door again.
  keep(id, {
    isIn: false,
    ...(SECRET.test(invite) ? { invite: invite as Invite } : {}),
    ...(SECRET.test(linkKey) ? { linkKey } : {}),
  });
}

/** Everything of a room that lies in this browser's storage: keys, what was being written, unsent words. */
export function forgetKept(id: RoomId): void {
  save(keyOf(id), null);
  for (const key of keysBelow("write:")) {
    const roomId = loadJson<{ write?: { payload?: { roomId?: string } } } | null>(key, null)?.write
      ?.payload?.roomId;
    if (roomId === id) save(key, null);
  }
  for (const key of keysBelow(`draft:room:${id}`)) save(key, null);
}

/** The deadline of one that lives on by its members moves untold. */
export const mayStillBe = (
  { deadlineAt, isFixed }: KeptRoom,
  now: number,
  forMs = BACK_MS,
): boolean => deadlineAt + (isFixed === false ? forMs : 0) > now;

/** Forgets rooms that ended while nobody looked. One that lies open asks the server instead. */
export function forgetEnded(now: number, isOpen: (id: RoomId) => boolean | undefined): RoomId[] {
  const ended = keptRooms().filter((id) => {
    const kept = keptOf(id);
    if (kept === null) return true;
    // What cannot be had again is kept as long as the room may live.
    const forMs = (kept.ownerKey ?? kept.keys) ? CAP_MS : BACK_MS;
    return !mayStillBe(kept, now, forMs) && (kept.isFixed === true || !isOpen(id));
  });
  for (const id of ended) forgetKept(id);
  return ended;
}
