import { batch } from "@preact/signals";
import type { Events, Reply } from "@driftsea/protocol";
import { heardOfBottles, refreshBottles, refreshSeas } from "./bottles/bottles.ts";
import { settleAnswer, settleThrow } from "./bottles/bottles.ts";
import { isSomebodyNew, send } from "./connection.ts";
import type { Heard } from "./events.ts";
import type { Write } from "./outbox.ts";
import { settleReport } from "./safety/safety.ts";
import { say } from "./say.ts";
import { heardOfSession, quotas, self } from "./session/session.ts";
import {
  heardOfThreads,
  readOnWhereOpen,
  refreshThreads,
  settleLetter,
} from "./threads/threads.ts";

const heard: Heard = {
  ...heardOfSession,
  ...heardOfBottles,
  ...heardOfThreads,
  "session:ready": (ready) => {
    batch(() => {
      self.value = ready.persona;
      quotas.value = ready.quotas;
    });
    if (isSomebodyNew.value) {
      isSomebodyNew.value = false;
      say({ key: "somebodyNew" });
    }
    void refresh();
  },
};

/** What the server tells goes to the feature that it is about. */
export function hear(event: string, payload: never): void {
  (heard[event as keyof Events] as ((payload: never) => void) | undefined)?.(payload);
}

/** After each arrival: how things stand, and what was missed. */
async function refresh(): Promise<void> {
  await refreshSeas();
  await Promise.all([refreshBottles(), refreshThreads()]);
  let cursor: string | undefined;
  for (;;) {
    // The next call says that the last page has arrived.
    const page = await send("session:inbox", cursor === undefined ? {} : { after: cursor });
    if (!page?.ok || page.data.items.length === 0) break;
    cursor = page.data.cursor;
    for (const { kind, ...payload } of page.data.items) hear(kind, payload as never);
  }
  await readOnWhereOpen();
}

/** How a write ended goes to the feature that made it. */
export function settle(write: Write, reply: Reply<never>): void {
  switch (write.name) {
    case "bottle:throw":
      return settleThrow(write.payload, reply);
    case "bottle:answer":
      return settleAnswer(write.payload, reply);
    case "thread:send":
      return settleLetter(write.payload, reply);
    case "safety:report":
      return settleReport(reply);
  }
}
