import type { DrifterId } from "@driftsea/protocol";
import { sha256 } from "../lib/sha256.ts";
import type { BlockList } from "./blocks.store.ts";
import type { ItemName, Mark } from "./safety.store.ts";

/** Named by the box and not by the drifter: nothing of him is in it. */
export const blocksKey = (prefix: string, list: BlockList): string => `${prefix}blocks:{${list}}`;

/** The same for two, whichever is named first. */
export const pairMark = (one: DrifterId, other: DrifterId): string =>
  sha256("parting", ...[one, other].sort());
export const partingKey = (prefix: string, one: DrifterId, other: DrifterId): string =>
  `${prefix}parting:{${pairMark(one, other)}}`;

export const reportsKey = (prefix: string, item: ItemName): string => `${prefix}reports:{${item}}`;
export const viewersKey = (prefix: string, item: ItemName): string => `${prefix}viewers:{${item}}`;
export const outcomeKey = (prefix: string, name: string): string => `${prefix}outcome:{${name}}`;
export const reporterKey = (prefix: string, reporter: Mark): string =>
  `${prefix}reporter:{${reporter}}`;

/** One thing; a message of a thread is another than the thread. */
export const itemOf = (target: {
  kind: string;
  id: string;
  seq?: number;
  side?: 0 | 1;
}): ItemName => [target.kind, target.id, target.seq ?? "", target.side ?? ""].join(":");

/** Under which the outcome is found by whoever reported it. */
export const outcomeName = (item: ItemName): string => sha256("outcome", item);

/*
 * `mask` is kept by nobody: from what is stored no mark can be computed, and no two of them linked.
 */
export const reporterMark = (mask: string): Mark => sha256("reporter", mask);
export const reportMark = (mask: string, item: ItemName): Mark => sha256("report", mask, item);
export const viewerMark = (mask: string, item: ItemName): Mark => sha256("viewer", mask, item);
