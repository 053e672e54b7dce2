import type { DrifterId, Persona, RoomId } from "@driftsea/protocol";
import type { ConnectionId } from "../lib/publisher.ts";

interface Attendant {
  drifter: DrifterId;
  persona: Persona;
}

/** Which connections of this process are in which room. Who is a member, the store alone knows. */
export class Attendance {
  readonly #rooms = new Map<RoomId, Map<ConnectionId, Attendant>>();
  readonly #connections = new Map<ConnectionId, Set<RoomId>>();
  readonly #barred = new Map<RoomId, Set<DrifterId>>();

  add(room: RoomId, connection: ConnectionId, attendant: Attendant): void {
    const attendants = this.#rooms.get(room) ?? new Map<ConnectionId, Attendant>();
    this.#rooms.set(room, attendants.set(connection, attendant));
    const rooms = this.#connections.get(connection) ?? new Set();
    this.#connections.set(connection, rooms.add(room));
  }

  /** True where it was the drifter's last connection in this room. */
  remove(room: RoomId, connection: ConnectionId): boolean {
    const attendants = this.#rooms.get(room);
    const attendant = attendants?.get(connection);
    if (!attendants || !attendant) return false;
    attendants.delete(connection);
    if (attendants.size === 0) this.#rooms.delete(room);
    const rooms = this.#connections.get(connection);
    rooms?.delete(room);
    if (rooms?.size === 0) this.#connections.delete(connection);
    return this.of(room, attendant.drifter).length === 0;
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

  all(): { room: RoomId; drifter: DrifterId; persona: Persona }[] {
    return [...this.#rooms].flatMap(([room, attendants]) =>
      [...attendants.values()].map((attendant) => ({ room, ...attendant })),
    );
  }

  /** He may not come in any more, not even where his entering is on its way. */
  bar(room: RoomId, drifter: DrifterId): void {
    this.#barred.set(room, (this.#barred.get(room) ?? new Set()).add(drifter));
  }

  unbar(room: RoomId, drifter: DrifterId): void {
    const barred = this.#barred.get(room);
    barred?.delete(drifter);
    if (barred?.size === 0) this.#barred.delete(room);
  }

  isBarred(room: RoomId, drifter: DrifterId): boolean {
    return this.#barred.get(room)?.has(drifter) ?? false;
  }

  /** The room is no more. */
  drop(room: RoomId): void {
    const attendants = this.#rooms.get(room) ?? new Map<ConnectionId, Attendant>();
    for (const connection of attendants.keys()) this.remove(room, connection);
    this.#barred.delete(room);
  }
}
