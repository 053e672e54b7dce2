import type { Stores } from "../../src/stores.ts";
import { startRedis } from "./redis.ts";
import type { TestRedis } from "./redis.ts";
import { startServer } from "./server.ts";
import type { Settings, TestServer } from "./server.ts";

export interface Node extends TestServer {
  /** What of the other processes' texts it does not get; all, where this answers true. */
  lose: (loses: (text: string) => boolean) => void;
}

/** Runs a suite on processes that share one Redis: here each is a server of its own in this process. */
export function onNodes(
  title: string,
  transports: readonly ("uws" | "node")[],
  suite: (start: (settings?: Settings) => Promise<[Node, Node]>, redis: () => TestRedis) => void,
): void {
  for (const transport of transports) {
    describe(`${title} (${transport})`, function () {
      this.timeout(60_000);
      let redis: TestRedis | null = null;
      const open: Node[] = [];
      before(async function () {
        redis = await startRedis();
        if (!redis) this.skip();
      });
      after(async () => redis?.stop());
      afterEach(async () => {
        for (const node of open.splice(0).reverse()) await node.close();
      });
      const start = async (settings: Settings = {}): Promise<[Node, Node]> => {
        await (await redis!.connect()).command("FLUSHALL");
        for (let i = 0; i < 2; i += 1) open.push(await startNode(redis!, transport, settings));
        return open as unknown as [Node, Node];
      };
      suite(start, () => redis!);
    });
  }
}

async function startNode(
  redis: TestRedis,
  transport: "uws" | "node",
  settings: Settings,
): Promise<Node> {
  let loses: (text: string) => boolean = () => false;
  const spoil = (stores: Stores): void => {
    const wakeUps = stores.wakeUps!;
    const open = wakeUps.open.bind(wakeUps);
    wakeUps.open = (hear) =>
      open((partition, text) => {
        if (!loses(text)) hear(partition, text);
      });
  };
  const own = { REDIS_URL: redis.url, TRANSPORT: transport, ...settings };
  const server = await startServer(own, spoil);
  return { ...server, lose: (which) => void (loses = which) };
}

/** A counter of a node, over all its labels. */
export async function countOf(node: TestServer, name: string): Promise<number> {
  const text = await (await fetch(`${node.url}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line.startsWith(name));
  return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}
