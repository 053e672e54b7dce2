import { REPORT_REASONS } from "@driftsea/protocol";
import type { Events } from "@driftsea/protocol";
import { CONTROLS } from "./controls.ts";
import type { Verdict } from "./holders.ts";
import { URGENCIES } from "./review.ts";
import type { ModeratorId, ReviewItem, Urgency } from "./review.ts";
import type { Act, OpenControl, StoredItem } from "./review.store.ts";

/* What an item is: to be voted on, to be told of, to be shown, to be counted. */

/**
 * An item after one more vote. One is enough to show it again, two to end it: nothing brings it back.
 */
export function withVote(
  item: StoredItem,
  vote: StoredItem["votes"][number],
  canHide: boolean,
): StoredItem {
  const { decision, reason, at } = vote;
  const votes = [...item.votes, vote];
  // What was never published stays with its writer, who may word it differently: that is no end.
  const isFinal = decision === "keep" || item.state === "held" || votes.length > 1;
  if (isFinal) {
    const isPenalised = votes.every((one) => one.decision === "remove-and-penalise");
    const final = decision === "keep" ? "keep" : isPenalised ? "remove-and-penalise" : "remove";
    return { ...item, votes, decided: { decision: final, reason, at } };
  }
  // What its readers alone can read, nobody else can vouch for: it is hidden by no one's word.
  if (item.state !== "shown" || item.isUnverified || !canHide) return { ...item, votes };
  return { ...item, votes, state: "hidden", hiddenFor: reason };
}

const REASONS: readonly string[] = REPORT_REASONS;
/** A word of the list; what somebody wrote himself is none that could be counted. */
export const wordOf = (reason: string): string => (REASONS.includes(reason) ? reason : "other");

export const moreUrgent = (one: Urgency, other: Urgency): Urgency =>
  URGENCIES.indexOf(one) <= URGENCIES.indexOf(other) ? one : other;

/** What is to be told of an item as it stands; null where nothing has happened to it. */
export function verdictOf({ decided, hiddenFor, state }: StoredItem): Verdict | null {
  if (decided === null) return state === "hidden" ? "item:hidden" : null;
  if (decided.decision !== "keep") return "item:removed";
  return hiddenFor === null ? null : "item:restored";
}

export function payloadOf<V extends Verdict>(item: StoredItem, verdict: V): Events[V] {
  const { noticeId, subject, decided, hiddenFor } = item;
  const { kind, id, seq } = subject;
  const target = { kind, id, ...(seq === undefined ? {} : { seq }) };
  const payloads: { [K in Verdict]: () => unknown } = {
    "item:hidden": () => ({
      noticeId,
      target,
      reason: hiddenFor ?? "other",
      mayAppeal: item.appeal === null,
    }),
    "item:restored": () => ({ noticeId, target }),
    "item:removed": () => ({ noticeId, target, reason: decided?.reason ?? "other" }),
  };
  return payloads[verdict]() as Events[V];
}

export function actsOf(
  before: StoredItem,
  after: StoredItem,
  moderator: ModeratorId,
  at: number,
): readonly Act[] {
  const vote = { what: "vote", moderator, at } as const;
  if (!after.decided) return [vote];
  const isKept = after.decided.decision === "keep";
  const wasHidden = before.state === "hidden";
  return [
    vote,
    {
      what: "decided",
      at,
      tookMs: at - before.since,
      agreed: before.votes.length === 0 ? null : !isKept,
      wasHidden,
      isOverturned: wasHidden && isKept && before.appeal !== null,
    },
  ];
}

export function toModerator(item: StoredItem): ReviewItem {
  const { id, kind, texts, notes, urgency, since, state, isUnverified } = item;
  return {
    id,
    kind,
    texts,
    reasons: Object.entries(item.reasons).map(([reason, count]) => ({ reason, count })),
    notes,
    urgency,
    since,
    state,
    isUnverified,
    appeal: item.appeal?.text ?? null,
    needsSecond: item.votes.length > 0,
  };
}

export function controlToModerator({ id, index, since }: OpenControl): ReviewItem {
  const { kind, texts, urgency, reasons } = CONTROLS[index]!;
  const state = urgency === "threat" ? "hidden" : "shown";
  return {
    id,
    kind,
    texts,
    reasons,
    notes: [],
    urgency,
    since,
    state,
    isUnverified: false,
    appeal: null,
    needsSecond: false,
  };
}
