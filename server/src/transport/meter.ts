import type { MeterLimits } from "./transport.ts";

/** Milliseconds from any fixed point; must not go backwards. */
export type MonotonicClock = () => number;

/**
 * A token bucket: holds at most `burst`, starts full, and fills up at `perSecond`.
 * (A. S. Tanenbaum, "Computer Networks", 5.4.2; the meter of RFC 2697 with one rate.)
 */
export class TokenBucket {
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  #filledAt: number;

  constructor(limit: { burst: number; perSecond: number }, nowMs: number) {
    this.#burst = limit.burst;
    this.#perMs = limit.perSecond / 1000;
    this.#tokens = limit.burst;
    this.#filledAt = nowMs;
  }

  /**
   * Takes `amount` and says true, or takes nothing and says false.
   * An amount above `burst` never passes.
   */
  take(amount: number, nowMs: number): boolean {
    const elapsedMs = Math.max(0, nowMs - this.#filledAt);
    this.#filledAt = Math.max(this.#filledAt, nowMs);
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsedMs * this.#perMs);
    if (amount > this.#tokens) return false;
    this.#tokens -= amount;
    return true;
  }
}

/** What one connection sends, in packets and in bytes. */
export class Meter {
  readonly #packets: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #now: MonotonicClock;

  constructor(limits: MeterLimits, now: MonotonicClock = () => performance.now()) {
    this.#now = now;
    this.#packets = new TokenBucket(limits.packets, now());
    this.#bytes = new TokenBucket(limits.bytes, now());
  }

  /** Counts one packet. False: over a limit, the connection is to be closed. */
  take(bytes: number): boolean {
    const now = this.#now();
    return this.#packets.take(1, now) && this.#bytes.take(bytes, now);
  }
}
