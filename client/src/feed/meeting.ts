import type { Secret } from "@driftsea/protocol";

/** Whom a secret was told to: this reader alone, or everybody at once. */
export type Told = "reader" | "everybody";

/**
 * A secret that this page knows comes by another way. One of the circle stays one of the circle,
 * where the world has it as well; and what everybody is told knows nothing of this reader's heart.
 */
export function metAgain(known: Secret | undefined, post: Secret, told: Told): Secret {
  if (!known) return post;
  const isOfCircle = known.label === "circle" || post.label === "circle";
  const { hearted, muted, voted } = told === "reader" ? post : known;
  const { voted: _told, ...rest } = post;
  return {
    ...rest,
    label: isOfCircle ? "circle" : "world",
    mayComment: known.mayComment || post.mayComment,
    hearted,
    muted: known.muted || muted,
    ...(voted === undefined ? {} : { voted }),
  };
}
