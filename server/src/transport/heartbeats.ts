/** How often a part of the lines is looked at, in ms. */
const TICK_MS = 100;
/** Parts whose time to answer has passed and that are looked at in one tick, at most. */
const JUDGED_A_TICK = 2;

/** What is pinged, and is ended where it stays silent. */
export interface Line {
  /** Others see that it is there, and are to see soon that it is not. */
  readonly isWatched: boolean;
  ping: () => void;
  expire: () => void;
}

/** Milliseconds from any fixed point; must not go backwards. */
type MonotonicClock = () => number;

export interface HeartbeatRules {
  /** Between two pings of a line that is watched, in ms. */
  intervalMs: number;
  /** Of any other, as a multiple of that. */
  patience: number;
  /** From a ping to the end of a line from which nothing comes, in ms. */
  timeoutMs: number;
}

/**
 * Pings every line once in `intervalMs`, or less often where nobody sees it, and ends one from which nothing has
 * come for `timeoutMs` after it. One timer for all: Engine.IO keeps two for each socket, which is most of what an
 * idle one costs.
 *
 * A process that stood still has not yet read what was answered meanwhile: pings are made up for at once, but
 * judged is in small parts, with the sockets read in between.
 */
export class Heartbeats {
  readonly #parts: Set<Line>[];
  readonly #timeoutTicks: number;
  readonly #patience: number;
  /** Since which tick nothing has come: that of the first ping that is not answered. */
  readonly #silent = new Map<Line, number>();
  /** In which tick it came. */
  readonly #cameIn = new Map<Line, number>();
  readonly #now: MonotonicClock;
  readonly #startedAt: number;
  readonly #timer: NodeJS.Timeout;
  #pinged = 0;
  #judged: number;

  constructor(
    { intervalMs, patience, timeoutMs }: HeartbeatRules,
    now: MonotonicClock = () => performance.now(),
  ) {
    this.#parts = Array.from({ length: Math.ceil(intervalMs / TICK_MS) }, () => new Set());
    this.#timeoutTicks = Math.ceil(timeoutMs / TICK_MS);
    this.#patience = patience;
    this.#judged = -this.#timeoutTicks;
    this.#now = now;
    this.#startedAt = now();
    this.#timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  /** Its first ping is one of its intervals away. */
  add(line: Line): void {
    this.#part(this.#pinged).add(line);
    this.#cameIn.set(line, this.#pinged);
  }

  remove(line: Line): void {
    const tick = this.#cameIn.get(line);
    if (tick === undefined) return;
    this.#part(tick).delete(line);
    this.#cameIn.delete(line);
    this.#silent.delete(line);
  }

  /** Something came from it. */
  heard(line: Line): void {
    this.#silent.delete(line);
  }

  #part(tick: number): Set<Line> {
    return this.#parts[tick % this.#parts.length]!;
  }

  /** Whether it is its turn, in a tick of its part. */
  #isDue(line: Line): boolean {
    if (line.isWatched) return true;
    const intervals = (this.#pinged - this.#cameIn.get(line)!) / this.#parts.length;
    return intervals % this.#patience === 0;
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
        if (!this.#isDue(line)) continue;
        if (!this.#silent.has(line)) this.#silent.set(line, this.#pinged);
        line.ping();
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
