import type { DrifterId } from "@driftsea/protocol";
import { drifterBase } from "../redis/drifter-slot.ts";

export const penaltiesKey = (prefix: string, drifter: DrifterId): string =>
  `${drifterBase(prefix, drifter)}:penalties`;
