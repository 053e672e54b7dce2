import type { DrifterId, Persona, RoomId } from "@driftsea/protocol";
import type { NodeId } from "../presence/node-id.ts";
import { list, oneOf, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import type { Script } from "../redis/scripts.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import { parseEffect, parseLeft, parseMessage, parsePersona, parseRoom } from "./rooms.answers.ts";
import { drifterRoomsKey, dueKey, listedKey, madeKey, nodeRoomsKey } from "./rooms.keys.ts";
import { roomKey, roomKeys } from "./rooms.keys.ts";
import * as keep from "./rooms.store.ts";
import type {
  Appended,
  Entered,
  Erased,
  Left,
  NewRoom,
  RoomAppend,
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

const script = (name: string): Script =>
  loadScript(import.meta.url, `lua/${name}.lua`, ["lua/room.lua"]);
const CREATE = script("create-room");
const READ = script("read-room");
const ENTER = script("enter-room");
const APPEND = script("append-message");
const MESSAGES = script("read-messages");
const SEE = script("see-message");
const LEAVE = script("leave-room");
const AWAY = script("set-away");
const VEIL = script("veil-message");
const TEND = script("tend-room");
const RULE = script("rule-room");
const INVITE = script("invite-to-room");
const KNOCKS = script("read-knocks");
const AUTHOR = script("read-author");
const OTHER = script("read-other");
const INSIDE = script("read-inside");
const STANDING = script("read-standing");
const PHOTO = script("read-photo");
const ERASE = script("erase-member");
const RESERVE = loadScript(import.meta.url, "lua/reserve-room.lua");
const CLAIM = loadScript(import.meta.url, "lua/claim-due.lua");
const FORWARD = loadScript(import.meta.url, "lua/bring-forward.lua");
const FINISH = loadScript(import.meta.url, "lua/finish-due.lua");

/** How long an index outlives the last room added to it, in ms: as long as any room lives. */
const INDEX_KEEP_MS = 91 * 24 * 60 * 60 * 1000;

/** Who was let in within this may not be known to be there yet, in ms. */
const COMING_IN_MS = 60_000;

/** Entries of the list that one reading looks through. */
const LISTED_MOST = 2000;

/** `RoomStore` on Redis; the contract is written there. */
export class RedisRoomStore implements RoomStore {
  readonly #redis: RedisConnection;
  readonly #due: string;
  readonly #listed: string;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#due = dueKey(redis.prefix);
    this.#listed = listedKey(redis.prefix);
  }

  #run(s: Script, id: RoomId, ...args: (string | number)[]): Promise<unknown> {
    return this.#redis.run(s, roomKeys(this.#redis.prefix, id), args);
  }

  /** Brings the next look at a room forward. */
  async #schedule(id: RoomId, at: number, whose: "any" | "known" = "any"): Promise<void> {
    await this.#redis.run(FORWARD, [this.#due], [id, at, whose]);
  }

  /** Remembers a room in an index; first, so that no room is ever missing there. */
  async #index(key: string, id: RoomId): Promise<void> {
    await Promise.all([
      this.#redis.command("ZADD", key, this.#redis.clock.now(), id),
      this.#redis.command("ZREMRANGEBYSCORE", key, "-inf", this.#redis.clock.now() - INDEX_KEEP_MS),
      this.#redis.command("PEXPIRE", key, INDEX_KEEP_MS),
    ]);
  }

  async reserve(
    drifter: DrifterId,
    writeHash: SecretHash,
    fresh: RoomId,
    limit: number,
  ): Promise<{ id: RoomId } | { retryAfterMs: number }> {
    const key = madeKey(this.#redis.prefix, drifter);
    const args = [writeHash, fresh, WRITE_RECORD_MS, limit];
    const [id, wait] = list(await this.#redis.run(RESERVE, [key], args));
    return id === "" ? { retryAfterMs: whole(wait) } : { id: text(id) as RoomId };
  }

  async create(room: NewRoom): Promise<StoredRoom | null> {
    const { lifetime, capMs } = room;
    const now = this.#redis.clock.now();
    const life = Math.min(lifetime.ms, capMs);
    // Looked at once before its last minute; whatever comes earlier brings the look forward. It is
    // noted before the room is made, so that a process which dies in between leaves none that nobody
    // looks at; but so late that nobody takes what is only being made for what has ended.
    const firstAt = now + (lifetime.kind === "presence" ? life : life - keep.CLOSING_MS);
    const notBefore = now + keep.MAKING_MS;
    await this.#redis.command("ZADD", this.#due, "NX", Math.max(notBefore, firstAt), room.id);
    if (room.access === "listed") {
      await this.#redis.command("ZADD", this.#listed, "NX", now, room.id);
    }
    const fields = {
      ...(room.creator === null ? {} : { creator: room.creator }),
      ownerHash: room.ownerHash,
      ...(room.title === undefined ? {} : { title: room.title }),
      access: room.access,
      kind: lifetime.kind,
      capacity: String(room.capacity),
      encrypted: flag(room.encrypted),
      slowModeMs: String(room.slowModeMs),
      links: flag(room.links),
      locked: "0",
      invited: flag(room.invited),
    };
    const answer = list(
      await this.#run(
        CREATE,
        room.id,
        lifetime.ms,
        lifetime.kind === "fixed" ? lifetime.ms : capMs,
        keep.CLOSING_MS,
        WRITE_RECORD_MS,
        keep.PRESENCE_LEASE_MS,
        JSON.stringify(fields),
        ...(room.admitted ?? []),
      ),
    );
    if (answer.length === 0) {
      // It has been and has ended: nothing is to be done there any more.
      await this.#redis.run(FINISH, [this.#due, this.#listed], [room.id, ""]);
      return null;
    }
    if (firstAt < notBefore) await this.#schedule(room.id, Math.max(now, firstAt));
    return parseRoom(room.id, answer);
  }

  async read(id: RoomId): Promise<StoredRoom | null> {
    const answer = list(await this.#run(READ, id));
    return answer.length === 0 ? null : parseRoom(id, answer);
  }

  async listed(limit: number): Promise<StoredRoom[]> {
    const found: StoredRoom[] = [];
    // Those that have ended, and that nobody has looked at since, must not hide others.
    for (let from = 0; found.length < limit && from < LISTED_MOST; from += limit) {
      const ids = list(
        await this.#redis.command("ZREVRANGE", this.#listed, from, from + limit - 1),
      );
      const rooms = await Promise.all(ids.map((id) => this.read(text(id) as RoomId)));
      found.push(...rooms.filter((room) => room !== null));
      if (ids.length < limit) break;
    }
    return found.slice(0, limit);
  }

  async enter(
    id: RoomId,
    who: { drifter: DrifterId; node: NodeId; mask: Persona; inviteHash?: SecretHash },
  ): Promise<Entered> {
    const { drifter, node, mask } = who;
    const args = [drifter, node, JSON.stringify(mask), mask.id, who.inviteHash ?? ""];
    const enter = async (how: "look" | "") =>
      list(await this.#run(ENTER, id, ...args, keep.KNOCKS_KEPT, how));
    // Nothing is kept of a room that is not there for him; and whether there is one, no time of a write tells.
    if ((await enter("look"))[0] === "gone") return { code: "gone" };
    await Promise.all([
      this.#index(nodeRoomsKey(this.#redis.prefix, node), id),
      this.#index(drifterRoomsKey(this.#redis.prefix, drifter), id),
    ]);
    const [answer, json, third, fourth] = await enter("");
    const code = oneOf(answer, ["in", "locked", "full", "gone"]);
    if (code === "gone" || code === "full") return { code };
    const me = parsePersona(json);
    if (code === "in") return { code, me, isNew: third === "1", room: parseRoom(id, fourth) };
    const creator = third === "" ? null : (text(third) as DrifterId);
    return { code, me, creator, isNew: fourth === "1" };
  }

  async members(id: RoomId, limit: number): Promise<Persona[]> {
    const { prefix } = this.#redis;
    const key = roomKey(prefix, id, "members");
    const drifters = list(await this.#redis.command("ZRANGE", key, 0, limit - 1)).map(text);
    if (drifters.length === 0 || !(await this.read(id))) return [];
    const people = roomKey(prefix, id, "people");
    const fields = drifters.map((drifter) => `p:${drifter}`);
    const masks = list(await this.#redis.command("HMGET", people, ...fields));
    return masks.flatMap((mask) => (mask === null ? [] : [parsePersona(mask)]));
  }

  async knocks(id: RoomId): Promise<Persona[]> {
    return list(await this.#run(KNOCKS, id)).map(parsePersona);
  }

  async leave(id: RoomId, drifter: DrifterId): Promise<Left | null> {
    const left = list(await this.#run(LEAVE, id, drifter));
    if (left.length === 0) return null;
    // Its end may have come nearer, and what all others have seen once is to go.
    await this.#schedule(id, this.#redis.clock.now());
    return parseLeft(left);
  }

  async away(id: RoomId, drifter: DrifterId, node: NodeId, graceMs: number): Promise<void> {
    await this.#setAway(id, node, drifter, this.#redis.clock.now() + graceMs);
  }

  async attended(node: NodeId, ids: readonly RoomId[]): Promise<void> {
    const key = nodeRoomsKey(this.#redis.prefix, node);
    const now = this.#redis.clock.now();
    for (let i = 0; i < ids.length; i += 500) {
      const some = ids.slice(i, i + 500).flatMap((id) => [now, id]);
      await this.#redis.command("ZADD", key, ...some);
    }
    await this.#redis.command("ZREMRANGEBYSCORE", key, "-inf", now - COMING_IN_MS);
    await this.#redis.command("PEXPIRE", key, INDEX_KEEP_MS);
  }

  async orphan(node: NodeId, since: number, graceMs: number): Promise<void> {
    const key = nodeRoomsKey(this.#redis.prefix, node);
    const ids = list(await this.#redis.command("ZRANGE", key, 0, -1));
    for (let i = 0; i < ids.length; i += 100) {
      const some = ids.slice(i, i + 100).map((id) => text(id) as RoomId);
      await Promise.all(some.map((id) => this.#setAway(id, node, "", since + graceMs)));
    }
    await this.#redis.command("DEL", key);
  }

  async #setAway(id: RoomId, node: NodeId, drifter: string, until: number): Promise<void> {
    const at = whole(await this.#run(AWAY, id, node, drifter, Math.round(until)));
    if (at > 0) await this.#schedule(id, at);
  }

  async append(
    id: RoomId,
    from: DrifterId,
    message: RoomAppend,
    backlog: number,
  ): Promise<Appended> {
    const { body, timer, re, writeId } = message;
    const own = {
      ...body,
      ...(timer === undefined ? {} : { timer }),
      ...(re === undefined ? {} : { re }),
    };
    const kind = "text" in body ? "text" : "sealed" in body ? "sealed" : "photo";
    const [answer, ...rest] = list(
      await this.#run(
        APPEND,
        id,
        from,
        writeId,
        kind,
        JSON.stringify(own).slice(1, -1),
        backlog,
        WRITE_RECORD_MS,
        flag(message.hasLink),
        message.epoch ?? "",
        message.seq ?? "",
        "photoId" in body ? body.photoId : "",
        message.photo ? Buffer.from(message.photo).toString("base64") : "",
        keep.PHOTOS_KEPT,
      ),
    );
    const code = oneOf(answer, ["gone", "kind", "links", "slow", "moved", "new", "again"]);
    if (code === "slow") return { code, retryAfterMs: whole(rest[0]) };
    if (code !== "new" && code !== "again") return { code };
    const [seq, sentAt, mask, epoch, deadlineAt] = rest;
    return {
      code: "written",
      isNew: code === "new",
      deadlineAt: whole(deadlineAt),
      message: {
        seq: whole(seq),
        id: writeId,
        from: parsePersona(mask),
        epoch: whole(epoch),
        sentAt: whole(sentAt),
        ...own,
      },
    };
  }

  async messages(
    id: RoomId,
    reader: DrifterId,
    after: number | null,
    maxBytes: number,
  ): Promise<StoredRoomMessage[]> {
    return list(await this.#run(MESSAGES, id, reader, after ?? "", maxBytes)).map(parseMessage);
  }

  async standing(id: RoomId, drifter: DrifterId): Promise<Standing | null> {
    const [isIn, upTo, encrypted] = list(await this.#run(STANDING, id, drifter));
    if (isIn === undefined) return null;
    return { isIn: isIn === "1", upTo: whole(upTo), encrypted: encrypted === "1" };
  }

  async areIn(id: RoomId, drifters: readonly DrifterId[]): Promise<boolean[] | null> {
    const [isThere, ...inside] = list(await this.#run(INSIDE, id, ...drifters));
    return isThere === undefined ? null : inside.map((one) => one === "1");
  }

  async written(
    id: RoomId,
    reader: DrifterId,
    seq: number,
  ): Promise<{ author: DrifterId; message: StoredRoomMessage } | null> {
    const [author, json] = list(await this.#run(AUTHOR, id, reader, seq));
    if (author === undefined) return null;
    return { author: text(author) as DrifterId, message: parseMessage(json) };
  }

  async otherOfTwo(id: RoomId, drifter: DrifterId): Promise<DrifterId | null> {
    const other = text(await this.#run(OTHER, id, drifter));
    return other === "" ? null : (other as DrifterId);
  }

  async see(id: RoomId, reader: DrifterId, seq: number): Promise<Seen> {
    const [answer, at] = list(await this.#run(SEE, id, reader, seq));
    const code = oneOf(answer, ["gone", "nothing", "gone-for-all", "gone-for-reader", "begun"]);
    if (code !== "begun") return { code };
    await this.#schedule(id, whole(at));
    return { code, goneAt: whole(at) };
  }

  async photo(id: RoomId, photoId: string): Promise<Uint8Array | null> {
    const base64 = text(await this.#run(PHOTO, id, photoId));
    return base64 === "" ? null : Buffer.from(base64, "base64");
  }

  async veil(id: RoomId, seq: number, veil: Veil): Promise<Veiled | null> {
    const [author, changed, json] = list(await this.#run(VEIL, id, seq, veil));
    if (json === undefined) return null;
    return {
      author: author === "" ? null : (text(author) as DrifterId),
      changed: changed === "1",
      message: parseMessage(json),
    };
  }

  async end(id: RoomId): Promise<void> {
    await this.#run(VEIL, id, 0, "remove");
    await this.#schedule(id, 0);
  }

  async rule(id: RoomId, ownerHash: SecretHash, rule: Rule): Promise<Ruled> {
    // Also where this process dies behind the script: nobody else would look at what is gone, and tell its members.
    if (rule.op === "destroy")
      await this.#schedule(id, this.#redis.clock.now() + keep.MAKING_MS, "known");
    const answer = list(await this.#run(RULE, id, ownerHash, rule.op, argumentOf(rule)));
    if (oneOf(answer[0], ["gone", "done"]) === "gone") return { code: "gone" };
    const [, fields, drifter, mask, wasOut] = answer;
    const room = parseRoom(id, fields);
    if (rule.op === "destroy") await this.#schedule(id, 0);
    if (drifter === "") return { code: "done", room };
    if (wasOut === "1") await this.#schedule(id, this.#redis.clock.now());
    const whom = {
      drifter: text(drifter) as DrifterId,
      persona: parsePersona(mask),
      wasOut: wasOut === "1",
    };
    return { code: "done", room, whom };
  }

  async invite(
    id: RoomId,
    ownerHash: SecretHash,
    invite: { hash: SecretHash; uses: number; ttlMs: number },
  ): Promise<boolean> {
    const { hash, uses, ttlMs } = invite;
    return (await this.#run(INVITE, id, ownerHash, hash, uses, ttlMs, keep.INVITES_KEPT)) === 1;
  }

  async claimDue(limit: number, leaseMs: number): Promise<RoomId[]> {
    const ids = list(await this.#redis.run(CLAIM, [this.#due], [limit, leaseMs]));
    return ids.map((id) => text(id) as RoomId);
  }

  async tend(id: RoomId): Promise<Tended> {
    const [answer, ...rest] = list(await this.#run(TEND, id, keep.CLOSING_MS, keep.TEND_BATCH));
    const code = oneOf(answer, ["unknown", "ended", "alive"]);
    if (code === "unknown") return { code };
    if (code === "ended") return { code, hasHost: rest[0] !== "" };
    const [nextAt, deadlineAt, creator, ...effects] = rest;
    return {
      code,
      nextAt: whole(nextAt),
      deadlineAt: whole(deadlineAt),
      hasHost: creator !== "",
      effects: effects.map(parseEffect),
    };
  }

  async told(id: RoomId): Promise<void> {
    await this.#redis.command("HDEL", roomKey(this.#redis.prefix, id, "meta"), "untold");
  }

  async tended(done: readonly { id: RoomId; nextAt: number | null }[]): Promise<void> {
    if (done.length === 0) return;
    const args = done.flatMap(({ id, nextAt }) => [id, nextAt ?? ""]);
    await this.#redis.run(FINISH, [this.#due, this.#listed], args);
  }

  async roomsOf(drifter: DrifterId): Promise<RoomId[]> {
    const key = drifterRoomsKey(this.#redis.prefix, drifter);
    return list(await this.#redis.command("ZRANGE", key, 0, -1)).map((id) => text(id) as RoomId);
  }

  async erase(id: RoomId, drifter: DrifterId): Promise<Erased | null> {
    const erased = list(await this.#run(ERASE, id, drifter));
    if (erased.length === 0) return null;
    await this.#schedule(id, this.#redis.clock.now());
    return { ...parseLeft(erased), seqs: list(erased[4]).map(whole), wasIn: erased[5] === 1 };
  }

  async forget(drifter: DrifterId): Promise<void> {
    const { prefix } = this.#redis;
    await this.#redis.command("DEL", drifterRoomsKey(prefix, drifter), madeKey(prefix, drifter));
  }
}

const flag = (value: boolean): string => (value ? "1" : "0");

function argumentOf(rule: Rule): string {
  switch (rule.op) {
    case "lock":
      return flag(rule.locked);
    case "motd":
      return rule.text;
    case "destroy":
      return "";
    default:
      return rule.persona;
  }
}
