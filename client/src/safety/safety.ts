import type { BottleId, Payload, Reply, ReportReason, ThreadId } from "@driftsea/protocol";
import { dropHeld } from "../bottles/bottles.ts";
import { send } from "../connection.ts";
import { layAside } from "../drafts.ts";
import { newId, post } from "../outbox.ts";
import { explain, say } from "../say.ts";
import { forgetThread, refreshThreads } from "../threads/threads.ts";

/** Where what a moderator should know is kept while it is written. */
export const NOTE = "note";

type Target = Payload<"safety:report">["target"];

type More = Omit<Payload<"safety:report">, "id" | "target" | "reason">;

export function report(target: Target, reason: ReportReason, more: More = {}): void {
  post({ name: "safety:report", payload: { id: newId(), target, reason, ...more } });
}

export function settleReport({ note = "" }: Payload<"safety:report">, reply: Reply<unknown>): void {
  if (!reply.ok) {
    layAside(NOTE, note);
    return explain(reply);
  }
  say({ key: "reported" });
}

/** Whether it was done. */
export async function block(target: Target): Promise<boolean> {
  const reply = await send("safety:block", { target });
  if (!reply?.ok) {
    explain(reply);
    return false;
  }
  if (target.kind === "bottle") dropHeld(target.id as BottleId);
  // First: what was being written to him goes with him, and is not offered as a bottle.
  if (target.kind === "thread") forgetThread(target.id as ThreadId);
  await refreshThreads();
  say({ key: "blocked" });
  return true;
}
