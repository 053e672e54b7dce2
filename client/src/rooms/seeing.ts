import type { RoomId } from "@driftsea/protocol";
import { send } from "../connection.ts";
import { dropPicture } from "./pictures.ts";
import { changeSaid, inRoom } from "./state.ts";
import type { Said } from "./state.ts";
import { at } from "./timers.ts";

/** A message whose clock runs goes by itself, whether or not the server's word arrives. */
export function watch(id: RoomId, { seq, goneAt, body }: Said): void {
  if (goneAt !== undefined && body.is !== "gone") at(id, `m${seq}`, goneAt, () => vanish(id, seq));
}

/** Messages that are seen once, and lie open just now. */
const beingRead = new Set<string>();

export function vanish(id: RoomId, seq: number): void {
  if (beingRead.has(`${id}/${seq}`)) return;
  dropPicture(id, seq);
  changeSaid(id, seq, { body: { is: "gone" } });
}

const seen = new Set<string>();
const SEEN_AGAIN_MS = 3000;
/** This reader's screen shows a message that has a timer. */
export async function see(id: RoomId, seq: number): Promise<void> {
  const name = `${id}/${seq}`;
  if (seen.has(name)) return;
  seen.add(name);
  const reply = await send("room:seen", { roomId: id, seq });
  if (!reply || (!reply.ok && reply.error.code !== "gone")) {
    // It was seen, whatever the line does: the server is told when it can be.
    seen.delete(name);
    if (inRoom(id)) setTimeout(() => void see(id, seq), SEEN_AGAIN_MS);
    return;
  }
  if (!reply.ok || reply.data.goneAt === undefined) return;
  changeSaid(id, seq, { goneAt: reply.data.goneAt });
  const said = inRoom(id)?.said.find((one) => one.seq === seq);
  if (said) watch(id, said);
}

/** Opens what may be seen once. It is this reader's until he closes it, whatever the server does. */
export function uncover(id: RoomId, seq: number): void {
  beingRead.add(`${id}/${seq}`);
  void see(id, seq);
}

export function coverForGood(id: RoomId, seq: number): void {
  beingRead.delete(`${id}/${seq}`);
  vanish(id, seq);
}

export function forgetSeen(id: RoomId): void {
  for (const names of [seen, beingRead])
    for (const name of names) if (name.startsWith(`${id}/`)) names.delete(name);
}
