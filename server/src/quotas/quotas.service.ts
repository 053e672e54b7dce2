import type { DrifterId, Quota, Quotas, WriteId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { DomainError, StoreUnavailable } from "../lib/errors.ts";
import type { QuotaFunction, QuotaStore, Reservation, Usage } from "./quotas.store.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** The window of each allowance, in ms. It begins with its first use. */
const WINDOWS_MS: Record<QuotaFunction, number> = {
  throws: DAY_MS,
  catches: DAY_MS,
  questions: HOUR_MS,
  boxes: DAY_MS,
  secrets: DAY_MS,
  comments: DAY_MS,
  hearts: DAY_MS,
  photos: DAY_MS,
  invites: DAY_MS,
};
/**
 * What somebody may do in a window, but for throws and catches, which are settings. A share counts as a
 * heart, and so does a vote. Photos are those of rooms.
 */
export const ALLOWANCES = {
  questions: 5,
  boxes: 5,
  secrets: 20,
  comments: 200,
  hearts: 1000,
  photos: 200,
  invites: 50,
};
export const NO_BOUND: typeof ALLOWANCES = {
  questions: Infinity,
  boxes: Infinity,
  secrets: Infinity,
  comments: Infinity,
  hearts: Infinity,
  photos: Infinity,
  invites: Infinity,
};
/** This many lapses in a row close the catches for so long (B13). */
const LAPSES_IN_A_ROW = 3;
const CLOSED_MS = HOUR_MS;
/** Refunds that wait for a store that is away; beyond it the oldest are let go. */
const OWED_CAP = 10_000;

interface Refund {
  drifter: DrifterId;
  name: QuotaFunction;
  reservation: Reservation;
  writeId?: WriteId;
}

/** Allowances (B2, F10); Infinity is none. A refused or failed call costs nothing. */
export class QuotaService {
  readonly #store: QuotaStore;
  readonly #clock: Clock;
  readonly #limits: Record<QuotaFunction, number>;
  #owed: Refund[] = [];

  constructor(store: QuotaStore, clock: Clock, limits: Record<QuotaFunction, number>) {
    this.#store = store;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** What is left of a window; one that has not begun would begin now. */
  quota(name: QuotaFunction, usage: Usage): Quota {
    return {
      left: Math.max(0, this.#limits[name] - usage.used),
      resetsAt: usage.resetsAt === 0 ? this.#clock.now() + WINDOWS_MS[name] : usage.resetsAt,
    };
  }

  async quotas(drifter: DrifterId): Promise<Quotas> {
    const [throws, catches] = await Promise.all([
      this.#store.usage(drifter, "throws"),
      this.#store.usage(drifter, "catches"),
    ]);
    return { throws: this.quota("throws", throws), catches: this.quota("catches", catches) };
  }

  /** Takes one, or throws `quota_exceeded` with the time to wait. */
  async take(drifter: DrifterId, name: QuotaFunction, writeId?: WriteId): Promise<Reservation> {
    return this.#reserve(drifter, name, WINDOWS_MS[name], writeId);
  }

  /**
   * Takes one for what is done meanwhile, and gives it back where that fails or was nothing new. Only
   * counts: of what was done no record is left, and the window ends with a full hour, so that it does
   * not tell when it began.
   */
  async spend<T>(
    drifter: DrifterId,
    name: QuotaFunction,
    work: () => Promise<T>,
    isNew: (done: T) => boolean,
  ): Promise<T> {
    if (this.#limits[name] === Infinity) return work();
    const now = this.#clock.now();
    const end = Math.ceil((now + WINDOWS_MS[name]) / HOUR_MS) * HOUR_MS;
    const reservation = await this.#reserve(drifter, name, end - now);
    return this.#whileTaken([drifter, name, reservation], work, isNew);
  }

  /**
   * As `spend`, once for a mark: a repetition within the window costs nothing. The window begins with the first use.
   */
  async spendOnce<T>(
    drifter: DrifterId,
    name: QuotaFunction,
    mark: WriteId,
    work: () => Promise<T>,
    isNew: (done: T) => boolean = () => true,
  ): Promise<T> {
    const reservation = await this.take(drifter, name, mark);
    return this.#whileTaken([drifter, name, reservation, mark], work, isNew);
  }

  async #whileTaken<T>(
    taken: Parameters<QuotaService["giveBack"]>,
    work: () => Promise<T>,
    isNew: (done: T) => boolean,
  ): Promise<T> {
    let done: T;
    try {
      done = await work();
    } catch (error) {
      await this.undo(error, ...taken);
      throw error;
    }
    if (!isNew(done)) await this.giveBack(...taken);
    return done;
  }

  async #reserve(
    drifter: DrifterId,
    name: QuotaFunction,
    windowMs: number,
    writeId?: WriteId,
  ): Promise<Reservation> {
    const reservation = await this.#store.reserve(drifter, name, {
      limit: Math.min(this.#limits[name], Number.MAX_SAFE_INTEGER),
      windowMs,
      ...(writeId === undefined ? {} : { writeId }),
    });
    if (reservation.outcome === "exceeded") {
      throw new DomainError("quota_exceeded", `no ${name} left for now`, {
        // Redis's clock may be a little ahead of this one.
        retryAfterMs: Math.max(1, Math.min(windowMs, reservation.resetsAt - this.#clock.now())),
      });
    }
    // It stands after all: what was to be given back for it is not.
    if (reservation.outcome === "again" && this.#owed.length > 0)
      this.#owed = this.#owed.filter((owed) => owed.writeId !== writeId);
    return reservation;
  }

  /**
   * Gives one back, at the latest when the store can be reached again. Resolves to what is left.
   */
  async giveBack(
    drifter: DrifterId,
    name: QuotaFunction,
    reservation: Reservation,
    writeId?: WriteId,
  ): Promise<Quota> {
    const refund = { drifter, name, reservation, ...(writeId === undefined ? {} : { writeId }) };
    // What this call did not take, it does not give back.
    if (reservation.outcome === "taken") {
      await this.#refund(refund).catch(() => {
        this.#owed.push(refund);
        if (this.#owed.length > OWED_CAP) this.#owed.shift();
      });
    }
    return this.quota(name, { used: reservation.used - 1, resetsAt: reservation.resetsAt });
  }

  /**
   * Gives one back for what has failed. Where the store is away nobody waits for it a second time: the
   * refund would take as long as what it is for.
   */
  async undo(error: unknown, ...what: Parameters<QuotaService["giveBack"]>): Promise<void> {
    const given = this.giveBack(...what);
    if (!(error instanceof StoreUnavailable)) await given;
  }

  async #refund({ drifter, name, reservation, writeId }: Refund): Promise<void> {
    await this.#store.refund(drifter, name, reservation, writeId);
  }

  /** Makes the refunds that the store was away for. */
  async settleOwed(): Promise<void> {
    // One after the other: what stands after all meanwhile is taken out of those that are owed.
    for (let left = this.#owed.length; left > 0; left -= 1) {
      const refund = this.#owed.shift();
      if (!refund) return;
      try {
        await this.#refund(refund);
      } catch {
        this.#owed.unshift(refund);
        return;
      }
    }
  }

  /** A lease lapsed; the time until which catches are closed, where this was one too many. */
  async lapsed(drifter: DrifterId, key: string): Promise<number | null> {
    return this.#store.lapse(drifter, key, { limit: LAPSES_IN_A_ROW, closeMs: CLOSED_MS });
  }

  async behaved(drifter: DrifterId): Promise<void> {
    await this.#store.behaved(drifter);
  }

  async erase(drifter: DrifterId): Promise<void> {
    await this.#store.erase(drifter);
  }
}
