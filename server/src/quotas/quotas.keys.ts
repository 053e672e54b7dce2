import type { DrifterId } from "@driftsea/protocol";
import { drifterBase } from "../redis/drifter-slot.ts";
import type { QuotaFunction } from "./quotas.store.ts";

export const quotaKey = (prefix: string, drifter: DrifterId, name: QuotaFunction): string =>
  `${drifterBase(prefix, drifter)}:quota:${name}`;
export const writesKey = (prefix: string, drifter: DrifterId): string =>
  `${drifterBase(prefix, drifter)}:writes`;
export const lapsesKey = (prefix: string, drifter: DrifterId): string =>
  `${drifterBase(prefix, drifter)}:lapses`;
