import type { DrifterId, RoomId } from "@driftsea/protocol";
import type { NodeId } from "../presence/node-id.ts";
import { drifterBase } from "../redis/drifter-slot.ts";

const NAMES = [
  "meta",
  "log",
  "writes0",
  "writes1",
  "members",
  "people",
  "timers",
  "photos",
  "invites",
  "knocks",
  "was",
] as const;

/** Key of one part of a room. */
export const roomKey = (prefix: string, id: RoomId, name: (typeof NAMES)[number]): string =>
  `${prefix}{r:${id}}:${name}`;

/** Keys of a room, in the order in which its scripts take them. */
export const roomKeys = (prefix: string, id: RoomId): string[] =>
  NAMES.map((name) => roomKey(prefix, id, name));

/** When something is due in which room. One slot for all: it holds ids and times only. */
export const dueKey = (prefix: string): string => `${prefix}{rooms}:due`;
export const listedKey = (prefix: string): string => `${prefix}{rooms}:listed`;
/** In which rooms a process holds members. */
export const nodeRoomsKey = (prefix: string, node: NodeId): string => `${prefix}{n:${node}}:rooms`;
/** In which rooms a drifter has been. */
export const drifterRoomsKey = (prefix: string, drifter: DrifterId): string =>
  `${drifterBase(prefix, drifter)}:rooms`;
/** Which rooms a drifter has made. */
export const madeKey = (prefix: string, drifter: DrifterId): string =>
  `${drifterBase(prefix, drifter)}:rooms-made`;
