import type { SecretComment } from "@driftsea/protocol";

/** Comments in order, each once; a comment that is told again is as it was told last. */
export function joined(
  said: readonly SecretComment[],
  more: readonly SecretComment[],
): SecretComment[] {
  const bySeq = new Map(said.map((one) => [one.seq, one]));
  for (const one of more) bySeq.set(one.seq, one);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
