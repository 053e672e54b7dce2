import type { Clock } from "../lib/clock.ts";
import { outcomeName } from "./safety.keys.ts";
import * as keep from "./safety.store.ts";
import type { FormerReport, ItemName, Mark, Outcome, SafetyStore, Tally } from "./safety.store.ts";

interface Reports {
  marks: Set<Mark>;
  tally: Tally;
  endsAt: number;
}

const NOTHING: Tally = { weight: 0, graveWeight: 0, graveMost: 0, wasKept: false };

/** `SafetyStore` in this process; the contract is written there. */
export class MemorySafetyStore implements SafetyStore {
  readonly #clock: Clock;
  readonly #reports = new Map<ItemName, Reports>();
  readonly #outcomes = new Map<string, { outcome: Outcome; endsAt: number }>();
  readonly #viewers = new Map<ItemName, { marks: Set<Mark>; endsAt: number }>();
  readonly #former = new Map<Mark, { reports: FormerReport[]; endsAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async report(
    item: ItemName,
    mark: Mark,
    { weight, isGrave }: { weight: number; isGrave: boolean },
  ): Promise<Tally & { isNew: boolean }> {
    const reports = live(this.#reports, item, this.#clock.now()) ?? {
      marks: new Set(),
      tally: { ...NOTHING },
      endsAt: 0,
    };
    this.#reports.set(item, reports);
    const { marks, tally } = reports;
    const isNew = !marks.has(mark);
    if (isNew) {
      marks.add(mark);
      tally.weight += weight;
      if (isGrave) {
        tally.graveWeight += weight;
        tally.graveMost = Math.max(tally.graveMost, weight);
      }
      reports.endsAt = this.#clock.now() + keep.REPORT_KEEP_MS;
    }
    return { isNew, ...tally };
  }

  async decide(item: ItemName, outcome: Outcome): Promise<void> {
    const now = this.#clock.now();
    const known = live(this.#reports, item, now);
    const wasKept = outcome === "dismissed" || (known?.tally.wasKept ?? false);
    if (known) known.tally = { ...NOTHING, wasKept };
    if (outcome === "dismissed") {
      const marks = known?.marks ?? new Set();
      const endsAt = now + keep.REPORT_KEEP_MS;
      this.#reports.set(item, { marks, tally: { ...NOTHING, wasKept }, endsAt });
    }
    const endsAt = now + keep.OUTCOME_KEEP_MS;
    this.#outcomes.set(outcomeName(item), { outcome, endsAt });
  }

  async outcomes(names: readonly string[]): Promise<(Outcome | null)[]> {
    const now = this.#clock.now();
    return names.map((name) => live(this.#outcomes, name, now)?.outcome ?? null);
  }

  async saw(item: ItemName, mark: Mark, keepMs: number): Promise<void> {
    const now = this.#clock.now();
    const seen = live(this.#viewers, item, now) ?? { marks: new Set(), endsAt: now + keepMs };
    this.#viewers.set(item, seen);
    seen.marks.add(mark);
  }

  async viewers(item: ItemName): Promise<number> {
    return live(this.#viewers, item, this.#clock.now())?.marks.size ?? 0;
  }

  async hasReported(item: ItemName, mark: Mark): Promise<boolean> {
    return live(this.#reports, item, this.#clock.now())?.marks.has(mark) ?? false;
  }

  async remember(reporter: Mark, report: FormerReport): Promise<void> {
    const now = this.#clock.now();
    const former = live(this.#former, reporter, now)?.reports ?? [];
    const reports = [{ ...report }, ...former].slice(0, keep.FORMER_KEPT);
    this.#former.set(reporter, { reports, endsAt: now + keep.REPORTER_KEEP_MS });
  }

  async former(reporter: Mark): Promise<FormerReport[]> {
    return [...(live(this.#former, reporter, this.#clock.now())?.reports ?? [])];
  }

  async forget(reporter: Mark): Promise<void> {
    this.#former.delete(reporter);
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const map of [this.#reports, this.#outcomes, this.#viewers, this.#former])
      for (const [key, { endsAt }] of map) if (endsAt <= now) map.delete(key);
  }
}

function live<K, V extends { endsAt: number }>(map: Map<K, V>, key: K, now: number): V | undefined {
  const found = map.get(key);
  return found && found.endsAt > now ? found : undefined;
}
