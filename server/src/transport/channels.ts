import type { DrifterId, RoomId, SecretId } from "@driftsea/protocol";

/** Names of Socket.IO's rooms, which our code calls channels. They never leave the server. */
export const drifterChannel = (drifter: DrifterId): string => `d:${drifter}`;
export const roomChannel = (room: RoomId | SecretId): string => `r:${room}`;
