import { nanoid } from "nanoid";
import type {
  Decided,
  Decision,
  DecisionReason,
  Figures,
  LogEntry,
  ModeratorId,
  Review,
  ReviewId,
  ReviewItem,
} from "../review/review.ts";

/** A queue for tests of the desk: as simple as the contract of `Review` allows. */
export class FakeReview implements Review {
  readonly items: ReviewItem[] = [];
  readonly noted: { moderator: ModeratorId | null; what: string }[] = [];
  readonly decisions: { moderator: ModeratorId; id: ReviewId; decision: Decision }[] = [];

  put(more: Partial<ReviewItem> = {}): ReviewItem {
    const item: ReviewItem = {
      id: nanoid<ReviewId>(),
      kind: "bottle",
      texts: ["Buy my things"],
      reasons: [{ reason: "spam", count: 2 }],
      notes: [],
      urgency: "normal",
      since: Date.now() - 60_000,
      state: "hidden",
      isUnverified: false,
      appeal: null,
      needsSecond: false,
      ...more,
    };
    this.items.push(item);
    return item;
  }

  async queue(moderator: ModeratorId, limit: number): Promise<ReviewItem[]> {
    const mine = new Set(
      this.decisions.filter((one) => one.moderator === moderator).map((one) => one.id),
    );
    return this.items.filter((item) => !mine.has(item.id)).slice(0, limit);
  }

  async decide(
    moderator: ModeratorId,
    id: ReviewId,
    decision: Decision,
    _reason: DecisionReason,
  ): Promise<Decided> {
    const at = this.items.findIndex((item) => item.id === id);
    const item = this.items[at];
    if (!item || (await this.queue(moderator, Infinity)).every((one) => one.id !== id))
      return "gone";
    this.decisions.push({ moderator, id, decision });
    if (decision !== "keep" && !item.needsSecond) {
      item.needsSecond = true;
      return "second_needed";
    }
    this.items.splice(at, 1);
    return "done";
  }

  async figures(): Promise<Figures> {
    const by = [...new Set(this.decisions.map((one) => one.moderator))];
    return {
      waiting: this.items.length,
      oldestSince: this.items[0]?.since ?? null,
      medianToDecision: null,
      p90ToDecision: null,
      decided: this.decisions.length,
      agreement: null,
      overturned: null,
      byModerator: by.map((moderator) => ({
        moderator,
        decided: this.decisions.filter((one) => one.moderator === moderator).length,
        controlsRight: 0,
        controls: 0,
      })),
    };
  }

  async log(before: number | undefined, limit: number): Promise<LogEntry[]> {
    return this.noted
      .map(({ moderator, what }, seq) => ({
        seq,
        at: 0,
        moderator,
        what,
        item: null,
        decision: null,
        reason: null,
        previous: "",
        hash: "",
      }))
      .filter(({ seq }) => before === undefined || seq < before)
      .reverse()
      .slice(0, limit);
  }

  async note(moderator: ModeratorId | null, what: string): Promise<void> {
    this.noted.push({ moderator, what });
  }
}
