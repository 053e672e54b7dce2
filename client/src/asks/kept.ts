import { signal } from "@preact/signals";
import type { BoxId, OwnerKey, WriteId } from "@driftsea/protocol";
import { loadJson, save, saveJson } from "../store.ts";

/**
 * One's own box: its key, which only this browser has. `box` is null while its making has had no
 * reply: the same write again is the same box, and the key is never lost.
 */
export interface KeptBox {
  id: WriteId;
  key: OwnerKey;
  box: BoxId | null;
}

const KEY = "ask-box";

function loadBox(): KeptBox | null {
  const { id, key, box = null } = loadJson<Partial<KeptBox> | null>(KEY, null) ?? {};
  return id !== undefined && key !== undefined ? { id, key, box } : null;
}
export const kept = signal<KeptBox | null>(loadBox());

/** Another tab may have made one since: its key must not be lost. */
export function recallBox(): void {
  kept.value = loadBox();
}

export function keepBox(next: KeptBox | null): void {
  kept.value = next;
  if (next) saveJson(KEY, next);
  else save(KEY, null);
}

export const linkOf = (box: BoxId): string => `${location.origin}${location.pathname}#/ask/${box}`;
