import type { DrifterId, EventName, Events, RoomId } from "@driftsea/protocol";

/** One connection of a drifter, in this process. */
export type ConnectionId = string;

/** How services speak to those who are connected. What is told to nobody is not kept. */
export interface Publisher {
  isConnected(drifter: DrifterId): boolean;
  /** To every connection of a drifter, but for the one named. */
  toDrifter<N extends EventName>(
    drifter: DrifterId,
    event: N,
    payload: Events[N],
    except?: ConnectionId,
  ): void;
  toConnection<N extends EventName>(connection: ConnectionId, event: N, payload: Events[N]): void;
  /** From now on this connection hears what is told in a room. False: it is gone. */
  join(connection: ConnectionId, room: RoomId): boolean;
  /** From now on it hears not one byte more of it. */
  leave(connection: ConnectionId, room: RoomId): void;
  toRoom<N extends EventName>(room: RoomId, event: N, payload: Events[N]): void;
  /** Nobody hears anything of a room any more. */
  closeRoom(room: RoomId): void;
  toEveryone<N extends EventName>(event: N, payload: Events[N]): void;
  /** Ends every connection of a drifter, after what was sent before. */
  disconnect(drifter: DrifterId): void;
}
