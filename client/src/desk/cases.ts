import { computed, effect, signal } from "@preact/signals";
import type { DeskDecision, DeskItem, DeskReason } from "@driftsea/protocol";
import { Refused } from "./api.ts";
import { ask, session } from "./session.ts";
import { say, waiting } from "./texts.ts";

/** New cases are asked for so often, in ms. */
const POLL_MS = 5000;
/** A decision can be taken back for so long before it is sent, in ms. */
const UNDO_MS = 5000;

interface Pending {
  item: DeskItem;
  decision: DeskDecision;
  reason: DeskReason;
  timer: ReturnType<typeof setTimeout>;
}

const served = signal<readonly DeskItem[]>([]);
/** Decided here: not shown again, whatever an answer says that was under way meanwhile. */
const decided = signal<ReadonlySet<string>>(new Set());
const currentId = signal<string | null>(null);
export const hasLoaded = signal(false);
/** The last time that was asked, no answer came. */
let isAway = false;
export const pending = signal<Pending | null>(null);
/** A decision that has yet to get its reason. */
export const choosing = signal<DeskDecision | null>(null);
/** What one is told: in the language that is chosen when it is read. */
type Said = () => string;
export const nothing: Said = () => "";
export const said = signal<Said>(nothing);

export const cases = computed(() => served.value.filter(({ id }) => !decided.value.has(id)));
export const current = computed(
  () => cases.value.find(({ id }) => id === currentId.value) ?? cases.value[0] ?? null,
);
export const position = computed(() => cases.value.findIndex((one) => one === current.value));

/** What a person is told of an error. */
export function fault(error: unknown): string {
  const { code } = error instanceof Refused ? error.error : { code: "internal" };
  return code === "unavailable" ? say("away") : say("fault", { code });
}

export function select(id: string): void {
  currentId.value = id;
  choosing.value = null;
}

/** Goes on by so many, round the end. */
export function step(by: number): void {
  const all = cases.value;
  const next = all[(position.value + by + all.length) % all.length];
  if (next) select(next.id);
}

export async function load(): Promise<void> {
  try {
    const { items } = await ask("queue", {});
    const known = new Set(served.value.map(({ id }) => id));
    const isNew = hasLoaded.value && items.some(({ id }) => !known.has(id));
    // The one that is being read stays where it is until it is left.
    currentId.value = current.value?.id ?? null;
    served.value = items;
    // Where it is gone, nothing that was begun on it is done to another.
    if (current.value?.id !== currentId.value) choosing.value = null;
    hasLoaded.value = true;
    if (isAway) said.value = nothing;
    isAway = false;
    const count = cases.value.length;
    if (isNew) said.value = () => say("newCase", { waiting: waiting(count) });
  } catch (error) {
    isAway = true;
    said.value = () => fault(error);
  }
}

/** Sends a decision when it can no more be taken back. An earlier one that still waits goes at once. */
export function decide(decision: DeskDecision, reason: DeskReason): void {
  const item = current.value;
  if (!item) return;
  flush();
  const at = position.value;
  choosing.value = null;
  said.value = nothing;
  decided.value = new Set([...decided.value, item.id]);
  currentId.value = (cases.value[at] ?? cases.value[0])?.id ?? null;
  pending.value = { item, decision, reason, timer: setTimeout(flush, UNDO_MS) };
}

export function undo(): void {
  const taken = pending.value;
  if (!taken) return;
  clearTimeout(taken.timer);
  pending.value = null;
  bringBack(taken.item);
  said.value = () => say("undone");
}

function bringBack({ id }: DeskItem): void {
  decided.value = new Set([...decided.value].filter((one) => one !== id));
  select(id);
}

function flush(): void {
  const due = pending.value;
  if (!due) return;
  clearTimeout(due.timer);
  pending.value = null;
  void send(due);
}

async function send({ item, decision, reason }: Pending): Promise<void> {
  try {
    const { outcome } = await ask("decide", { id: item.id, decision, reason });
    await load();
    // Last, or a case that came with it would be told instead.
    said.value = () => say(`outcome_${outcome}`);
  } catch {
    said.value = () => say("notSent");
    bringBack(item);
  }
}

/** What waits is sent before one leaves. */
export async function settle(): Promise<void> {
  const due = pending.value;
  if (!due) return;
  clearTimeout(due.timer);
  pending.value = null;
  await send(due);
}

effect(() => {
  if (!session.value) {
    served.value = [];
    decided.value = new Set();
    hasLoaded.value = false;
    choosing.value = null;
    if (pending.peek()) clearTimeout(pending.peek()!.timer);
    pending.value = null;
    return;
  }
  void load();
  const timer = setInterval(() => void load(), POLL_MS);
  return () => clearInterval(timer);
});
