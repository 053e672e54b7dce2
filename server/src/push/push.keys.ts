import type { BottleId, DrifterId } from "@driftsea/protocol";
import { drifterBase } from "../redis/drifter-slot.ts";

/** Where the thrower of a bottle is told that something has come. */
export const watchKey = (prefix: string, drifter: DrifterId, bottle: BottleId): string =>
  `${drifterBase(prefix, drifter)}:watch:${bottle}`;

/** The key by which push services know this server. */
export const serverKey = (prefix: string): string => `${prefix}push:key`;
