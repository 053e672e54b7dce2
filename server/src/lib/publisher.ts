import type { DrifterId, EventName, Events } from "@driftsea/protocol";

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
  toEveryone<N extends EventName>(event: N, payload: Events[N]): void;
  /** Ends every connection of a drifter, after what was sent before. */
  disconnect(drifter: DrifterId): void;
}
