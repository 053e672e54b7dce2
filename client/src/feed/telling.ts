import { computed, signal } from "@preact/signals";
import type { Data, OfCare, OwnerKey, Payload, Reply, SecretId, WriteId } from "@driftsea/protocol";
import { send } from "../connection.ts";
import { draftOf, layAside, takeOut } from "../drafts.ts";
import { parts } from "../parts.ts";
import { newId } from "../outbox.ts";
import type { SecretWrite } from "../outbox.ts";
import { toBase64url } from "../rooms/bytes.ts";
import { go } from "../route.ts";
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

/**
 * Where no reply came it is not known whether it was written. So its id and its key are kept before
 * it goes out: the same words again are the same write, and the key is never lost.
 */
interface Pending {
  id: WriteId;
  key: OwnerKey;
  form: string;
}
const PENDING = "telling";
let pending = loadJson<Pending | null>(PENDING, null);

/** What makes it another write. A photo counts by its bytes. */
async function printOf({ photo, ...form }: Form): Promise<string> {
  const plain = JSON.stringify(form, Object.keys(form).sort());
  const bytes = new TextEncoder().encode(plain);
  const all = new Uint8Array(bytes.length + (photo?.length ?? 0));
  all.set(bytes);
  if (photo) all.set(photo, bytes.length);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", all));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function setPending(next: Pending | null): void {
  pending = next;
  if (next) saveJson(PENDING, next);
  else save(PENDING, null);
}

/** `sure`: what was asked and is meant so. */
export async function tell(form: Form, sure: Asks): Promise<void> {
  if (telling.peek().is === "sending") return;
  telling.value = { is: "sending" };
  const draft = draftOf(DRAFT);
  const print = await printOf(form);
  if (pending?.form !== print) setPending({ id: newId(), key: newOwnerKey(), form: print });
  const { id, key } = pending!;
  const ownerHash = await hashOf(key);
  const more = {
    ...(sure === null ? {} : { confirmed: true }),
    ...(sure === "names" ? { confirmedNames: true } : {}),
  };
  const reply = await send("feed:post", { ...form, id, ownerHash, ...more }, 20_000);
  if (reply?.ok) {
    keepOwn(reply.data.post.id, key);
    if (form.photo) keepPhoto(reply.data.post.id, new Uint8Array(form.photo));
    setPending(null);
    takeOut(DRAFT, draft);
    telling.value = { is: "told", isHeld: false, care: (reply.data as OfCare).care === true };
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
    setPending(null);
    takeOut(DRAFT, draft);
    void parts.safety.load().then((safety) => safety?.keepHeld(write));
    telling.value = { is: "told", isHeld: true, care: false };
    return;
  }
  if (code === "confirmation_needed" || code === "rejected") {
    const marks = readMarks(fields);
    const asks = code === "rejected" ? null : sure === null ? "marks" : "names";
    telling.value = { is: "marked", text: form.text, marks, asks };
    return;
  }
  refused(reply);
}

/** Somebody has looked at what was held. */
export function settleSecret(write: SecretWrite, reply: Reply<Data<"feed:post">>): void {
  if (reply.ok) return keepOwn(reply.data.post.id, write.ownerKey);
  layAside(DRAFT, write.payload.text);
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
