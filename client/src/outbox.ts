import { effect, signal } from "@preact/signals";
import type { CommandName, Payload, Reply } from "@driftsea/protocol";
import { connection, send } from "./connection.ts";
import { loadJson, saveJson } from "./store.ts";

/** Writes that carry an id: the same id again is the same write, so they can wait and be repeated. */
export type WriteName = "bottle:throw" | "bottle:answer" | "thread:send" | "safety:report";

export type Write = { [N in WriteName]: { name: N; payload: Payload<N> } }[WriteName];

/** What was written and has no reply yet, in order. Survives a reload. */
export const waiting = signal<readonly Write[]>(loadJson<Write[]>("outbox", []));

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
  keep([...waiting.value, write]);
}

function keep(writes: readonly Write[]): void {
  saveJson("outbox", writes);
  waiting.value = writes;
}

export function emptyOutbox(): void {
  keep([]);
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
    keep(waiting.peek().filter((other) => other.payload.id !== write.payload.id));
    deliver(write, reply);
  }
  isRunning = false;
}
