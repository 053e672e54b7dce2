import { signal } from "@preact/signals";
import type { Data, OwnerKey, Payload, Reply, SecretComment, SecretId } from "@driftsea/protocol";
import { offerAsBottle } from "../bottles/offering.ts";
import { connection, send } from "../connection.ts";
import { draftOf, forgetDraft, layAside } from "../drafts.ts";
import { newId, post } from "../outbox.ts";
import { say } from "../say.ts";
import { own } from "./kept.ts";
import { joined } from "./order.ts";
import { refused } from "./refused.ts";
import { putOut } from "./state.ts";

/** What is said below the secret that lies open. */
export interface Talk {
  id: SecretId;
  is: "reading" | "read" | "failed";
  /** In the order in which they were said. */
  said: readonly SecretComment[];
}
export const talk = signal<Talk | null>(null);
/** What this page said itself, by secret and number; forgotten with the page. */
export const saidHere = signal<ReadonlySet<string>>(new Set());
export const nameOfSaid = (id: SecretId, seq: number): string => `${id}/${seq}`;

/** What came before the first of these is not kept any more. */
export const isTorn = ({ said }: Talk): boolean => (said[0]?.seq ?? 1) > 1;

export const draftPlace = (id: SecretId): string => `comment:${id}`;

/**
 * Reads what was said of a secret; of one that lies open already, what was missed. `isAnew`: all of it, for what went
 * out of sight while there was no line is told nobody.
 */
export async function openTalk(id: SecretId, isAnew = false): Promise<void> {
  const before = talk.peek();
  const known = before?.id === id ? before.said : [];
  talk.value = { id, is: "reading", said: known };
  const after = isAnew ? 0 : (known[known.length - 1]?.seq ?? 0);
  const ownerKey = own.peek().get(id);
  const proof = ownerKey === undefined ? {} : { ownerKey };
  const reply = await send("feed:comments", { postId: id, after, ...proof });
  const now = talk.peek();
  if (now?.id !== id) return;
  if (!reply?.ok) {
    talk.value = { ...now, is: "failed" };
    if (reply) refused(reply, id);
    return;
  }
  const { comments, recovered } = reply.data;
  // Where some between are lost, what is newer stands alone, with what was heard meanwhile.
  const isNewer = ({ seq }: SecretComment): boolean => known.every((one) => one.seq !== seq);
  const kept = recovered && !isAnew ? now.said : now.said.filter(isNewer);
  talk.value = { id, is: "read", said: joined(kept, comments) };
}

export function hearComment(id: SecretId, comment: SecretComment): void {
  const now = talk.peek();
  if (now?.id !== id) return;
  const head = now.said[now.said.length - 1]?.seq ?? 0;
  talk.value = { ...now, said: joined(now.said, [comment]) };
  // One between was missed.
  if (now.is === "read" && comment.seq > head + 1) {
    talk.value = now;
    void openTalk(id);
  }
}

/** Out of sight for everybody, until somebody has looked at it or for good. */
export function loseComment(id: SecretId, seq: number): void {
  const now = talk.peek();
  if (now?.id === id) talk.value = { ...now, said: now.said.filter((one) => one.seq !== seq) };
}

export function comment(id: SecretId, text: string, ownerKey: OwnerKey | undefined): void {
  const proof = ownerKey === undefined ? {} : { ownerKey };
  post({ name: "feed:comment", payload: { id: newId(), postId: id, text, ...proof } });
  if (connection.peek().is !== "ready") say({ key: "waitsForSea" });
}

/** A secret that is gone is not opened again: what lies in its draft would never be seen. */
function offerDraft(id: SecretId): void {
  const text = draftOf(draftPlace(id));
  forgetDraft(draftPlace(id));
  offerAsBottle(text, "lateLetter");
}

export function settleComment(
  { postId, text }: Payload<"feed:comment">,
  reply: Reply<Data<"feed:comment">>,
): void {
  if (!reply.ok) {
    layAside(draftPlace(postId), text);
    const { code } = reply.error;
    const isGone = code === "gone" || code === "not_found";
    // Of one's own it may only be too early.
    if (!isGone || talk.peek()?.id === postId || own.peek().has(postId))
      return refused(reply, postId);
    putOut(postId);
    return offerDraft(postId);
  }
  saidHere.value = new Set(saidHere.peek()).add(nameOfSaid(postId, reply.data.comment.seq));
  hearComment(postId, reply.data.comment);
}
