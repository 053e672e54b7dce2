import type { Place } from "../lib/publisher.ts";

/** Name of a room of Socket.IO's, which our code calls a channel. It never leaves the server. */
export const roomChannel = (room: Place): string => `r:${room}`;
