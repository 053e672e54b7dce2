import type {
  BoxId,
  DrifterId,
  EventName,
  Events,
  OwnerHash,
  RoomId,
  SecretId,
} from "@driftsea/protocol";

/** One connection of a drifter, in this process. */
export type ConnectionId = string;

/**
 * Where several people hear the same: a room, a secret, an ask box, and what its owner alone hears.
 * All are random: no two ever meet.
 */
export type Place = RoomId | SecretId | BoxId | OwnerHash;

/** To those who are connected to this process alone. */
export interface PublisherHere {
  /** To every connection of a drifter, but for the one named. */
  toDrifter<N extends EventName>(
    drifter: DrifterId,
    event: N,
    payload: Events[N],
    except?: ConnectionId,
  ): void;
  toRoom<N extends EventName>(room: Place, event: N, payload: Events[N]): void;
  closeRoom(room: Place): void;
}

/**
 * How services speak to those who are connected, to this process or another. What is told to nobody is
 * not kept, and what another process does not hear of is not told there.
 */
export interface Publisher {
  readonly here: PublisherHere;
  /** Those who are connected to this process. */
  drifters(): DrifterId[];
  /** To this process. */
  isConnected(drifter: DrifterId): boolean;
  toDrifter<N extends EventName>(drifter: DrifterId, event: N, payload: Events[N]): void;
  /**
   * Whether he has read, by a connection to this process, what was sent to him until now: true when he answers a ping
   * that went behind it, or says that he ends it; false when each has ended otherwise: by the server, or of itself.
   */
  hasRead(drifter: DrifterId): Promise<boolean>;
  /** Others count on his being there: from now on it is asked more often whether he is. */
  watch(drifter: DrifterId): void;
  toConnection<N extends EventName>(connection: ConnectionId, event: N, payload: Events[N]): void;
  /** From now on this connection hears what is told in a place. False: it is gone. */
  join(connection: ConnectionId, room: Place): boolean;
  /** From now on it hears not one byte more of it. */
  leave(connection: ConnectionId, room: Place): void;
  toRoom<N extends EventName>(room: Place, event: N, payload: Events[N]): void;
  /** Who is connected to this process: each tells its own what all can read in the store. */
  toEveryone<N extends EventName>(event: N, payload: Events[N]): void;
  /** Ends every connection of a drifter to this process, after what was sent before. */
  disconnect(drifter: DrifterId): void;
}
