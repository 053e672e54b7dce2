import { signal } from "@preact/signals";
import { LIMITS, cleanText, countChars } from "@driftsea/protocol";
import type { MeetEnd, MeetId, ReportReason, RoomId } from "@driftsea/protocol";
import { connection, send } from "../connection.ts";
import { layAside } from "../drafts.ts";
import type { Heard } from "../events.ts";
import { newId } from "../outbox.ts";
import { isMeetCalling, isSeeking, meetRoom } from "../places.ts";
import { go, route } from "../route.ts";
import { enter, forgetRoom, whenOver } from "../rooms/rooms.ts";
import { inRoom } from "../rooms/state.ts";
import { NOTE } from "../safety/safety.ts";
import type { ReportMore } from "../safety/ReportPanel.tsx";
import { explain, say } from "../say.ts";
import { loadOfTab, saveOfTab } from "../store.ts";

export type Mode = "random" | "shake";
export type Meet =
  | { is: "alone" }
  | { is: "seeking"; mode: Mode }
  | { is: "met"; meetId: MeetId; roomId: RoomId; shared: readonly string[]; again: boolean }
  /** `over`: one's own doing. */
  | { is: "ended"; reason: MeetEnd | "over" };

export const meet = signal<Meet>({ is: "alone" });
/** What was last sought by: "next" seeks by it again. */
export const interests = signal("");

function become(next: Meet): void {
  meet.value = next;
  isSeeking.value = next.is === "seeking";
  meetRoom.value = next.is === "met" ? next.roomId : null;
  if (next.is !== "met") isMeetCalling.value = false;
  saveOfTab("meet", next.is === "met" ? JSON.stringify(next) : null);
}

/** Words out of what was typed, as the server takes them. */
export function wordsOf(text: string): string[] {
  const words = text.split(/[,，、;；\n]+/).map(cleanText);
  const fitting = words.filter((word) => word !== "" && countChars(word) <= LIMITS.interestChars);
  return [...new Set(fitting)].slice(0, LIMITS.interests);
}

export async function seek(mode: Mode): Promise<void> {
  const sought = { is: "seeking", mode } as const;
  become(sought);
  const words = wordsOf(interests.value);
  const reply = await send("meet:seek", {
    mode,
    ...(mode === "random" && words.length > 0 ? { interests: words } : {}),
  });
  if (reply?.ok || meet.value !== sought) return;
  // Without a line it is sought again when that is back; else the answer alone was lost.
  if (!reply) return void setTimeout(() => void seekAgain(sought), AGAIN_MS);
  become({ is: "alone" });
  explain(reply);
}

/** So long after an answer that did not come it is asked again, in ms. */
const AGAIN_MS = 2000;

async function seekAgain(sought: Meet & { is: "seeking" }): Promise<void> {
  if (meet.value === sought && connection.peek().is === "ready") await seek(sought.mode);
}

/** Whoever is found within this time after a cancel was found before it, in ms. */
const CROSSING_MS = 5000;
let cancelledAt = -Infinity;

export function cancel(): void {
  cancelledAt = Date.now();
  become({ is: "alone" });
  void send("meet:cancel", {});
}

/** Out of the meeting, and nothing of it stays; where it was meant, and not the next one. */
async function part(meetId?: MeetId): Promise<void> {
  const now = meet.value;
  if (now.is !== "met" || (meetId !== undefined && now.meetId !== meetId)) return;
  become({ is: "ended", reason: "over" });
  forgetRoom(now.roomId);
  await send("meet:skip", { meetId: now.meetId });
}

export async function next(): Promise<void> {
  await part();
  await seek("random");
}

export const leave = (): Promise<void> => part();

/** Reports what the other wrote last, and goes: one action. */
export async function reportAndLeave(reason: ReportReason, more: ReportMore): Promise<void> {
  const now = meet.value;
  if (now.is !== "met") return;
  const open = inRoom(now.roomId);
  const said = open?.said.filter(
    ({ from, body }) => from.id !== open.me.id && body.is !== "control",
  );
  // What is still there says more than what has gone.
  const last =
    said?.findLast(({ body }) => body.is !== "gone") ??
    said?.findLast(({ timer }) => timer !== undefined);
  // Who has written nothing has left nothing that could be kept for a look.
  if (!last) {
    await part(now.meetId);
    return say({ key: "meetNothingSaid" });
  }
  const target = { kind: "room" as const, id: now.roomId, seq: last.seq };
  // First the report: with the meeting goes what it is about.
  // What has a timer may be gone there by now: then it is known from here alone.
  const opened = last.timer && last.body.is === "text" ? { opened: last.body.text } : {};
  const what = { id: newId(), target, reason, ...more, ...opened };
  const reply = await send("safety:report", what);
  // Where it may still be reported he stays: with the meeting would go what the report is about.
  if (reply && (reply.ok || !reply.error.retryable)) await part(now.meetId);
  if (reply?.ok) return say({ key: "meetReported" });
  layAside(NOTE, more.note ?? "");
  explain(reply);
}

export const heardOfMeets: Heard = {
  "meet:found": ({ meetId, roomId, shared, again }) => {
    // One that is no longer wanted here is for another page of this person, or too late: then the
    // other must not sit there alone.
    if (meet.value.is !== "seeking") {
      if (Date.now() - cancelledAt < CROSSING_MS) void send("meet:skip", { meetId });
      return;
    }
    become({ is: "met", meetId, roomId, shared, again });
    void enter(roomId);
    if (route.value.sheet === "lanterns") return;
    const goThere = (): void => go({ sheet: "lanterns" });
    // Who is writing elsewhere is called, and goes when he likes.
    if (!document.activeElement?.matches("textarea, input")) return goThere();
    isMeetCalling.value = true;
    say({ key: "meetFound", act: { key: "meetGo", run: goThere } }, 20_000);
  },
  "meet:ended": ({ meetId, reason }) => {
    const now = meet.value;
    if (now.is === "seeking" && reason === "nobody") become({ is: "ended", reason });
    // What is told of another meeting than this is from before.
    if (now.is !== "met" || now.meetId !== meetId) return;
    become({ is: "ended", reason });
    forgetRoom(now.roomId);
  },
  "session:penalty": ({ function: what }) => {
    if (what === "meet") become({ is: "alone" });
  },
};

whenOver((id, reason) => {
  const now = meet.value;
  if (now.is !== "met" || now.roomId !== id) return;
  // `gone`: he was away too long himself, or the other has left meanwhile.
  become({ is: "ended", reason: reason === "expired" || reason === "gone" ? "expired" : "left" });
});

/** The page was loaded again in the midst of a meeting: back into it, while the other waits. */
export function resume(): void {
  const kept = loadOfTab("meet");
  if (kept === null) return;
  const before = JSON.parse(kept) as Meet & { is: "met" };
  become(before);
  void enter(before.roomId);
}

/** The line is back: the server has forgotten who sought. */
export async function comeBack(): Promise<void> {
  const now = meet.value;
  if (now.is === "seeking") await seek(now.mode);
}
