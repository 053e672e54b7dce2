import type { Rng } from "../../../server/src/lib/random.ts";
import { Ledger } from "../ledger/ledger.ts";
import { pause } from "../run/together.ts";
import { Drifter, sweepEach } from "./drifter.ts";
import type { Shore } from "./drifter.ts";
import { WRITINGS, WRITING_NAMES } from "./writing.ts";
import type { Writing, WritingName } from "./writing.ts";

/** Longest wait for a write of each kind, whatever was broken, in ms: then it is said to be stuck. */
const STUCK_MS = 60_000;

export interface LoadOptions {
  rng: Rng;
  /** Where the n-th drifter connects to. */
  urlOf: (number: number) => URL;
  /** Writes a second that are aimed at. */
  rate: number;
  writers: number;
  kinds?: readonly WritingName[];
  mayLose?: boolean;
  backAfterMs?: Shore["backAfterMs"];
  onAnswer?: Shore["onAnswer"];
  /**
   * How long after it was due a write was acknowledged, in ms, however often it had to be tried; and, for who waits
   * for one before he writes the next, what those that were due meanwhile would have waited (G. Tene, HdrHistogram).
   */
  onWritten?: (lateMs: number) => void;
}

/** People who write all the time, and a ledger of what they were told is written. */
export class Load {
  readonly ledger = new Ledger();
  readonly kinds: readonly WritingName[];
  intended = 0;
  acknowledged = 0;
  /** Of these, while there was a server and a store. */
  #whileItWorked = 0;
  readonly #byKind = new Map<WritingName, { count: number; at: number }>();
  readonly #shore: Shore;
  readonly #options: LoadOptions;
  readonly #writings: { writing: Writing; count: number }[] = [];
  readonly #sweep: NodeJS.Timeout;
  #writing: Promise<unknown> = Promise.resolve();
  #isOver = false;
  #came = 0;
  /** Times without a server or store do not count towards the rate. */
  #workedMs = 0;
  #worksSince: number | null = null;
  #startedAt = 0;

  private constructor(options: LoadOptions) {
    this.#options = options;
    this.kinds = options.kinds ?? WRITING_NAMES;
    this.#shore = {
      rng: options.rng,
      // Harder than the page, which waits longer: all are back at nearly one time.
      backAfterMs: options.backAfterMs ?? (() => 20 + 180 * options.rng.uniform()),
      drifters: new Set(),
      ...(options.onAnswer && { onAnswer: options.onAnswer }),
    };
    this.#sweep = sweepEach(this.#shore);
  }

  /** Resolves once all write. */
  static async begin(options: LoadOptions): Promise<Load> {
    const load = new Load(options);
    await load.#prepare();
    return load;
  }

  get drifters(): ReadonlySet<Drifter> {
    return this.#shore.drifters;
  }

  async #prepare(): Promise<void> {
    const { rate, writers } = this.#options;
    const pauses: number[] = [];
    for (const kind of this.kinds) {
      const { share, create } = WRITINGS[kind];
      const make = create();
      const count = Math.max(1, Math.round(writers * share));
      for (let i = 0; i < count; i += 1) {
        const writing = await make(
          {
            come: (name) => this.#come(name),
            tell: (fact) => this.ledger.tell(fact),
            acknowledged: (which) => this.#acknowledge(which),
            mayLose: this.#options.mayLose ?? false,
          },
          i,
        );
        this.#writings.push({ writing, count: 0 });
        pauses.push((1000 * count) / (rate * share));
      }
    }
    this.#startedAt = performance.now();
    this.works();
    this.#writing = Promise.all(this.#writings.map((each, i) => this.#write(each, pauses[i]!)));
    this.#writing.catch(() => {});
  }

  async #come(name: string): Promise<Drifter> {
    const url = this.#options.urlOf(this.#came);
    this.#came += 1;
    const drifter = new Drifter(this.#shore, url, name);
    await drifter.come();
    return drifter;
  }

  async #write(each: { writing: Writing; count: number }, everyMs: number): Promise<void> {
    let dueAt = performance.now() + this.#options.rng.uniform() * everyMs;
    while (!this.#isOver) {
      const from = Math.max(dueAt, performance.now());
      await pause(from - performance.now());
      // What was missed while nothing could be written is not made up for.
      dueAt = Math.max(dueAt + everyMs, performance.now());
      this.intended += 1;
      if (!(await each.writing.write())) {
        this.intended -= 1;
        return;
      }
      each.count += 1;
      for (let late = performance.now() - from; late > 0; late -= everyMs)
        this.#options.onWritten?.(late);
    }
  }

  #acknowledge(kind: WritingName): void {
    this.acknowledged += 1;
    if (this.#worksSince !== null) this.#whileItWorked += 1;
    const known = this.#byKind.get(kind);
    if (known) {
      known.count += 1;
      known.at = performance.now();
    } else this.#byKind.set(kind, { count: 1, at: performance.now() });
  }

  /** From now on it could be written. */
  works(): void {
    this.#worksSince ??= performance.now();
  }

  /** From now on nothing can be written. */
  fails(): void {
    if (this.#worksSince !== null) this.#workedMs += performance.now() - this.#worksSince;
    this.#worksSince = null;
  }

  /** Acknowledged writes in each second in which there was a server and a store. */
  get perSecond(): number {
    const sinceMs = this.#worksSince === null ? 0 : performance.now() - this.#worksSince;
    return (1000 * this.#whileItWorked) / (this.#workedMs + sinceMs);
  }

  get ranMs(): number {
    return performance.now() - this.#startedAt;
  }

  /** How long after `since` something of each kind was acknowledged, in ms; for those that still write. */
  async acknowledgedSince(since: number, withinMs = STUCK_MS): Promise<number> {
    // These two end by themselves, when as many are written as can be checked.
    const kinds = this.kinds.filter((kind) => kind !== "letters" && kind !== "secrets");
    const seen = new Map<WritingName, number>();
    const counts = new Map(kinds.map((kind) => [kind, this.#byKind.get(kind)?.count ?? 0]));
    while (performance.now() < since + withinMs) {
      for (const kind of kinds) {
        const known = this.#byKind.get(kind);
        if (seen.has(kind) || known === undefined || known.count === counts.get(kind)) continue;
        seen.set(kind, performance.now());
      }
      if (seen.size === kinds.length) return Math.max(...seen.values()) - since;
      await pause(5);
      // Where one of them has failed, it is said at once.
      await Promise.race([this.#writing, Promise.resolve()]);
    }
    throw new Error(`nothing was acknowledged within ${withinMs} ms`);
  }

  /** How long after `since` each writer has had something acknowledged, in ms. */
  async eachAcknowledgedSince(since: number, withinMs = STUCK_MS): Promise<number> {
    const before = this.#writings.map(({ count }) => count);
    const waits = this.#writings.map(() => 0);
    while (performance.now() < since + withinMs) {
      for (const [i, { count }] of this.#writings.entries())
        if (waits[i] === 0 && count > before[i]! + 1) waits[i] = performance.now() - since;
      if (!waits.includes(0)) return Math.max(...waits);
      await pause(5);
      await Promise.race([this.#writing, Promise.resolve()]);
    }
    throw new Error(`not everybody had something acknowledged within ${withinMs} ms`);
  }

  /** Lines that were lost, of all. */
  get losses(): number {
    return [...this.drifters].reduce((sum, { losses }) => sum + losses, 0);
  }

  /** Until every one of them has a line. */
  async allThere(): Promise<void> {
    while ([...this.drifters].some(({ isThere }) => !isThere)) await pause(10);
  }

  /** Ends the writing, when all that was begun is acknowledged, and looks after all of it. */
  async settle(): Promise<void> {
    this.#isOver = true;
    await this.#writing;
    this.fails();
    for (const { writing } of this.#writings) await writing.settle();
  }

  close(): void {
    this.#isOver = true;
    for (const drifter of this.#shore.drifters) drifter.close();
    clearInterval(this.#sweep);
  }
}
