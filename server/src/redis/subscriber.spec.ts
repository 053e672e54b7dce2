import net from "node:net";
import { expect } from "chai";
import { pino } from "pino";
import { startCluster } from "../../test/harness/cluster.ts";
import type { TestCluster } from "../../test/harness/cluster.ts";
import { needRedis, startRedis } from "../../test/harness/redis.ts";
import { until } from "../../test/harness/visitor.ts";
import { StoreUnavailable } from "../lib/errors.ts";
import { RedisConnection } from "./connection.ts";
import { Subscriber } from "./subscriber.ts";

const logger = pino({ level: "silent" });
const CHANNELS = Array.from({ length: 16 }, (_, n) => `s:{w:${n}}`);

/** Hears all channels, and counts what comes by channel. */
async function listen(redis: RedisConnection) {
  const heard = new Map<string, string[]>();
  const subscriber = new Subscriber(redis, logger);
  await subscriber.open(CHANNELS, (text, channel) =>
    heard.set(channel, [...(heard.get(channel) ?? []), text]),
  );
  const publish = (channel: string, text: string): Promise<unknown> =>
    redis.command("SPUBLISH", channel, text);
  /** Says it again and again, as it may be lost while nobody hears. */
  const untilHeard = (channel: string, text: string, withinMs: number): Promise<void> =>
    until(
      async () => {
        await publish(channel, text).catch(() => {});
        return heard.get(channel)?.includes(text) ?? false;
      },
      `${channel} to be heard`,
      withinMs,
    );
  return { subscriber, heard, publish, untilHeard };
}

for (const form of ["single", "cluster"] as const)
  it(`[M9] hears every channel on ${form === "single" ? "Redis" : "a Redis Cluster"}, in order and once`, async function () {
    this.timeout(60_000);
    const redis = await startRedis(form);
    if (!redis) return this.skip();
    const connection = await redis.connect();
    const { subscriber, heard, publish } = await listen(connection);
    try {
      expect(subscriber.isOpen).to.equal(true);
      const texts = Array.from({ length: 20 }, (_, n) => `${n}`);
      for (const text of texts)
        await Promise.all(CHANNELS.map((channel) => publish(channel, text)));
      await until(() => [...heard.values()].flat().length >= 320, "all to be heard");
      for (const channel of CHANNELS) expect(heard.get(channel), channel).to.deep.equal(texts);
    } finally {
      subscriber.close();
      await redis.stop();
    }
    expect(subscriber.isOpen).to.equal(false);
  });

it("[M9] where the way to Redis is lost without a word, it is found anew for what is heard too", async function () {
  this.timeout(60_000);
  const redis = await startRedis("single");
  if (!redis) return this.skip();
  const { pathname } = new URL(redis.url);
  const old: net.Socket[] = [];
  const relay = net.createServer((inner) => {
    const outer = net.connect(pathname);
    old.push(inner, outer);
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      one.on("error", () => {});
      one.pipe(other);
    }
  });
  await new Promise<void>((done) => void relay.listen(0, "127.0.0.1", done));
  const { port } = relay.address() as net.AddressInfo;
  const connection = new RedisConnection({
    url: `redis://127.0.0.1:${port}`,
    logger,
    keyPrefix: "",
  });
  try {
    await connection.connect(5000);
    const { subscriber, untilHeard } = await listen(connection);
    await untilHeard(CHANNELS[0]!, "before", 5000);
    // Nothing passes any more, and nothing is closed.
    for (const socket of old) socket.unpipe().pause();
    await untilHeard(CHANNELS[0]!, "after", 20_000);
    subscriber.close();
  } finally {
    connection.close();
    for (const socket of old) socket.destroy();
    relay.close();
    await redis.stop();
  }
});

it("[M9] where no master is known it waits for one, and holds nothing else up", async () => {
  let looks = 0;
  const redis = {
    slotOf: async () => 1,
    masterOf: () => {
      looks += 1;
      // A loop that let nothing else run would never end.
      if (looks > 10_000) throw new Error("it looks again and again without a pause");
      return null;
    },
  };
  const subscriber = new Subscriber(redis as unknown as RedisConnection, logger);
  const opened = subscriber.open(["s:{w:0}"], () => {}).catch((error: unknown) => error);
  await new Promise((done) => setTimeout(done, 100));
  subscriber.close();
  expect(await opened).to.be.instanceOf(StoreUnavailable);
});

describe("hearing channels of a Redis Cluster that changes", function () {
  this.timeout(60_000);
  let cluster: TestCluster;
  let redis: RedisConnection;
  let program: string;
  before(function () {
    program = needRedis(this);
  });
  beforeEach(async () => {
    cluster = await startCluster(program);
    redis = new RedisConnection({ url: cluster.url, logger, keyPrefix: "s:" });
    await redis.connect(5000);
  });
  afterEach(async () => {
    redis.close();
    await cluster.stop();
  });

  it("[M9] a channel whose slot moves is heard at its new place; a lost master's at its heir", async () => {
    const { subscriber, heard, untilHeard } = await listen(redis);
    try {
      await cluster.move(CHANNELS[0]!);
      await untilHeard(CHANNELS[0]!, "moved", 5000);
      await cluster.strike(CHANNELS[1]!, "SIGKILL");
      await until(() => !subscriber.isOpen, "the loss to be noticed");
      await untilHeard(CHANNELS[1]!, "inherited", 10_000);
      await until(() => subscriber.isOpen, "all to be heard");
      for (const channel of CHANNELS) {
        await untilHeard(channel, "after", 1000);
        expect(heard.get(channel)!.filter((text) => text === "after").length).to.be.above(0);
      }
    } finally {
      subscriber.close();
    }
  });
});
