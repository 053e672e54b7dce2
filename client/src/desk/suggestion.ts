import { DESK_REASONS } from "@driftsea/protocol";
import type { DeskDecision, DeskItem, DeskReason } from "@driftsea/protocol";

/** Of the others nobody knows who wrote them. */
const KNOWN_AUTHOR: readonly DeskItem["kind"][] = ["bottle", "thread", "room", "title", "letter"];

/** What may be decided of it: words of crisis are never punished (M6). */
export function decisionsOf(item: Pick<DeskItem, "urgency" | "kind">): readonly DeskDecision[] {
  const mayPenalise = item.urgency !== "care" && KNOWN_AUTHOR.includes(item.kind);
  return mayPenalise ? ["keep", "remove", "remove-and-penalise"] : ["keep", "remove"];
}

/** The likely reason of a decision: what most people reported it for. */
export function suggested(
  { urgency, reasons }: Pick<DeskItem, "urgency" | "reasons">,
  decision: DeskDecision,
): DeskReason {
  if (decision === "keep") return urgency === "care" ? "care" : "rules-not-broken";
  const [most] = [...reasons].sort((a, b) => b.count - a.count);
  if (urgency === "care" || most?.reason === "self-harm") return "care";
  return DESK_REASONS.find((one) => one === most?.reason) ?? "other";
}

/** The reasons in the order in which they are shown: the suggested one first. */
export function reasonsFor(
  item: Pick<DeskItem, "urgency" | "reasons">,
  decision: DeskDecision,
): readonly DeskReason[] {
  const first = suggested(item, decision);
  return [first, ...DESK_REASONS.filter((one) => one !== first)];
}
