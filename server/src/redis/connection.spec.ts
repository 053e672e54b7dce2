import { expect } from "chai";
import net from "node:net";
import { pino } from "pino";
import { startCluster } from "../../test/harness/cluster.ts";
import { needRedis, startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { pause, until } from "../../test/harness/visitor.ts";
import { ContractError } from "../lib/errors.ts";
import { RedisConnection } from "./connection.ts";
import { addressesOf } from "./link.ts";
import type { Script } from "./scripts.ts";

const WHO: Script = {
  name: "who",
  body: `redis.call("SET", KEYS[1], "here", "PX", 60000)
return { KEYS[1], redis.call("GET", KEYS[1]), ARGV[1], now_ms() }`,
};

for (const form of ["single", "cluster"] as const) {
  describe(`a connection to ${form === "single" ? "Redis" : "a Redis Cluster"}`, () => {
    let redis: TestRedis | null = null;
    before(async function () {
      this.timeout(60_000);
      redis = await startRedis(form);
      if (!redis) this.skip();
    });
    after(async () => redis?.stop());

    it("takes commands and scripts to whoever holds their key, and by Redis's time", async () => {
      const connection = await redis!.connect();
      const keys = Array.from({ length: 30 }, (_, i) => `${connection.prefix}{${i}}:key`);
      for (const key of keys) {
        const [where, held, arg, now] = (await connection.run(WHO, [key], [7])) as unknown[];
        expect([where, held, arg]).to.deep.equal([key, "here", "7"]);
        expect(Math.abs(Number(now) - connection.clock.now())).to.be.below(1000);
        expect(await connection.command("GET", key)).to.equal("here");
      }
      const found = (await connection.command("KEYS", `${connection.prefix}*`)) as string[];
      expect(found.sort()).to.deep.equal(keys.sort());
      const pongs = await connection.everyMaster("PING");
      expect(pongs).to.deep.equal(redis!.tags.map(() => "PONG"));
    });

    it("refuses a call on keys of several slots", async () => {
      const connection = await redis!.connect();
      const [one, other] = [`${connection.prefix}{one}`, `${connection.prefix}{other}`];
      const endOf = (call: Promise<unknown>): Promise<unknown> => call.catch((e: unknown) => e);
      expect(await endOf(connection.run(WHO, [one, other], []))).to.be.instanceOf(ContractError);
      expect(await endOf(connection.command("DEL", one, other))).to.be.instanceOf(ContractError);
      expect(await connection.command("EXISTS", one)).to.equal(0);
      expect(await connection.command("DEL", one, `${one}:more`)).to.equal(0);
    });

    it("says what an acknowledgement does not survive", async () => {
      const said = await (await redis!.connect()).durability();
      expect(said[0]).to.include("no append-only file");
      expect(said.slice(1).map((text) => text.includes("replica"))).to.deep.equal(
        form === "single" ? [] : [true],
      );
    });
  });
}

describe("a connection that is closed", () => {
  const held = (): number =>
    process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout/.test(kind)).length;

  it("[M9] leaves nothing open, also while it is on its way to the nodes of a living Cluster", async function () {
    this.timeout(60_000);
    const cluster = await startCluster(needRedis(this));
    const { createConnection } = net;
    const before = held();
    const logger = pino({ level: "silent" });
    try {
      // Each node is reached after a time of its own.
      net.createConnection = ((...where: Parameters<typeof createConnection>) => {
        const socket = createConnection(...where);
        const emit = socket.emit.bind(socket) as (event: string, ...what: unknown[]) => boolean;
        const late = (event: string, ...what: unknown[]): boolean => {
          if (event !== "connect") return emit(event, ...what);
          setTimeout(() => emit(event, ...what), 30 * Math.random());
          return true;
        };
        return Object.assign(socket, { emit: late });
      }) as typeof createConnection;
      for (let i = 0; i < 60; i += 1) {
        const connection = new RedisConnection({ url: cluster.url, logger, keyPrefix: "" });
        connection.connect(5000).catch(() => {});
        await pause(2 * i);
        connection.close();
      }
      await until(() => held() <= before, "all to be closed");
    } finally {
      net.createConnection = createConnection;
      await cluster.stop();
    }
  });

  it("[M9] leaves nothing open, also while a lost master's heir is looked for", async function () {
    this.timeout(60_000);
    const program = needRedis(this);
    const cluster = await startCluster(program);
    const before = held();
    const logger = pino({ level: "silent" });
    const all = Array.from({ length: 40 }, () => {
      return new RedisConnection({ url: cluster.url, logger, keyPrefix: "" });
    });
    await Promise.all(all.map((connection) => connection.connect(5000)));
    await cluster.strike("any", "SIGKILL");
    for (const connection of all) {
      await pause(100);
      connection.close();
    }
    await cluster.stop();
    await until(() => held() <= before, "all to be closed");
  });
});

describe("the clock", () => {
  it("[M2] is Redis's, as told by the answer that was waited for the least", async function () {
    const redis = await startRedis("single");
    if (!redis) return this.skip();
    const socket = redis.url.replace("unix:", "");
    let lateMs = 0;
    // Something stands in the way to Redis, once: what is asked then is read late, and answered at once.
    const between = net.createServer((near) => {
      const far = net.connect(socket);
      near.on("data", (bytes) => {
        const waits = bytes.includes("TIME") ? lateMs : 0;
        if (waits > 0) lateMs = 0;
        setTimeout(() => far.write(bytes), waits);
      });
      far.pipe(near);
      for (const [one, other] of [[near, far] as const, [far, near] as const])
        one.on("error", () => {}).on("close", () => other.destroy());
    });
    await new Promise<void>((done) => between.listen(0, "127.0.0.1", done));
    const url = `redis://127.0.0.1:${(between.address() as net.AddressInfo).port}`;
    const logger = pino({ level: "silent" });
    const connection = new RedisConnection({ url, logger, keyPrefix: "" });
    try {
      await connection.connect(5000);
      lateMs = 600;
      await connection.syncClock();
      expect(lateMs, "it stood in the way").to.equal(0);
      // Half of what was waited, had that answer counted.
      expect(Math.abs(connection.clock.now() - Date.now())).to.be.below(200);
    } finally {
      connection.close();
      between.close();
      await redis.stop();
    }
  });
});

describe("several addresses", () => {
  it("one that answers is enough", async function () {
    this.timeout(60_000);
    const cluster = await startRedis("cluster");
    if (!cluster) return this.skip();
    const url = `redis://127.0.0.1:1, ${cluster.url}`;
    const options = { url, logger: pino({ level: "silent" }), keyPrefix: "several:" };
    const connection = new RedisConnection(options);
    try {
      await connection.connect(5000);
      expect(await connection.everyMaster("PING")).to.have.length(3);
    } finally {
      connection.close();
      await cluster.stop();
    }
  });

  it("none that answers: the reason is said", async () => {
    const url = "redis://127.0.0.1:1,redis://127.0.0.1:2";
    const logger = pino({ level: "silent" });
    const connection = new RedisConnection({ url, logger, keyPrefix: "" });
    const error = await connection.connect(500).catch((e: unknown) => e);
    connection.close();
    expect(error).to.have.property("code", "ECONNREFUSED");
  });

  it("stand with commas between; a comma in a password is none", () => {
    expect(addressesOf("redis://a:1,redis://b:2 , rediss://c")).to.deep.equal([
      "redis://a:1",
      "redis://b:2",
      "rediss://c",
    ]);
    expect(addressesOf("redis://:a,b@c")).to.deep.equal(["redis://:a,b@c"]);
    expect(addressesOf("unix:/a,b")).to.deep.equal(["unix:/a,b"]);
  });
});
