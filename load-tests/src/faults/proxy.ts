import { connect as connectTcp, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { freePort } from "./machines.ts";

/** Stands between a server and its store, and can let nothing through: what a broken net does. */
export class Proxy {
  readonly port: number;
  readonly #to: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isHeld = false;

  private constructor(port: number, to: number) {
    this.port = port;
    this.#to = to;
    this.#server = createServer({ pauseOnConnect: true }, (inner) => this.#take(inner));
  }

  static async start(to: number): Promise<Proxy> {
    const proxy = new Proxy(await freePort(), to);
    await new Promise<void>((done) => proxy.#server.listen(proxy.port, "127.0.0.1", done));
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** From now on nothing passes, in either direction, and nobody is told: no connection closes. */
  hold(): void {
    this.#isHeld = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** What waited goes on its way, late. */
  release(): void {
    this.#isHeld = false;
    for (const socket of this.#sockets) socket.resume();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }

  #take(inner: Socket): void {
    const outer = connectTcp({ host: "127.0.0.1", port: this.#to });
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      this.#sockets.add(from);
      from.on("data", (bytes) => void to.write(bytes));
      from.on("error", () => {});
      from.once("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#isHeld) from.pause();
      else from.resume();
    }
  }
}
