import { signal } from "@preact/signals";
import type { CircleCode } from "@driftsea/protocol";
import { dropCircleCode, waitingCircleCode } from "../circle-code.ts";
import { send } from "../connection.ts";
import { explain, say } from "../say.ts";
import { forgetCodes, keepCode } from "./kept.ts";
import { refused } from "./refused.ts";
import { refreshCircle } from "./river.ts";
import { circle } from "./state.ts";

/** The code of a link that was followed to here; nothing is done with it before somebody says so. */
export const arrival = signal<CircleCode | null>(null);
/** How the last one that was followed ended. */
export const accepted = signal<"done" | "before" | "gone" | null>(null);

export function lookForArrival(): void {
  const code = waitingCircleCode();
  if (code !== null) accepted.value = null;
  arrival.value = code;
}

const linkOf = (code: CircleCode): string =>
  `${location.origin}${location.pathname}#/circle/${code}`;

/** A link that makes whoever follows it a friend; null where none could be made. */
export async function invite(): Promise<string | null> {
  const reply = await send("circle:invite", {});
  if (!reply?.ok) {
    refused(reply);
    return null;
  }
  keepCode(reply.data.code, "made");
  return linkOf(reply.data.code);
}

export async function accept(code: CircleCode): Promise<void> {
  const reply = await send("circle:accept", { code });
  if (reply === null) return explain(reply);
  // Used, run out, one's own, or a circle that is full: the server tells none of these from another.
  if (!reply.ok && reply.error.code !== "gone") return explain(reply);
  dropCircleCode();
  arrival.value = null;
  if (reply.ok) keepCode(code, "followed");
  const before = circle.peek()?.friends;
  await refreshCircle();
  // Who followed it before is answered as then: his own number says whether anything has changed.
  const isNew = before === undefined || (circle.peek()?.friends ?? 0) > before;
  accepted.value = !reply.ok ? "gone" : isNew ? "done" : "before";
}

export function decline(): void {
  dropCircleCode();
  arrival.value = null;
}

/** Parts from all friends, or from those who came by one link. */
export async function leaveCircle(code?: CircleCode): Promise<void> {
  const reply = await send("circle:leave", code === undefined ? { all: true } : { code });
  if (!reply?.ok) return explain(reply);
  forgetCodes(code);
  say({ key: "circleLeft" });
  await refreshCircle();
}
