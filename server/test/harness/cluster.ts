import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "redis";

const MASTERS = 3;
const NODES = 6;
const SLOTS = 16_384;
const READY_WITHIN_MS = 30_000;
/** After this a node that does not answer is held to be dead, in ms. */
const NODE_TIMEOUT_MS = 1000;

/** Runs the nodes; ends them and removes all when this process closes the pipe or is no more. */
const KEEPER = `program=$1; cd "$2"; shift 2
for port in "$@"; do (cd "$port" && exec "$program" ./redis.conf) & pids="$pids $!"; done
echo $pids; read -r _; kill -9 $pids; wait; rm -rf "$PWD"`;

export interface TestCluster {
  /** Of one node; it knows the others. */
  url: string;
  /** For each master a hash tag whose keys it holds. */
  tags: string[];
  /** Ends the master that holds a key as `kill -9` does, or halts it; resolves to its port. */
  strike(key: string, signal: "SIGKILL" | "SIGSTOP"): Promise<number>;
  stop(): Promise<void>;
}

interface Node {
  port: number;
  ask: (...args: (string | number)[]) => Promise<unknown>;
  close: () => void;
}

/** Three masters with a replica each, on ports that were free, in memory alone. */
export async function startCluster(program = "redis-server"): Promise<TestCluster> {
  const folder = mkdtempSync(join(tmpdir(), "driftsea-cluster-"));
  const free = await freePorts(2 * NODES);
  const ports = free.slice(0, NODES);
  const busPorts = free.slice(NODES);
  ports.forEach((port, i) => {
    mkdirSync(join(folder, String(port)));
    writeFileSync(join(folder, String(port), "redis.conf"), settings(port, busPorts[i]!));
  });
  const keeper = spawn("/bin/sh", ["-c", KEEPER, "sh", program, folder, ...ports.map(String)], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = new Promise((resolve) => keeper.once("close", resolve));
  const stop = async (): Promise<void> => {
    keeper.ref();
    keeper.stdin.end();
    await ended;
  };
  try {
    const [line] = (await once(keeper.stdout, "data")) as [Buffer];
    const pids = line.toString().trim().split(" ").map(Number);
    // It must not hold up the end of this process: with it the pipe is closed.
    keeper.unref();
    for (const pipe of [keeper.stdin, keeper.stdout]) (pipe as Socket).unref();
    const nodes = await Promise.all(ports.map(async (port) => retry(() => reach(port))));
    await form(nodes, busPorts);
    const tags = await tagOfEach(nodes[0]!);
    nodes.forEach((node) => node.close());
    return {
      url: `redis://127.0.0.1:${ports[0]}`,
      tags,
      strike: async (key, signal) => {
        const port = await ownerOf(ports, key);
        process.kill(pids[ports.indexOf(port)]!, signal);
        return port;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const settings = (port: number, busPort: number): string => `bind 127.0.0.1
port ${port}
cluster-enabled yes
cluster-port ${busPort}
cluster-node-timeout ${NODE_TIMEOUT_MS}
cluster-replica-validity-factor 0
repl-diskless-sync-delay 0
save ""
appendonly no
logfile redis.log
`;

/** Joins the nodes: the first three share the slots, each of the others follows one of them. */
async function form(nodes: readonly Node[], busPorts: readonly number[]): Promise<void> {
  const [first] = nodes;
  await Promise.all(nodes.map((node, i) => node.ask("CLUSTER", "SET-CONFIG-EPOCH", i + 1)));
  await Promise.all(
    nodes.slice(0, MASTERS).map((node, i) => {
      const [from, to] = [i, i + 1].map((n) => Math.ceil((n * SLOTS) / MASTERS));
      return node.ask("CLUSTER", "ADDSLOTSRANGE", from!, to! - 1);
    }),
  );
  for (const [i, { port }] of nodes.entries())
    if (i > 0) await first!.ask("CLUSTER", "MEET", "127.0.0.1", port, busPorts[i]!);
  const says = async (node: Node, part: string, what: string): Promise<boolean> =>
    String(await node.ask(part, "INFO")).includes(what);
  await eachNode(nodes, "know each other", (node) =>
    says(node, "CLUSTER", `cluster_known_nodes:${NODES}`),
  );
  const ids = await Promise.all(nodes.slice(0, MASTERS).map((node) => node.ask("CLUSTER", "MYID")));
  const replicas = nodes.slice(MASTERS);
  await eachNode(replicas, "follow", async (node) =>
    node.ask("CLUSTER", "REPLICATE", String(ids[replicas.indexOf(node)])).then(
      () => true,
      // It has not heard yet that this one has slots.
      () => false,
    ),
  );
  await eachNode(replicas, "have a copy", async (node) =>
    String(await node.ask("INFO", "replication")).includes("master_link_status:up"),
  );
  await eachNode(nodes, "be ready", (node) => says(node, "CLUSTER", "cluster_state:ok"));
}

async function eachNode(
  nodes: readonly Node[],
  what: string,
  holds: (node: Node) => Promise<boolean>,
): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  for (const node of nodes) {
    while (!(await holds(node))) {
      if (Date.now() > until) throw new Error(`node ${node.port} did not come to ${what}`);
      await sleep(20);
    }
  }
}

async function tagOfEach(node: Node): Promise<string[]> {
  const tags: string[] = [];
  for (let i = 0; Object.keys(tags).length < MASTERS; i += 1) {
    const slot = Number(await node.ask("CLUSTER", "KEYSLOT", String(i)));
    tags[Math.floor((slot * MASTERS) / SLOTS)] = String(i);
  }
  return tags;
}

/** The port of the master that serves the key, as one of the nodes knows it. */
async function ownerOf(ports: readonly number[], key: string): Promise<number> {
  for (const port of ports) {
    const node = await reach(port).catch(() => null);
    if (!node) continue;
    const slot = Number(await node.ask("CLUSTER", "KEYSLOT", key));
    const shards = (await node.ask("CLUSTER", "SLOTS")) as [number, number, [string, number]][];
    node.close();
    return shards.find(([from, to]) => from <= slot && slot <= to)![2][1];
  }
  throw new Error("no node answers");
}

/** They have only just been started. */
async function retry<T>(action: () => Promise<T>): Promise<T> {
  for (const until = Date.now() + READY_WITHIN_MS; ; await sleep(20)) {
    try {
      return await action();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

async function reach(port: number): Promise<Node> {
  const socket = { host: "127.0.0.1", port, reconnectStrategy: (): Error => new Error("gone") };
  const client = createClient({ socket, RESP: 2 });
  client.on("error", () => {});
  await client.connect();
  return {
    port,
    ask: (...args) => client.sendCommand(args.map(String)),
    close: () => client.destroy(),
  };
}

/** Held all at once, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
