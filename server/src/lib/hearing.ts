import type { ConnectionId, Place, Publisher } from "./publisher.ts";

/** What each connection listens to beside the rooms it is in: so many places, of which the oldest give way. */
export class Hearing {
  readonly #publisher: Pick<Publisher, "join" | "leave">;
  readonly #most: number;
  /** The oldest first. */
  readonly #heard = new Map<ConnectionId, Set<Place>>();

  constructor(publisher: Pick<Publisher, "join" | "leave">, most: number) {
    this.#publisher = publisher;
    this.#most = most;
  }

  /** From now on; nothing where the connection has gone meanwhile. */
  listen(connection: ConnectionId, place: Place): void {
    if (!this.#publisher.join(connection, place)) return;
    const heard = this.#heard.get(connection) ?? new Set();
    heard.delete(place);
    this.#heard.set(connection, heard.add(place));
    for (const oldest of heard) {
      if (heard.size <= this.#most) break;
      this.turnAway(connection, oldest);
    }
  }

  /** All that anybody listens to. */
  places(): ReadonlySet<Place> {
    return new Set([...this.#heard.values()].flatMap((heard) => [...heard]));
  }

  hears(connection: ConnectionId, place: Place): boolean {
    return this.#heard.get(connection)?.has(place) ?? false;
  }

  turnAway(connection: ConnectionId, place: Place): void {
    this.#heard.get(connection)?.delete(place);
    this.#publisher.leave(connection, place);
  }

  /** The place is no more, and has been closed. */
  closed(place: Place): void {
    for (const heard of this.#heard.values()) heard.delete(place);
  }

  disconnected(connection: ConnectionId): void {
    this.#heard.delete(connection);
  }
}
