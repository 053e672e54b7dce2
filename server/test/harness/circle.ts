import { createHash, randomBytes } from "node:crypto";
import type { OwnerHash, OwnerKey, Payload, Secret } from "@driftsea/protocol";
import { Visitor, pause, until, writeId } from "./visitor.ts";

/** Short enough for a test; long enough that a step of it lies in one epoch. */
export const EPOCH_MS = 600;

/** Settings under which circles work within seconds. */
export const CIRCLE = {
  CIRCLE_MIN_FRIENDS: 2,
  CIRCLE_K: 2,
  EPOCH_MS,
  ESTABLISHED_AFTER_MS: 0,
  RELEASE_DELAY_MAX_MS: 0,
  WORLD_AT_CIRCLES: 2,
  RATE_LIMITS: "off",
};

export async function befriend(one: Visitor, other: Visitor): Promise<void> {
  const { code } = await one.ask("circle:invite", {});
  await other.ask("circle:accept", { code });
}

/** Visitors by name, friends as the pairs say. */
export async function circleOf<const N extends string>(
  url: string,
  names: readonly N[],
  pairs: readonly (readonly [NoInfer<N>, NoInfer<N>])[],
): Promise<Record<N, Visitor>> {
  const visitors = {} as Record<N, Visitor>;
  for (const name of names) visitors[name] = await Visitor.come(url);
  for (const [one, other] of pairs) await befriend(visitors[one], visitors[other]);
  return visitors;
}

/** A sees what B and E write: each has two friends, C and D, who are not A's. */
export const FIVE = ["ann", "bo", "cy", "dan", "eve"] as const;
export const FIVE_PAIRS = [
  ["bo", "ann"],
  ["bo", "cy"],
  ["bo", "dan"],
  ["eve", "ann"],
  ["eve", "cy"],
  ["eve", "dan"],
] as const;

/** From the next epoch on, what has changed counts. */
export const nextEpoch = (): Promise<void> =>
  pause(EPOCH_MS - (Date.now() % EPOCH_MS) + EPOCH_MS / 5);

export function newOwner(): { ownerKey: OwnerKey; ownerHash: OwnerHash } {
  const key = randomBytes(32);
  return {
    ownerKey: key.toString("base64url") as OwnerKey,
    ownerHash: createHash("sha256").update(key).digest("base64url") as OwnerHash,
  };
}

export async function posts(
  who: Visitor,
  text: string,
  more: Partial<Payload<"feed:post">> = {},
): Promise<{ post: Secret; ownerKey: OwnerKey }> {
  const owner = newOwner();
  const { ownerHash } = owner;
  const { post } = await who.ask("feed:post", { id: writeId(), text, ownerHash, ...more });
  return { post, ownerKey: owner.ownerKey };
}

/** What the reader's feed holds. */
export async function feedOf(who: Visitor): Promise<string[]> {
  return (await who.ask("feed:open", {})).posts.map(({ text }) => text);
}

export async function untilShown(who: Visitor, text: string): Promise<void> {
  await until(async () => (await feedOf(who)).includes(text), `${text} to be shown`);
}
