import { cleanText } from "@driftsea/protocol";
import type { BottleId, DrifterId, ThreadId } from "@driftsea/protocol";
import type { BottleService } from "../bottles/bottles.service.ts";
import { gone } from "../lib/errors.ts";
import type { ThreadService } from "../threads/threads.service.ts";
import type { SafetyStore, StoredReport } from "./safety.store.ts";

type Target = StoredReport["target"];

/** Blocks and reports: one can only point at what one has seen; everything else is `gone`. */
export class SafetyService {
  readonly #store: SafetyStore;
  readonly #bottles: BottleService;
  readonly #threads: ThreadService;

  constructor(store: SafetyStore, bottles: BottleService, threads: ThreadService) {
    this.#store = store;
    this.#bottles = bottles;
    this.#threads = threads;
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

  async #quote(reporter: DrifterId, target: Target): Promise<string[]> {
    if (target.kind === "thread") {
      return this.#threads.quote(reporter, target.id as ThreadId, target.seq);
    }
    if (target.kind === "bottle") {
      return [(await this.#bottles.seen(reporter, target.id as BottleId)).text];
    }
    throw gone();
  }

  /**
   * Parts two people for good: no bottle of one reaches the other, a bottle in hand drifts on, and
   * their threads end as if one had left.
   */
  async block(drifter: DrifterId, target: Target): Promise<void> {
    const other = await this.#author(drifter, target);
    if (other !== null) {
      await this.#store.block(drifter, other);
      await this.#threads.leaveAllWith(drifter, other);
    }
    if (target.kind === "bottle") await this.#bottles.letGo(drifter, target.id as BottleId);
    else await this.#threads.leave(drifter, target.id as ThreadId).catch(unlessGone);
  }

  /** Whoever is behind it; null where he has left already. */
  async #author(drifter: DrifterId, target: Target): Promise<DrifterId | null> {
    if (target.kind === "thread") return this.#threads.otherOf(drifter, target.id as ThreadId);
    if (target.kind === "bottle") {
      return (await this.#bottles.seen(drifter, target.id as BottleId)).owner;
    }
    throw gone();
  }

  async erase(drifter: DrifterId): Promise<void> {
    await this.#store.erase(drifter);
  }
}

function unlessGone(error: unknown): void {
  if ((error as { code?: unknown }).code !== "gone") throw error;
}
