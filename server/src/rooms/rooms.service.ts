import { nanoid } from "nanoid";
import { LIMITS, cleanText, findLinks, photoFault, withoutMetadata } from "@driftsea/protocol";
import type {
  Data,
  DrifterId,
  Invite,
  OwnerKey,
  Payload,
  Persona,
  PersonaId,
  Room,
  RoomEnd,
  RoomId,
} from "@driftsea/protocol";
import type { Context } from "../lib/connection-context.ts";
import { DomainError, StoreUnavailable, gone, invalid } from "../lib/errors.ts";
import { inSlices } from "../lib/in-slices.ts";
import { newPersona } from "../lib/personas.ts";
import type { ConnectionId, Publisher } from "../lib/publisher.ts";
import { alone } from "../nodes/nodes.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { NodeId } from "../presence/node-id.ts";
import type { Clock } from "../lib/clock.ts";
import type { QuotaService } from "../quotas/quotas.service.ts";
import { RoomHall } from "./room-hall.ts";
import { CLOSING_MS, PAGE_BYTES } from "./rooms.store.ts";
import type {
  Appended,
  Left,
  MessageBody,
  RoomAppend,
  RoomEffect,
  RoomStore,
  Rule,
  Ruled,
  StoredRoom,
  Veil,
} from "./rooms.store.ts";
import { SharedReading } from "../lib/shared-reading.ts";
import { Turns } from "../lib/turns.ts";
import { messageToWire, newInvite, ownerKeyOf, photoMarkOf, roomToWire } from "./rooms.wire.ts";
import { secretHash } from "./rooms.wire.ts";

/** A presence room lives on so long after the last one left, where its maker does not say, in ms. */
const PRESENCE_MS = 30_000;
/** How long an invite lives where it is not said, in ms. */
const INVITE_MS = 24 * 60 * 60 * 1000;
/** A connection that is gone may come back within this, in ms: then nobody has noticed. */
export const AWAY_MS = 10_000;
/** Rooms that one drifter may make in a day. */
const ROOMS_A_DAY = 100;
/** Messages that a report of a whole room quotes. */
const QUOTED = 20;
/** Rooms that one sweep looks at together, and for how long no other process does, in ms. */
const DUE_BATCH = 250;
const DUE_LEASE_MS = 5000;
/** Who is let in again at once, where this process was taken for dead. */
const AT_ONCE = 50;
/** For so long it is known whose coming had no answer, in ms: until he has tried again. */
const UNHEARD_MS = 60_000;

/** In the place of a key's hash, where there is no key: nothing hashes to it. */
const NOBODYS_KEY = "";

export interface RoomRules {
  minLifetimeMs: number;
  maxLifetimeMs: number;
  idleCapMs: number;
  /** Messages that a room keeps. */
  backlog: number;
  /** Whether the number of rooms that one drifter makes is bounded. */
  isBounded: boolean;
}

/** Who is told what becomes of a room. */
export interface RoomWatcher {
  /** Somebody is in no longer in a room where two met. Safe to repeat; is, where it rejects. */
  left(room: RoomId, drifter: DrifterId): Promise<void>;
  /** One that nobody rules, as where two have met, is over. */
  ended(room: RoomId, reason: RoomEnd): void;
}

export interface RoomParts {
  store: RoomStore;
  quotas: Pick<QuotaService, "spendOnce">;
  publisher: Publisher;
  nodes?: Nodes;
  /** The store's. */
  clock: Clock;
  node: NodeId;
  rules: RoomRules;
}

interface Leaving {
  id: RoomId;
  drifter: DrifterId;
  persona: Persona;
  reason: "left" | "removed";
}

/** Self-destructing chats. */
export class RoomService {
  readonly #store: RoomStore;
  readonly #quotas: Pick<QuotaService, "spendOnce">;
  readonly #publisher: Publisher;
  readonly #clock: Clock;
  readonly #node: NodeId;
  readonly #rules: RoomRules;
  readonly #hall: RoomHall;
  readonly #watchers: RoomWatcher[] = [];
  /** What one person does in one room: his coming and going must not overtake one another. */
  readonly #turns = new Turns();
  readonly #list: SharedReading<Room[]>;
  /** Who may be in without being here, and are not away yet: they hung up, or their entering had no answer. */
  readonly #strays = new Map<string, { id: RoomId; drifter: DrifterId }>();
  /** Whose coming had no answer: where it was carried out, nobody has been told. */
  readonly #unheard = new Map<string, number>();
  /** Whose leaving, or removal, had none. */
  readonly #leaving = new Map<string, Leaving>();
  /** Rooms whose end had none. */
  readonly #ending = new Set<RoomId>();
  #isTidying = false;
  /** Somebody who is here could not be let in again, for the store was away. */
  #isHoldDue = false;

  constructor({ store, quotas, publisher, nodes = alone, clock, node, rules }: RoomParts) {
    this.#store = store;
    this.#list = new SharedReading(async () =>
      (await store.listed(LIMITS.roomsListed)).map(roomToWire),
    );
    this.#hall = new RoomHall({
      store,
      publisher,
      nodes,
      clock,
      letInAgain: (id, drifter, mask) => this.#letInAgain(id, drifter, mask),
    });
    this.#quotas = quotas;
    this.#publisher = publisher;
    this.#clock = clock;
    this.#node = node;
    this.#rules = rules;
  }

  watch(watcher: RoomWatcher): void {
    this.#watchers.push(watcher);
  }

  async create(
    drifter: DrifterId,
    input: Payload<"room:create">,
  ): Promise<{ room: Room; ownerKey: OwnerKey }> {
    const { minLifetimeMs, maxLifetimeMs, idleCapMs, isBounded } = this.#rules;
    const { kind, ms = PRESENCE_MS } = input.lifetime;
    const least = kind === "presence" ? Math.min(1000, minLifetimeMs) : minLifetimeMs;
    if (ms < least || ms > maxLifetimeMs) {
      throw invalid({ lifetime: `ms must be from ${least} to ${maxLifetimeMs}` });
    }
    const reserved = await this.#store.reserve(
      drifter,
      secretHash(input.id),
      nanoid<RoomId>(),
      isBounded ? ROOMS_A_DAY : Number.MAX_SAFE_INTEGER,
    );
    if ("retryAfterMs" in reserved) {
      throw new DomainError("quota_exceeded", "that were all rooms for today", reserved);
    }
    const { id } = reserved;
    const ownerKey = ownerKeyOf(drifter, input.id, id);
    const room = await this.#store.create({
      id,
      creator: drifter,
      ownerHash: secretHash(ownerKey),
      ...(input.title === undefined ? {} : { title: cleanText(input.title) }),
      access: input.access,
      lifetime: { kind, ms },
      capMs: idleCapMs,
      capacity: input.capacity ?? LIMITS.capacity,
      encrypted: input.encrypted ?? false,
      slowModeMs: input.slowModeMs ?? 0,
      links: input.links ?? true,
      invited: false,
    });
    if (!room) throw gone();
    return { room: roomToWire(room), ownerKey };
  }

  /** A room for two who met: nobody else gets in, nobody rules it. Safe to repeat; `gone` where it has ended. */
  async open(pair: { roomId: RoomId; between: readonly [DrifterId, DrifterId] }): Promise<void> {
    const room = await this.#store.create({
      id: pair.roomId,
      creator: null,
      ownerHash: NOBODYS_KEY,
      access: "link",
      lifetime: { kind: "presence", ms: PRESENCE_MS },
      capMs: this.#rules.idleCapMs,
      capacity: 2,
      encrypted: false,
      slowModeMs: 0,
      links: true,
      invited: true,
      admitted: pair.between,
    });
    if (!room) throw gone();
  }

  /** The list is up to `LIMITS.roomsListed` readings: many who ask for it at once share them. */
  list(): Promise<Room[]> {
    return this.#list.get();
  }

  /** Enters, or comes back to, a room: who is in it, and what was said since the cursor. */
  enter(context: Context, input: Payload<"room:enter">): Promise<Data<"room:enter">> {
    return this.#inTurn(input.roomId, context.drifter, () => this.#enter(context, input));
  }

  /** Who comes in the last minute was not there when it was told; after the reply. */
  #tellClosing(connection: ConnectionId, { id, lifetime, deadlineAt }: StoredRoom): void {
    if (lifetime.kind === "presence" || deadlineAt - this.#clock.now() > CLOSING_MS) return;
    setImmediate(() =>
      this.#publisher.toConnection(connection, "room:closing", { roomId: id, at: deadlineAt }),
    );
  }

  async #sendAway(id: RoomId, drifter: DrifterId): Promise<void> {
    if (this.#hall.attendance.of(id, drifter).length === 0)
      await this.#store.away(id, drifter, this.#node, AWAY_MS);
    this.#strays.delete(`${id}:${drifter}`);
  }

  #inTurn<T>(id: RoomId, drifter: DrifterId, act: () => Promise<T>): Promise<T> {
    return this.#turns.take(`${id}:${drifter}`, act);
  }

  async #enter(context: Context, input: Payload<"room:enter">): Promise<Data<"room:enter">> {
    const { drifter, connection } = context;
    const { roomId: id, invite, after, epoch } = input;
    const key = `${id}:${drifter}`;
    const who = { drifter, node: this.#node, mask: newPersona() };
    const isUntold = (isNew: boolean): boolean => this.#unheard.delete(key) || isNew;
    const entered = await this.#store
      .enter(id, { ...who, ...(invite === undefined ? {} : { inviteHash: secretHash(invite) }) })
      .catch((error: unknown) => {
        if (error instanceof StoreUnavailable) {
          this.#strays.set(key, { id, drifter });
          // Who is here is known to be in: that he comes again is nothing new.
          if (this.#hall.attendance.of(id, drifter).length === 0)
            this.#unheard.set(key, performance.now());
        }
        throw error;
      });
    if (entered.code === "gone") throw gone();
    if (entered.code === "full") throw new DomainError("full", "the room is full");
    if (entered.code === "locked") {
      const { creator, me } = entered;
      if (isUntold(entered.isNew) && creator !== null) {
        this.#publisher.toDrifter(creator, "room:knocked", { roomId: id, persona: me });
      }
      throw new DomainError("locked", "the door is locked; you have knocked");
    }
    const { me, room } = entered;
    // From here on he hears what is written: the log that is read next has everything before. Who is
    // being removed, or has hung up, does not, and is in no longer than others who are away.
    const isHere = this.#hall.enter(id, connection, { drifter, persona: me }, room);
    // Also of one who has hung up: he is in, and when he comes back that is nothing new.
    if (isUntold(entered.isNew)) this.#hall.tellChange("room:joined", id, me, room);
    if (!isHere) {
      this.#strays.set(key, { id, drifter });
      await this.#sendAway(id, drifter);
      throw gone();
    }
    this.#tellClosing(connection, room);
    const [members, log, knocks] = await Promise.all([
      this.#store.members(id, LIMITS.membersListed),
      this.#store.messages(id, drifter, after ?? null, PAGE_BYTES),
      room.creator === drifter ? this.#store.knocks(id) : null,
    ]);
    const head = Math.max(room.head, log.at(-1)?.seq ?? 0);
    const first = log[0]?.seq;
    this.#hall.hasRead(id, log.at(-1)?.seq ?? 0);
    const isOurs = (after ?? 0) <= head && (epoch ?? 0) <= room.epoch;
    const isWhole = first === undefined ? (after ?? head) >= head : first === (after ?? 0) + 1;
    return {
      room: roomToWire({ ...room, head }),
      me,
      members,
      messages: log.map((message) => messageToWire(id, message)),
      // Who comes without a cursor has missed nothing.
      recovered: after === undefined || (isOurs && isWhole),
      ...(knocks === null ? {} : { knocks }),
    };
  }

  /** Rooms that somebody is in who is connected to this process. */
  get attended(): number {
    return this.#hall.attendance.rooms().length;
  }

  /** Where this process dies, those who are here now are looked for, and in no room that has ended since. */
  noteAttended(): Promise<void> {
    return this.#store.attended(this.#node, this.#hall.attendance.rooms());
  }

  tellCrowds(): Promise<void> {
    return this.#hall.tellCrowds();
  }

  /** In the order of asking, and behind an entering that is under way. */
  send(context: Context, input: Payload<"room:send">): Promise<Data<"room:send">> {
    const { drifter } = context;
    const turn = `${input.roomId}:${drifter}`;
    // A photo asks for the room first: what is written meanwhile comes after it.
    if (input.photo === undefined && !this.#turns.isTaken(turn)) return this.#send(context, input);
    return this.#turns.take(turn, () => this.#send(context, input));
  }

  async #send(context: Context, input: Payload<"room:send">): Promise<Data<"room:send">> {
    const { roomId: id } = input;
    const { body, photo } = await this.#bodyOf(context.drifter, input);
    const { timer, re, epoch, seq } = input;
    const append: RoomAppend = {
      writeId: input.id,
      body,
      hasLink: "text" in body && findLinks(body.text).length > 0,
      ...(photo === undefined ? {} : { photo }),
      ...(timer === undefined ? {} : { timer }),
      ...(re === undefined ? {} : { re }),
      ...(epoch === undefined ? {} : { epoch }),
      ...(seq === undefined ? {} : { seq }),
    };
    const write = (): Promise<Appended> =>
      this.#store.append(id, context.drifter, append, this.#rules.backlog);
    const appended = await (photo === undefined ? write() : this.#asPhoto(context, input, write));
    switch (appended.code) {
      case "gone":
        throw gone();
      case "kind":
        throw invalid({ [Object.keys(body)[0]!]: "is not what this room takes" });
      case "links":
        throw noLinks("text" in body ? body.text : "");
      case "slow":
        throw new DomainError("rate_limited", "slow mode", { retryAfterMs: appended.retryAfterMs });
      case "moved":
        throw new DomainError("conflict", "the room has moved on: seal it for now");
      case "written": {
        const { message, deadlineAt, isNew } = appended;
        const { seq, epoch } = message;
        // Again: the log knows what was said then, and whether nobody was told.
        const told = isNew ? { message: messageToWire(id, message) } : {};
        this.#hall.written(id, context.drifter, { seq, epoch, deadlineAt, ...told });
        return { seq: message.seq, sentAt: message.sentAt, deadlineAt };
      }
    }
  }

  /** Each takes the room of a thousand messages. */
  async #asPhoto(
    { drifter, mask }: Context,
    { roomId, id }: Payload<"room:send">,
    write: () => Promise<Appended>,
  ): Promise<Appended> {
    const mark = photoMarkOf(mask, roomId, id);
    const isNew = (done: Appended): boolean => done.code === "written" && done.isNew;
    return this.#quotas.spendOnce(drifter, "photos", mark, write, isNew);
  }

  async #bodyOf(
    drifter: DrifterId,
    input: Payload<"room:send">,
  ): Promise<{ body: MessageBody; photo?: Uint8Array }> {
    const { text, sealed, photo } = input;
    if ([text, sealed, photo].filter((one) => one !== undefined).length !== 1) {
      throw invalid({ text: "must be there, or else sealed or photo, and one of them alone" });
    }
    if (text !== undefined) return { body: { text: cleanText(text) } };
    if (sealed !== undefined) return { body: { sealed } };
    // Who is not in learns nothing of a room by what it would say of a photo.
    const room = await this.#store.standing(input.roomId, drifter);
    if (!room?.isIn) throw gone();
    if (!room.encrypted && photo!.length > LIMITS.photoBytes) {
      throw invalid({ photo: `must have at most ${LIMITS.photoBytes} bytes` });
    }
    // Into a sealed one nobody here can look.
    const kept = room.encrypted ? photo! : withoutMetadata(photo!);
    const fault = room.encrypted ? undefined : photoFault(kept);
    if (fault !== undefined) throw invalid({ photo: fault });
    return { body: { photoId: nanoid() }, photo: kept };
  }

  photo(id: RoomId, photoId: string): Promise<Uint8Array | null> {
    return this.#store.photo(id, photoId);
  }

  async seen(drifter: DrifterId, id: RoomId, seq: number): Promise<{ goneAt?: number }> {
    const seen = await this.#store.see(id, drifter, seq);
    switch (seen.code) {
      case "gone":
        throw gone();
      case "begun":
        return { goneAt: seen.goneAt };
      case "gone-for-reader":
        this.#hall.tellMember(id, drifter, "room:message-gone", { roomId: id, seq });
        return {};
      case "gone-for-all":
        this.#hall.tell(id, "room:message-gone", { roomId: id, seq });
        return {};
      case "nothing":
        return {};
    }
  }

  async type({ drifter, connection }: Context, id: RoomId, typing: boolean): Promise<void> {
    const { attendance } = this.#hall;
    const persona = attendance.personaOf(id, connection) ?? attendance.maskOf(id, drifter);
    if (!persona || !(await this.#hall.type(id, { drifter, persona }, typing))) throw gone();
  }

  leave(drifter: DrifterId, id: RoomId): Promise<void> {
    return this.#inTurn(id, drifter, async () => {
      // First his ears: nothing of what comes after his leaving reaches him.
      const key = `${id}:${drifter}`;
      const persona = this.#hall.attendance.maskOf(id, drifter);
      await this.#hall.silence(id, drifter);
      const left = await this.#store.leave(id, drifter).catch((error: unknown) => {
        if (!(error instanceof StoreUnavailable)) this.#hall.unsilence(id, drifter);
        else if (persona) this.#leaving.set(key, { id, drifter, persona, reason: "left" });
        throw error;
      });
      this.#hall.putOut(id, drifter, { reason: "left" });
      if (!left) throw gone();
      this.#leaving.delete(key);
      this.#hasLeft(id, drifter, left);
    });
  }

  /** What became of a leaving that had no answer: he hears again, or those who stay are told. */
  async #settleLeaving({ id, drifter, persona, reason }: Leaving): Promise<void> {
    const [areIn, room] = await Promise.all([
      this.#store.areIn(id, [drifter]),
      this.#store.read(id),
    ]);
    if (!this.#leaving.delete(`${id}:${drifter}`)) return;
    if (areIn?.[0] === true) return this.#hall.unsilence(id, drifter);
    const isRemoved = reason === "removed";
    this.#hall.putOut(id, drifter, { reason, epoch: isRemoved ? room?.epoch : undefined });
    if (!room) return;
    this.#hasLeft(id, drifter, { ...room, persona, hasHost: room.creator !== null });
    if (isRemoved) this.#tellRoom(room);
  }

  async #settleEnding(id: RoomId): Promise<void> {
    const room = await this.#store.read(id);
    if (this.#ending.delete(id) && !room) this.#hall.end(id, "destroyed");
  }

  /** What is owed to who has gone, once the store can be asked. */
  async #tidy(): Promise<void> {
    this.#isTidying = true;
    await inSlices([...this.#strays.values()], AT_ONCE, ({ id, drifter }) =>
      this.#inTurn(id, drifter, () => this.#sendAway(id, drifter)).catch(() => {}),
    );
    await inSlices([...this.#leaving.values()], AT_ONCE, (one) =>
      this.#inTurn(one.id, one.drifter, () => this.#settleLeaving(one)).catch(() => {}),
    );
    await inSlices([...this.#ending], AT_ONCE, (id) => this.#settleEnding(id).catch(() => {}));
    const before = performance.now() - UNHEARD_MS;
    for (const [key, at] of this.#unheard) if (at < before) this.#unheard.delete(key);
    this.#isTidying = false;
  }

  /** After his own doing, which does not wait for it. */
  #hasLeft(id: RoomId, drifter: DrifterId, left: Left): void {
    this.#tellLeft(id, drifter, left).catch(() => {});
  }

  async #tellLeft(id: RoomId, drifter: DrifterId, left: Left): Promise<void> {
    // Where two met, every way of going looks the same: the meeting ends, and says so.
    if (left.hasHost) this.#hall.tellChange("room:left", id, left.persona, left);
    else if (left.members <= 1) await this.#lost(id, drifter);
  }

  async #lost(id: RoomId, drifter: DrifterId): Promise<void> {
    await Promise.all(this.#watchers.map((watcher) => watcher.left(id, drifter)));
  }

  async invite(input: Payload<"room:invite">): Promise<Invite> {
    const { roomId: id, ownerKey, uses = 1, ttlMs = INVITE_MS } = input;
    const invite = newInvite();
    const hash = secretHash(invite);
    const isMade = await this.#store.invite(id, secretHash(ownerKey), { hash, uses, ttlMs });
    if (!isMade) throw gone();
    return invite;
  }

  async lock(id: RoomId, ownerKey: OwnerKey, locked: boolean): Promise<void> {
    this.#tellRoom((await this.#rule(id, ownerKey, { op: "lock", locked })).room);
  }

  async motd(id: RoomId, ownerKey: OwnerKey, text: string): Promise<void> {
    const rule: Rule = { op: "motd", text: cleanText(text) };
    this.#tellRoom((await this.#rule(id, ownerKey, rule)).room);
  }

  #tellRoom(room: StoredRoom): void {
    this.#hall.tell(room.id, "room:changed", { room: roomToWire(room) });
  }

  async #rule(
    id: RoomId,
    ownerKey: OwnerKey,
    rule: Rule,
  ): Promise<Extract<Ruled, { code: "done" }>> {
    const ruled = await this.#store.rule(id, secretHash(ownerKey), rule);
    if (ruled.code === "gone") throw gone();
    return ruled;
  }

  async admit(id: RoomId, ownerKey: OwnerKey, persona: PersonaId): Promise<void> {
    const { whom } = await this.#rule(id, ownerKey, { op: "admit", persona });
    if (!whom) return;
    this.#hall.unsilence(id, whom.drifter);
    this.#publisher.toDrifter(whom.drifter, "room:admitted", { roomId: id });
  }

  async kick(id: RoomId, ownerKey: OwnerKey, persona: PersonaId): Promise<void> {
    const { whom } = await this.#rule(id, ownerKey, { op: "look", persona });
    if (!whom) return;
    const { drifter } = whom;
    const key = `${id}:${drifter}`;
    const areIn = await this.#store.areIn(id, [drifter]);
    // First his ears: a message that is written right after his removal must not reach him, nor may
    // an entering that is on its way let him in again.
    await this.#hall.silence(id, drifter, { isForGood: true });
    try {
      await this.#inTurn(id, drifter, async () => {
        const { whom: out, room } = await this.#rule(id, ownerKey, { op: "kick", persona });
        this.#hall.putOut(id, drifter, { reason: "removed", epoch: room.epoch });
        if (out?.wasOut !== true) return;
        this.#leaving.delete(key);
        this.#hasLeft(id, drifter, { ...out, ...room, hasHost: true });
        this.#tellRoom(room);
      });
    } catch (error) {
      if (error instanceof StoreUnavailable && areIn?.[0])
        this.#leaving.set(key, { id, drifter, persona: whom.persona, reason: "removed" });
      else this.#hall.unsilence(id, drifter);
      throw error;
    }
  }

  async destroy(id: RoomId, ownerKey: OwnerKey): Promise<void> {
    await this.#rule(id, ownerKey, { op: "destroy" }).catch((error: unknown) => {
      if (error instanceof StoreUnavailable) this.#ending.add(id);
      throw error;
    });
    this.#hall.end(id, "destroyed");
  }

  #endHostless(id: RoomId, reason: RoomEnd): void {
    this.#hall.end(id, reason);
    for (const watcher of this.#watchers) watcher.ended(id, reason);
  }

  /** The end of a room that nobody rules. Safe to repeat. */
  async end(id: RoomId): Promise<void> {
    await this.#store.rule(id, NOBODYS_KEY, { op: "destroy" });
    this.#endHostless(id, "destroyed");
  }

  /** A connection is gone; whose last it was in a room is away from it. Safe to repeat. */
  async disconnected({ drifter, connection }: Context): Promise<void> {
    const { attendance } = this.#hall;
    const rooms = attendance.roomsOf(connection);
    await Promise.all(
      rooms.map((id) =>
        this.#inTurn(id, drifter, async () => {
          // Another tab of his may have come in meanwhile.
          const others = attendance.of(id, drifter).filter((one) => one !== connection);
          if (others.length === 0) {
            this.#hall.endTyping(id, drifter);
            await this.#store.away(id, drifter, this.#node, AWAY_MS);
          }
          attendance.remove(id, connection);
        }),
      ),
    );
  }

  /** Others took this process for dead: those whom it serves are in again; what fails, when rooms are tended. */
  async hold(): Promise<void> {
    this.#isHoldDue = false;
    try {
      await inSlices(this.#hall.attendance.all(), AT_ONCE, ({ room, drifter, persona }) =>
        this.#letInAgain(room, drifter, persona),
      );
    } catch (error) {
      this.#isHoldDue = true;
      throw error;
    }
  }

  /** False: he is out. `isUntold`: that he was, nobody has been told. */
  #letInAgain(
    id: RoomId,
    drifter: DrifterId,
    mask: Persona,
    { isUntold = false } = {},
  ): Promise<boolean> {
    return this.#inTurn(id, drifter, async () => {
      if (this.#hall.attendance.of(id, drifter).length === 0) return false;
      const entered = await this.#store.enter(id, { drifter, node: this.#node, mask });
      if (entered.code !== "in") this.#hall.putOut(id, drifter, { reason: "removed" });
      else if (entered.isNew && !isUntold && entered.room.creator !== null)
        this.#hall.tellChange("room:joined", id, entered.me, entered.room);
      return entered.code === "in";
    });
  }

  /** Those whom a dead process held are away since its last beat. */
  async orphan(node: NodeId, since: number): Promise<void> {
    await this.#store.orphan(node, since, AWAY_MS);
  }

  /** Deletes what has ended, does what is due, and tells it. */
  async tend(): Promise<void> {
    // Beside it: what ends now does not wait for those who are let in.
    if (this.#isHoldDue) this.hold().catch(() => {});
    if (!this.#isTidying) void this.#tidy();
    for (;;) {
      const due = await this.#store.claimDue(DUE_BATCH, DUE_LEASE_MS);
      // One that cannot be looked at now keeps no other from its end.
      const looks = await Promise.allSettled(due.map((id) => this.#tendOne(id)));
      const done = looks.flatMap((look) => (look.status === "fulfilled" ? [look.value] : []));
      await this.#store.tended(done);
      for (const look of looks) if (look.status === "rejected") throw look.reason;
      if (due.length < DUE_BATCH) return;
    }
  }

  async #tendOne(id: RoomId): Promise<{ id: RoomId; nextAt: number | null }> {
    const tended = await this.#store.tend(id);
    if (tended.code !== "alive") {
      // Of one that went by itself nobody knows any more whether it had a host.
      const reason = this.#ending.delete(id) ? "destroyed" : "expired";
      if (tended.code === "ended" && tended.hasHost) this.#hall.end(id, reason);
      else this.#endHostless(id, reason);
      return { id, nextAt: null };
    }
    const { deadlineAt, nextAt, hasHost, effects } = tended;
    this.#hall.putOff(id, deadlineAt);
    const back = await this.#backOf(id, effects);
    for (const effect of effects) {
      switch (effect.kind) {
        case "closing":
          this.#hall.tell(id, "room:closing", { roomId: id, at: deadlineAt });
          break;
        case "message-gone":
          this.#hall.tell(id, "room:message-gone", { roomId: id, seq: effect.seq });
          break;
        case "left":
          // One who is here all the same is let in again when his turn comes.
          if (this.#hall.attendance.of(id, effect.drifter).length > 0) {
            const untold = { isUntold: true };
            const isIn = this.#letInAgain(id, effect.drifter, effect.persona, untold);
            // The store has gone away meanwhile: then as soon as it is back. It is told of nobody.
            if (await isIn.catch(() => (this.#isHoldDue = true))) break;
          } else if (back.has(effect.drifter)) break;
          await this.#tellLeft(id, effect.drifter, { ...effect, deadlineAt, hasHost });
          break;
        case "missing":
          await this.#lost(id, effect.drifter);
          break;
      }
    }
    if (effects.length > 0) await this.#store.told(id);
    return { id, nextAt };
  }

  /** Of those who had gone, whoever has come back by another process since. */
  async #backOf(id: RoomId, effects: readonly RoomEffect[]): Promise<ReadonlySet<DrifterId>> {
    const left = effects.flatMap((one) => (one.kind === "left" ? [one.drifter] : []));
    if (left.length === 0) return new Set();
    const areIn = await this.#store.areIn(id, left);
    return new Set(left.filter((_, i) => areIn?.[i]));
  }

  /**
   * What a report quotes: one message, or the last ones. Photos and sealed ones are only named. `isGone`: it has gone by
   * its timer, and nobody but who has read it knows what it said.
   */
  async quote(
    drifter: DrifterId,
    id: RoomId,
    seq: number | undefined,
  ): Promise<{ texts: string[]; isGone: boolean }> {
    if (seq !== undefined) {
      if (seq < 1) throw gone();
      const found = await this.#store.written(id, drifter, seq);
      if (!found) throw gone();
      const quoted = quoteOf(found.message);
      return { texts: [quoted === "" ? "[gone]" : quoted], isGone: quoted === "" };
    }
    const standing = await this.#store.standing(id, drifter);
    if (!standing || standing.upTo === 0) throw gone();
    const all = await this.#store.messages(
      id,
      drifter,
      Math.max(0, standing.upTo - QUOTED),
      PAGE_BYTES,
    );
    const log = all.filter((message) => message.seq <= standing.upTo);
    return { texts: log.map(quoteOf), isGone: false };
  }

  /** Whether nobody but its members can read what a room says; when it ends. */
  async nature(id: RoomId): Promise<{ encrypted: boolean; deadlineAt: number; members: number }> {
    const room = await this.#store.read(id);
    if (!room) throw gone();
    return room;
  }

  /**
   * Takes what a message says out of everybody's sight, brings it back, or ends it; safe to repeat. Its
   * writer, who is not to be told to anybody.
   */
  async veil(id: RoomId, seq: number, veil: Veil): Promise<DrifterId | null> {
    const veiled = await this.#store.veil(id, seq, veil);
    if (!veiled) return null;
    if (veil === "hide" || veil === "remove") {
      this.#publisher.toRoom(id, "room:message-gone", { roomId: id, seq });
    } else if (veil === "restore" && veiled.changed) {
      const deadlineAt = (await this.#store.read(id))?.deadlineAt;
      const message = messageToWire(id, veiled.message);
      if (deadlineAt !== undefined)
        this.#publisher.toRoom(id, "room:message", { roomId: id, message, deadlineAt });
    }
    return veiled.author;
  }

  /** Ends a room for all, whoever rules it. Safe to repeat. */
  async remove(id: RoomId): Promise<void> {
    await this.#store.end(id);
    this.#endHostless(id, "destroyed");
  }

  /** Who wrote a message; without a number, the other one of two. */
  async authorOf(drifter: DrifterId, id: RoomId, seq: number | undefined): Promise<DrifterId> {
    if (seq !== undefined && seq < 1) throw gone();
    const author =
      seq === undefined
        ? await this.#store.otherOfTwo(id, drifter)
        : ((await this.#store.written(id, drifter, seq))?.author ?? null);
    if (author === null) throw gone();
    return author;
  }

  /** Takes a drifter and all that he wrote out of every room. */
  async erase(drifter: DrifterId): Promise<void> {
    for (const id of await this.#store.roomsOf(drifter)) {
      await this.#inTurn(id, drifter, async () => {
        const key = `${id}:${drifter}`;
        const persona = this.#hall.attendance.maskOf(id, drifter);
        await this.#hall.silence(id, drifter);
        const erased = await this.#store.erase(id, drifter).catch((error: unknown) => {
          if (persona) this.#leaving.set(key, { id, drifter, persona, reason: "left" });
          throw error;
        });
        this.#hall.putOut(id, drifter, { reason: "left" });
        if (!erased) return;
        for (const seq of erased.seqs)
          this.#hall.tell(id, "room:message-gone", { roomId: id, seq });
        // Of one who had gone before, or was never in, those who are there heard then what they may.
        if (!erased.wasIn) return;
        this.#leaving.delete(key);
        this.#hasLeft(id, drifter, erased);
      });
    }
    await this.#store.forget(drifter);
  }

  /** Looks after those who are here: for a ticker, once a second. */
  tendHall(): Promise<void> {
    return this.#hall.tend();
  }

  stop(): void {
    this.#hall.stop();
  }
}

function noLinks(text: string): DomainError {
  const marks = findLinks(text).map((mark) => ({ ...mark, kind: "link" }));
  return new DomainError("rejected", "this room takes no links", {
    fields: { text: "must hold no link", marks: JSON.stringify(marks) },
  });
}

const quoteOf = (message: { text?: string; sealed?: string; photoId?: string }): string =>
  message.text ??
  (message.sealed === undefined ? (message.photoId === undefined ? "" : "[photo]") : "[sealed]");
