import { computed, signal } from "@preact/signals";
import type {
  Data,
  OfCare,
  OwnerKey,
  Payload,
  Reply,
  Secret,
  SecretId,
  WriteId,
} from "@driftsea/protocol";
import { send } from "../connection.ts";
import { draftOf, layAside, takeOut } from "../drafts.ts";
import { parts } from "../parts.ts";
import { newId } from "../outbox.ts";
import type { SecretWrite } from "../outbox.ts";
import { toBase64url } from "../rooms/bytes.ts";
import { go, route } from "../route.ts";
import { readMarks } from "../safety/marks.ts";
import type { Mark } from "../safety/marks.ts";
import "../safety/texts.ts";
import { explain, say } from "../say.ts";
import { HELD, loadJson, save, saveJson } from "../store.ts";
import { forgetOwn, hashOf, keepOwn, keepPhoto, newOwnerKey, own } from "./kept.ts";
import { refused } from "./refused.ts";
import { putOut } from "./state.ts";

export const DRAFT = "secret";

export type Form = Omit<Payload<"feed:post">, "id" | "ownerHash" | "confirmed" | "confirmedNames">;

/** Whether it is meant so; a second time, where it names somebody; or nothing: it may not go out as it is. */
export type Asks = "marks" | "names" | null;

/** How telling stands. */
export type Telling =
  | { is: "writing" }
  | { is: "sending" }
  /** It was marked: what is meant so may go out; what is refused has to be changed. */
  | { is: "marked"; text: string; marks: readonly Mark[]; asks: Asks }
  /** `isHeld`: a person looks at it first. `care`: it sounds heavy. */
  | { is: "told"; isHeld: boolean; care: boolean };
export const telling = signal<Telling>({ is: "writing" });
export const isBusy = computed(() => telling.value.is === "sending");

/** What is being told: by its id it is one write, by its key it is one's own. */
interface Pending {
  id: WriteId;
  key: OwnerKey;
}
const PENDING = "telling";

/**
 * Kept before it goes out, until a reply says that something of it is written or held. Without a reply
 * nobody knows whether it was written; and words that are refused later say nothing of those before
 * them. So whatever goes out next, changed or not, is the same write: under another id there would be
 * two secrets, the first of which nobody could prove to be his.
 */
function pending(): Pending {
  const before = loadJson<Pending | null>(PENDING, null);
  if (before) return before;
  const next = { id: newId(), key: newOwnerKey() };
  saveJson(PENDING, next);
  return next;
}

/** Of two that went out as the same write the first is the one that is written: these may be the other. */
function isTold(post: Secret, key: OwnerKey, text: string): boolean {
  keepOwn(post.id, key);
  if (post.text === text) return true;
  say({ key: "toldEarlier", act: { key: "riverOwn", run: () => go({ sheet: "own" }) } }, 20_000);
  return false;
}

/** `sure`: what was asked and is meant so. */
export async function tell(form: Form, sure: Asks): Promise<void> {
  if (telling.peek().is === "sending") return;
  telling.value = { is: "sending" };
  const draft = draftOf(DRAFT);
  const { id, key } = pending();
  const ownerHash = await hashOf(key);
  const more = {
    ...(sure === null ? {} : { confirmed: true }),
    ...(sure === "names" ? { confirmedNames: true } : {}),
  };
  const reply = await send("feed:post", { ...form, id, ownerHash, ...more }, 20_000);
  const isElsewhere = route.peek().sheet !== "tell";
  if (reply?.ok) {
    const { post } = reply.data;
    save(PENDING, null);
    if (!isTold(post, key, form.text)) {
      telling.value = { is: "writing" };
      return;
    }
    if (form.photo && post.photo) keepPhoto(post.id, new Uint8Array(form.photo));
    takeOut(DRAFT, draft);
    telling.value = { is: "told", isHeld: false, care: (reply.data as OfCare).care === true };
    if (isElsewhere) say({ key: "toldTitle" });
    return;
  }
  telling.value = { is: "writing" };
  if (!reply) return explain(reply);
  const { code, fields } = reply.error;
  if (code === "held_for_review") {
    const { photo, ...words } = form;
    const write: SecretWrite = {
      name: "feed:post",
      payload: { ...words, id, ownerHash, ...more },
      ownerKey: key,
      ...(photo ? { photo: toBase64url(new Uint8Array(photo)) } : {}),
    };
    saveJson(HELD + id, { at: Date.now(), write });
    save(PENDING, null);
    takeOut(DRAFT, draft);
    void parts.safety.load().then((safety) => safety?.keepHeld(write));
    telling.value = { is: "told", isHeld: true, care: false };
    if (isElsewhere) say({ key: "heldFirst" }, 20_000);
    return;
  }
  if (code === "confirmation_needed" || code === "rejected") {
    const marks = readMarks(fields);
    const asks = code === "rejected" ? null : sure === null ? "marks" : "names";
    telling.value = { is: "marked", text: form.text, marks, asks };
    const run = (): void => go({ sheet: "tell" });
    if (isElsewhere) say({ key: "askedElsewhere", act: { key: "tryAgain", run } }, 20_000);
    return;
  }
  refused(reply);
}

/** Somebody has looked at what was held. */
export function settleSecret(write: SecretWrite, reply: Reply<Data<"feed:post">>): void {
  const { text } = write.payload;
  if (reply.ok && isTold(reply.data.post, write.ownerKey, text)) return;
  layAside(DRAFT, text);
  if (reply.ok) return;
  say(
    { key: "askedElsewhere", act: { key: "tryAgain", run: () => go({ sheet: "tell" }) } },
    20_000,
  );
}

/** Gone from the server, for everybody. */
export async function deleteOwn(id: SecretId): Promise<boolean> {
  const ownerKey = own.peek().get(id);
  if (ownerKey === undefined) return false;
  const reply = await send("feed:delete", { postId: id, ownerKey });
  if (!reply?.ok && reply?.error.code !== "gone") {
    refused(reply);
    return false;
  }
  forgetOwn(id);
  putOut(id);
  return true;
}
