import type { Server, Socket } from "socket.io";
import type { DrifterId, EventName, Events } from "@driftsea/protocol";
import type { ConnectionId, Place, Publisher, PublisherHere } from "../lib/publisher.ts";
import type { Nodes } from "../nodes/nodes.ts";
import { roomChannel } from "./channels.ts";
import { connectionOf } from "./connection.ts";

/** `Publisher` over Socket.IO, here and by way of the other processes; and who is connected to this one. */
export class SocketPublisher implements Publisher {
  readonly here: PublisherHere;
  readonly #nodes: Nodes;
  /** A list and no channel: nearly all have one connection, and there are many of them. */
  readonly #connected = new Map<DrifterId, readonly Socket[]>();
  readonly #prepare: (payload: object) => void;
  #io: Server | null = null;

  /** @param prepare What is done to each payload before it goes. */
  constructor(nodes: Nodes, prepare: (payload: object) => void = () => {}) {
    this.#nodes = nodes;
    this.#prepare = prepare;
    this.here = {
      toDrifter: (drifter, event, payload, except) =>
        this.#toDrifter(drifter, event, payload, except),
      toRoom: (room, event, payload) => {
        this.#prepare(payload);
        this.#io?.to(roomChannel(room)).emit(event, payload);
      },
      // `in` first: without it everybody who is connected is asked to leave.
      closeRoom: (room) => this.#io?.in(roomChannel(room)).socketsLeave(roomChannel(room)),
    };
    nodes.hear("to-drifter", ({ drifter, event, payload }) =>
      this.here.toDrifter(drifter, event, payload),
    );
    nodes.hear("to-place", ({ place, event, payload }) => this.here.toRoom(place, event, payload));
  }

  attach(io: Server): void {
    this.#io = io;
  }

  add(drifter: DrifterId, socket: Socket): void {
    const sockets = this.#connected.get(drifter) ?? [];
    this.#connected.set(drifter, [...sockets, socket]);
  }

  /** True where it was his last connection here. */
  remove(drifter: DrifterId, socket: Socket): boolean {
    const sockets = this.#connected.get(drifter) ?? [];
    const others = sockets.filter((one) => one !== socket);
    if (others.length > 0) this.#connected.set(drifter, others);
    else this.#connected.delete(drifter);
    return sockets.length > 0 && others.length === 0;
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
    this.#prepare(payload);
    for (const socket of this.#connected.get(drifter) ?? [])
      if (socket.id !== except) socket.emit(event, payload);
  }

  toConnection<N extends EventName>(connection: ConnectionId, event: N, payload: Events[N]): void {
    this.#prepare(payload);
    this.#socketOf(connection)?.emit(event, payload);
  }

  #socketOf(connection: ConnectionId): Socket | undefined {
    return this.#io?.sockets.sockets.get(connection);
  }

  async hasRead(drifter: DrifterId): Promise<boolean> {
    const lines = (this.#connected.get(drifter) ?? []).flatMap((one) => connectionOf(one) ?? []);
    const reads = lines.map(async (line) => {
      if (!(await line.hasRead())) throw new Error("silent");
    });
    return Promise.any(reads).then(
      () => true,
      () => false,
    );
  }

  watch(drifter: DrifterId): void {
    for (const socket of this.#connected.get(drifter) ?? []) watchLine(socket);
  }

  // Both adapters are in memory: joining and leaving is done when the call returns.
  join(connection: ConnectionId, room: Place): boolean {
    const socket = this.#socketOf(connection);
    if (!socket?.connected) return false;
    void socket.join(roomChannel(room));
    watchLine(socket);
    return true;
  }

  leave(connection: ConnectionId, room: Place): void {
    void this.#socketOf(connection)?.leave(roomChannel(room));
  }

  toRoom<N extends EventName>(room: Place, event: N, payload: Events[N]): void {
    this.here.toRoom(room, event, payload);
    void this.#nodes.tell(room, "to-place", { place: room, event, payload } as never);
  }

  toEveryone<N extends EventName>(event: N, payload: Events[N]): void {
    this.#io?.emit(event, payload);
  }

  disconnect(drifter: DrifterId): void {
    for (const socket of this.#connected.get(drifter) ?? []) socket.disconnect(true);
  }
}

function watchLine(socket: Socket): void {
  const line = connectionOf(socket);
  if (line) line.isWatched = true;
}
