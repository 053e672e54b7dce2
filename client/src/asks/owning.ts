import { signal } from "@preact/signals";
import { cleanText, plainText } from "@driftsea/protocol";
import type {
  BoxId,
  BoxQuestion,
  Data,
  OwnerKey,
  Payload,
  QuestionId,
  Reply,
} from "@driftsea/protocol";
import { offerAsBottle } from "../bottles/offering.ts";
import { connection, send } from "../connection.ts";
import { forgetDraft, layAside } from "../drafts.ts";
import type { Heard } from "../events.ts";
import { hashOf, newOwnerKey } from "../feed/kept.ts";
import { newId, post } from "../outbox.ts";
import { explain, isDone, say } from "../say.ts";
import { keepBox, kept, recallBox } from "./kept.ts";
import { heardOfReading, openBox } from "./reading.ts";

/** One's own box, as only its key shows it; null while it has not been read. */
export type Owning = Data<"ask:questions">;
export const owning = signal<Owning | null>(null);
/** What came of the last look into it. */
export const look = signal<"here" | "failed" | "ended" | null>(null);
/** It was made just now: its link is what one wants first. */
export const isNew = signal(false);

export const answerDraft = (id: QuestionId): string => `answer:${id}`;

/** Whoever holds both rules the box. */
function owned(): { box: BoxId; ownerKey: OwnerKey } | null {
  const mine = kept.peek();
  return mine?.box ? { box: mine.box, ownerKey: mine.key } : null;
}

export async function makeBox(): Promise<void> {
  recallBox();
  if (owned()) return lookIn();
  // Kept before it goes out: where no reply comes, the same box is made again.
  const { id, key } = kept.peek() ?? { id: newId(), key: newOwnerKey() };
  keepBox({ id, key, box: null });
  const reply = await send("ask:make", { id, ownerHash: await hashOf(key) });
  if (!reply?.ok) {
    // It was closed from elsewhere, before its making was heard of.
    if (reply?.error.code === "gone") keepBox(null);
    return explain(reply);
  }
  keepBox({ id, key, box: reply.data.box });
  isNew.value = true;
  await lookIn();
}

/** What waits, and how it stands. Each look puts the box's end off. */
export async function lookIn(): Promise<void> {
  const mine = owned();
  if (!mine) return;
  const before = owning.peek();
  const [reply] = await Promise.all([send("ask:questions", mine), openBox(mine.box)]);
  // Something was done meanwhile: this is how it stood before that, or after.
  if (reply?.ok && owning.peek() !== before) return lookIn();
  if (reply?.ok) {
    owning.value = reply.data;
    look.value = "here";
  } else if (reply?.error.code === "gone") {
    forget("ended");
  } else {
    look.value = "failed";
  }
}

function forget(how: "ended" | null): void {
  for (const { id } of owning.peek()?.questions ?? []) forgetDraft(answerDraft(id));
  keepBox(null);
  owning.value = null;
  isNew.value = false;
  look.value = how;
}

function without(id: QuestionId): void {
  const now = owning.peek();
  if (now) owning.value = { ...now, questions: now.questions.filter((one) => one.id !== id) };
}

export function answer({ id: questionId }: BoxQuestion, text: string): void {
  const mine = owned();
  if (!mine) return;
  post({ name: "ask:answer", payload: { id: newId(), ...mine, questionId, text } });
  if (connection.peek().is !== "ready") say({ key: "waitsForSea" });
}

export function settleAnswer(
  { box, questionId, text }: Payload<"ask:answer">,
  reply: Reply<Data<"ask:answer">>,
): void {
  if (reply.ok) {
    without(questionId);
    heardOfReading["ask:answered"]?.({ box, answer: reply.data.answer });
    return say({ key: "boxAnswered" });
  }
  const { code } = reply.error;
  if (code !== "conflict" && code !== "gone") {
    layAside(answerDraft(questionId), text);
    return explain(reply);
  }
  // Answered or dropped from elsewhere: there is no field any more in which it would be seen.
  offerAsBottle(text, "boxTooLate");
  void lookIn();
}

/** Takes a question away, or an answer. */
export async function drop(questionId: QuestionId): Promise<void> {
  const mine = owned();
  if (!mine) return;
  const reply = await send("ask:drop", { ...mine, questionId });
  if (!isDone(reply)) return;
  forgetDraft(answerDraft(questionId));
  without(questionId);
  heardOfReading["ask:withdrawn"]?.({ box: mine.box, answerId: questionId });
}

async function set(change: { isOn?: boolean; mutedWords?: string[] }): Promise<void> {
  const mine = owned();
  const now = owning.peek();
  if (!mine || !now) return;
  owning.value = { ...now, ...change };
  const reply = await send("ask:set", { ...mine, ...change });
  if (reply?.ok) return;
  explain(reply);
  // It may have been done all the same.
  await lookIn();
}

export const setOn = (isOn: boolean): Promise<void> => set({ isOn });

export function muteWord(word: string): void {
  const words = owning.peek()?.mutedWords ?? [];
  const known = words.map(plainText);
  if (cleanText(word) === "" || known.includes(plainText(word))) return;
  void set({ mutedWords: [...words, cleanText(word)] });
}

export function unmuteWord(word: string): void {
  const words = owning.peek()?.mutedWords ?? [];
  void set({ mutedWords: words.filter((one) => one !== word) });
}

/** Gone from the server, for everybody. */
export async function closeBox(): Promise<void> {
  const mine = owned();
  if (!mine) return;
  const reply = await send("ask:close", mine);
  if (!isDone(reply)) return;
  forget(null);
  say({ key: "boxClosed" });
}

export const heardOfOwning: Heard = {
  "ask:asked": ({ box }) => {
    if (kept.peek()?.box === box) void lookIn();
  },
  // Closed from elsewhere.
  "ask:gone": ({ box }) => {
    if (kept.peek()?.box === box) forget("ended");
  },
};
