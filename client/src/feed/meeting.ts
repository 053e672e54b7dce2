import type { Secret } from "@driftsea/protocol";

/**
 * A secret that this page knows comes by another way. One of the circle stays one of the circle, where
 * the world has it as well.
 */
export function metAgain(known: Secret | undefined, post: Secret): Secret {
  if (!known) return post;
  const isOfCircle = known.label === "circle" || post.label === "circle";
  return {
    ...post,
    label: isOfCircle ? "circle" : "world",
    mayComment: known.mayComment || post.mayComment,
    muted: known.muted || post.muted,
  };
}
