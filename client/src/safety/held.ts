import { signal } from "@preact/signals";
import type { CommandName, Reply, SecretId } from "@driftsea/protocol";
import { connection, send } from "../connection.ts";
import { layAside } from "../drafts.ts";
import type { AnyWrite } from "../outbox.ts";
import { fromBase64url } from "../rooms/bytes.ts";
import { say } from "../say.ts";
import { HELD, keysBelow, load, loadJson, save, saveJson } from "../store.ts";
import { placeOf, textOf, wayTo } from "../writes.ts";
import { sayElsewhere } from "./asking.ts";

/** A write that a person looks at before it goes out. */
export interface Held {
  at: number;
  write: AnyWrite;
}

/** How often it is asked whether somebody has looked, in ms. */
const AGAIN_MS = 3 * 60_000;
/** The server forgets what became of it after so long: then nobody has looked, in ms. */
const GIVEN_UP_MS = 7 * 24 * 60 * 60_000;

function loadHeld(): Held[] {
  const all = keysBelow(HELD).map((key) => loadJson<Held | null>(key, null));
  return all.filter((one) => one !== null).sort((a, b) => a.at - b.at);
}

export const held = signal<readonly Held[]>(loadHeld());
const keyOf = ({ payload }: AnyWrite): string => HELD + payload.id;

/** The outbox has written it down already: it is known from here on. */
export function keepHeld(write: AnyWrite): void {
  const before = loadJson<Held | null>(keyOf(write), null);
  const one = before ?? { at: Date.now(), write };
  saveJson(keyOf(write), one);
  held.value = [...held.peek().filter((other) => !isOf(other, write)), one];
}

const isOf = (one: Held, write: AnyWrite): boolean => one.write.payload.id === write.payload.id;

/** Nobody asks after it any more. What a moderator decides has no effect then. */
export function letGo(write: AnyWrite): void {
  save(keyOf(write), null);
  held.value = held.peek().filter((one) => !isOf(one, write));
}

/** Nobody has looked in time: it is the writer's again. */
function giveUp(write: AnyWrite): void {
  letGo(write);
  const place = placeOf(write);
  if (place === null) return;
  layAside(place, textOf(write));
  sayElsewhere(wayTo(write));
}

/** As it went out first. */
function wholeOf(write: AnyWrite): never {
  const hasPhoto = write.name === "feed:post" && write.photo !== undefined;
  const photo = hasPhoto ? { photo: fromBase64url(write.photo!) } : {};
  const payload: object = write.payload;
  return { ...payload, ...photo } as never;
}

/** Whoever can prove no more that a secret is his says nothing more as its author. */
export function letGoOfCommentsOn(postId: SecretId): void {
  for (const { write } of held.peek())
    if (write.name === "feed:comment" && write.payload.postId === postId) letGo(write);
}

let settle: (write: AnyWrite, reply: Reply<never>) => void = () => {};
let isAsking = false;

/** The same write again, each: the answer says whether somebody has looked. */
async function askAfter(before = Infinity): Promise<void> {
  if (isAsking || connection.peek().is !== "ready") return;
  isAsking = true;
  for (const one of held.peek()) {
    const { write, at } = one;
    if (at >= before) continue;
    // Taken back in another tab.
    if (load(keyOf(write)) === null) {
      letGo(write);
      continue;
    }
    const reply = (await send(write.name as CommandName, wholeOf(write))) as Reply<never> | null;
    if (reply === null || !held.peek().includes(one)) continue;
    if (!reply.ok) {
      const { code, retryable } = reply.error;
      if (retryable) continue;
      if (code === "held_for_review") {
        if (Date.now() - at >= GIVEN_UP_MS) giveUp(write);
        continue;
      }
    }
    letGo(write);
    if (reply.ok) say({ key: "heldNowOut" });
    settle(write, reply);
  }
  isAsking = false;
}

/** Asks whenever the line is back, and every few minutes. */
export function tendHeld(onSettled: (write: AnyWrite, reply: Reply<never>) => void): void {
  settle = onSettled;
  // What was held on this page just now has been answered just now.
  let before = performance.timeOrigin;
  connection.subscribe(({ is }) => {
    if (is !== "ready") return;
    void askAfter(before);
    before = Infinity;
  });
  setInterval(() => void askAfter(), AGAIN_MS);
}
