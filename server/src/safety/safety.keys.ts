import { createHash } from "node:crypto";
import type { DrifterId } from "@driftsea/protocol";
import { drifterBase } from "../redis/drifter-slot.ts";
import type { StoredReport } from "./safety.store.ts";

export const blocksKey = (prefix: string, drifter: DrifterId): string =>
  `${drifterBase(prefix, drifter)}:blocks`;

/** One item's reports; a message of a thread is an item of its own. */
export const itemOf = (target: StoredReport["target"]): string =>
  `${target.kind}:${target.id}${target.seq === undefined ? "" : `:${target.seq}`}`;
export const reportsKey = (prefix: string, target: StoredReport["target"]): string =>
  `${prefix}reports:{${itemOf(target)}}`;

/** Names a reporter for one item only, so that no two of his reports can be linked. */
export const reporterMark = (reporter: DrifterId, target: StoredReport["target"]): string =>
  createHash("sha256")
    .update(`report|${reporter}|${itemOf(target)}`)
    .digest("base64url");
