import { signal } from "@preact/signals";
import type { DeskVerb, DeskVerbs } from "@driftsea/protocol";
import { loadOfTab, saveOfTab } from "../store.ts";
import { Refused, request } from "./api.ts";
import type { TextKey } from "./texts.ts";

interface Session {
  token: string;
  name: string;
}

/** Nobody is at the desk for so long: it is left, in ms. The server does the same with a closed page. */
const UNATTENDED_MS = 30 * 60 * 1000;
const LOOK_MS = 30_000;
const KEY = "desk";

function kept(): Session | null {
  try {
    return JSON.parse(loadOfTab(KEY) ?? "null") as Session | null;
  } catch {
    return null;
  }
}

export const session = signal<Session | null>(kept());
/** Why one is asked to sign in again. */
export const farewell = signal<TextKey | null>(null);

function keep(next: Session | null): void {
  session.value = next;
  saveOfTab(KEY, next && JSON.stringify(next));
}

/** A request in this session, which is over where the server knows it no more. @throws Refused */
export async function ask<V extends DeskVerb>(
  verb: V,
  payload: DeskVerbs[V]["payload"],
): Promise<DeskVerbs[V]["data"]> {
  const token = session.peek()?.token ?? null;
  try {
    return await request(verb, payload, token);
  } catch (error) {
    const isOver = error instanceof Refused && error.error.code === "unauthorized";
    if (isOver && session.peek()?.token === token) leave("endedSession");
    throw error;
  }
}

/** @throws Refused */
export async function signIn(payload: DeskVerbs["sign-in"]["payload"]): Promise<void> {
  const next = await request("sign-in", payload, null);
  farewell.value = null;
  seenAt = Date.now();
  keep(next);
}

/** Forgets the session here. */
export function leave(why: TextKey): void {
  farewell.value = why;
  keep(null);
}

export async function signOut(why: TextKey = "signedOut"): Promise<void> {
  const token = session.peek()?.token ?? null;
  leave(why);
  // Without the server it ends by itself.
  await request("sign-out", {}, token).catch(() => {});
}

let seenAt = Date.now();
for (const event of ["pointerdown", "keydown", "wheel"])
  addEventListener(event, () => (seenAt = Date.now()), { passive: true });
setInterval(() => {
  if (session.peek() && Date.now() - seenAt > UNATTENDED_MS) void signOut("leftAlone");
}, LOOK_MS);
