import { signal } from "@preact/signals";
import { send } from "../connection.ts";
import { newId } from "../outbox.ts";
import { go, route } from "../route.ts";
import { explain, say } from "../say.ts";
import { loadJson, saveJson } from "../store.ts";

/** What became of something of one's own that others complained of. */
export interface Notice {
  id: string;
  /** What it is: a bottle, a letter, a message… */
  kind: string;
  state: "hidden" | "restored" | "removed";
  reason: string;
  mayAppeal: boolean;
}

const NOTICES = "notices";
/** The oldest are forgotten. */
const MOST = 50;
export const notices = signal<readonly Notice[]>(loadJson<Notice[]>(NOTICES, []));

function set(next: readonly Notice[]): void {
  notices.value = next.slice(0, MOST);
  saveJson(NOTICES, notices.peek());
}

interface Told {
  noticeId: string;
  target: { kind: string };
  reason?: string;
  mayAppeal?: boolean;
}

/** Told once, by an event or the inbox: so it is kept here until it is put away. */
export function learnOf(state: Notice["state"], told: Told): void {
  const { noticeId: id, target, reason = "", mayAppeal = false } = told;
  const before = notices.peek().find((one) => one.id === id);
  if (before?.state === state) return;
  const notice = {
    id,
    kind: target.kind,
    state,
    reason: reason || (before?.reason ?? ""),
    mayAppeal,
  };
  set([notice, ...notices.peek().filter((one) => one.id !== id)]);
  if (route.peek().sheet === "notices") return;
  const run = (): void => go({ sheet: "notices" });
  say({ key: `item_${state}`, act: { key: "tryAgain", run } }, 20_000);
}

export const forgetNotice = (id: string): void =>
  set(notices.peek().filter((one) => one.id !== id));

/** Whether it was taken; what was written stays where it was not. */
export async function appeal(notice: Notice, text: string): Promise<boolean> {
  const payload = { id: newId(), noticeId: notice.id, text };
  const reply = await send("safety:appeal" as never, payload as never);
  const answer = reply as { ok: boolean; error?: { code: string } } | null;
  // `gone`: it was decided meanwhile, or said before.
  if (!answer?.ok && answer?.error?.code !== "gone") {
    explain(reply);
    return false;
  }
  set(notices.peek().map((one) => (one.id === notice.id ? { ...one, mayAppeal: false } : one)));
  say({ key: answer.ok ? "appealed" : "appealTooLate" });
  return true;
}
