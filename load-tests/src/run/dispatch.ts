import { now } from "../measure/clock.ts";
import { micros, wholeRun } from "../measure/operations.ts";
import type { Operations } from "../measure/operations.ts";
import type { Play } from "../scenarios/scenario.ts";
import type { Arrivals, Round } from "./messages.ts";
import { timetable } from "./plan.ts";

/**
 * By this share of the measured time something may succeed after it and still count: what is under
 * way at its end was not refused. `achievedShare` allows for it.
 */
export const LATE_SHARE = 0.01;

/** Begins the operations of one process in one round, and counts what became of them. */
export class Dispatcher {
  readonly arrivals: Arrivals = { offered: 0, completed: 0, inTime: 0 };
  /** By how much operations that count were begun later than they were due, in µs. */
  readonly lateness = wholeRun();
  readonly #play: Play;
  readonly #operations: Operations;
  readonly #round: Round;
  readonly #share: { worker: number; workers: number; connections: number };
  readonly #underWay = new Set<Promise<void>>();
  /** When it began nothing more, in ms of the machine's clock. */
  endedAt = Infinity;
  #isStopped = false;
  #wake: () => void = () => {};
  /** The measured time, from then to then. */
  #from = Infinity;
  #to = Infinity;

  constructor(
    play: Play,
    operations: Operations,
    round: Round,
    share: { worker: number; workers: number; connections: number },
  ) {
    this.#play = play;
    this.#operations = operations;
    this.#round = round;
    this.#share = share;
  }

  /** Resolves once each operation has come to its end. @param onMeasure The measured time begins. */
  async run(onMeasure: () => void, onMeasured: () => void): Promise<void> {
    const { startAt, stages, rampMs, warmupMs } = this.#round;
    const table = timetable(stages, rampMs, warmupMs);
    const [from, to] = [startAt + table.measuredFromMs, startAt + table.durationMs];
    this.#operations.measure(from, to);
    [this.#from, this.#to] = [from, to];
    const timers = [setTimeout(onMeasure, from - now()), setTimeout(() => this.stop(), to - now())];
    if (this.#round.closed) await this.#closed(to);
    else await this.#open((number) => startAt + table.dueMs(number), table.count, to);
    for (const timer of timers) clearTimeout(timer);
    onMeasured();
    await Promise.all(this.#underWay);
  }

  /** Begins nothing more. */
  stop(): void {
    this.#isStopped = true;
    this.endedAt = Math.min(this.endedAt, now());
    this.#wake();
  }

  /** Each operation at its time, whatever became of those before. */
  async #open(dueAt: (number: number) => number, count: number, endAt: number): Promise<void> {
    const { worker, workers } = this.#share;
    let number = worker;
    let due = dueAt(number);
    while (number < count && !this.#isStopped) {
      while (number < count && due <= now()) {
        this.#begin(due);
        number += workers;
        due = dueAt(number);
      }
      if (number < count) await this.#sleep(due - now());
    }
    // What is due within the last timer's delay was due; nobody begins it any more.
    while (!this.#isStopped) await this.#sleep(endAt - now());
    while (number < count && due <= now()) {
      this.#begin(due);
      number += workers;
      due = dueAt(number);
    }
  }

  /** As many at once as there are connections, each after the one before. */
  async #closed(to: number): Promise<void> {
    const one = async (): Promise<void> => {
      while (!this.#isStopped && now() < to) {
        const isDone = await this.#act(now());
        // A server that refuses at once must not be asked in a loop without end.
        if (!isDone) await this.#sleep(1);
      }
    };
    await Promise.all(Array.from({ length: this.#share.connections }, one));
  }

  #begin(scheduledAt: number): void {
    if (this.#operations.counts(scheduledAt)) this.lateness.record(micros(now() - scheduledAt));
    const acting = this.#act(scheduledAt).then(() => void this.#underWay.delete(acting));
    this.#underWay.add(acting);
  }

  async #act(scheduledAt: number): Promise<boolean> {
    if (this.#operations.counts(scheduledAt)) this.arrivals.offered += 1;
    const isDone = await this.#play.act(scheduledAt);
    // Whatever was due when: what was under way at the beginning stands for what is at the end.
    const at = now();
    const [from, to] = [this.#from, this.#to];
    if (isDone && at >= from) {
      if (at <= to) this.arrivals.inTime += 1;
      if (at <= to + LATE_SHARE * (to - from)) this.arrivals.completed += 1;
    }
    return isDone;
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, Math.max(1, ms));
      this.#wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}

/**
 * Of what was offered, the share that was achieved: 1 where all was done, else by the rates. What was refused
 * lowers it by no more than itself.
 */
export function achievedShare({ offered, completed, inTime }: Arrivals): number {
  if (completed >= offered) return 1;
  return Math.max(inTime, completed / (1 + LATE_SHARE)) / offered;
}
