import type { Server, Socket } from "socket.io";
import type { DrifterId, EventName, Events } from "@driftsea/protocol";
import type { ConnectionId, Place, Publisher } from "../lib/publisher.ts";
import { drifterChannel, roomChannel } from "./channels.ts";

/** `Publisher` over Socket.IO; and who is connected to this process. */
export class SocketPublisher implements Publisher {
  readonly #connected = new Map<DrifterId, Set<Socket>>();
  readonly #prepare: (payload: object) => void;
  #io: Server | null = null;

  /** @param prepare What is done to each payload before it goes. */
  constructor(prepare: (payload: object) => void = () => {}) {
    this.#prepare = prepare;
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

  toDrifter<N extends EventName>(
    drifter: DrifterId,
    event: N,
    payload: Events[N],
    except?: ConnectionId,
  ): void {
    this.#prepare(payload);
    if (except === undefined) {
      this.#io?.to(drifterChannel(drifter)).emit(event, payload);
      return;
    }
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
    this.#prepare(payload);
    this.#io?.to(roomChannel(room)).emit(event, payload);
  }

  closeRoom(room: Place): void {
    // `in` first: without it everybody who is connected is asked to leave.
    this.#io?.in(roomChannel(room)).socketsLeave(roomChannel(room));
  }

  toEveryone<N extends EventName>(event: N, payload: Events[N]): void {
    this.#io?.emit(event, payload);
  }

  disconnect(drifter: DrifterId): void {
    for (const socket of this.#connected.get(drifter) ?? []) socket.disconnect(true);
  }
}
