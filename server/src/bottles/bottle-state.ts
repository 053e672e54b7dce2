import type { BottleState } from "@driftsea/protocol";

/** A stored "open" bottle is where its copies are. */
export function stateOf(state: string, free: number, held: number): BottleState {
  if (state !== "open") return state as BottleState;
  if (free > 0) return "afloat";
  return held > 0 ? "held" : "answered";
}
