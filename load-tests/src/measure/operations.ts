import { Histogram } from "./histogram.ts";
import type { Counts } from "./histogram.ts";

/** Longest time that is told apart, in µs. */
const LONGEST_US = 120_000_000;

/** Times in µs, three figures exact, over a whole run. */
export const wholeRun = (): Histogram => new Histogram(LONGEST_US, 3);
/** As `wholeRun`, two figures exact and small: one for each second. */
const oneSecond = (): Histogram => new Histogram(LONGEST_US, 2);

/** What was measured of one operation; with `Counts`, as another process has sent it. */
export interface Measured<H extends Counts = Histogram> {
  /** From the scheduled time. */
  latency: H;
  /** From the time of sending. */
  service: H;
  errors: Record<string, number>;
}

/** One operation in one second. */
export interface SecondOf<H extends Counts = Histogram> {
  latency: H;
  errors: number;
}

export function micros(ms: number): number {
  return Math.min(LONGEST_US, Math.max(1, Math.round(ms * 1000)));
}

export const emptyMeasured = (): Measured => ({
  latency: wholeRun(),
  service: wholeRun(),
  errors: {},
});

export const emptySecond = (): SecondOf => ({ latency: oneSecond(), errors: 0 });

/** Adds what another process measured. */
export function addMeasured(sum: Measured, other: Measured<Counts>): void {
  sum.latency.add(other.latency);
  sum.service.add(other.service);
  for (const [code, count] of Object.entries(other.errors))
    sum.errors[code] = (sum.errors[code] ?? 0) + count;
}

function addError({ errors }: Measured, code: string): void {
  errors[code] = (errors[code] ?? 0) + 1;
}

/**
 * The measurements of one process. Only what was scheduled within the measured time counts, and lines that were
 * lost; other errors outside it are seen by nobody but the ledger.
 */
export class Operations {
  all: Record<string, Measured> = {};
  readonly #names: readonly string[];
  #second: Record<string, SecondOf> = {};
  #from = Infinity;
  #to = Infinity;
  /** How lines were lost of which nobody was told. */
  readonly #untold: string[] = [];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.reset();
  }

  /** Forgets what was measured, and measures nothing until it is told to. */
  reset(): void {
    this.all = Object.fromEntries(this.#names.map((name) => [name, emptyMeasured()]));
    this.#second = {};
    this.measure(Infinity, Infinity);
    for (const code of this.#untold) addError(this.all["connect"]!, code);
  }

  /** What is scheduled from then to then counts; ms of the machine's clock. */
  measure(from: number, to: number): void {
    this.#from = from;
    this.#to = to;
  }

  /** Whether it is known when what is measured ends. */
  get isRound(): boolean {
    return this.#to !== Infinity;
  }

  counts(scheduledAt: number): boolean {
    return scheduledAt >= this.#from && scheduledAt < this.#to;
  }

  done(name: string, scheduledAt: number, sentAt: number, doneAt: number): void {
    if (!this.counts(scheduledAt)) return;
    const us = micros(doneAt - scheduledAt);
    const { latency, service } = this.all[name]!;
    latency.record(us);
    service.record(micros(doneAt - sentAt));
    this.#inSecond(name).latency.record(us);
  }

  failed(name: string, scheduledAt: number, code: string): void {
    if (this.counts(scheduledAt)) this.#error(name, code);
  }

  /** A line that was cut off counts whenever it was: nobody hears any more what its owner should. */
  lost(reason: string): void {
    this.#untold.push(`lost: ${reason}`);
    this.#error("connect", `lost: ${reason}`);
  }

  /** What there is was told: what is measured next begins without it. */
  told(): void {
    this.#untold.length = 0;
  }

  #error(name: string, code: string): void {
    addError(this.all[name]!, code);
    this.#inSecond(name).errors += 1;
  }

  /** What has been done since the last call. */
  takeSecond(): Record<string, SecondOf> {
    const second = this.#second;
    this.#second = {};
    return second;
  }

  #inSecond(name: string): SecondOf {
    return (this.#second[name] ??= emptySecond());
  }
}
