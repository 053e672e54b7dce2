/** How often a part of the lines is looked at, in ms. */
const TICK_MS = 100;
/** Parts whose time to answer has passed and that are looked at in one tick, at most. */
const JUDGED_A_TICK = 2;

/** What is pinged, and is ended where it stays silent. */
export interface Line {
  ping: () => void;
  expire: () => void;
}

/** Milliseconds from any fixed point; must not go backwards. */
type MonotonicClock = () => number;

/**
 * Pings every line once in `intervalMs`, and ends one from which nothing has come for `timeoutMs` after it. One
 * timer for all: Engine.IO keeps two for each socket, which is most of what an idle one costs.
 *
 * A process that stood still has not yet read what was answered meanwhile: pings are made up for at once, but
 * judged is in small parts, with the sockets read in between.
 */
export class Heartbeats {
  readonly #parts: Set<Line>[];
  readonly #timeoutTicks: number;
  /** Since which tick nothing has come: that of the first ping that is not answered. */
  readonly #silent = new Map<Line, number>();
  readonly #partOf = new Map<Line, Set<Line>>();
  readonly #now: MonotonicClock;
  readonly #startedAt: number;
  readonly #timer: NodeJS.Timeout;
  #pinged = 0;
  #judged: number;

  constructor(
    { intervalMs, timeoutMs }: { intervalMs: number; timeoutMs: number },
    now: MonotonicClock = () => performance.now(),
  ) {
    this.#parts = Array.from({ length: Math.ceil(intervalMs / TICK_MS) }, () => new Set());
    this.#timeoutTicks = Math.ceil(timeoutMs / TICK_MS);
    this.#judged = -this.#timeoutTicks;
    this.#now = now;
    this.#startedAt = now();
    this.#timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  /** Its first ping is one interval away. */
  add(line: Line): void {
    const part = this.#part(this.#pinged);
    part.add(line);
    this.#partOf.set(line, part);
  }

  remove(line: Line): void {
    this.#partOf.get(line)?.delete(line);
    this.#partOf.delete(line);
    this.#silent.delete(line);
  }

  /** Something came from it. */
  heard(line: Line): void {
    this.#silent.delete(line);
  }

  #part(tick: number): Set<Line> {
    return this.#parts[tick % this.#parts.length]!;
  }

  /** What is due by now; called by its own timer. */
  tick(): void {
    const due = Math.floor((this.#now() - this.#startedAt) / TICK_MS);
    for (let n = 0; n < JUDGED_A_TICK && this.#judged < due - this.#timeoutTicks; n += 1) {
      this.#judged += 1;
      if (this.#judged < 0) continue;
      for (const line of this.#part(this.#judged))
        if ((this.#silent.get(line) ?? Infinity) <= this.#judged) line.expire();
    }
    while (this.#pinged < due) {
      this.#pinged += 1;
      for (const line of this.#part(this.#pinged)) {
        if (!this.#silent.has(line)) this.#silent.set(line, this.#pinged);
        line.ping();
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
