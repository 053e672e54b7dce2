import { signal } from "@preact/signals";
import type { Persona, Quota, Quotas } from "@driftsea/protocol";
import { serverNow } from "../connection.ts";

/** The mask this browser wears on the shore, and what it may still do today. */
export const self = signal<Omit<Persona, "id"> | null>(null);
/** What a browser is shown that shall take this server's pushes; null where it sends none. */
export const pushKey = signal<string | null>(null);
export const quotas = signal<Quotas | null>(null);

/** Whether nothing is left of it, and its time has not come yet. */
export const isSpent = (quota: Quota | undefined): boolean =>
  quota?.left === 0 && quota.resetsAt > serverNow();

/** Whatever says that one is spent is looked at again when it is no more. */
quotas.subscribe((all) => {
  for (const quota of Object.values(all ?? {}) as Quota[])
    if (isSpent(quota))
      setTimeout(() => (quotas.value = { ...quotas.peek()! }), quota.resetsAt - serverNow());
});
