import { signal } from "@preact/signals";
import { cleanText } from "@driftsea/protocol";
import type { Data, OwnerKey, Payload, PersonaId, Reply } from "@driftsea/protocol";
import type { RoomAccess, RoomId, RoomLifetime } from "@driftsea/protocol";
import { send } from "../connection.ts";
import { draftOf, forgetDraft, keepDraft } from "../drafts.ts";
import { newId, post } from "../outbox.ts";
import { go, route } from "../route.ts";
import { explain, say } from "../say.ts";
import { keepMade, keptOf } from "./kept.ts";
import { addKey, currentKey } from "./keyring.ts";
import { enter } from "./rooms.ts";
import { newRoomKey } from "./sealing.ts";
import { changeRoom, inRoom, motdPlace } from "./state.ts";

/** How the room that is being made shall be; it stays until there is one. Its name is a draft. */
export interface Making {
  kind: RoomLifetime["kind"];
  /** Null: nothing but presence ends it. */
  ms: number | null;
  access: RoomAccess;
  isEncrypted: boolean;
  capacity: number;
  slowModeMs: number;
  links: boolean;
}
const USUAL: Making = {
  kind: "fixed",
  ms: 60 * 60 * 1000,
  access: "listed",
  isEncrypted: false,
  capacity: 100,
  slowModeMs: 0,
  links: false,
};
export const making = signal(USUAL);
/** How the room was to be that was asked for last. */
let asked = USUAL;

/** The making of a room came back: so it was to be. */
export function takeBackMaking(input: Omit<Payload<"room:create">, "id">): void {
  const { lifetime, encrypted = false, capacity = USUAL.capacity, slowModeMs = 0 } = input;
  const { kind, ms = null } = lifetime;
  const { access, links = false } = input;
  making.value = { kind, ms, access, isEncrypted: encrypted, capacity, slowModeMs, links };
}

export function makeRoom(title: string): void {
  asked = making.value;
  const { kind, ms, access, isEncrypted, capacity, slowModeMs, links } = asked;
  const payload = {
    id: newId(),
    lifetime: ms === null ? { kind } : { kind, ms },
    access,
    capacity,
    links,
    ...(title === "" ? {} : { title }),
    ...(isEncrypted ? { encrypted: true } : {}),
    ...(slowModeMs === 0 ? {} : { slowModeMs }),
  };
  post({ name: "room:create", payload });
}

/** How the making of a room ended. The same reply may come twice: to two tabs, or after a reload. */
export function settleCreation(
  input: Payload<"room:create">,
  reply: Reply<Data<"room:create">>,
): void {
  const { encrypted, title = "" } = input;
  if (!reply.ok) {
    if (draftOf("title") === "") keepDraft("title", title);
    if (making.value === USUAL) takeBackMaking(input);
    return explain(reply);
  }
  if (making.value === asked) making.value = USUAL;
  const { room } = reply.data;
  keepMade(reply.data);
  if (encrypted === true && keptOf(room.id)?.keys === undefined)
    addKey(room.id, room.epoch, newRoomKey());
  void enter(room.id);
  if (route.value.sheet === "none" || route.value.sheet === "lighthouse")
    go({ sheet: "room", id: room.id });
  else say({ key: "roomReady", act: { key: "roomGoIn", run: () => goIn(room.id) } }, 20_000);
}

/** Into a room without its door: he is in, or has chosen it from the list. */
export function goIn(id: RoomId): void {
  void enter(id);
  go({ sheet: "room", id });
}

export const ownerKeyOf = (id: RoomId): OwnerKey | undefined => keptOf(id)?.ownerKey;

/** A link that lets people in, with the key behind it where the room is encrypted. */
export async function inviteLink(
  roomId: RoomId,
  uses: number,
  ttlMs: number,
): Promise<string | null> {
  const ownerKey = ownerKeyOf(roomId);
  const open = inRoom(roomId);
  if (ownerKey === undefined || !open) return null;
  if (linkTo(roomId) === null) {
    say({ key: "inviteNoKey" });
    return null;
  }
  const reply = await send("room:invite", { roomId, ownerKey, uses, ttlMs });
  if (!reply?.ok) {
    explain(reply);
    return null;
  }
  return linkTo(roomId, reply.data.invite);
}

/** The address of a room, with its key where it is encrypted; null where that key is not here. */
export function linkTo(roomId: RoomId, invite?: string): string | null {
  const open = inRoom(roomId);
  if (!open) return null;
  const secrets = new URLSearchParams();
  if (invite !== undefined) secrets.set("i", invite);
  if (open.room.encrypted) {
    const key = currentKey(roomId, open.room.epoch);
    if (key === null) return null;
    secrets.set("k", key);
  }
  const query = secrets.toString();
  return `${location.origin}${location.pathname}#/room/${roomId}${query && `?${query}`}`;
}

type Ruling = "room:lock" | "room:kick" | "room:admit" | "room:destroy";

async function rule<N extends Ruling>(
  name: N,
  roomId: RoomId,
  more: Omit<Payload<N>, "roomId" | "ownerKey">,
): Promise<boolean> {
  const ownerKey = ownerKeyOf(roomId);
  if (ownerKey === undefined) return false;
  const payload: unknown = { roomId, ownerKey, ...more };
  return isTold(await send(name, payload as Payload<N>));
}

function isTold(reply: Reply<unknown> | null): boolean {
  if (!reply?.ok) explain(reply);
  return reply?.ok === true;
}

/** Notes that were marked, by room: the same once more is meant so. */
const markedNotes = new Map<RoomId, string>();
export async function setMotd(roomId: RoomId, text: string): Promise<void> {
  const ownerKey = ownerKeyOf(roomId);
  if (ownerKey === undefined) return;
  const sure = markedNotes.get(roomId) === text ? { confirmed: true } : {};
  const reply = await send("room:motd", { roomId, ownerKey, text, ...sure });
  markedNotes.delete(roomId);
  if (reply?.ok && cleanText(draftOf(motdPlace(roomId))) === text) forgetDraft(motdPlace(roomId));
  if (reply?.ok || reply?.error.code !== "confirmation_needed") return void isTold(reply);
  markedNotes.set(roomId, text);
  say({ key: "motdMarked" }, 20_000);
}

export const lock = (id: RoomId, locked: boolean): Promise<boolean> =>
  rule("room:lock", id, { locked });
export const destroy = (id: RoomId): Promise<boolean> => rule("room:destroy", id, {});
export const kick = (id: RoomId, personaId: PersonaId): Promise<boolean> =>
  rule("room:kick", id, { personaId });

export async function admit(id: RoomId, personaId: PersonaId): Promise<void> {
  if (!(await rule("room:admit", id, { personaId }))) return;
  const knocks = inRoom(id)?.knocks.filter((one) => one.id !== personaId) ?? [];
  changeRoom(id, { knocks });
}
