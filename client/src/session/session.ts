import { signal } from "@preact/signals";
import type { Persona, Quotas } from "@driftsea/protocol";
import { send } from "../connection.ts";
import { emptyOutbox } from "../outbox.ts";
import { explain, say } from "../say.ts";
import { forgetAll } from "../store.ts";
import type { Heard } from "../events.ts";

/** The mask this browser wears on the shore, and what it may still do today. */
export const self = signal<Omit<Persona, "id"> | null>(null);
export const quotas = signal<Quotas | null>(null);

export const heardOfSession: Heard = {
  "session:penalty": ({ untilAt }) => say({ key: "penalty", values: { time: untilAt } }, 20_000),
};

export async function forgetMe(): Promise<void> {
  const reply = await send("session:forget", {});
  if (!reply?.ok) return explain(reply);
  emptyOutbox();
  forgetAll();
  location.replace(location.pathname);
}
