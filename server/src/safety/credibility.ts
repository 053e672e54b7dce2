import type { Tally } from "./safety.store.ts";

/** What is known of somebody who reports, without knowing who he is. */
export interface Reporter {
  /** Since he first came, in ms. */
  ageMs: number;
  /** Days on which he was here. */
  days: number;
  /** How what he reported before was decided. */
  upheld: number;
  dismissed: number;
  /** Reports within a day, this one included. */
  lately: number;
}

/** Who has just come may be anybody, and many at once: 500 of them weigh as much as five. */
const FRESH = 0.01;
/** Whether somebody has just come, or is believed no more than if he had. */
export const isDoubted = (weight: number): boolean => weight <= FRESH;
/** On his first full day, and more with each day that he was here. */
const FIRST_DAY = 0.5;
const EACH_DAY = 0.25;
/** Complaints that turned out right, and that everybody is given to begin with. */
const TRUST = 2;
/** Reports in a day up to which each weighs in full. */
const SPARING = 5;

/** What one complaint weighs, from 0 to 1 (M1). `freshMs`: for how long somebody has just come. */
export function credibilityOf(reporter: Reporter, freshMs: number): number {
  const { ageMs, days, upheld, dismissed, lately } = reporter;
  const known = ageMs < freshMs ? FRESH : Math.min(1, FIRST_DAY + EACH_DAY * Math.max(0, days - 1));
  const trust = (TRUST + upheld) / (TRUST + upheld + dismissed);
  return known * trust * Math.min(1, SPARING / lately);
}

/** 95 %, two-sided. */
const Z = 1.96;

/**
 * The least share that is still likely where `part` out of `whole` was seen (Wilson 1927): of few it
 * says little. `part` may be a weight.
 */
export function wilsonLowerBound(part: number, whole: number): number {
  if (whole <= 0) return 0;
  const p = Math.min(1, part / whole);
  const z2 = Z * Z;
  const centre = p + z2 / (2 * whole);
  const spread = Z * Math.sqrt((p * (1 - p) + z2 / (4 * whole)) / whole);
  return Math.max(0, (centre - spread) / (1 + z2 / whole));
}

/** A complaint of one person of this credibility hides at once, where its reason is grave. */
const ALONE = 0.5;
/** Least weight, and least share of those who have seen it, from which a thing is hidden. */
const GRAVE = { weight: 1, share: 0.01 };
const OTHER = { weight: 1.5, share: 0.05 };

/** Harm that does not wait until more people have seen it. */
export const GRAVE_REASONS: ReadonlySet<string> = new Set(["threat", "minor", "personal-data"]);

/** Whether these complaints hide a thing that so many people have been shown, until somebody looks. */
export function areEnough(tally: Tally, viewers: number): boolean {
  const { weight, graveWeight, graveMost, wasKept } = tally;
  // What a moderator has let stand, no single person takes away again.
  if (graveMost >= ALONE && !wasKept) return true;
  const reaches = (part: number, least: { weight: number; share: number }): boolean =>
    part >= least.weight && wilsonLowerBound(part, viewers) >= least.share;
  return reaches(graveWeight, GRAVE) || reaches(weight, OTHER);
}
