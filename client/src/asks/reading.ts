import { signal } from "@preact/signals";
import type { BoxId, Payload, Reply } from "@driftsea/protocol";
import { connection, send, serverNow } from "../connection.ts";
import { layAside } from "../drafts.ts";
import type { Heard } from "../events.ts";
import { newId, post } from "../outbox.ts";
import { go } from "../route.ts";
import { explain, say } from "../say.ts";
import { withAnswer, withFirstPage, withPage } from "./pages.ts";
import type { Pages } from "./pages.ts";

/** The box that lies open, as anybody with the link sees it. */
export interface Reading extends Pages {
  box: BoxId;
  is: "reading" | "read" | "failed" | "gone";
  isOn: boolean;
  /** Answers that have come while one was reading. */
  fresh: number;
}
export const reading = signal<Reading | null>(null);

export const draftPlace = (box: BoxId): string => `ask:${box}`;

function change(box: BoxId, by: (now: Reading) => Partial<Reading>): void {
  const now = reading.peek();
  if (now?.box === box) reading.value = { ...now, ...by(now) };
}

/** Reads a box; of one that lies open already, what was missed. */
export async function openBox(box: BoxId): Promise<void> {
  if (reading.peek()?.box !== box)
    reading.value = { box, is: "reading", isOn: true, answers: [], cursor: null, fresh: 0 };
  await readPage(box, null);
}

export async function readOn(box: BoxId): Promise<void> {
  const now = reading.peek();
  if (now?.box !== box || now.is === "reading") return;
  change(box, () => ({ is: "reading" }));
  await readPage(box, now.cursor);
}

async function readPage(box: BoxId, cursor: string | null): Promise<void> {
  const before = reading.peek();
  const reply = await send("ask:read", { box, ...(cursor === null ? {} : { cursor }) });
  const heard = reading.peek();
  if (heard?.box !== box || heard.is === "gone") return;
  // What was heard meanwhile may stand in no page that was read before it.
  if (reply?.ok && cursor === null && heard !== before) return readPage(box, null);
  if (!reply?.ok) {
    const isGone = reply?.error.code === "gone" || reply?.error.code === "invalid";
    return change(box, () => ({ is: isGone ? "gone" : "failed" }));
  }
  const { answers, isOn } = reply.data;
  const page = { answers, cursor: reply.data.cursor ?? null };
  change(box, (now) => ({
    is: "read",
    ...(cursor === null ? { isOn, ...withFirstPage(now, page) } : withPage(now, page)),
  }));
}

export function ask(box: BoxId, text: string): void {
  post({ name: "ask:ask", payload: { id: newId(), box, text } });
  if (connection.peek().is !== "ready") say({ key: "waitsForSea" });
}

/** Where it is not the one that lies open: on its sheet the question stands to be read. */
function sayGone(box: BoxId): void {
  const run = (): void => go({ sheet: "ask", id: box });
  say({ key: "askGoneNow", act: { key: "tryAgain", run } }, 20_000);
}

export function settleQuestion({ box, text }: Payload<"ask:ask">, reply: Reply<unknown>): void {
  if (reply.ok) return say({ key: "askLies" });
  layAside(draftPlace(box), text);
  const { code, retryAfterMs } = reply.error;
  if (code === "gone") {
    if (reading.peek()?.box !== box) sayGone(box);
    change(box, () => ({ is: "gone" }));
  } else if (code === "locked") {
    change(box, () => ({ isOn: false }));
    say({ key: "askShutNow" });
  } else if (code === "quota_exceeded") {
    say({ key: "askEnough", values: { time: serverNow() + (retryAfterMs ?? 0) } }, 20_000);
  } else explain(reply);
}

export const heardOfReading: Heard = {
  "ask:answered": ({ box, answer }) =>
    change(box, (now) => {
      const next = withAnswer(now, answer);
      return next === now ? {} : { ...next, fresh: now.fresh + 1 };
    }),
  "ask:withdrawn": ({ box, answerId }) =>
    change(box, ({ answers }) => ({ answers: answers.filter(({ id }) => id !== answerId) })),
  "ask:changed": ({ box, isOn }) => change(box, () => ({ isOn })),
  "ask:gone": ({ box }) => change(box, () => ({ is: "gone", answers: [] })),
};
