import { setTimeout as sleep } from "node:timers/promises";
import { RedisClient, createClient, createCluster } from "redis";

/**
 * The connections to one Redis, or to every master of a Cluster. Whoever uses it need not know which:
 * each command goes to the node that holds its key.
 */
export interface Link {
  readonly isCluster: boolean;
  /** Tries until it succeeds, or the link is destroyed. */
  open(): Promise<void>;
  /** @param key What the command is about, which names its slot. */
  send(key: string, args: string[]): Promise<unknown>;
  /** The same to every master, one answer each. */
  sendToAll(args: string[]): Promise<unknown[]>;
  /** The hash slot that a key or a channel lies in. */
  slotOf(key: string): Promise<number>;
  /** Whoever has that slot as far as is known at this moment; null: nobody. */
  masterOf(slot: number): Master | null;
  /** A new link to the same, not yet open. */
  successor(): Link;
  destroy(): void;
}

/** Where one master is, for who needs a connection to itself. */
export interface Master {
  address: string;
  /** Not yet open; tries once, and does not come back. */
  newClient: () => Client;
}

export type Client = ReturnType<typeof createClient<{}, {}, {}, 2>>;

interface Address {
  host: string;
  port: number;
}

export interface LinkEvents {
  onAway: (error: Error) => void;
  onBack: () => void;
}

/** Between two tries to reach a Cluster of which no node answers, in ms. */
const TRY_AGAIN_MS = 200;
/** A node that is away this long may have been replaced: the others are asked, in ms. */
const ASK_OTHERS_AFTER_MS = 300;

type Again = (retries: number) => number | Error;

const socketOptions = {
  connectTimeout: 2000,
  reconnectStrategy: (retries: number): number =>
    Math.min(50 * 2 ** Math.min(retries, 5), 1000) * (0.75 + Math.random() / 2),
};

/** Commands to one node that are not answered. */
const QUEUE_MAX = 100_000;

/** What every client has in common. */
const clientOptions = {
  // Flat lists for everything: the same form that scripts answer in.
  RESP: 2 as const,
  disableOfflineQueue: true,
  // Of one that hangs and does not close its line: what nobody waits for any more is not kept without end.
  commandsQueueMaxLength: QUEUE_MAX,
  // The deadline is ours; a signal for each command costs as much as the command.
  commandOptions: { timeout: 0 },
};

export class SingleLink implements Link {
  readonly isCluster = false;
  readonly #client: Client;
  readonly #url: string;
  readonly #events: LinkEvents;

  constructor(url: string, events: LinkEvents) {
    this.#url = url;
    this.#events = events;
    this.#client = newClient(url);
    // Without a listener the first lost connection would end the process.
    this.#client.on("error", events.onAway);
    this.#client.on("ready", events.onBack);
  }

  async open(): Promise<void> {
    await this.#client.connect();
  }

  /** Whether what was reached is a node of a Cluster; one that does not say counts as none. */
  async isNodeOfCluster(): Promise<boolean> {
    const info: unknown = await this.#client.sendCommand(["INFO", "cluster"]).catch(() => "");
    return typeof info === "string" && /^cluster_enabled:1/m.test(info);
  }

  async send(_key: string, args: string[]): Promise<unknown> {
    return this.#client.sendCommand(args);
  }

  async sendToAll(args: string[]): Promise<unknown[]> {
    return [await this.#client.sendCommand(args)];
  }

  async slotOf(): Promise<number> {
    return 0;
  }

  masterOf(): Master {
    return { address: this.#url, newClient: () => newClient(this.#url, once) };
  }

  successor(): SingleLink {
    return new SingleLink(this.#url, this.#events);
  }

  destroy(): void {
    endForGood(this.#client);
  }
}

export class ClusterLink implements Link {
  readonly isCluster = true;
  readonly #cluster: ReturnType<typeof newCluster>;
  readonly #urls: readonly string[];
  readonly #events: LinkEvents;
  /** Masters that owe an answer. */
  readonly #silent = new Set<string>();
  #isDestroyed = false;

  constructor(urls: readonly string[], events: LinkEvents, known: readonly Address[] = []) {
    this.#urls = urls;
    this.#events = events;
    this.#cluster = newCluster(urls, known);
    const isOver = (): boolean => {
      // It may have been looking for its nodes when it was destroyed, and goes on to connect to them.
      if (this.#isDestroyed) setImmediate(() => this.destroy());
      return this.#isDestroyed;
    };
    const onAway = (error: Error): void => void (isOver() || events.onAway(error));
    this.#cluster.on("error", onAway);
    this.#cluster.on("node-error", onAway);
    this.#cluster.on("node-ready", () => void (isOver() || events.onBack()));
  }

  async open(): Promise<void> {
    for (;;) {
      try {
        await this.#cluster.connect();
        break;
      } catch (error) {
        if (this.#isDestroyed) throw error;
        await sleep(TRY_AGAIN_MS);
      }
    }
    // It was given up while it was on its way: what it has opened since goes too.
    if (this.#isDestroyed) this.destroy();
  }

  async send(key: string, args: string[]): Promise<unknown> {
    return this.#cluster.sendCommand(key, false, args);
  }

  async sendToAll(args: string[]): Promise<unknown[]> {
    return Promise.all(
      this.#cluster.masters.map(async (master) => {
        this.#silent.add(master.address);
        const answer = await (await this.#cluster.nodeClient(master)).sendCommand(args);
        this.#silent.delete(master.address);
        return answer;
      }),
    );
  }

  async slotOf(key: string): Promise<number> {
    return Number(await this.#cluster.sendCommand(key, false, ["CLUSTER", "KEYSLOT", key]));
  }

  masterOf(slot: number): Master | null {
    const master = this.#cluster.slots[slot]?.master;
    if (!master) return null;
    const { address, host, port } = master;
    return { address, newClient: () => newNodeClient(this.#urls[0]!, { host, port }) };
  }

  /** By the masters that answered last; what is set may have gone. */
  successor(): ClusterLink {
    const known = this.#cluster.masters.filter(({ address }) => !this.#silent.has(address));
    return new ClusterLink(this.#urls, this.#events, known);
  }

  destroy(): void {
    this.#isDestroyed = true;
    for (const { client } of this.#cluster.masters) if (client) endForGood(client);
    this.#cluster.destroy();
  }
}

/** One that is on its way when it is destroyed arrives all the same. */
export function endForGood(client: Pick<Client, "destroy" | "on">): void {
  client.on("ready", () => client.destroy());
  client.destroy();
}

/** The addresses in a setting: one, or some nodes of a Cluster with commas between. */
export const addressesOf = (setting: string): string[] => setting.split(/\s*,\s*(?=rediss?:)/);

/** Of a connection that does not come back. */
const once = (): Error => new Error("it ended");

function newClient(url: string, reconnectStrategy = socketOptions.reconnectStrategy as Again) {
  const socket = { ...socketOptions, reconnectStrategy };
  return createClient({
    ...clientOptions,
    ...(url.startsWith("unix:")
      ? { socket: { ...socket, path: url.slice("unix:".length), tls: false as const } }
      : { url, socket }),
  });
}

function newNodeClient(url: string, address: Address) {
  const { username, password, isTls } = accessOf(url);
  const socket = { ...socketOptions, ...address, reconnectStrategy: once };
  return createClient({
    ...clientOptions,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    socket: isTls ? { ...socket, tls: true as const } : socket,
  });
}

/** The nodes that are found have no URL: what the first one says of user and TLS holds for all. */
function accessOf(url: string) {
  const { socket, username, password } = RedisClient.parseURL(url);
  return { username, password, isTls: socket?.tls ?? false };
}

function newCluster(urls: readonly string[], known: readonly Address[]) {
  const { username, password, isTls } = accessOf(urls[0]!);
  return createCluster({
    RESP: clientOptions.RESP,
    commandOptions: clientOptions.commandOptions,
    rootNodes:
      known.length > 0
        ? known.map(({ host, port }) => ({ socket: { host, port } }))
        : urls.map((url) => ({ url })),
    defaults: {
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      disableOfflineQueue: clientOptions.disableOfflineQueue,
      commandsQueueMaxLength: QUEUE_MAX,
      socket: { ...socketOptions, ...(isTls ? { tls: true as const } : {}) },
    },
    topologyRefreshOnReconnectionAttemptStrategy: ASK_OTHERS_AFTER_MS,
  });
}
