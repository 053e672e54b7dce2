import type { DrifterId } from "@driftsea/protocol";
import { sha256 } from "../lib/sha256.ts";
import type { BlockList } from "./blocks.store.ts";
import type { StoredReport } from "./safety.store.ts";

/** Named by the box and not by the drifter: nothing of him is in it. */
export const blocksKey = (prefix: string, list: BlockList): string => `${prefix}blocks:{${list}}`;

/** The same for two, whichever is named first. */
export const pairMark = (one: DrifterId, other: DrifterId): string =>
  sha256("parting", ...[one, other].sort());
export const partingKey = (prefix: string, one: DrifterId, other: DrifterId): string =>
  `${prefix}parting:{${pairMark(one, other)}}`;

/** One item's reports; a message of a thread is an item of its own. */
export const itemOf = (target: StoredReport["target"]): string =>
  `${target.kind}:${target.id}${target.seq === undefined ? "" : `:${target.seq}`}`;
export const reportsKey = (prefix: string, target: StoredReport["target"]): string =>
  `${prefix}reports:{${itemOf(target)}}`;

/** Names a reporter for one item only, so that no two of his reports can be linked. */
export const reporterMark = (reporter: DrifterId, target: StoredReport["target"]): string =>
  sha256("report", reporter, itemOf(target));
