/** A thing that is complained of: one name for it, whoever complains. */
export type ItemName = string;
/** Stands for one person and one thing; nothing that is stored leads from it to a person. */
export type Mark = string;

export type Outcome = "upheld" | "dismissed";

/** What complaints of one thing weigh, since it was last decided. */
export interface Tally {
  /** Sum of the credibility of all who complained. */
  weight: number;
  /** Of those who gave a grave reason, and the most credible of them. */
  graveWeight: number;
  graveMost: number;
  /** A moderator has decided that it may stay. */
  wasKept: boolean;
}

/** What somebody reported once, sealed for himself. */
export interface FormerReport {
  /** Hours since 1970. */
  hour: number;
  sealed: string;
}

/**
 * Reports, who has seen what they are about, and how reports were decided. From an item no reporter is
 * found, and from a reporter no item: the one has marks, the other what he alone can open. Each method
 * is one atomic change or reading, safe to repeat, and may reject with StoreUnavailable.
 */
export interface SafetyStore {
  /** Counts a complaint, the first of a person, for `REPORT_KEEP_MS` from the newest. */
  report(
    item: ItemName,
    mark: Mark,
    what: { weight: number; isGrave: boolean },
  ): Promise<Tally & { isNew: boolean }>;
  /** Whether this person has complained of it, within that time. */
  hasReported(item: ItemName, mark: Mark): Promise<boolean>;
  /** What was complained so far weighs nothing more; the outcome is kept `OUTCOME_KEEP_MS`. */
  decide(item: ItemName, outcome: Outcome): Promise<void>;
  /** By the names that `outcomeName` gives, in the order asked for. */
  outcomes(names: readonly string[]): Promise<(Outcome | null)[]>;

  /** Somebody was shown it; counted once a person, for `keepMs` from the first. */
  saw(item: ItemName, mark: Mark, keepMs: number): Promise<void>;
  /** How many have been shown it; within 2 % where they are many. */
  viewers(item: ItemName): Promise<number>;

  /** The newest `FORMER_KEPT` are kept, for `REPORTER_KEEP_MS` from the newest. */
  remember(reporter: Mark, report: FormerReport): Promise<void>;
  former(reporter: Mark): Promise<FormerReport[]>;
  forget(reporter: Mark): Promise<void>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

const DAY_MS = 24 * 60 * 60 * 1000;
export const REPORT_KEEP_MS = 30 * DAY_MS;
export const OUTCOME_KEEP_MS = 90 * DAY_MS;
export const REPORTER_KEEP_MS = 90 * DAY_MS;
/** What is longer ago counts no more for or against a reporter. */
export const FORMER_KEPT = 50;
