import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { ErrorReply } from "redis";
import { StoreUnavailable } from "../lib/errors.ts";
import type { RedisConnection } from "./connection.ts";
import { Deadlines } from "./deadlines.ts";
import { endForGood } from "./link.ts";
import type { Client, Master } from "./link.ts";

/** How often it is looked whether each channel is heard where it is published now, in ms. */
const LOOK_MS = 250;
/** How long a connection and its channels may take, in ms. */
const OPEN_WITHIN_MS = 2000;
/** What could not be opened is tried again after, in ms. */
const OPEN_AGAIN_MS = 50;

type Hear = (text: string, channel: string) => void;

/** A connection to one master, and what is heard over it. */
interface Ear {
  client: Client;
  channels: Set<string>;
}

/**
 * Hears sharded channels (Redis 7), each over a connection to the master that has its slot: one on a
 * single Redis. Whatever ends or moves is made anew at the next look. The client library would do that
 * too, but where it fails at it nobody catches what it throws.
 */
export class Subscriber {
  readonly #redis: RedisConnection;
  readonly #logger: Logger;
  readonly #deadlines = new Deadlines(OPEN_WITHIN_MS);
  /** By the master's address. */
  readonly #ears = new Map<string, Ear>();
  /** Channels and their slots. */
  readonly #slots = new Map<string, number>();
  #hear: Hear = () => {};
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #wasOpen = false;
  #generation = 0;
  #isClosed = false;

  constructor(redis: RedisConnection, logger: Logger) {
    this.#redis = redis;
    this.#logger = logger;
  }

  /** Every channel is heard at the master that has it, as far as is known. */
  get isOpen(): boolean {
    for (const [channel, slot] of this.#slots) {
      const address = this.#redis.masterOf(slot)?.address;
      if (address === undefined || !this.#ears.get(address)?.channels.has(channel)) return false;
    }
    return this.#slots.size > 0;
  }

  /** Resolves when every channel is heard. */
  async open(channels: readonly string[], hear: Hear): Promise<void> {
    this.#hear = hear;
    const slots = await Promise.all(channels.map((channel) => this.#redis.slotOf(channel)));
    channels.forEach((channel, i) => this.#slots.set(channel, slots[i]!));
    while (!this.isOpen) {
      if (this.#isClosed) throw new StoreUnavailable();
      await this.#look();
      // Where no master is known nothing is waited for in there.
      if (!this.isOpen) await sleep(OPEN_AGAIN_MS);
    }
    this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
  }

  async #look(): Promise<void> {
    this.#looking ??= this.#mend().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #mend(): Promise<void> {
    // What was silent to commands is not heard by these either, and closes nothing.
    const { generation } = this.#redis;
    if (generation !== this.#generation)
      for (const address of this.#ears.keys()) this.#drop(address);
    this.#generation = generation;
    const wanted = new Map<string, { master: Master; channels: string[] }>();
    for (const [channel, slot] of this.#slots) {
      const master = this.#redis.masterOf(slot);
      if (!master) continue;
      const own = wanted.get(master.address) ?? { master, channels: [] };
      own.channels.push(channel);
      wanted.set(master.address, own);
    }
    for (const address of this.#ears.keys()) if (!wanted.has(address)) this.#drop(address);
    await Promise.all(
      [...wanted.values()].map(async ({ master, channels }) => this.#listen(master, channels)),
    );
    const { isOpen } = this;
    if (this.#wasOpen && !isOpen) this.#logger.warn("other processes are not heard");
    this.#wasOpen = isOpen;
  }

  async #listen({ address, newClient }: Master, channels: readonly string[]): Promise<void> {
    const known = this.#ears.get(address);
    const ear: Ear = known ?? { client: newClient(), channels: new Set() };
    const { client } = ear;
    try {
      if (!known) {
        this.#ears.set(address, ear);
        client.on("error", () => this.#drop(address, ear));
        client.on("sharded-channel-moved", (channel: Buffer | string) =>
          ear.channels.delete(channel.toString()),
        );
        await this.#deadlines.within(client.connect());
      }
      const missing = channels.filter((channel) => !ear.channels.has(channel));
      await Promise.all(
        missing.map(async (channel) => {
          try {
            await this.#deadlines.within(client.sSubscribe(channel, this.#hear));
            ear.channels.add(channel);
          } catch (error) {
            if (!(error instanceof ErrorReply)) throw error;
            // It has moved, or is moving: any command on it makes its new place known.
            await this.#redis.command("EXISTS", channel);
          }
        }),
      );
    } catch (error) {
      // The other connections are no worse for it.
      if (!(error instanceof StoreUnavailable)) this.#drop(address, ear);
    }
  }

  #drop(address: string, ear = this.#ears.get(address)): void {
    if (ear) endForGood(ear.client);
    ear?.channels.clear();
    if (this.#ears.get(address) === ear) this.#ears.delete(address);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const address of this.#ears.keys()) this.#drop(address);
  }
}
