import type { DrifterId, Persona, RoomId } from "@driftsea/protocol";
import type { ConnectionId } from "../lib/publisher.ts";

export interface Attendant {
  drifter: DrifterId;
  persona: Persona;
}

/** Which connections of this process are in which room. Who is a member, the store alone knows. */
export class Attendance {
  readonly #rooms = new Map<RoomId, Map<ConnectionId, Attendant>>();
  readonly #connections = new Map<ConnectionId, Set<RoomId>>();
  /** Room and drifter → until when, ms since 1970. */
  readonly #barred = new Map<string, number>();

  add(room: RoomId, connection: ConnectionId, attendant: Attendant): void {
    const attendants = this.#rooms.get(room) ?? new Map<ConnectionId, Attendant>();
    this.#rooms.set(room, attendants.set(connection, attendant));
    const rooms = this.#connections.get(connection) ?? new Set();
    this.#connections.set(connection, rooms.add(room));
  }

  remove(room: RoomId, connection: ConnectionId): void {
    const attendants = this.#rooms.get(room);
    if (!attendants?.delete(connection)) return;
    if (attendants.size === 0) this.#rooms.delete(room);
    const rooms = this.#connections.get(connection);
    rooms?.delete(room);
    if (rooms?.size === 0) this.#connections.delete(connection);
  }

  personaOf(room: RoomId, connection: ConnectionId): Persona | null {
    return this.#rooms.get(room)?.get(connection)?.persona ?? null;
  }

  /** A drifter's connections in a room. */
  of(room: RoomId, drifter: DrifterId): ConnectionId[] {
    const found: ConnectionId[] = [];
    for (const [connection, attendant] of this.#rooms.get(room) ?? [])
      if (attendant.drifter === drifter) found.push(connection);
    return found;
  }

  roomsOf(connection: ConnectionId): RoomId[] {
    return [...(this.#connections.get(connection) ?? [])];
  }

  has(room: RoomId): boolean {
    return this.#rooms.has(room);
  }

  rooms(): RoomId[] {
    return [...this.#rooms.keys()];
  }

  /** Connections in a room. */
  count(room: RoomId): number {
    return this.#rooms.get(room)?.size ?? 0;
  }

  /** Who is in a room, each once. */
  drifters(room: RoomId): Attendant[] {
    const all = [...(this.#rooms.get(room)?.values() ?? [])];
    return [...new Map(all.map((one) => [one.drifter, one])).values()];
  }

  maskOf(room: RoomId, drifter: DrifterId): Persona | null {
    const [connection] = this.of(room, drifter);
    return connection === undefined ? null : this.personaOf(room, connection);
  }

  all(): { room: RoomId; drifter: DrifterId; persona: Persona }[] {
    return [...this.#rooms].flatMap(([room, attendants]) =>
      [...attendants.values()].map((attendant) => ({ room, ...attendant })),
    );
  }

  /**
   * He may not come in, not even where his entering is on its way: longer than any is on its way, after
   * which the store refuses him.
   */
  bar(room: RoomId, drifter: DrifterId, until: number): void {
    this.#barred.set(`${room}:${drifter}`, until);
  }

  unbar(room: RoomId, drifter: DrifterId): void {
    this.#barred.delete(`${room}:${drifter}`);
  }

  isBarred(room: RoomId, drifter: DrifterId): boolean {
    return (this.#barred.get(`${room}:${drifter}`) ?? 0) > Date.now();
  }

  sweep(now: number): void {
    for (const [name, until] of this.#barred) if (until <= now) this.#barred.delete(name);
  }

  /** The room is no more. */
  drop(room: RoomId): void {
    const attendants = this.#rooms.get(room) ?? new Map<ConnectionId, Attendant>();
    for (const connection of attendants.keys()) this.remove(room, connection);
  }
}
