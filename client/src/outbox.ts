import { effect, signal } from "@preact/signals";
import { nanoid } from "nanoid";
import type { CommandName, Payload, Reply, WriteId } from "@driftsea/protocol";
import { connection, send } from "./connection.ts";
import { keysBelow, loadJson, save, saveJson } from "./store.ts";

/** Writes that carry an id: the same id again is the same write, so they can wait and be repeated. */
export type WriteName = "bottle:throw" | "bottle:answer" | "thread:send" | "safety:report";

export type Write = { [N in WriteName]: { name: N; payload: Payload<N> } }[WriteName];

export const newId = (): WriteId => nanoid<WriteId>();

/** Each write is kept by itself, so that two tabs do not overwrite each other's. */
interface Kept {
  at: number;
  write: Write;
}
const keyOf = (write: Write): string => `write:${write.payload.id}`;

function loadKept(): Write[] {
  const kept = keysBelow("write:").map((key) => loadJson<Kept | null>(key, null));
  return kept
    .filter((one) => one !== null)
    .sort((a, b) => a.at - b.at)
    .map((one) => one.write);
}

/** What was written and has no reply yet, in order. Survives a reload. */
export const waiting = signal<readonly Write[]>(loadKept());

/** These may succeed later without being changed; everything else is for the writer to decide. */
const LATER = new Set(["unavailable", "internal", "rate_limited"]);
const RETRY_MS = 2000;
/** An `internal` may be for ever: it is tried this often. */
const TRIES = 5;

let deliver: (write: Write, reply: Reply<never>) => void = () => {};
let isRunning = false;

/** `onReply` hears how each write ended, also of those from before a reload. */
export function startOutbox(onReply: (write: Write, reply: Reply<never>) => void): void {
  deliver = onReply;
  effect(() => {
    if (connection.value.is === "ready" && waiting.value.length > 0) void drain();
  });
}

export function post(write: Write): void {
  saveJson(keyOf(write), { at: Date.now(), write } satisfies Kept);
  waiting.value = [...waiting.value, write];
}

function settled(write: Write): void {
  save(keyOf(write), null);
  waiting.value = waiting.value.filter((other) => other.payload.id !== write.payload.id);
}

export function emptyOutbox(): void {
  for (const write of waiting.value) settled(write);
}

async function drain(): Promise<void> {
  if (isRunning) return;
  isRunning = true;
  let tries = 0;
  while (waiting.peek().length > 0 && connection.peek().is === "ready") {
    const write = waiting.peek()[0]!;
    const reply = (await send(
      write.name as CommandName,
      write.payload as never,
    )) as Reply<never> | null;
    if (reply === null || (!reply.ok && LATER.has(reply.error.code) && tries < TRIES)) {
      if (reply) tries += 1;
      const waitMs = reply && !reply.ok ? reply.error.retryAfterMs : undefined;
      await new Promise((done) => setTimeout(done, waitMs ?? RETRY_MS));
      continue;
    }
    tries = 0;
    settled(write);
    deliver(write, reply);
  }
  isRunning = false;
}
