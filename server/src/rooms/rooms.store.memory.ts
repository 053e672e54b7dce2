import type { DrifterId, Persona, RoomId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { firstPage, lastPage } from "../lib/pages.ts";
import { TimerHeap } from "../lib/timer-heap.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import type { NodeId } from "../presence/node-id.ts";
import { RoomState, asSeen, isOnce } from "./room-state.ts";
import {
  CLOSING_MS,
  MAKING_MS,
  INVITES_KEPT,
  KNOCKS_KEPT,
  PHOTOS_KEPT,
  TEND_BATCH,
} from "./rooms.store.ts";
import type {
  Appended,
  Entered,
  Erased,
  Left,
  NewRoom,
  RoomAppend,
  RoomEffect,
  RoomStore,
  Rule,
  Ruled,
  SecretHash,
  Seen,
  Standing,
  StoredRoom,
  StoredRoomMessage,
  Tended,
  Veil,
  Veiled,
} from "./rooms.store.ts";

/** `RoomStore` in this process; the contract is written there. */
export class MemoryRoomStore implements RoomStore {
  readonly #clock: Clock;
  readonly #rooms = new Map<RoomId, RoomState>();
  /** Until when a dead id is remembered. */
  readonly #was = new Map<RoomId, number>();
  readonly #made = new Map<DrifterId, Map<SecretHash, { id: RoomId; at: number }>>();
  readonly #roomsOf = new Map<DrifterId, Set<RoomId>>();
  /** When each room is looked at next; the heap may hold older times as well. */
  readonly #due = new Map<RoomId, number>();
  readonly #heap = new TimerHeap<{ id: RoomId; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #live(id: RoomId): RoomState | null {
    const room = this.#rooms.get(id);
    return room && room.deadlineAt > this.#clock.now() ? room : null;
  }

  #schedule(id: RoomId, at: number): void {
    const due = this.#due.get(id) ?? Infinity;
    // While a look is claimed whoever finishes it does not know of a later one: it stands right before the claim's end.
    const first = due % 1 === 0 ? at : Math.min(at, Math.floor(due));
    if (due <= first) return;
    this.#due.set(id, first);
    this.#heap.add(first, id, { id, at: first });
  }

  async reserve(
    drifter: DrifterId,
    writeHash: SecretHash,
    fresh: RoomId,
    limit: number,
  ): Promise<{ id: RoomId } | { retryAfterMs: number }> {
    const now = this.#clock.now();
    const made = this.#made.get(drifter) ?? new Map<SecretHash, { id: RoomId; at: number }>();
    this.#made.set(drifter, made);
    for (const [hash, { at }] of made) if (at + WRITE_RECORD_MS <= now) made.delete(hash);
    const known = made.get(writeHash);
    if (known) return { id: known.id };
    if (made.size >= limit) {
      const first = Math.min(now, ...[...made.values()].map(({ at }) => at));
      return { retryAfterMs: first + WRITE_RECORD_MS - now };
    }
    made.set(writeHash, { id: fresh, at: now });
    return { id: fresh };
  }

  async create(given: NewRoom): Promise<StoredRoom | null> {
    const now = this.#clock.now();
    if (this.#was.has(given.id)) return this.read(given.id);
    const room = new RoomState(given, now);
    this.#was.set(given.id, room.capAt + WRITE_RECORD_MS);
    this.#rooms.set(given.id, room);
    this.#schedule(given.id, room.nextAt());
    return room.view(given.id);
  }

  async read(id: RoomId): Promise<StoredRoom | null> {
    return this.#live(id)?.view(id) ?? null;
  }

  async listed(limit: number): Promise<StoredRoom[]> {
    const found: StoredRoom[] = [];
    for (const [id, room] of [...this.#rooms].reverse()) {
      if (room.given.access !== "listed") continue;
      if (found.length === limit) break;
      if (this.#live(id)) found.push(room.view(id));
    }
    return found;
  }

  async enter(
    id: RoomId,
    who: { drifter: DrifterId; node: NodeId; mask: Persona; inviteHash?: SecretHash },
  ): Promise<Entered> {
    const now = this.#clock.now();
    const room = this.#live(id);
    const { drifter } = who;
    if (!room || room.removed.has(drifter)) return { code: "gone" };
    const isInside = room.members.has(drifter);
    const mustAsk = !isInside && !room.isLetIn(drifter) && drifter !== room.given.creator;
    const invite = mustAsk && room.invited ? room.invites.get(who.inviteHash ?? "") : undefined;
    if (mustAsk && room.invited && (!invite || invite.endsAt <= now)) return { code: "gone" };
    this.#roomsOf.set(drifter, (this.#roomsOf.get(drifter) ?? new Set()).add(id));
    if (mustAsk && room.locked) return this.#knock(room, drifter, who.mask);
    if (!isInside && room.members.size >= room.given.capacity) return { code: "full" };
    if (invite) {
      invite.uses -= 1;
      if (invite.uses === 0) room.invites.delete(who.inviteHash!);
    }
    const person = room.masked(drifter, who.mask);
    person.nodes.add(who.node);
    person.wentAt = null;
    room.awaited.delete(drifter);
    room.letIn(drifter);
    room.knocks.delete(drifter);
    room.members.add(drifter);
    room.away.delete(drifter);
    room.liveOn(now);
    return { code: "in", me: { ...person.persona }, isNew: !isInside, room: room.view(id) };
  }

  #knock(room: RoomState, drifter: DrifterId, mask: Persona): Entered {
    const { creator } = room.given;
    const isNew = !room.knocks.has(drifter);
    // A crowd before the door takes nobody's place there, and is not told.
    if (isNew && room.knocks.size >= KNOCKS_KEPT) {
      const me = room.people.get(drifter)?.persona ?? mask;
      return { code: "locked", me: { ...me }, creator, isNew: false };
    }
    const me = { ...room.masked(drifter, mask).persona };
    room.knocks.add(drifter);
    return { code: "locked", me, creator, isNew };
  }

  async members(id: RoomId, limit: number): Promise<Persona[]> {
    const room = this.#live(id);
    if (!room) return [];
    return [...room.members].slice(0, limit).map((one) => ({ ...room.people.get(one)!.persona }));
  }

  async knocks(id: RoomId): Promise<Persona[]> {
    const room = this.#live(id);
    return room ? [...room.knocks].map((one) => ({ ...room.people.get(one)!.persona })) : [];
  }

  async leave(id: RoomId, drifter: DrifterId): Promise<Left | null> {
    const room = this.#live(id);
    const now = this.#clock.now();
    const left = room?.takeOut(drifter, now);
    if (!room || !left) return null;
    room.liveOn(now);
    const hasHost = room.given.creator !== null;
    // Where two met, it is looked again until it is known that he has gone: the meeting is over for both.
    if (!hasHost) room.awaited.set(drifter, now);
    this.#schedule(id, now);
    return { ...left, deadlineAt: room.deadlineAt, hasHost };
  }

  async away(id: RoomId, drifter: DrifterId, node: NodeId, graceMs: number): Promise<void> {
    this.#setAway(id, node, [drifter], this.#clock.now() + graceMs);
  }

  async orphan(node: NodeId, since: number, graceMs: number): Promise<void> {
    for (const [id, room] of this.#rooms) {
      this.#setAway(id, node, [...room.members], Math.round(since + graceMs));
    }
  }

  async attended(): Promise<void> {
    // There is one process: it is asked of every room.
  }

  #setAway(id: RoomId, node: NodeId, drifters: DrifterId[], until: number): void {
    const room = this.#live(id);
    if (!room) return;
    const found = drifters.filter((one) => {
      const nodes = room.people.get(one)?.nodes;
      return nodes?.delete(node) && nodes.size === 0 && !room.away.has(one);
    });
    for (const one of found) room.away.set(one, until);
    if (found.length > 0) room.liveOn(this.#clock.now());
    if (drifters.some((one) => room.away.has(one))) this.#schedule(id, room.nextAt());
  }

  async append(
    id: RoomId,
    from: DrifterId,
    message: RoomAppend,
    backlog: number,
  ): Promise<Appended> {
    const now = this.#clock.now();
    const room = this.#live(id);
    if (!room?.members.has(from)) return { code: "gone" };
    const person = room.people.get(from)!;
    const { body, timer, re, writeId } = message;
    const own = {
      ...body,
      ...(timer === undefined ? {} : { timer }),
      ...(re === undefined ? {} : { re }),
    };
    const record = room.recordOf(from, writeId, now);
    const written = (isNew: boolean, seq: number, sentAt: number, epoch: number): Appended => ({
      code: "written",
      isNew,
      deadlineAt: room.deadlineAt,
      message: { seq, id: writeId, from: { ...person.persona }, epoch, sentAt, ...own },
    });
    if (record) return written(false, record.seq, record.at, record.epoch);
    const { encrypted, links, slowModeMs, creator, lifetime } = room.given;
    if ((encrypted && "text" in body) || (!encrypted && "sealed" in body)) return { code: "kind" };
    if (message.hasLink && !links) return { code: "links" };
    const left = person.wroteAt + slowModeMs - now;
    if (slowModeMs > 0 && from !== creator && left > 0) return { code: "slow", retryAfterMs: left };
    const { epoch = room.epoch, seq = room.head + 1 } = message;
    if (epoch !== room.epoch || seq !== room.head + 1) return { code: "moved" };

    room.head += 1;
    const { persona } = person;
    const full = { seq, id: writeId, from: { ...persona }, epoch, sentAt: now, ...own };
    room.log.push(full);
    while (room.log.length > backlog) room.dropOldest();
    if ("photoId" in body) {
      room.photos.set(body.photoId, message.photo ?? new Uint8Array());
      for (const old of room.log) {
        if (room.photos.size <= PHOTOS_KEPT) break;
        if (old.photoId !== undefined) room.empty(old, now);
      }
    }
    room.writes.set(`${from}:${writeId}`, { seq, at: now, epoch });
    if (slowModeMs > 0) person.wroteAt = now;
    if (lifetime.kind === "idle") room.deadlineAt = Math.min(now + lifetime.ms, room.capAt);
    return written(true, seq, now, epoch);
  }

  async messages(
    id: RoomId,
    reader: DrifterId,
    after: number | null,
    maxBytes: number,
  ): Promise<StoredRoomMessage[]> {
    const now = this.#clock.now();
    const room = this.#live(id);
    if (!room) return [];
    const later = room.log
      .filter((message) => message.seq > (after ?? 0))
      .map((message) => asSeen(message, now, room.seenOnce.get(message.seq)?.has(reader) ?? false));
    return after === null ? lastPage(later, maxBytes) : firstPage(later, maxBytes);
  }

  async standing(id: RoomId, drifter: DrifterId): Promise<Standing | null> {
    const room = this.#live(id);
    if (!room) return null;
    const { encrypted } = room.given;
    return { isIn: room.members.has(drifter), upTo: room.upTo(drifter), encrypted };
  }

  async written(
    id: RoomId,
    reader: DrifterId,
    seq: number,
  ): Promise<{ author: DrifterId; message: StoredRoomMessage } | null> {
    const room = this.#live(id);
    const message = room && seq <= room.upTo(reader) ? room.messageAt(seq) : null;
    if (!room || !message) return null;
    const isGone = message.goneAt !== undefined && message.goneAt <= this.#clock.now();
    if (isGone && message.timer === undefined) return null;
    const author = room.byMask.get(message.from.id);
    if (author === undefined) return null;
    const { text: _text, sealed: _sealed, photoId: _photoId, ...rest } = message;
    return { author, message: isGone ? rest : { ...message } };
  }

  async areIn(id: RoomId, drifters: readonly DrifterId[]): Promise<boolean[] | null> {
    const room = this.#live(id);
    return room && drifters.map((one) => room.members.has(one));
  }

  async otherOfTwo(id: RoomId, drifter: DrifterId): Promise<DrifterId | null> {
    const room = this.#live(id);
    if (room?.given.capacity !== 2 || room.allLetIn.size !== 2 || !room.isLetIn(drifter)) {
      return null;
    }
    return [...room.allLetIn].find((one) => one !== drifter)!;
  }

  async see(id: RoomId, reader: DrifterId, seq: number): Promise<Seen> {
    const now = this.#clock.now();
    const room = this.#live(id);
    if (!room?.members.has(reader)) return { code: "gone" };
    const message = room.messageAt(seq);
    if (!message) return { code: "gone" };
    const author = room.byMask.get(message.from.id);
    const hasGone = message.goneAt !== undefined && message.goneAt <= now;
    if (message.timer === undefined || author === reader || hasGone) return { code: "nothing" };
    if (!isOnce(message.timer)) {
      message.goneAt ??= now + message.timer.afterMs;
      room.going.set(seq, message.goneAt);
      this.#schedule(id, message.goneAt);
      return { code: "begun", goneAt: message.goneAt };
    }
    const seen = room.seenOnce.get(seq) ?? new Set();
    room.seenOnce.set(seq, seen);
    if (seen.has(reader)) return { code: "nothing" };
    seen.add(reader);
    if (!room.isSeenByAll(message)) {
      room.onceSeen.add(seq);
      return { code: "gone-for-reader" };
    }
    room.empty(message, now);
    return { code: "gone-for-all" };
  }

  async photo(id: RoomId, photoId: string): Promise<Uint8Array | null> {
    const room = this.#live(id);
    const message = room?.log.find((one) => one.photoId === photoId);
    const hasGone = message?.goneAt !== undefined && message.goneAt <= this.#clock.now();
    return message && !hasGone ? (room?.photos.get(photoId) ?? null) : null;
  }

  async veil(id: RoomId, seq: number, veil: Veil): Promise<Veiled | null> {
    const room = this.#live(id);
    const message = room?.messageAt(seq);
    if (!room || !message) {
      room?.veiled.delete(seq);
      return null;
    }
    const changed = room.veil(message, veil, this.#clock.now());
    const author = room.byMask.get(message.from.id) ?? null;
    return { author, changed, message: { ...message } };
  }

  async end(id: RoomId): Promise<void> {
    if (this.#live(id)) this.#rooms.delete(id);
    this.#schedule(id, 0);
  }

  async rule(id: RoomId, ownerHash: SecretHash, rule: Rule): Promise<Ruled> {
    // As where a process may die behind it.
    if (rule.op === "destroy" && this.#due.has(id))
      this.#schedule(id, this.#clock.now() + MAKING_MS);
    const room = this.#live(id);
    if (!room || room.given.ownerHash !== ownerHash) return { code: "gone" };
    if (rule.op === "lock") room.locked = rule.locked;
    else if (rule.op === "motd") room.motd = rule.text === "" ? undefined : rule.text;
    else if (rule.op === "destroy") {
      const view = room.view(id);
      this.#rooms.delete(id);
      this.#schedule(id, 0);
      return { code: "done", room: view };
    } else return this.#rulePerson(id, room, rule);
    return { code: "done", room: room.view(id) };
  }

  #rulePerson(id: RoomId, room: RoomState, rule: Extract<Rule, { persona: unknown }>): Ruled {
    const drifter = room.byMask.get(rule.persona);
    if (drifter === undefined || drifter === room.given.creator) return { code: "gone" };
    const persona = { ...room.people.get(drifter)!.persona };
    let wasOut = false;
    if (rule.op === "admit") {
      room.letIn(drifter);
      room.removed.delete(drifter);
      room.knocks.delete(drifter);
    } else if (rule.op === "kick") {
      const wasLetIn = room.isLetIn(drifter);
      room.shutOut(drifter);
      room.knocks.delete(drifter);
      const isFirst = !room.removed.has(drifter);
      room.removed.add(drifter);
      // Who only knocked knows nothing that others must not.
      if (isFirst && wasLetIn) {
        const now = this.#clock.now();
        room.epoch += 1;
        room.invites.clear();
        if (room.given.access === "link") room.invited = true;
        if (room.takeOut(drifter, now)) {
          wasOut = true;
          room.liveOn(now);
          this.#schedule(id, now);
        }
      }
    }
    return { code: "done", room: room.view(id), whom: { drifter, persona, wasOut } };
  }

  async invite(
    id: RoomId,
    ownerHash: SecretHash,
    { hash, uses, ttlMs }: { hash: SecretHash; uses: number; ttlMs: number },
  ): Promise<boolean> {
    const now = this.#clock.now();
    const room = this.#live(id);
    if (!room || room.given.ownerHash !== ownerHash) return false;
    for (const [one, { endsAt }] of room.invites) if (endsAt <= now) room.invites.delete(one);
    if (room.invites.size >= INVITES_KEPT) {
      const [first] = [...room.invites].sort(([, a], [, b]) => a.endsAt - b.endsAt);
      room.invites.delete(first![0]);
    }
    room.invites.set(hash, { uses, endsAt: now + ttlMs });
    if (room.given.access === "link") room.invited = true;
    return true;
  }

  async claimDue(limit: number, leaseMs: number): Promise<RoomId[]> {
    const now = this.#clock.now();
    const ids: RoomId[] = [];
    while (ids.length < limit) {
      const [next] = this.#heap.takeDue(now, 1);
      if (!next) break;
      if (this.#due.get(next.id) !== next.at) continue;
      this.#due.delete(next.id);
      // Only a claim ends in a half: what is set meanwhile is told from it.
      this.#schedule(next.id, Math.floor(now + leaseMs) + 0.5);
      ids.push(next.id);
    }
    return ids;
  }

  async tend(id: RoomId): Promise<Tended> {
    const now = this.#clock.now();
    const room = this.#rooms.get(id);
    if (!room) return { code: "unknown" };
    if (room.deadlineAt <= now) {
      this.#rooms.delete(id);
      return { code: "ended", hasHost: room.given.creator !== null };
    }
    if (room.untold.length === 0) this.#doDue(room, now);
    if (room.isSomebodyHere) room.liveOn(now);
    return {
      code: "alive",
      nextAt: room.nextAt(),
      deadlineAt: room.deadlineAt,
      hasHost: room.given.creator !== null,
      effects: [...room.untold],
    };
  }

  #doDue(room: RoomState, now: number): void {
    const effects: { at: number; key: string; effect: () => RoomEffect }[] = [];
    if (room.closingAt !== null && room.closingAt <= now) {
      const at = room.closingAt;
      const closingAt = room.deadlineAt - CLOSING_MS;
      room.closingAt = closingAt > now ? closingAt : room.deadlineAt;
      if (closingAt <= now) effects.push({ at, key: "c", effect: () => ({ kind: "closing" }) });
    }
    for (const [drifter, at] of room.away) {
      if (at > now) continue;
      const effect = (): RoomEffect => ({ kind: "left", drifter, ...room.takeOut(drifter, now)! });
      effects.push({ at, key: `a:${drifter}`, effect });
    }
    for (const [drifter, at] of room.awaited) {
      if (at > now) continue;
      const effect = (): RoomEffect => {
        room.awaited.delete(drifter);
        return { kind: "missing", drifter };
      };
      effects.push({ at, key: `e:${drifter}`, effect });
    }
    for (const [seq, at] of room.going) {
      if (at > now) continue;
      const effect = (): RoomEffect => {
        room.empty(room.messageAt(seq)!, now);
        return { kind: "message-gone", seq };
      };
      effects.push({ at, key: `g:${seq}`, effect });
    }
    effects.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
    room.untold.push(...effects.slice(0, TEND_BATCH).map(({ effect }) => effect()));
  }

  async told(id: RoomId): Promise<void> {
    const room = this.#rooms.get(id);
    if (room) room.untold.length = 0;
  }

  async tended(done: readonly { id: RoomId; nextAt: number | null }[]): Promise<void> {
    for (const { id, nextAt } of done) {
      const at = this.#due.get(id);
      // A time that was set meanwhile stays.
      if (nextAt !== null && at !== undefined && at % 1 === 0 && at <= nextAt) continue;
      this.#due.delete(id);
      if (nextAt !== null) this.#schedule(id, nextAt);
    }
  }

  async roomsOf(drifter: DrifterId): Promise<RoomId[]> {
    return [...(this.#roomsOf.get(drifter) ?? [])];
  }

  async erase(id: RoomId, drifter: DrifterId): Promise<Erased | null> {
    const now = this.#clock.now();
    const room = this.#live(id);
    const person = room?.people.get(drifter);
    if (!room || !person) return null;
    const wasIn = room.takeOut(drifter, now) !== null;
    if (wasIn) room.liveOn(now);
    room.knocks.delete(drifter);
    const own = room.log.filter(
      (message) =>
        message.from.id === person.persona.id &&
        (message.text ?? message.sealed ?? message.photoId) !== undefined,
    );
    for (const message of own) room.empty(message, now);
    for (const [seq, { message }] of room.veiled)
      if (message.from.id === person.persona.id) room.veiled.delete(seq);
    for (const seen of room.seenOnce.values()) seen.delete(drifter);
    room.shutOut(drifter);
    room.unmask(drifter);
    this.#schedule(id, now);
    return {
      persona: { ...person.persona },
      members: room.members.size,
      deadlineAt: room.deadlineAt,
      hasHost: room.given.creator !== null,
      seqs: own.map((message) => message.seq),
      wasIn,
    };
  }

  async forget(drifter: DrifterId): Promise<void> {
    this.#roomsOf.delete(drifter);
    this.#made.delete(drifter);
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const [id, until] of this.#was) if (until <= now) this.#was.delete(id);
    for (const [drifter, ids] of this.#roomsOf) {
      for (const id of ids) if (!this.#rooms.has(id)) ids.delete(id);
      if (ids.size === 0) this.#roomsOf.delete(drifter);
    }
    for (const [drifter, made] of this.#made) {
      for (const [hash, { at }] of made) if (at + WRITE_RECORD_MS <= now) made.delete(hash);
      if (made.size === 0) this.#made.delete(drifter);
    }
  }
}
