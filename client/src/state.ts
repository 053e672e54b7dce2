import { computed, signal } from "@preact/signals";
import type {
  Creature,
  HeldBottle,
  OwnBottle,
  Persona,
  Quotas,
  Sea,
  SeaId,
  Thread,
  ThreadId,
  ThreadMessage,
} from "@driftsea/protocol";
import { loadJson, saveJson } from "./store.ts";
import type { TextKey } from "./i18n/index.ts";

/** What this page knows of the sea. Views read it; actions.ts alone writes it. */
export const self = signal<Omit<Persona, "id"> | null>(null);
export const quotas = signal<Quotas | null>(null);
export const seas = signal<readonly Sea[]>([]);
export const chosenSea = signal<SeaId>("world" as SeaId);
export const bottles = signal<readonly OwnBottle[]>([]);
export const held = signal<readonly HeldBottle[]>([]);

export interface OpenThread {
  thread: Thread;
  messages: readonly ThreadMessage[];
  /** Older letters have given way on the server. */
  isTorn: boolean;
  otherTypes: boolean;
}
export const threads = signal<ReadonlyMap<ThreadId, OpenThread>>(new Map());

/** The last letter that was read, by thread. */
export const lastRead = signal<Readonly<Record<string, number>>>(loadJson("read", {}));

export function markRead(id: ThreadId, seq: number): void {
  if ((lastRead.value[id] ?? 0) >= seq) return;
  lastRead.value = { ...lastRead.value, [id]: seq };
  saveJson("read", lastRead.value);
}

export const unread = computed(() => {
  let count = 0;
  for (const { thread } of threads.value.values())
    if (!thread.muted && thread.head > (lastRead.value[thread.id] ?? 0)) count += 1;
  return count;
});

/** What a catch is doing, and what it brought up where that is no bottle. */
export type Haul =
  { is: "nothing" } | { is: "waiting" } | { is: "creature"; creature: Creature } | { is: "calm" };
export const haul = signal<Haul>({ is: "nothing" });

/** A throw that can still be taken back: nothing of it has been sent. */
export const inTheAir = signal<{ until: number; undo: () => void } | null>(null);

/** What is said quietly at the edge, and read aloud. */
export interface Saying {
  key: TextKey;
  values?: Record<string, string | number>;
  /** A thing to do about it. */
  act?: { key: TextKey; run: () => void };
}
export const saying = signal<Saying | null>(null);

let sayingTimer: ReturnType<typeof setTimeout> | undefined;

/** Says something for a while; long enough to read it twice. */
export function say(next: Saying, forMs = 8000): void {
  clearTimeout(sayingTimer);
  saying.value = next;
  sayingTimer = setTimeout(() => (saying.value = null), forMs);
}
