import { LIMITS } from "@driftsea/protocol";
import type { PersonaId, RoomId } from "@driftsea/protocol";
import { newId } from "../outbox.ts";
import { keep, keptOf } from "./kept.ts";
import { addKey, currentKey, keyBefore, ringOf } from "./keyring.ts";
import { pairOf } from "./pairs.ts";
import {
  BOXES_PER_MESSAGE,
  isSealingPossible,
  newPair,
  newRoomKey,
  publicHalf,
  wrapKey,
} from "./sealing.ts";
import type { RoomKey } from "./sealing.ts";
import { enter } from "./rooms.ts";
import { sendSealed } from "./sending.ts";
import { inRoom } from "./state.ts";

/** A hello is said again before a room's backlog (200 messages) loses it. */
const HELLO_EVERY = 150;

const busy = new Set<RoomId>();
const wanted = new Set<RoomId>();
/** Members who stay, and whose hello the host has not seen yet: the new key is owed to them. */
const owed = new Map<RoomId, Set<PersonaId>>();

/**
 * What an encrypted room asks of a member's program after he came in, after a removal, and after
 * each message between programs: to make himself known once, and, if he is the host and the epoch
 * has no key yet, to give everybody who stays a new one. Safe to repeat.
 */
export async function tendKeys(id: RoomId): Promise<void> {
  const open = inRoom(id);
  if (!open?.room.encrypted || !isSealingPossible()) return;
  wanted.add(id);
  if (busy.has(id)) return;
  busy.add(id);
  try {
    // What came meanwhile may ask for more.
    while (wanted.delete(id)) {
      if (keptOf(id)?.ownerKey !== undefined) await giveKeys(id);
      await sayHello(id);
    }
  } finally {
    busy.delete(id);
  }
}

async function sayHello(id: RoomId, isForced = false): Promise<void> {
  const open = inRoom(id);
  if (!open || currentKey(id, open.room.epoch) === null) return;
  const { pair, isNew } = await pairOf(id);
  const helloAt = keptOf(id)?.helloAt;
  if (!isNew && !isForced && helloAt !== undefined && open.last - helloAt < HELLO_EVERY) return;
  const pub = await publicHalf(pair);
  const reply = await sendSealed(id, newId(), { plain: { t: "hello", pub } });
  if (!reply?.ok) return;
  keep(id, { helloAt: reply.data.seq });
  ringOf(id).pubs.set(open.me.id, pub);
}

async function giveKeys(id: RoomId): Promise<void> {
  const before = inRoom(id);
  // In a crowd nobody is told who goes: the one who was removed must not be among those who get a key.
  const isCrowd = (before?.room.members ?? 0) >= LIMITS.crowd;
  if (before && isCrowd && currentKey(id, before.room.epoch) === null) await enter(id);
  const open = inRoom(id);
  if (!open) return;
  const { epoch } = open.room;
  const isFirst = currentKey(id, epoch) === null;
  const key = isFirst ? newRoomKey() : currentKey(id, epoch)!;
  const under = keyBefore(id, epoch);
  // Without the key from before there is nobody whom a new one could be given to.
  if (under === null) return isFirst ? addKey(id, epoch, key) : undefined;
  if (isFirst) owed.set(id, new Set(open.members.map((one) => one.id)));
  const waiting = owed.get(id);
  if (!waiting) return;
  const { pubs } = ringOf(id);
  const ready = [...waiting].filter((member) => pubs.has(member));
  if (ready.length === 0 && !isFirst) return;
  for (let i = 0; i === 0 || i < ready.length; i += BOXES_PER_MESSAGE) {
    const isGiven = await giveKey(id, epoch, key, under, ready.slice(i, i + BOXES_PER_MESSAGE));
    if (!isGiven) return;
  }
  for (const member of ready) waiting.delete(member);
  if (!isFirst) return;
  addKey(id, epoch, key);
  // Who comes by a new link knows by this message that his key is the right one.
  await sayHello(id, true);
}

async function giveKey(
  id: RoomId,
  epoch: number,
  key: RoomKey,
  under: RoomKey,
  members: readonly PersonaId[],
): Promise<boolean> {
  const { pubs } = ringOf(id);
  const ephemeral = await newPair();
  const to: { id: PersonaId; box: string }[] = [];
  for (const member of members) {
    const whom = { roomId: id, epoch, id: member };
    const box = await wrapKey(ephemeral, pubs.get(member)!, whom, key).catch(() => null);
    if (box !== null) to.push({ id: member, box });
  }
  const pub = await publicHalf(ephemeral);
  const plain = { t: "rekey", epoch, pub, to } as const;
  const reply = await sendSealed(id, newId(), { plain: { ...plain, to } }, under);
  return reply?.ok === true && inRoom(id)?.room.epoch === epoch;
}
