import type { DrifterId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { itemOf, reporterMark } from "./safety.keys.ts";
import { REPORT_KEEP_MS } from "./safety.store.ts";
import type { SafetyStore, StoredReport } from "./safety.store.ts";

/** `SafetyStore` in this process; the contract is written there. */
export class MemorySafetyStore implements SafetyStore {
  readonly #clock: Clock;
  readonly #reports = new Map<string, Map<string, StoredReport>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async report(reporter: DrifterId, report: Omit<StoredReport, "at">): Promise<boolean> {
    const item = itemOf(report.target);
    const reports = this.#reports.get(item) ?? new Map<string, StoredReport>();
    this.#reports.set(item, reports);
    const mark = reporterMark(reporter, report.target);
    if (reports.has(mark)) return false;
    reports.set(mark, { ...report, at: this.#clock.now() });
    return true;
  }

  async reports(target: StoredReport["target"]): Promise<StoredReport[]> {
    return [...(this.#reports.get(itemOf(target))?.values() ?? [])];
  }

  sweep(): void {
    const before = this.#clock.now() - REPORT_KEEP_MS;
    for (const [item, reports] of this.#reports) {
      for (const [mark, report] of reports) if (report.at <= before) reports.delete(mark);
      if (reports.size === 0) this.#reports.delete(item);
    }
  }
}
