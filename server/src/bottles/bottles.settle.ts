import { publicCount } from "@driftsea/protocol";
import type { SeaId } from "@driftsea/protocol";
import type { QuotaService } from "../quotas/quotas.service.ts";
import type { NoticeService } from "../sessions/notices.service.ts";
import type { ThreadService } from "../threads/threads.service.ts";
import type { BottleStore, OutboxEntry } from "./bottles.store.ts";

type Answered = Extract<OutboxEntry, { kind: "answered" }>;

/**
 * Carries what a change of a sea means to other slots: opens threads, tells people, counts lapses.
 * Each step is safe to repeat, and an entry leaves the outbox after the last; so a process that dies
 * in the middle, or two that settle the same entry, do no harm.
 */
export class Settlement {
  readonly #store: BottleStore;
  readonly #threads: ThreadService;
  readonly #quotas: QuotaService;
  readonly #notices: NoticeService;

  constructor(
    store: BottleStore,
    threads: ThreadService,
    quotas: QuotaService,
    notices: NoticeService,
  ) {
    this.#store = store;
    this.#threads = threads;
    this.#quotas = quotas;
    this.#notices = notices;
  }

  async settle(sea: SeaId, entry: OutboxEntry): Promise<void> {
    switch (entry.kind) {
      case "answered":
        await this.begin(entry);
        await this.#tellAnswered(entry);
        await this.#quotas.behaved(entry.finder);
        break;
      case "lapsed":
        await this.#settleLapse(entry);
        break;
      case "ended": {
        const notice = { kind: "bottle:recalled", bottleId: entry.bottleId } as const;
        await this.#notices.notify(entry.drifter, `ended:${entry.bottleId}`, notice);
        break;
      }
      case "returned":
        if (!entry.muted) await this.#tellReturned(entry);
    }
    await this.#store.settled(sea, entry.key);
  }

  /** Opens the thread of an answer; what comes after may wait. */
  async begin(entry: Answered): Promise<void> {
    await this.#threads.begin({
      id: entry.threadId,
      bottleId: entry.bottleId,
      bottle: entry.bottle,
      thrower: { drifter: entry.thrower, persona: entry.throwerPersona },
      finder: { drifter: entry.finder, persona: entry.finderPersona },
      answer: { writeId: entry.writeId, text: entry.text },
    });
  }

  async #tellAnswered(entry: Answered): Promise<void> {
    if (entry.muted) return;
    const { bottleId, threadId, thrower } = entry;
    const thread = await this.#threads.view(thrower, threadId);
    if (!thread) return;
    const notice = { kind: "bottle:answered", bottleId, thread } as const;
    await this.#notices.notify(thrower, `answered:${threadId}`, notice);
  }

  async #settleLapse(entry: Extract<OutboxEntry, { kind: "lapsed" }>): Promise<void> {
    const { bottleId, drifter, fence } = entry;
    const key = `${bottleId}:${fence}`;
    await this.#notices.notify(drifter, `lapsed:${key}`, { kind: "bottle:lapsed", bottleId });
    const untilAt = await this.#quotas.lapsed(drifter, key);
    if (untilAt === null) return;
    await this.#notices.notify(drifter, `closed:${key}`, {
      kind: "session:penalty",
      function: "catch",
      untilAt,
      reason: "lapsed-leases",
    });
  }

  async #tellReturned(entry: Extract<OutboxEntry, { kind: "returned" }>): Promise<void> {
    const { bottleId, drifter } = entry;
    await this.#notices.notify(drifter, `returned:${bottleId}`, {
      kind: "bottle:returned",
      bottleId,
      held: publicCount(entry.held),
      thrownBack: publicCount(entry.thrownBack),
    });
  }
}
