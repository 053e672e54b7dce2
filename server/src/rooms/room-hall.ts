import { LIMITS } from "@driftsea/protocol";
import type { DrifterId, EventName, Events, Persona, RoomEnd, RoomId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { inSlices } from "../lib/in-slices.ts";
import type { ConnectionId, Publisher } from "../lib/publisher.ts";
import { TypingTimers } from "../lib/typing-timers.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { Told } from "../nodes/tellings.ts";
import { Attendance } from "./attendance.ts";
import type { Attendant } from "./attendance.ts";
import { RoomEars } from "./room-ears.ts";
import type { Written } from "./room-ears.ts";
import type { Left, RoomStore, StoredRoom } from "./rooms.store.ts";
import { roomToWire } from "./rooms.wire.ts";

/** Who was to be removed by a process that then fell silent hears again after this, in ms. */
const SILENCED_MS = 5000;
/** An end that nobody has told of is looked for so long after it, in ms. */
const OVERDUE_MS = 1000;
const BATCH = 20;

export interface HallParts {
  store: RoomStore;
  publisher: Publisher;
  nodes: Nodes;
  /** The store's. */
  clock: Clock;
  /** For one who is here and not in; false: he may not, and is out. */
  letInAgain: (id: RoomId, drifter: DrifterId, mask: Persona) => Promise<boolean>;
}

/**
 * What people hear of rooms: those who are connected here directly, all others by way of their
 * processes. Who is a member, the store alone knows.
 */
export class RoomHall {
  readonly attendance = new Attendance();
  readonly #p: HallParts;
  readonly #ears: RoomEars;
  readonly #typing = new TypingTimers();
  /** The end of each room with somebody of this process in it, as it was last heard. */
  readonly #deadlines = new Map<RoomId, number>();
  /** Rooms of many whose number has changed since it was last told. */
  readonly #crowds = new Map<RoomId, { members: number; deadlineAt: number }>();
  readonly #silenced = new Set<NodeJS.Timeout>();

  constructor(parts: HallParts) {
    this.#p = parts;
    const { store, nodes, publisher } = parts;
    this.#ears = new RoomEars({
      store,
      nodes,
      check: (id) => this.#check(id),
      tell: (id, message, deadlineAt) =>
        publisher.here.toRoom(id, "room:message", { roomId: id, message, deadlineAt }),
      tellGone: (id, seq) => publisher.here.toRoom(id, "room:message-gone", { roomId: id, seq }),
    });
    nodes.hear("room-event", ({ id, ...told }) => this.#tellHere(id, told));
    nodes.hear("room-message", ({ id, author, ...written }) =>
      this.#writtenHere(id, author, written),
    );
    nodes.hear("room-member", ({ id, drifter, ...told }) =>
      this.#tellMemberHere(id, drifter, told),
    );
    nodes.hear("room-typing", ({ id, drifter, persona, typing }) =>
      this.#typeHere(id, { drifter, persona }, typing),
    );
    nodes.hear("room-deaf", ({ id, drifter, isBarred }) => {
      this.#silenceHere(id, drifter, isBarred);
      this.#hearAgainLater(id, drifter);
    });
    nodes.hear("room-heard", ({ id, drifter }) => this.#unsilenceHere(id, drifter));
    nodes.hear("room-out", ({ id, drifter, reason, epoch }) =>
      this.#putOutHere(id, drifter, { reason, epoch }),
    );
    nodes.hear("room-ended", ({ id, reason }) => this.#endHere(id, reason));
    nodes.onMissed(() => this.#missed());
  }

  /** From here on this connection hears what is written. False: it has gone, or he is being removed. */
  enter(id: RoomId, connection: ConnectionId, who: Attendant, room: StoredRoom): boolean {
    const { publisher } = this.#p;
    if (this.attendance.isBarred(id, who.drifter) || !publisher.join(connection, id)) return false;
    if (!this.attendance.has(id)) this.#ears.open(id, room);
    this.attendance.add(id, connection, who);
    this.#deadlines.set(id, room.deadlineAt);
    return true;
  }

  /** He who has just come has read the log up to here. */
  hasRead(id: RoomId, seq: number): void {
    if (this.attendance.count(id) === 1) this.#ears.hasRead(id, seq);
  }

  tell<N extends EventName>(id: RoomId, event: N, payload: Events[N]): void {
    this.#tellHere(id, { event, payload } as Told);
    void this.#p.nodes.tell(id, "room-event", { id, event, payload } as Told & { id: RoomId });
  }

  #tellHere(id: RoomId, { event, payload }: Told): void {
    const { deadlineAt } = payload as { deadlineAt?: number };
    if (deadlineAt !== undefined) this.putOff(id, deadlineAt);
    // One who was removed, and of whom that was not heard, must hear nothing.
    if (this.attendance.has(id) && !this.#p.nodes.isDeaf)
      this.#p.publisher.here.toRoom(id, event, payload);
  }

  /** That somebody came or went. */
  tellChange(
    event: "room:joined" | "room:left",
    id: RoomId,
    persona: Persona,
    { members, deadlineAt }: Pick<Left, "members" | "deadlineAt">,
  ): void {
    this.putOff(id, deadlineAt);
    if (members > LIMITS.crowd) {
      this.#crowds.set(id, { members, deadlineAt });
    } else {
      this.#crowds.delete(id);
      this.tell(id, event, { roomId: id, persona, members, deadlineAt });
    }
  }

  /** How many are in the rooms of many, where it has changed. */
  async tellCrowds(): Promise<void> {
    const crowds = [...this.#crowds];
    this.#crowds.clear();
    for (const [id, crowd] of crowds) {
      // What another process has told meanwhile may be newer.
      const now = this.#p.nodes.areOthers ? await this.#p.store.read(id) : crowd;
      if (!now) continue;
      const { members, deadlineAt } = now;
      this.tell(id, "room:crowd", { roomId: id, members, deadlineAt });
    }
  }

  /** A message is in the log; `message` where it is at hand. */
  written(id: RoomId, author: DrifterId, written: Written): void {
    this.#writtenHere(id, author, written);
    void this.#p.nodes.tell(id, "room-message", { id, author, ...written });
  }

  #writtenHere(id: RoomId, author: DrifterId, written: Written): void {
    this.putOff(id, written.deadlineAt);
    this.#typing.stop(id, author);
    if (this.attendance.has(id)) this.#ears.written(id, written);
  }

  /** To each connection of a member. */
  tellMember<N extends EventName>(
    id: RoomId,
    drifter: DrifterId,
    event: N,
    payload: Events[N],
  ): void {
    const told = { event, payload } as Told;
    this.#tellMemberHere(id, drifter, told);
    void this.#p.nodes.tell(id, "room-member", { id, drifter, ...told });
  }

  #tellMemberHere(id: RoomId, drifter: DrifterId, { event, payload }: Told): void {
    for (const connection of this.attendance.of(id, drifter))
      this.#p.publisher.toConnection(connection, event, payload);
  }

  /** False: there is no such room any more. */
  async type(id: RoomId, who: Attendant, typing: boolean): Promise<boolean> {
    // Its end may have been put off, which not everybody is told.
    if (this.#isOver(id)) {
      const room = await this.#p.store.read(id);
      if (!room) return false;
      this.putOff(id, room.deadlineAt);
    }
    this.#typeHere(id, who, typing);
    void this.#p.nodes.tell(id, "room-typing", { id, ...who, typing });
    return true;
  }

  /** Each process tells its own, and the end too, so that it comes where the typist's has died (R7). */
  #typeHere(id: RoomId, { drifter, persona }: Attendant, typing: boolean): void {
    // Who is being removed may still be in at the process by which he types.
    if (!this.attendance.has(id) || (typing && this.attendance.isBarred(id, drifter))) return;
    // In a crowd nobody follows who is writing, and it would be told to all of it.
    const isCrowd =
      this.attendance.count(id) > LIMITS.crowd &&
      this.attendance.drifters(id).length > LIMITS.crowd;
    if (typing && isCrowd) return;
    const tell = (now: boolean): void => {
      if (!this.#isOver(id))
        this.#tellHere(id, {
          event: "room:typing",
          payload: { roomId: id, persona, typing: now },
        });
    };
    if (typing) this.#typing.start(id, drifter, tell);
    else this.#typing.end(id, drifter);
  }

  endTyping(id: RoomId, drifter: DrifterId): void {
    const persona = this.attendance.maskOf(id, drifter);
    this.#typing.end(id, drifter);
    if (persona)
      void this.#p.nodes.tell(id, "room-typing", { id, drifter, persona, typing: false });
  }

  #isOver(id: RoomId): boolean {
    return (this.#deadlines.get(id) ?? 0) <= this.#p.clock.now();
  }

  /** Its end, as it is now. */
  putOff(id: RoomId, deadlineAt: number): void {
    if (this.#deadlines.has(id)) this.#deadlines.set(id, deadlineAt);
  }

  /**
   * From when this resolves a drifter hears nothing more, wherever he is connected; `isForGood`: nor
   * does an entering that is on its way let him in.
   */
  async silence(id: RoomId, drifter: DrifterId, { isForGood = false } = {}): Promise<void> {
    this.#silenceHere(id, drifter, isForGood);
    const what = { id, drifter, isBarred: isForGood };
    if (isForGood) await this.#p.nodes.ask(id, "room-deaf", what);
    else await this.#p.nodes.tell(id, "room-deaf", what);
  }

  #silenceHere(id: RoomId, drifter: DrifterId, isBarred: boolean): void {
    if (isBarred) this.attendance.bar(id, drifter, Date.now() + SILENCED_MS);
    for (const connection of this.attendance.of(id, drifter))
      this.#p.publisher.leave(connection, id);
  }

  /** What he was silenced for has not come about. */
  unsilence(id: RoomId, drifter: DrifterId): void {
    this.#unsilenceHere(id, drifter);
    void this.#p.nodes.tell(id, "room-heard", { id, drifter });
  }

  #unsilenceHere(id: RoomId, drifter: DrifterId): void {
    this.attendance.unbar(id, drifter);
    for (const connection of this.attendance.of(id, drifter))
      this.#p.publisher.join(connection, id);
  }

  /** Whoever silenced him may have died. */
  #hearAgainLater(id: RoomId, drifter: DrifterId): void {
    if (this.attendance.of(id, drifter).length === 0) return;
    const timer = setTimeout(() => {
      this.#silenced.delete(timer);
      const rejoin = async (): Promise<void> => {
        if (await this.#check(id)) this.#unsilenceHere(id, drifter);
      };
      // Where the store is away he stays silent, until he comes again.
      rejoin().catch(() => {});
    }, SILENCED_MS);
    timer.unref();
    this.#silenced.add(timer);
  }

  /** His connections hear no more of a room, and are told why; `epoch` where his removal began one. */
  putOut(
    id: RoomId,
    drifter: DrifterId,
    out: { reason: RoomEnd; epoch?: number | undefined },
  ): void {
    this.#putOutHere(id, drifter, out);
    const epoch = out.epoch === undefined ? {} : { epoch: out.epoch };
    void this.#p.nodes.tell(id, "room-out", { id, drifter, reason: out.reason, ...epoch });
  }

  #putOutHere(
    id: RoomId,
    drifter: DrifterId,
    { reason, epoch }: { reason: RoomEnd; epoch?: number | undefined },
  ): void {
    for (const connection of this.attendance.of(id, drifter)) {
      this.#p.publisher.leave(connection, id);
      this.attendance.remove(id, connection);
      this.#p.publisher.toConnection(connection, "room:gone", { roomId: id, reason });
    }
    // For those who stay; he hears nothing of the room any more.
    this.#typing.end(id, drifter);
    if (epoch !== undefined) this.#ears.began(id, epoch);
  }

  end(id: RoomId, reason: RoomEnd): void {
    this.#endHere(id, reason);
    void this.#p.nodes.tell(id, "room-ended", { id, reason });
  }

  #endHere(id: RoomId, reason: RoomEnd): void {
    const { here } = this.#p.publisher;
    here.toRoom(id, "room:gone", { roomId: id, reason });
    here.closeRoom(id);
    this.attendance.drop(id);
    this.#forget(id);
  }

  #forget(id: RoomId): void {
    this.#crowds.delete(id);
    this.#deadlines.delete(id);
    this.#ears.close(id);
  }

  /** Puts out who is here and not in. False: there is no such room. */
  async #check(id: RoomId): Promise<boolean> {
    const all = this.attendance.drifters(id);
    const areIn = await this.#p.store.areIn(
      id,
      all.map(({ drifter }) => drifter),
    );
    if (!areIn) {
      this.#endHere(id, "expired");
      return false;
    }
    const out = all.filter((_, i) => !areIn[i]);
    for (const { drifter, persona } of out) await this.#p.letInAgain(id, drifter, persona);
    return true;
  }

  /** Something may not have been heard: the stores have it. */
  async #missed(): Promise<void> {
    await inSlices(this.attendance.rooms(), BATCH, (id) => this.#missedOf(id));
  }

  async #missedOf(id: RoomId): Promise<void> {
    if (!(await this.#check(id))) return;
    const room = await this.#p.store.read(id);
    if (!room || !this.attendance.has(id)) return;
    this.putOff(id, room.deadlineAt);
    this.#p.publisher.here.toRoom(id, "room:changed", { room: roomToWire(room) });
    await this.#ears.missed(id, room);
  }

  /** Forgets rooms in which nobody is any more, and looks for ends that nobody has told of. */
  async tend(): Promise<void> {
    this.attendance.sweep(Date.now());
    await this.#ears.retry();
    const before = this.#p.clock.now() - OVERDUE_MS;
    for (const [id, deadlineAt] of this.#deadlines) {
      if (!this.attendance.has(id)) {
        this.#forget(id);
      } else if (deadlineAt <= before) {
        const room = await this.#p.store.read(id);
        if (room) this.putOff(id, room.deadlineAt);
        else this.#endHere(id, "expired");
      }
    }
  }

  stop(): void {
    this.#typing.close();
    for (const timer of this.#silenced) clearTimeout(timer);
  }
}
