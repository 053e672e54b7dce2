import { photoFault, photoTypeOf, withoutMetadata } from "@driftsea/protocol";
import type { RoomId } from "@driftsea/protocol";
import { currentKey, ringOf } from "./keyring.ts";
import { unsealBytes } from "./sealing.ts";
import { inRoom } from "./state.ts";
import type { Said } from "./state.ts";

/** Photos that this page holds in its memory, by room and message. */
const held = new Map<string, string>();
const nameOf = (id: RoomId, seq: number): string => `${id}/${seq}`;

/** Fetches a photo into memory, and opens it where it is sealed. Null where that cannot be done. */
export async function holdPicture(id: RoomId, said: Said): Promise<string | null> {
  const { body, seq, epoch, from } = said;
  if (body.is !== "photo") return null;
  const known = held.get(nameOf(id, seq));
  if (known !== undefined) return known;
  try {
    const answer = await fetch(body.url);
    if (!answer.ok) return null;
    let bytes: Uint8Array<ArrayBuffer> | null = new Uint8Array(await answer.arrayBuffer());
    if (body.isSealed) {
      const key = ringOf(id).keys.get(epoch) ?? currentKey(id, epoch);
      bytes = key ? await unsealBytes(key, { roomId: id, epoch, seq, from: from.id }, bytes) : null;
    }
    // The server could not look into a sealed one.
    const type = bytes && photoFault(withoutMetadata(bytes)) === undefined && photoTypeOf(bytes);
    if (!type) return null;
    // Its room may have ended meanwhile, and it with it.
    const isThere = inRoom(id)?.said.some((one) => one.seq === seq && one.body.is === "photo");
    if (!isThere) return null;
    const url = URL.createObjectURL(new Blob([bytes!], { type }));
    held.set(nameOf(id, seq), url);
    return url;
  } catch {
    return null;
  }
}

export function dropPicture(id: RoomId, seq: number): void {
  const url = held.get(nameOf(id, seq));
  if (url !== undefined) URL.revokeObjectURL(url);
  held.delete(nameOf(id, seq));
}

export function dropPictures(id: RoomId): void {
  for (const name of held.keys())
    if (name.startsWith(`${id}/`)) dropPicture(id, Number(name.slice(id.length + 1)));
}
