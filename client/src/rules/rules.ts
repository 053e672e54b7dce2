import type { SeaRules } from "@driftsea/protocol";

let known: SeaRules | null = null;

/** Asks this server what it does with what. Throws where it does not answer. */
export async function readRules(): Promise<void> {
  const answer = await fetch("/rules.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`the rules could not be read: ${answer.status}`);
  known = (await answer.json()) as SeaRules;
}

/** As they were when this part of the page came. */
export function seaRules(): SeaRules {
  if (!known) throw new Error("the rules were not read");
  return known;
}
