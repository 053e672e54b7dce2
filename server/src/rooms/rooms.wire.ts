import { randomBytes } from "node:crypto";
import type { DrifterId, Invite, OwnerKey, Room, RoomId, RoomMessage } from "@driftsea/protocol";
import type { WriteId } from "@driftsea/protocol";
import { sha256 } from "../lib/sha256.ts";
import type { SecretHash, StoredRoom, StoredRoomMessage } from "./rooms.store.ts";

/* How a room looks from outside, and the secrets that rule it. */

export function roomToWire(stored: StoredRoom): Room {
  const { creator: _creator, ...room } = stored;
  return room;
}

/** Where a photo is fetched; who knows it may see it, as long as it lives. */
export const photoUrl = (room: RoomId, photoId: string): string => `/media/${room}/${photoId}`;

export function messageToWire(room: RoomId, stored: StoredRoomMessage): RoomMessage {
  const { photoId, ...message } = stored;
  if (photoId === undefined) return message;
  return { ...message, photo: { url: photoUrl(room, photoId) } };
}

/** What the writer's own allowance remembers a photo by; it leads to no room. */
export const photoMarkOf = (mask: string, room: RoomId, writeId: WriteId): WriteId =>
  sha256("photo", mask, room, writeId).slice(0, 21) as WriteId;

export const secretHash = (secret: string): SecretHash => sha256(secret);

export const newInvite = (): Invite => randomBytes(32).toString("base64url") as Invite;

/**
 * The key that rules a room, made from what its creator alone knows: so that a repeated write gets
 * the same key, and nothing from which it follows is stored.
 */
export const ownerKeyOf = (drifter: DrifterId, writeId: WriteId, room: RoomId): OwnerKey =>
  sha256("owner key", drifter, writeId, room) as OwnerKey;
