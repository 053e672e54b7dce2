import "../styles/safety.css";
import type { Reply } from "@driftsea/protocol";
import type { Heard } from "../events.ts";
import type { Write } from "../outbox.ts";
import { say } from "../say.ts";
import { ask } from "./asking.ts";
import { keepHeld } from "./held.ts";
import { learnOf } from "./notices.ts";
import { heardOfPenalties } from "./penalties.ts";
import "./texts.ts";

export { Beside } from "./Beside.tsx";
export { BannedSheet, ClosedStrip } from "./Closed.tsx";
export { NoticesSheet } from "./NoticesSheet.tsx";
export { ReportPanel } from "./ReportPanel.tsx";
export { putBack } from "./asking.ts";
export { keepHeld, letGoOfCommentsOn, tendHeld } from "./held.ts";
export { isClosed, isWritingClosed, refusedAsClosed } from "./penalties.ts";

/** Whether a refused write is asked about here, and nowhere else. */
export function takeUp(write: Write, reply: Reply<unknown> & { ok: false }): boolean {
  if (reply.error.code !== "held_for_review") return ask(write, reply);
  keepHeld(write);
  say({ key: "heldFirst" }, 20_000);
  return true;
}

export const heard: Heard = {
  ...heardOfPenalties,
  "item:hidden": (told) => learnOf("hidden", told),
  "item:restored": (told) => learnOf("restored", told),
  "item:removed": (told) => learnOf("removed", told),
};
