import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "redis";
import { freePorts } from "./process.ts";

const MASTERS = 3;
const NODES = 6;
const SLOTS = 16_384;
const READY_WITHIN_MS = 30_000;
/** After this a node that does not answer is held to be dead, in ms. */
const NODE_TIMEOUT_MS = 1000;

/**
 * Runs a node for each port that it reads, and says its process; ends all and removes the folder
 * when this process closes the pipe or is no more.
 */
const KEEPER = `cd "$2"
while read -r port; do
  (cd "$port" && exec "$1" ./redis.conf) & pids="$pids $!"; echo $!
done
kill -9 $pids; wait; rm -rf "$PWD"`;

export interface TestCluster {
  /** Of one node; it knows the others. */
  url: string;
  /** For each master a hash tag whose keys it holds. */
  tags: string[];
  /** Kills or halts the master that holds a key. */
  strike(key: string, signal: "SIGKILL" | "SIGSTOP"): Promise<Struck>;
  /** Brings a key's slot to another master, as an operator does: key by key, others run meanwhile. */
  move(key: string): Promise<void>;
  stop(): Promise<void>;
}

export interface Struck {
  /** Runs it again, until it has followed its heir and each master has a replica. */
  revive(): Promise<void>;
}

interface Node {
  port: number;
  ask: (...args: (string | number)[]) => Promise<unknown>;
  /** Of a command that answers with a text or a number. */
  text: (...args: (string | number)[]) => Promise<string>;
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
  const keeper = spawn("/bin/sh", ["-c", KEEPER, "sh", program, folder], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = new Promise((resolve) => keeper.once("close", resolve));
  const lines = createInterface(keeper.stdout)[Symbol.asyncIterator]();
  const pids = new Map<number, number>();
  const run = async (port: number): Promise<void> => {
    keeper.stdin.write(`${port}\n`);
    pids.set(port, Number((await lines.next()).value));
  };
  const stop = async (): Promise<void> => {
    keeper.ref();
    keeper.stdin.end();
    await ended;
  };
  try {
    for (const port of ports) await run(port);
    // It must not hold up the end of this process: with it the pipe is closed.
    keeper.unref();
    for (const pipe of [keeper.stdin, keeper.stdout]) (pipe as Socket).unref();
    const tags = await withNodes(ports, async (nodes) => {
      await form(nodes, busPorts);
      return tagOfEach(nodes[0]!);
    });
    return {
      url: `redis://127.0.0.1:${ports[0]}`,
      tags,
      strike: async (key, signal) => {
        const port = await withNode(ports, async (node) => (await ownerOf(node, key)).port);
        process.kill(pids.get(port)!, signal);
        return {
          revive: async () => {
            if (signal === "SIGSTOP") process.kill(pids.get(port)!, "SIGCONT");
            else await run(port);
            await withNodes(ports, untilWhole);
          },
        };
      },
      move: async (key) => withNodes(ports, (nodes) => moveSlot(nodes, key)),
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
  await eachNode(nodes, "know each other", async (node) =>
    (await node.text("CLUSTER", "INFO")).includes(`cluster_known_nodes:${NODES}`),
  );
  const ids = await Promise.all(
    nodes.slice(0, MASTERS).map((node) => node.text("CLUSTER", "MYID")),
  );
  const replicas = nodes.slice(MASTERS);
  await eachNode(replicas, "follow", async (node) =>
    node.ask("CLUSTER", "REPLICATE", ids[replicas.indexOf(node)]!).then(
      () => true,
      // It has not heard yet that this one has slots.
      () => false,
    ),
  );
  await untilWhole(nodes);
}

/** Until all is served, and of each shard there is a copy. */
async function untilWhole(nodes: readonly Node[]): Promise<void> {
  await eachNode(nodes, "have a copy", async (node) => {
    const info = await node.text("INFO", "replication");
    return /^(master_link_status:up|connected_slaves:[1-9])/m.test(info);
  });
  await eachNode(nodes, "be ready", async (node) =>
    (await node.text("CLUSTER", "INFO")).includes("cluster_state:ok"),
  );
}

async function moveSlot(nodes: readonly Node[], key: string): Promise<void> {
  const { slot, port, others } = await ownerOf(nodes[0]!, key);
  const nodeAt = (at: number): Node => nodes.find((node) => node.port === at)!;
  const [from, to] = [nodeAt(port), nodeAt(others[0]!)];
  const [fromId, toId] = await Promise.all([from, to].map((node) => node.text("CLUSTER", "MYID")));
  await to.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId!);
  await from.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", toId!);
  for (;;) {
    const keys = (await from.ask("CLUSTER", "GETKEYSINSLOT", slot, 1)) as string[];
    if (keys.length === 0) break;
    await from.ask("MIGRATE", "127.0.0.1", to.port, keys[0]!, 0, 5000);
    await sleep(5);
  }
  for (const node of [to, from, ...nodes])
    // Replicas learn it from their masters.
    await node.ask("CLUSTER", "SETSLOT", slot, "NODE", toId!).catch(() => {});
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
    const slot = Number(await node.text("CLUSTER", "KEYSLOT", String(i)));
    tags[Math.floor((slot * MASTERS) / SLOTS)] = String(i);
  }
  return tags;
}

/** The master that serves the key, as this node knows it, and the other masters' ports. */
async function ownerOf(
  node: Node,
  key: string,
): Promise<{ slot: number; port: number; others: number[] }> {
  const slot = Number(await node.text("CLUSTER", "KEYSLOT", key));
  const shards = (await node.ask("CLUSTER", "SLOTS")) as [number, number, [string, number]][];
  const port = shards.find(([from, to]) => from <= slot && slot <= to)![2][1];
  const masters = shards.map(([, , [, at]]) => at);
  return { slot, port, others: masters.filter((at) => at !== port) };
}

async function withNode<T>(ports: readonly number[], use: (node: Node) => Promise<T>): Promise<T> {
  for (const port of ports) {
    const node = await reach(port).catch(() => null);
    if (node) return use(node).finally(node.close);
  }
  throw new Error("no node answers");
}

async function withNodes<T>(
  ports: readonly number[],
  use: (nodes: Node[]) => Promise<T>,
): Promise<T> {
  const nodes = await Promise.all(ports.map(async (port) => retry(() => reach(port))));
  return use(nodes).finally(() => nodes.forEach((node) => node.close()));
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
  const ask: Node["ask"] = async (...args) => client.sendCommand(args.map(String));
  return {
    port,
    ask,
    text: async (...args) => `${(await ask(...args)) as string | number}`,
    close: () => client.destroy(),
  };
}
