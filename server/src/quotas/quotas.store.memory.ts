import type { DrifterId, WriteId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import { ROW_MS } from "./quotas.store.ts";
import type { QuotaFunction, QuotaStore, Reservation, Usage } from "./quotas.store.ts";

interface Account {
  windows: Map<QuotaFunction, Usage>;
  /** Write id → until when it is remembered. */
  writes: Map<WriteId, number>;
  row: number;
  lapsed: Set<string>;
  lapsedAt: number;
  closedUntil: number;
  closedBy: string;
}

/** `QuotaStore` in this process; the contract is written there. */
export class MemoryQuotaStore implements QuotaStore {
  readonly #clock: Clock;
  readonly #accounts = new Map<DrifterId, Account>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #account(drifter: DrifterId): Account {
    let account = this.#accounts.get(drifter);
    if (!account) {
      account = {
        windows: new Map(),
        writes: new Map(),
        row: 0,
        lapsed: new Set(),
        lapsedAt: 0,
        closedUntil: 0,
        closedBy: "",
      };
      this.#accounts.set(drifter, account);
    }
    return account;
  }

  async reserve(
    drifter: DrifterId,
    name: QuotaFunction,
    options: { limit: number; windowMs: number; writeId?: WriteId },
  ): Promise<Reservation> {
    const now = this.#clock.now();
    const account = this.#account(drifter);
    const stored = account.windows.get(name);
    const window =
      stored && stored.resetsAt > now
        ? { ...stored }
        : { used: 0, resetsAt: now + options.windowMs };
    const closedUntil = account.closedUntil > now ? account.closedUntil : 0;
    const { writeId } = options;
    if (writeId !== undefined && (account.writes.get(writeId) ?? 0) > now) {
      return { outcome: "again", ...window, closedUntil };
    }
    if (window.used >= options.limit) return { outcome: "exceeded", ...window, closedUntil };
    window.used += 1;
    account.windows.set(name, window);
    if (writeId !== undefined) {
      for (const [id, until] of account.writes) if (until <= now) account.writes.delete(id);
      account.writes.set(writeId, now + WRITE_RECORD_MS);
    }
    return { outcome: "taken", ...window, closedUntil };
  }

  async refund(
    drifter: DrifterId,
    name: QuotaFunction,
    reservation: Reservation,
    writeId?: WriteId,
  ): Promise<void> {
    const account = this.#account(drifter);
    if (writeId !== undefined && !account.writes.delete(writeId)) return;
    const window = account.windows.get(name);
    if (window && window.used > 0 && window.resetsAt === reservation.resetsAt) window.used -= 1;
  }

  async usage(drifter: DrifterId, name: QuotaFunction): Promise<Usage> {
    const window = this.#accounts.get(drifter)?.windows.get(name);
    const isRunning = window !== undefined && window.resetsAt > this.#clock.now();
    return isRunning ? { ...window } : { used: 0, resetsAt: 0 };
  }

  async lapse(
    drifter: DrifterId,
    key: string,
    options: { limit: number; closeMs: number },
  ): Promise<number | null> {
    const account = this.#account(drifter);
    const now = this.#clock.now();
    if (account.lapsedAt + ROW_MS <= now) Object.assign(account, { row: 0, lapsed: new Set() });
    if (account.lapsed.has(key)) {
      const isStill = account.closedBy === key && account.closedUntil > now;
      return isStill ? account.closedUntil : null;
    }
    account.lapsed.add(key);
    account.lapsedAt = now;
    account.row += 1;
    if (account.row < options.limit) return null;
    account.row = 0;
    account.lapsed = new Set([key]);
    account.closedBy = key;
    account.closedUntil = now + options.closeMs;
    return account.closedUntil;
  }

  async behaved(drifter: DrifterId): Promise<void> {
    const account = this.#accounts.get(drifter);
    if (account) account.row = 0;
  }

  async erase(drifter: DrifterId): Promise<void> {
    this.#accounts.delete(drifter);
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const [drifter, { windows, writes, lapsedAt, closedUntil }] of this.#accounts) {
      const ends = [...[...windows.values()].map(({ resetsAt }) => resetsAt), ...writes.values()];
      if (Math.max(lapsedAt + ROW_MS, closedUntil, ...ends) <= now) this.#accounts.delete(drifter);
    }
  }

  /** How many drifters something is known of. */
  get size(): number {
    return this.#accounts.size;
  }
}
