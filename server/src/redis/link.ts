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
  destroy(): void;
}

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

const socketOptions = {
  connectTimeout: 2000,
  reconnectStrategy: (retries: number): number =>
    Math.min(50 * 2 ** Math.min(retries, 5), 1000) * (0.75 + Math.random() / 2),
};

/** What every client has in common. */
const clientOptions = {
  // Flat lists for everything: the same form that scripts answer in.
  RESP: 2 as const,
  disableOfflineQueue: true,
  // The deadline is ours; a signal for each command costs as much as the command.
  commandOptions: { timeout: 0 },
};

export class SingleLink implements Link {
  readonly isCluster = false;
  readonly #client: ReturnType<typeof newClient>;

  constructor(url: string, events: LinkEvents) {
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

  destroy(): void {
    this.#client.destroy();
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
    this.#cluster.on("error", events.onAway);
    this.#cluster.on("node-error", events.onAway);
    this.#cluster.on("node-ready", events.onBack);
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
    if (this.#isDestroyed) this.#cluster.destroy();
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

  /** A new link to the same Cluster, by the masters that answered last; what is set may have gone. */
  successor(): ClusterLink {
    const known = this.#cluster.masters.filter(({ address }) => !this.#silent.has(address));
    return new ClusterLink(this.#urls, this.#events, known);
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.#cluster.destroy();
  }
}

/** The addresses in a setting: one, or some nodes of a Cluster with commas between. */
export const addressesOf = (setting: string): string[] => setting.split(/\s*,\s*(?=rediss?:)/);

function newClient(url: string) {
  return createClient({
    ...clientOptions,
    ...(url.startsWith("unix:")
      ? { socket: { ...socketOptions, path: url.slice("unix:".length), tls: false as const } }
      : { url, socket: socketOptions }),
  });
}

function newCluster(urls: readonly string[], known: readonly Address[]) {
  // The nodes that are found have no URL: what the first one says of user and TLS holds for all.
  const { socket, username, password } = RedisClient.parseURL(urls[0]!);
  const isTls = socket?.tls ?? false;
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
      socket: { ...socketOptions, ...(isTls ? { tls: true as const } : {}) },
    },
    topologyRefreshOnReconnectionAttemptStrategy: ASK_OTHERS_AFTER_MS,
  });
}
