import type { DrifterId } from "@driftsea/protocol";
import type { Place } from "../lib/publisher.ts";

/** Names of Socket.IO's rooms, which our code calls channels. They never leave the server. */
export const drifterChannel = (drifter: DrifterId): string => `d:${drifter}`;
export const roomChannel = (room: Place): string => `r:${room}`;
