import { signal } from "@preact/signals";
import type { WriteId } from "@driftsea/protocol";
import { send } from "../connection.ts";
import { newId } from "../outbox.ts";
import { go, route } from "../route.ts";
import { explain, say } from "../say.ts";
import { loadJson, saveJson, whenChanged } from "../store.ts";

/** What became of something of one's own that others complained of. */
export interface Notice {
  id: string;
  /** What it is: a bottle, a letter, a message… */
  kind: string;
  state: "hidden" | "restored" | "removed";
  reason: string;
  mayAppeal: boolean;
  isAway?: boolean;
  /** The same id again is the same appeal: it is kept before it goes out. */
  appealId?: WriteId;
}

const NOTICES = "notices";
/** The oldest are forgotten. */
const MOST = 50;
const loadNotices = (): Notice[] => loadJson<Notice[]>(NOTICES, []);
export const notices = signal<readonly Notice[]>(loadNotices());
whenChanged(NOTICES, () => (notices.value = loadNotices()));

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
  // What an inbox tells late does not undo what was decided since.
  if (before && (before.state === state || state === "hidden")) return;
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

const change = (id: string, by: Partial<Notice>): void =>
  set(notices.peek().map((one) => (one.id === id ? { ...one, ...by } : one)));

/** Out of sight; it is remembered that it was told. */
export const putAway = (id: string): void => change(id, { isAway: true });

/** Whether it was taken; what was written stays where it was not. */
export async function appeal({ id: noticeId, appealId }: Notice, text: string): Promise<boolean> {
  const id = appealId ?? newId();
  change(noticeId, { appealId: id });
  const reply = await send("safety:appeal", { id, noticeId, text });
  // `gone`: it was decided meanwhile. `conflict`: it was said before.
  const isOver = reply?.ok === false && ["gone", "conflict"].includes(reply.error.code);
  if (!reply?.ok && !isOver) {
    explain(reply);
    return false;
  }
  change(noticeId, { mayAppeal: false });
  say({ key: isOver ? "appealTooLate" : "appealed" });
  return true;
}
