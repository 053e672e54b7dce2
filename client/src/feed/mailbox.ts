import { signal } from "@preact/signals";
import type { Data, SecretComment, SecretId } from "@driftsea/protocol";
import { send } from "../connection.ts";
import { parts } from "../parts.ts";
import { go, route } from "../route.ts";
import { say } from "../say.ts";
import { load, save } from "../store.ts";
import { own, seenName } from "./kept.ts";
import { learn, secrets } from "./state.ts";
import { nameOfSaid, saidHere, talk } from "./talk.ts";

/** Secrets that are asked after when one comes; the newest. */
const ASKED = 50;

/** How many answers to each of one's own one has seen; what is more is news. */
export const seen = signal<ReadonlyMap<SecretId, number>>(new Map());

const seenOf = (id: SecretId): number => seen.peek().get(id) ?? Number(load(seenName(id)) ?? 0);

/** Whether somebody has answered it since one looked. */
export function hasNews(id: SecretId): boolean {
  const { value } = seen;
  return (secrets.value.get(id)?.comments ?? 0) > (value.get(id) ?? seenOf(id));
}

/** One has read what was said of it. */
export function sawAnswers(id: SecretId, count: number): void {
  if (!own.peek().has(id) || count <= seenOf(id)) return;
  save(seenName(id), String(count));
  seen.value = new Map(seen.peek()).set(id, count);
}

/**
 * Asks after one's own by their keys: nobody else is told of what becomes of them, and the server knows
 * of no one to tell. From then on it tells this connection.
 */
export async function askAfterOwn(): Promise<void> {
  let isNew = false;
  for (const [postId, ownerKey] of [...own.peek()].slice(-ASKED)) {
    const reply = await send("feed:own", { postId, ownerKey });
    if (!reply) return;
    if (!reply.ok) continue;
    learn([reply.data.post]);
    hearStanding(reply.data.notice);
    isNew ||= reply.data.post.comments > seenOf(postId);
  }
  if (isNew && route.peek().sheet !== "own") tell();
}

/** What became of it in a review is told to who holds its key, whenever it is asked after. */
export function hearStanding(notice: Data<"feed:own">["notice"]): void {
  if (!notice) return;
  const { kind, ...payload } = notice;
  void parts.safety
    .load()
    .then((safety) => (safety?.heard[kind] as (of: unknown) => void)?.(payload));
}

export function hearAnswer(id: SecretId, { seq, crown }: SecretComment): void {
  if (!own.peek().has(id) || crown || saidHere.peek().has(nameOfSaid(id, seq))) return;
  if (talk.peek()?.id === id || route.peek().sheet === "own") return;
  if (seq > seenOf(id)) tell();
}

function tell(): void {
  say({ key: "ownAnswered", act: { key: "readIt", run: () => go({ sheet: "own" }) } }, 20_000);
}
