import { WebSocket } from "ws";

/** One client by hand: a full client library would be the bottleneck. */
export class RawClient {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: { ok: boolean; data: never }) => void>();
  #ack = 0;
  /** What the server sent by itself. */
  messages = 0;
  heartbeats = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async open(url: string): Promise<RawClient> {
    const socket = new WebSocket(
      `${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`,
    );
    const client = new RawClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.on("message", (data: Buffer) => {
        const text = data.toString();
        if (text.startsWith("0")) socket.send('40{"protocol":1}');
        else if (text === "2") {
          client.heartbeats += 1;
          socket.send("3");
        } else if (text.startsWith("40")) resolve();
        else client.#read(text);
      });
    });
    return client;
  }

  #read(text: string): void {
    if (text.startsWith("43")) {
      const bracket = text.indexOf("[");
      const id = Number(text.slice(2, bracket));
      const [reply] = JSON.parse(text.slice(bracket)) as [{ ok: boolean; data: never }];
      this.#waiting.get(id)?.(reply);
      this.#waiting.delete(id);
    } else if (text.startsWith("42")) this.messages += 1;
  }

  async ask<T>(name: string, payload: object): Promise<T> {
    const id = this.#ack;
    this.#ack += 1;
    const reply = new Promise<{ ok: boolean; data: never }>((resolve) =>
      this.#waiting.set(id, resolve),
    );
    this.#socket.send(`42${id}${JSON.stringify([name, payload])}`);
    const answer = await reply;
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer)}`);
    return answer.data;
  }

  close(): void {
    this.#socket.close();
  }
}
