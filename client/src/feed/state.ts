import { batch, signal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import type { CircleStatus, Secret, SecretId, SecretLabel } from "@driftsea/protocol";
import { forgetDraft } from "../drafts.ts";
import { metAgain } from "./meeting.ts";
import { NO_STREAM, without } from "./stream.ts";
import type { Stream } from "./stream.ts";

/** Every secret that this page was shown, once. */
export const secrets = signal<ReadonlyMap<SecretId, Secret>>(new Map());
/** Those that were laid out and may not be seen any more: their places stay, so that nothing moves. */
export const goneOut = signal<ReadonlySet<SecretId>>(new Set());
/** Where lanterns drift: one's circle's, the world's, and those of the place where one is. */
export type Arm = SecretLabel | "place";
export const streams: Record<Arm, Signal<Stream>> = {
  circle: signal(NO_STREAM),
  world: signal(NO_STREAM),
  place: signal(NO_STREAM),
};
/** The arm of the river that is looked at. */
export const arm = signal<Arm>("circle");
export const circle = signal<CircleStatus | null>(null);

export function learn(posts: readonly Secret[]): void {
  const known = new Map(secrets.peek());
  const gone = new Set(goneOut.peek());
  for (const post of posts) {
    known.set(post.id, metAgain(known.get(post.id), post));
    gone.delete(post.id);
  }
  secrets.value = known;
  goneOut.value = gone;
}

export function change(id: SecretId, by: Partial<Secret>): void {
  const known = secrets.peek().get(id);
  if (known) secrets.value = new Map(secrets.peek()).set(id, { ...known, ...by });
}

/** The words leave this page's memory; the place where they stood stays, where somebody may be reading. */
export function putOut(id: SecretId): void {
  batch(() => {
    const known = new Map(secrets.peek());
    known.delete(id);
    secrets.value = known;
    goneOut.value = new Set(goneOut.peek()).add(id);
    for (const stream of Object.values(streams)) {
      const waiting = stream.peek().waiting.filter((one) => one !== id);
      stream.value = { ...stream.peek(), waiting };
    }
  });
}

/** Takes it out of sight at once: somebody has asked for that. */
export function takeAway(id: SecretId): void {
  batch(() => {
    putOut(id);
    for (const stream of Object.values(streams)) stream.value = without(stream.peek(), id);
  });
  forgetDraft(`comment:${id}`);
}
