import type {
  DrifterId,
  MessageTimer,
  Persona,
  PersonaId,
  RoomId,
  WriteId,
} from "@driftsea/protocol";
import { isRecorded } from "../lib/write-record.ts";
import type { NodeId } from "../presence/node-id.ts";
import { CLOSING_MS, PRESENCE_LEASE_MS, SEEN_BY_ALL } from "./rooms.store.ts";
import type {
  Left,
  NewRoom,
  RoomEffect,
  SecretHash,
  StoredRoom,
  StoredRoomMessage,
  Veil,
} from "./rooms.store.ts";

/** What is known of one person in one room, in or not. */
export interface Person {
  persona: Persona;
  /** The processes that serve him, while he is in. */
  nodes: Set<NodeId>;
  /** `seq` of the newest message when he went; null while he is in, or never was. */
  wentAt: number | null;
  wroteAt: number;
}

interface WriteRecord {
  seq: number;
  at: number;
  epoch: number;
}

/** One room in this process; what each change of it means. The counterpart of `lua/room.lua`. */
export class RoomState {
  readonly given: NewRoom;
  readonly capAt: number;
  deadlineAt: number;
  head = 0;
  epoch = 0;
  locked = false;
  motd: string | undefined;
  invited: boolean;
  /** Messages first..head, without a gap. */
  readonly log: StoredRoomMessage[] = [];
  readonly writes = new Map<string, WriteRecord>();
  /** In the order of coming. */
  readonly members = new Set<DrifterId>();
  readonly people = new Map<DrifterId, Person>();
  readonly removed = new Set<DrifterId>();
  readonly byMask = new Map<PersonaId, DrifterId>();
  /** When a member who is away goes. */
  readonly away = new Map<DrifterId, number>();
  /** Until when somebody whom the room was made for is awaited; where two met, also when one left. */
  readonly awaited = new Map<DrifterId, number>();
  closingAt: number | null = null;
  /** What looks have done, and nobody may know of yet. */
  readonly untold: RoomEffect[] = [];
  /** When a message goes, by number. */
  readonly going = new Map<number, number>();
  /** Somebody has seen what is seen once, and it is still there. */
  readonly onceSeen = new Set<number>();
  readonly seenOnce = new Map<number, Set<DrifterId>>();
  readonly photos = new Map<string, Uint8Array>();
  /** What is out of sight pending review, as it was, by number. */
  readonly veiled = new Map<number, { message: StoredRoomMessage; photo?: Uint8Array }>();
  readonly invites = new Map<SecretHash, { uses: number; endsAt: number }>();
  /** Who stands before the door, in the order of knocking. */
  readonly knocks = new Set<DrifterId>();

  constructor(given: NewRoom, now: number) {
    this.given = given;
    const { lifetime, capMs } = given;
    const longest = lifetime.kind === "fixed" ? lifetime.ms : capMs;
    this.capAt = now + longest;
    this.deadlineAt = now + Math.min(lifetime.ms, longest);
    this.invited = given.invited;
    if (lifetime.kind !== "presence") this.closingAt = Math.max(now, this.deadlineAt - CLOSING_MS);
    for (const drifter of given.admitted ?? []) {
      this.letIn(drifter);
      this.awaited.set(drifter, this.deadlineAt);
    }
  }

  readonly #letIn = new Set<DrifterId>();
  letIn(drifter: DrifterId): void {
    this.#letIn.add(drifter);
  }
  shutOut(drifter: DrifterId): void {
    this.#letIn.delete(drifter);
  }
  isLetIn(drifter: DrifterId): boolean {
    return this.#letIn.has(drifter);
  }
  get allLetIn(): ReadonlySet<DrifterId> {
    return this.#letIn;
  }

  view(id: RoomId): StoredRoom {
    const { creator, title, access, lifetime, capacity, encrypted, slowModeMs, links } = this.given;
    return {
      id,
      creator,
      ...(title === undefined ? {} : { title }),
      access,
      lifetime: { ...lifetime },
      deadlineAt: this.deadlineAt,
      members: this.members.size,
      capacity,
      encrypted,
      epoch: this.epoch,
      head: this.head,
      locked: this.locked,
      ...(this.motd === undefined ? {} : { motd: this.motd }),
      slowModeMs,
      links,
    };
  }

  get isSomebodyHere(): boolean {
    return this.members.size > this.away.size;
  }

  /** A presence room lives while somebody is there, and a grace longer. */
  liveOn(now: number): void {
    const { kind, ms } = this.given.lifetime;
    if (kind !== "presence") return;
    const span = this.isSomebodyHere ? Math.max(ms, PRESENCE_LEASE_MS) : ms;
    this.deadlineAt = Math.min(now + span, this.capAt);
  }

  /** Gives a drifter his mask, where he has none yet. */
  masked(drifter: DrifterId, mask: Persona): Person {
    const known = this.people.get(drifter);
    if (known) return known;
    const person: Person = {
      persona: { ...mask },
      nodes: new Set(),
      wentAt: null,
      wroteAt: 0,
    };
    this.people.set(drifter, person);
    this.byMask.set(mask.id, drifter);
    return person;
  }

  unmask(drifter: DrifterId): void {
    const person = this.people.get(drifter);
    if (person) this.byMask.delete(person.persona.id);
    this.people.delete(drifter);
  }

  /** Takes a member out; his mask stays his. */
  takeOut(drifter: DrifterId, now: number): Pick<Left, "persona" | "members"> | null {
    if (!this.members.delete(drifter)) return null;
    this.away.delete(drifter);
    const person = this.people.get(drifter)!;
    person.nodes.clear();
    person.wentAt = this.head;
    // What all the others have seen once is due to go.
    for (const seq of this.members.size > 0 ? this.onceSeen : []) {
      const message = this.messageAt(seq);
      if (message && this.isSeenByAll(message)) this.going.set(seq, now);
    }
    return { persona: { ...person.persona }, members: this.members.size };
  }

  /** Whether everybody who is in, but its writer, has seen a message; asked of not too many. */
  isSeenByAll(message: StoredRoomMessage): boolean {
    if (this.members.size > SEEN_BY_ALL) return false;
    const author = this.byMask.get(message.from.id);
    const seen = this.seenOnce.get(message.seq);
    return [...this.members].every((one) => one === author || seen?.has(one));
  }

  /** Up to which number a drifter may point at messages. */
  upTo(drifter: DrifterId): number {
    return this.members.has(drifter) ? this.head : (this.people.get(drifter)?.wentAt ?? 0);
  }

  messageAt(seq: number): StoredRoomMessage | null {
    return this.log[seq - this.head - 1 + this.log.length] ?? null;
  }

  /** What a message said goes; its number, writer and time stay. */
  empty(message: StoredRoomMessage, now: number): void {
    if (message.photoId !== undefined) this.photos.delete(message.photoId);
    delete message.text;
    delete message.sealed;
    delete message.photoId;
    message.goneAt = Math.min(now, message.goneAt ?? now);
    this.going.delete(message.seq);
    this.onceSeen.delete(message.seq);
    this.seenOnce.delete(message.seq);
  }

  /** Whether anything has changed. What `seq` says goes out of sight, comes back, or is gone. */
  veil(message: StoredRoomMessage, veil: Veil, now: number): boolean {
    const { seq } = message;
    const kept = this.veiled.get(seq);
    const hasGone = (one: StoredRoomMessage): boolean =>
      one.goneAt !== undefined && one.goneAt <= now;
    if (veil === "hide" && !kept && !hasGone(message)) {
      const photo = message.photoId === undefined ? undefined : this.photos.get(message.photoId);
      this.veiled.set(seq, { message: { ...message }, ...(photo ? { photo } : {}) });
      if (message.photoId !== undefined) this.photos.delete(message.photoId);
      for (const name of ["text", "sealed", "photoId"] as const) delete message[name];
      message.goneAt = now;
      return true;
    }
    if (veil === "restore" && kept) {
      this.veiled.delete(seq);
      const { message: original, photo } = kept;
      const isOnce = original.timer !== undefined && "once" in original.timer;
      if (isOnce || hasGone(original)) return false;
      delete message.goneAt;
      Object.assign(message, original);
      if (photo) this.photos.set(original.photoId!, photo);
      return true;
    }
    if (veil !== "remove" || (!kept && hasGone(message))) return false;
    this.veiled.delete(seq);
    if (kept?.message.goneAt === undefined) delete message.goneAt;
    else message.goneAt = kept.message.goneAt;
    this.empty(message, now);
    return true;
  }

  /** The oldest gives way. */
  dropOldest(): void {
    const oldest = this.log.shift()!;
    if (oldest.photoId !== undefined) this.photos.delete(oldest.photoId);
    this.going.delete(oldest.seq);
    this.onceSeen.delete(oldest.seq);
    this.seenOnce.delete(oldest.seq);
  }

  recordOf(drifter: DrifterId, writeId: WriteId, now: number): WriteRecord | null {
    for (const [key, record] of this.writes) {
      if (isRecorded(record.at, now)) break;
      this.writes.delete(key);
    }
    return this.writes.get(`${drifter}:${writeId}`) ?? null;
  }

  /** When something is due next. */
  nextAt(): number {
    let next = this.deadlineAt;
    if (this.given.lifetime.kind === "presence" && this.isSomebodyHere) {
      next -= PRESENCE_LEASE_MS / 2;
    }
    if (this.closingAt !== null) next = Math.min(next, this.closingAt);
    for (const at of this.away.values()) next = Math.min(next, at);
    for (const at of this.awaited.values()) next = Math.min(next, at);
    for (const at of this.going.values()) next = Math.min(next, at);
    return next;
  }
}

/** As one reader may see it: gone where its time is over for all, or he has seen it once. */
export function asSeen(
  message: StoredRoomMessage,
  now: number,
  hasSeenOnce: boolean,
): StoredRoomMessage {
  const hasGone = message.goneAt !== undefined && message.goneAt <= now;
  if (message.timer === undefined || (!hasGone && !hasSeenOnce)) return { ...message };
  const { text: _text, sealed: _sealed, photoId: _photo, ...rest } = message;
  return { ...rest, goneAt: message.goneAt ?? now };
}

/** A message with a clock, and what kind it is. */
export const isOnce = (timer: MessageTimer): timer is { once: true } => "once" in timer;
