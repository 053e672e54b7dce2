import type { ReportTarget, ScreenedPlace } from "@driftsea/protocol";
import type { MarkKind } from "@driftsea/protocol/screening";
import type { HeldMark } from "./screening.store.ts";

/** A text for people to look at. Nothing in it leads to who wrote it. */
export interface ForReview {
  text: string;
  where: ScreenedPlace;
  /** What was found in it. */
  kinds: readonly MarkKind[];
  urgency: "care" | "threat" | "high" | "normal";
  /** Names this text of this writer, and leads to neither. */
  mark: HeldMark;
  /** It waits, and what is decided comes back to `ScreeningService.decided`; else it is shown. */
  isHeld: boolean;
  /** Where it stands, where it is shown and that can be said. */
  target: { kind: ReportTarget; id: string; seq?: number } | null;
  /** Whoever wrote it has just come: it comes after what others wrote. */
  isDoubted: boolean;
}

/** Those who look at texts, as screening needs them; the review queue stands behind it. */
export interface Reviewers {
  /** Whether there is anybody: without, nothing is made to wait, and nothing is put before them. */
  areThere(): Promise<boolean>;
  /** Puts a text before them. May come twice for one text, where a process died in between. */
  put(text: ForReview): Promise<void>;
}
