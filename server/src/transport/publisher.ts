import type { Server, Socket } from "socket.io";
import type { DrifterId, EventName, Events } from "@driftsea/protocol";
import type { ConnectionId, Place, Publisher, PublisherHere } from "../lib/publisher.ts";
import type { Nodes } from "../nodes/nodes.ts";
import { drifterChannel, roomChannel } from "./channels.ts";

/** `Publisher` over Socket.IO, here and by way of the other processes; and who is connected to this one. */
export class SocketPublisher implements Publisher {
  readonly here: PublisherHere;
  readonly #nodes: Nodes;
  readonly #connected = new Map<DrifterId, Set<Socket>>();
  #io: Server | null = null;

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
    this.here = {
      toDrifter: (drifter, event, payload, except) =>
        this.#toDrifter(drifter, event, payload, except),
      toRoom: (room, event, payload) => this.#io?.to(roomChannel(room)).emit(event, payload),
      // `in` first: without it everybody who is connected is asked to leave.
      closeRoom: (room) => this.#io?.in(roomChannel(room)).socketsLeave(roomChannel(room)),
    };
    nodes.hear("to-drifter", ({ drifter, event, payload }) =>
      this.here.toDrifter(drifter, event, payload),
    );
    nodes.hear("to-place", ({ place, event, payload }) => this.here.toRoom(place, event, payload));
    nodes.hear("close-place", ({ place }) => this.here.closeRoom(place));
  }

  attach(io: Server): void {
    this.#io = io;
  }

  /** True where it is his first connection here. */
  async add(drifter: DrifterId, socket: Socket): Promise<boolean> {
    await socket.join(drifterChannel(drifter));
    const sockets = this.#connected.get(drifter);
    if (sockets) sockets.add(socket);
    else this.#connected.set(drifter, new Set([socket]));
    return sockets === undefined;
  }

  /** True where it was his last connection here. */
  remove(drifter: DrifterId, socket: Socket): boolean {
    const sockets = this.#connected.get(drifter);
    if (!sockets?.delete(socket) || sockets.size > 0) return false;
    this.#connected.delete(drifter);
    return true;
  }

  drifters(): DrifterId[] {
    return [...this.#connected.keys()];
  }

  isConnected(drifter: DrifterId): boolean {
    return this.#connected.has(drifter);
  }

  toDrifter<N extends EventName>(drifter: DrifterId, event: N, payload: Events[N]): void {
    this.#toDrifter(drifter, event, payload);
    void this.#nodes.tell(drifter, "to-drifter", { drifter, event, payload } as never);
  }

  #toDrifter<N extends EventName>(
    drifter: DrifterId,
    event: N,
    payload: Events[N],
    except?: ConnectionId,
  ): void {
    if (except === undefined) {
      this.#io?.to(drifterChannel(drifter)).emit(event, payload);
      return;
    }
    for (const socket of this.#connected.get(drifter) ?? [])
      if (socket.id !== except) socket.emit(event, payload);
  }

  toConnection<N extends EventName>(connection: ConnectionId, event: N, payload: Events[N]): void {
    this.#socketOf(connection)?.emit(event, payload);
  }

  #socketOf(connection: ConnectionId): Socket | undefined {
    return this.#io?.sockets.sockets.get(connection);
  }

  // Both adapters are in memory: joining and leaving is done when the call returns.
  join(connection: ConnectionId, room: Place): boolean {
    const socket = this.#socketOf(connection);
    if (!socket?.connected) return false;
    void socket.join(roomChannel(room));
    return true;
  }

  leave(connection: ConnectionId, room: Place): void {
    void this.#socketOf(connection)?.leave(roomChannel(room));
  }

  toRoom<N extends EventName>(room: Place, event: N, payload: Events[N]): void {
    this.here.toRoom(room, event, payload);
    void this.#nodes.tell(room, "to-place", { place: room, event, payload } as never);
  }

  closeRoom(room: Place): void {
    this.here.closeRoom(room);
    void this.#nodes.tell(room, "close-place", { place: room });
  }

  toEveryone<N extends EventName>(event: N, payload: Events[N]): void {
    this.#io?.emit(event, payload);
  }

  disconnect(drifter: DrifterId): void {
    for (const socket of this.#connected.get(drifter) ?? []) socket.disconnect(true);
  }
}
