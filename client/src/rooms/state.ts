import { signal } from "@preact/signals";
import type {
  MessageTimer,
  Persona,
  PersonaId,
  Room,
  RoomEnd,
  RoomId,
  WriteId,
} from "@driftsea/protocol";

/** What a message says, as far as this reader can and may read it. */
export type Body =
  | { is: "text"; text: string }
  | { is: "photo"; url: string; isSealed: boolean }
  /** Sealed under a key that this browser never had. */
  | { is: "shut" }
  /** Between programs: never shown. */
  | { is: "control" }
  | { is: "gone" };

export interface Said {
  seq: number;
  id: WriteId;
  from: Persona;
  sentAt: number;
  epoch: number;
  timer?: MessageTimer;
  goneAt?: number;
  /** `seq` of the message that this one answers. */
  re?: number;
  /** It sounds heavy. */
  care?: true;
  body: Body;
}

export interface OpenRoom {
  is: "in";
  room: Room;
  me: Persona;
  members: readonly Persona[];
  said: readonly Said[];
  /** `seq` up to which everything is here, or known to be lost. */
  last: number;
  /** Before these numbers something was lost. */
  tears: readonly number[];
  typing: readonly Persona[];
  /** Who stands before the locked door; the host's alone. */
  knocks: readonly Persona[];
  /** Whose words this reader has blocked. */
  hidden: readonly PersonaId[];
  /** The key of the link is from before somebody was removed. */
  isOldLink: boolean;
}

/** Why it is over: `gone`, where the server does not say more. */
export type Over = RoomEnd | "gone";

export type RoomState =
  | { is: "entering" }
  /** He has knocked. */
  | { is: "locked" }
  | { is: "full" }
  | { is: "refused" }
  | OpenRoom
  | { is: "over"; reason: Over };

/** Rooms that this page has been to. One that is not here stands behind its door. */
export const rooms = signal<ReadonlyMap<RoomId, RoomState>>(new Map());

export const isHere = (id: string): boolean => rooms.peek().has(id as RoomId);

export function setRoom(id: RoomId, state: RoomState | null): void {
  const next = new Map(rooms.value);
  if (state) next.set(id, state);
  else next.delete(id);
  rooms.value = next;
}

export function inRoom(id: RoomId): OpenRoom | null {
  const state = rooms.peek().get(id);
  return state?.is === "in" ? state : null;
}

export function changeRoom(id: RoomId, change: Partial<OpenRoom>): void {
  const open = inRoom(id);
  if (open) setRoom(id, { ...open, ...change });
}

export function changeSaid(id: RoomId, seq: number, change: Partial<Said>): void {
  const open = inRoom(id);
  if (!open) return;
  const said = open.said.map((one) => (one.seq === seq ? { ...one, ...change } : one));
  changeRoom(id, { said });
}

/** Where the note of the day is kept while its host writes it. */
export const motdPlace = (id: RoomId): string => `room:${id}:motd`;

/** When one may write again where the room is slow, by room; server time. */
export const slowUntil = signal<Readonly<Record<string, number>>>({});
/** The message that is being answered, by room. */
export const answering = signal<Readonly<Record<string, number | undefined>>>({});
