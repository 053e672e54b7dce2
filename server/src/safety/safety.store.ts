import type { DrifterId, ReportTarget } from "@driftsea/protocol";

export interface StoredReport {
  target: { kind: ReportTarget; id: string; seq?: number };
  reason: string;
  note?: string;
  /** What was complained of, as it stood then: it may be gone when somebody looks. */
  snapshot: string[];
  /** ms since 1970. */
  at: number;
}

/** Reports. Each method may reject with StoreUnavailable. */
export interface SafetyStore {
  /**
   * Keeps a report for `REPORT_KEEP_MS`; one a person and item, the first counts. False: was there.
   * Who reported is kept as a hash of his own and the item: enough to count him once, no more.
   */
  report(reporter: DrifterId, report: Omit<StoredReport, "at">): Promise<boolean>;
  reports(target: StoredReport["target"]): Promise<StoredReport[]>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep(): void;
}

/** How long a report and its snapshot are kept, in ms. */
export const REPORT_KEEP_MS = 30 * 24 * 60 * 60 * 1000;
