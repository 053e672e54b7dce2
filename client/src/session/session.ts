import { signal } from "@preact/signals";
import type { Persona, Quotas } from "@driftsea/protocol";

/** The mask this browser wears on the shore, and what it may still do today. */
export const self = signal<Omit<Persona, "id"> | null>(null);
/** What a browser is shown that shall take this server's pushes; null where it sends none. */
export const pushKey = signal<string | null>(null);
export const quotas = signal<Quotas | null>(null);
