import { createClient } from "redis";
import type { Logger } from "pino";

/** A connection to Redis that does nothing but hear sharded channels (Redis 7), and comes back by itself. */
export class Subscriber {
  readonly #client: ReturnType<typeof newClient>;
  #isOpen = false;

  constructor(url: string, logger: Logger) {
    this.#client = newClient(url);
    this.#client.on("error", (error: Error) => {
      if (this.#isOpen) logger.warn({ reason: error.message }, "other processes are not heard");
      this.#isOpen = false;
    });
    // Emitted again after an outage, once everything is subscribed.
    this.#client.on("ready", () => (this.#isOpen = true));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async open(
    channels: readonly string[],
    hear: (text: string, channel: string) => void,
  ): Promise<void> {
    await this.#client.connect();
    await this.#client.sSubscribe([...channels], hear);
  }

  close(): void {
    this.#isOpen = false;
    this.#client.destroy();
  }
}

function newClient(url: string) {
  const reconnectStrategy = (retries: number): number =>
    Math.min(50 * 2 ** Math.min(retries, 5), 1000) * (0.75 + Math.random() / 2);
  const socket = url.startsWith("unix:")
    ? { path: url.slice("unix:".length), tls: false as const, reconnectStrategy }
    : { reconnectStrategy, connectTimeout: 2000 };
  return createClient({ ...(url.startsWith("unix:") ? {} : { url }), socket, RESP: 2 });
}
