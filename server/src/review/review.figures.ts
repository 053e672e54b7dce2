import type { Figures, ModeratorId } from "./review.ts";
import type { Act } from "./review.store.ts";

/** What moderators are told of their work, out of what was done in a time. */
export function figuresOf(
  acts: readonly Act[],
  backlog: { waiting: number; oldestSince: number | null },
): Figures {
  const decided = acts.filter((act) => act.what === "decided");
  const took = decided.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const byTwo = decided.filter(({ agreed }) => agreed !== null);
  const hidden = decided.filter(({ wasHidden }) => wasHidden);
  const byModerator = new Map<ModeratorId, Figures["byModerator"][number]>();
  for (const act of acts) {
    if (act.what === "decided") continue;
    const { moderator } = act;
    const one = byModerator.get(moderator) ?? {
      moderator,
      decided: 0,
      controlsRight: 0,
      controls: 0,
    };
    byModerator.set(moderator, one);
    if (act.what === "vote") one.decided += 1;
    else one.controls += 1;
    if (act.what === "control" && act.isRight) one.controlsRight += 1;
  }
  return {
    ...backlog,
    medianToDecision: quantile(took, 0.5),
    p90ToDecision: quantile(took, 0.9),
    decided: decided.length,
    agreement: share(byTwo.filter(({ agreed }) => agreed).length, byTwo.length),
    overturned: share(hidden.filter(({ isOverturned }) => isOverturned).length, hidden.length),
    byModerator: [...byModerator.values()],
  };
}

/** The nearest rank. */
function quantile(sorted: readonly number[], q: number): number | null {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
