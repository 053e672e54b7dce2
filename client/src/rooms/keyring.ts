import type { Persona, PersonaId, RoomId, RoomMessage } from "@driftsea/protocol";
import { keep, keptOf } from "./kept.ts";
import { forgetPair, pairOf } from "./pairs.ts";
import { forgetKey, isSealingPossible, unseal, unwrapKey } from "./sealing.ts";
import type { Place, Plain, RoomKey } from "./sealing.ts";

/**
 * The keys of one encrypted room. A key belongs to an epoch; with each removal the epoch is raised
 * and the host gives a new key to everybody who stays. Whoever knows a room's key may give a new
 * one, for the key is all that members know of each other: the first one given for an epoch counts,
 * and the safety phrase shows where two people have come to hold different ones.
 */
export interface Keyring {
  keys: Map<number, RoomKey>;
  /** Out of the link: of which epoch, the first message that it opens tells. */
  linkKey: RoomKey | null;
  /** Members' public keys, out of their hellos. */
  pubs: Map<PersonaId, string>;
  /** The newest epoch of which a message came that no key opens. */
  shutEpoch: number;
}

const rings = new Map<RoomId, Keyring>();

export function ringOf(id: RoomId): Keyring {
  let ring = rings.get(id);
  if (!ring) {
    const kept = keptOf(id);
    const keys = new Map(Object.entries(kept?.keys ?? {}).map(([e, key]) => [Number(e), key]));
    ring = { keys, linkKey: kept?.linkKey ?? null, pubs: new Map(), shutEpoch: -1 };
    rings.set(id, ring);
  }
  return ring;
}

/** Whether a link has brought another key than this page knows. */
export function takeLinkKey(id: RoomId, key?: string): boolean {
  if (key === undefined) return false;
  const ring = ringOf(id);
  if (key === ring.linkKey || [...ring.keys.values()].includes(key)) return false;
  ring.linkKey = key;
  ring.shutEpoch = -1;
  return true;
}

export function addKey(id: RoomId, epoch: number, key: RoomKey): void {
  const ring = ringOf(id);
  if (ring.keys.has(epoch)) return;
  ring.keys.set(epoch, key);
  keep(id, { keys: Object.fromEntries(ring.keys) });
}

export function forgetRing(id: RoomId): void {
  const ring = rings.get(id);
  for (const key of [...(ring?.keys.values() ?? []), ring?.linkKey]) if (key) forgetKey(key);
  rings.delete(id);
  // It may be kept from before a reload.
  void forgetPair(id);
}

export function hasAnyKey(id: RoomId): boolean {
  const { keys, linkKey } = ringOf(id);
  return keys.size > 0 || linkKey !== null;
}

/** The key to write with now; null where the link is too old, or the host has not given one yet. */
export function currentKey(id: RoomId, epoch: number): RoomKey | null {
  const ring = ringOf(id);
  const known = ring.keys.get(epoch);
  if (known !== undefined) return known;
  return ring.linkKey !== null && ring.shutEpoch < epoch && !isAssigned(ring) ? ring.linkKey : null;
}

const isAssigned = ({ keys, linkKey }: Keyring): boolean => [...keys.values()].includes(linkKey!);

/** The newest key from before this epoch: under it the next one is given. */
export function keyBefore(id: RoomId, epoch: number): RoomKey | null {
  const { keys } = ringOf(id);
  const older = [...keys.keys()].filter((one) => one < epoch).sort((a, b) => b - a)[0];
  return older === undefined ? null : keys.get(older)!;
}

/** Keys that may open a message of this epoch, the likeliest first. */
function* candidates(ring: Keyring, epoch: number): Generator<{ key: RoomKey; of: number | null }> {
  const known = ring.keys.get(epoch);
  if (known !== undefined) yield { key: known, of: epoch };
  if (ring.linkKey !== null && !isAssigned(ring)) yield { key: ring.linkKey, of: null };
  const older = [...ring.keys].filter(([of]) => of < epoch).sort(([a], [b]) => b - a);
  for (const [of, key] of older) yield { key, of };
}

/** What a sealed message says to this member; null where he has no key for it. */
export async function openSealed(
  id: RoomId,
  me: Persona,
  message: RoomMessage,
): Promise<Plain | null> {
  // Without https he is in all the same, and is told why nothing can be read.
  if (!isSealingPossible()) return null;
  const ring = ringOf(id);
  const { epoch, seq, sealed = "" } = message;
  const place: Place = { roomId: id, epoch, seq, from: message.from.id };
  for (const { key, of } of candidates(ring, epoch)) {
    const plain = await unseal(key, place, sealed);
    if (!plain) continue;
    // Only what gives a new key is written under an older one.
    const isOlder = of !== null && of < epoch;
    if (isOlder && plain.t === "text") continue;
    if (of === null) addKey(id, plain.t === "rekey" ? plain.epoch - 1 : epoch, key);
    if (plain.t === "hello" && !isOlder) ring.pubs.set(message.from.id, plain.pub);
    if (plain.t === "rekey" && plain.epoch === epoch) await takeKey(id, me, plain);
    return plain;
  }
  ring.shutEpoch = Math.max(ring.shutEpoch, epoch);
  return null;
}

/** Takes the new key out of one's own box, where there is one. */
async function takeKey(id: RoomId, me: Persona, plain: Plain & { t: "rekey" }): Promise<void> {
  const ring = ringOf(id);
  if (ring.keys.has(plain.epoch)) return;
  const whom = { roomId: id, epoch: plain.epoch, id: me.id };
  const { pair } = await pairOf(id);
  for (const { id: to, box } of plain.to) {
    if (to !== me.id) continue;
    const key = await unwrapKey(pair, plain.pub, whom, box);
    if (key !== null) addKey(id, plain.epoch, key);
  }
}
