import type { Socket } from "socket.io";
import { Adapter, type BroadcastOptions, type Room, type SocketId } from "socket.io-adapter";
import type { TemplatedApp, WebSocket } from "uWebSockets.js";

export interface Wires {
  /** The open WebSocket under a Socket.IO socket; undefined once it has closed. */
  websocketOf: (socket: Socket) => Pick<Topics, "subscribe" | "unsubscribe"> | undefined;
  /** It has come in, and what is published to `topic` reaches it alone, to its end. */
  joined: (socket: Socket, topic: string) => void;
}

type Topics = WebSocket<unknown>;

/** What Socket.IO's adapter holds and declares private or `any`. */
interface AdapterInternals {
  nsp: { name: string; sockets: ReadonlyMap<SocketId, Socket> };
  encoder: { encode: (packet: OutgoingPacket) => (string | Buffer)[] };
}

interface OutgoingPacket {
  nsp?: string;
  type: number;
  data: unknown;
}

/**
 * An adapter that keeps each channel as a topic of uWebSockets.js and sends one encoded packet to
 * all of its members there, without walking them.
 *
 * Only a broadcast to one channel or to all, with nobody excepted and no binary attachment, goes
 * that way. It does not tell `onAnyOutgoing` listeners. `volatile` makes no difference to it: an
 * open WebSocket of this engine always takes a packet, until it has too much waiting and is
 * closed.
 */
export function uwsAdapter(
  app: Pick<TemplatedApp, "publish">,
  { websocketOf, joined: onJoined }: Wires,
): typeof Adapter {
  return class UwsAdapter extends Adapter {
    /** Connected sockets; those still in the middleware are in `sids` only. */
    readonly #subscribed = new Set<SocketId>();

    get #internals(): AdapterInternals {
      return this as unknown as AdapterInternals;
    }

    /** The kind comes first, so that no channel's name can make it the topic of all. */
    #topic(room: Room | null): string {
      const { name } = this.#internals.nsp;
      return room === null ? `all:${name}` : `one:${name}:${room}`;
    }

    override addAll(id: SocketId, rooms: Set<Room>): void {
      void super.addAll(id, rooms);
      // One that has not passed the middleware yet must hear nothing. When it has, Socket.IO adds
      // it to the channel of its own id, and what it joined before is subscribed as well.
      const socket = this.#internals.nsp.sockets.get(id);
      const websocket = socket && websocketOf(socket);
      if (!websocket) return;
      let joined: Iterable<Room> = rooms;
      const isNew = !this.#subscribed.has(id);
      if (isNew) {
        this.#subscribed.add(id);
        websocket.subscribe(this.#topic(null));
        joined = this.sids.get(id) ?? rooms;
      }
      for (const room of joined) websocket.subscribe(this.#topic(room));
      if (isNew) onJoined(socket, this.#topic(id));
    }

    override del(id: SocketId, room: Room): void {
      void super.del(id, room);
      if (this.#subscribed.has(id)) this.#openWebSocket(id)?.unsubscribe(this.#topic(room));
    }

    override delAll(id: SocketId): void {
      const rooms = [...(this.sids.get(id) ?? [])];
      super.delAll(id);
      if (!this.#subscribed.delete(id)) return;
      const websocket = this.#openWebSocket(id);
      websocket?.unsubscribe(this.#topic(null));
      // What has been said to it alone it still hears: its own topic ends with it.
      for (const room of rooms) if (room !== id) websocket?.unsubscribe(this.#topic(room));
    }

    override broadcast(packet: OutgoingPacket, opts: BroadcastOptions): void {
      if (opts.rooms.size > 1 || (opts.except?.size ?? 0) > 0) {
        super.broadcast(packet, opts);
        return;
      }
      const [room = null] = opts.rooms;
      // nobody of this channel is here: common with several processes, and encoding costs
      if (room !== null && !this.rooms.has(room)) return;
      const { nsp, encoder } = this.#internals;
      packet.nsp = nsp.name;
      const [encoded, ...attachments] = encoder.encode(packet);
      if (typeof encoded !== "string" || attachments.length > 0) {
        super.broadcast(packet, opts);
        return;
      }
      // "4" is the type `message` of Engine.IO
      app.publish(this.#topic(room), `4${encoded}`, false, false);
    }

    #openWebSocket(id: SocketId): Pick<Topics, "unsubscribe"> | undefined {
      const socket = this.#internals.nsp.sockets.get(id);
      return socket && websocketOf(socket);
    }
  };
}
