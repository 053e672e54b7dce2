import { cleanText } from "@driftsea/protocol";
import type { BottleId, DrifterId, RoomId, SecretId, ThreadId } from "@driftsea/protocol";
import type { BottleService } from "../bottles/bottles.service.ts";
import type { HoleService } from "../hole/hole.service.ts";
import type { FeedService } from "../feed/feed.service.ts";
import { gone } from "../lib/errors.ts";
import type { MeetService } from "../meets/meets.service.ts";
import type { RoomService } from "../rooms/rooms.service.ts";
import type { ThreadService } from "../threads/threads.service.ts";
import type { BlockService } from "./blocks.service.ts";
import type { SafetyStore, StoredReport } from "./safety.store.ts";

type Target = StoredReport["target"];

export interface SafetyParts {
  store: SafetyStore;
  blocks: BlockService;
  bottles: BottleService;
  threads: ThreadService;
  rooms: RoomService;
  hole: HoleService;
  meets: MeetService;
  feed: FeedService;
}

/** Blocks and reports: one can only point at what one has seen; everything else is `gone`. */
export class SafetyService {
  readonly #store: SafetyStore;
  readonly #p: SafetyParts;

  constructor(parts: SafetyParts) {
    this.#store = parts.store;
    this.#p = parts;
  }

  /** Keeps a report with what it complains of; a second one of the same person changes nothing. */
  async report(
    reporter: DrifterId,
    report: { target: Target; reason: string; note?: string },
  ): Promise<void> {
    const texts = await this.#quote(reporter, report.target);
    await this.#store.report(reporter, {
      target: report.target,
      reason: cleanText(report.reason),
      ...(report.note === undefined ? {} : { note: cleanText(report.note) }),
      snapshot: texts,
    });
  }

  async #quote(reporter: DrifterId, { kind, id, seq }: Target): Promise<string[]> {
    const { bottles, threads, rooms, hole, feed } = this.#p;
    switch (kind) {
      case "thread":
        return threads.quote(reporter, id as ThreadId, seq);
      case "bottle":
        return [(await bottles.seen(reporter, id as BottleId)).text];
      case "room":
        return rooms.quote(reporter, id as RoomId, seq);
      case "letter":
        return [await hole.quote(id)];
      case "secret":
        return [await feed.quote(id as SecretId, undefined)];
      case "comment":
        return [await feed.quote(id as SecretId, seq ?? 0)];
    }
  }

  /**
   * Parts two people for good: no bottle of one reaches the other, and they do not meet again. What is
   * pointed at ends as if one had left. What they have elsewhere, under other masks, goes on: were it
   * to end at once, a block would tell who is behind which mask.
   */
  async block(drifter: DrifterId, target: Target): Promise<void> {
    const { blocks, bottles, threads, meets } = this.#p;
    const other = await this.#author(drifter, target);
    if (other !== null && other !== drifter) {
      await blocks.block(drifter, other);
      await meets.blocked(drifter, other, target.kind === "room" ? (target.id as RoomId) : null);
    }
    if (target.kind === "bottle") {
      await bottles.letGo(drifter, target.id as BottleId);
      await threads.leaveAbout(drifter, target.id as BottleId);
    }
    if (target.kind === "thread") {
      await threads.leave(drifter, target.id as ThreadId).catch(unlessGone);
    }
  }

  /** Whoever is behind it; null where he has left already. */
  async #author(drifter: DrifterId, { kind, id, seq }: Target): Promise<DrifterId | null> {
    const { bottles, threads, rooms, hole } = this.#p;
    switch (kind) {
      case "thread":
        return threads.otherOf(drifter, id as ThreadId);
      case "bottle":
        return (await bottles.seen(drifter, id as BottleId)).owner;
      case "room":
        return rooms.authorOf(drifter, id as RoomId, seq);
      case "letter":
        return hole.authorOf(id);
      default:
        throw gone();
    }
  }
}

function unlessGone(error: unknown): void {
  if ((error as { code?: unknown }).code !== "gone") throw error;
}
