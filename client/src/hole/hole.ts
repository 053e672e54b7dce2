import { signal } from "@preact/signals";
import type { Letter, Payload, Reply } from "@driftsea/protocol";
import { connection, send, serverNow } from "../connection.ts";
import { layAside } from "../drafts.ts";
import type { Heard } from "../events.ts";
import { newId, post } from "../outbox.ts";
import { hole, silenceMs } from "../places.ts";
import { explain, say } from "../say.ts";

/** The letter in one's hand; `nothing`, where the hand found none. */
export const inHand = signal<Letter | "nothing" | null>(null);

export const heardOfHole: Heard = {
  "hole:gone": () => {
    inHand.value = null;
    say({ key: "holeGone" });
  },
};

export function writeLetter(text: string): void {
  post({ name: "hole:write", payload: { id: newId(), text } });
  if (connection.value.is !== "ready") say({ key: "waitsForSea" });
}

export function settleLetter(
  { text }: Payload<"hole:write">,
  reply: Reply<{ deadlineAt: number }>,
): void {
  if (!reply.ok) {
    layAside("hole", text);
    return explain(reply);
  }
  const { deadlineAt } = reply.data;
  silenceMs.value = Math.max(1, deadlineAt - serverNow());
  hole.value = { deadlineAt, letters: Math.max(1, hole.value?.letters ?? 0) };
  say({ key: "holeWritten" });
}

/** One letter, whichever comes to hand. */
export async function readLetter(): Promise<void> {
  const reply = await send("hole:read", {});
  if (reply?.ok) inHand.value = reply.data.letter;
  else if (reply?.error.code === "gone" || reply?.error.code === "not_found")
    inHand.value = "nothing";
  else explain(reply);
}
