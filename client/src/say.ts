import { signal } from "@preact/signals";
import type { Reply } from "@driftsea/protocol";
import { serverNow } from "./connection.ts";
import type { TextKey } from "./i18n/index.ts";

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

let onClosed: (reason: string, retryAfterMs: number) => void = () => {};
/** Who knows what is closed to one just now says it. */
export function whenClosed(act: typeof onClosed): void {
  onClosed = act;
}

/** Says why a reply is no success; null is no reply at all. */
export function explain(reply: Reply<unknown> | null, act?: Saying["act"]): void {
  const more = act ? { act } : {};
  if (reply === null) return say({ key: "noReply", ...more });
  if (reply.ok) return;
  const { code, retryAfterMs, fields } = reply.error;
  if (fields?.["penalty"] !== undefined) return onClosed(fields["penalty"], retryAfterMs ?? 0);
  if (code === "rejected" || code === "confirmation_needed")
    return say({ key: "wordsMarked", ...more }, 20_000);
  if (code === "quota_exceeded") {
    const time = serverNow() + (retryAfterMs ?? 0);
    return say({ key: "quotaExceeded", values: { time }, ...more }, 20_000);
  }
  if (code === "gone") return say({ key: "gone", ...more });
  if (code === "rate_limited") return say({ key: "tooFast", ...more });
  if (code === "invalid") return say({ key: "invalid", ...more }, 20_000);
  say({ key: "wentWrong", ...more });
}

/** Whether it is done, or there is nothing any more to do it to; else says why not. */
export function isDone(reply: Reply<unknown> | null): boolean {
  if (reply?.ok || reply?.error.code === "gone") return true;
  explain(reply);
  return false;
}
