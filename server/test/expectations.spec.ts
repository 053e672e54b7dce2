import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { dumpOf, startServer } from "./harness/server.ts";
import type { TestServer } from "./harness/server.ts";
import { startRedis } from "./harness/redis.ts";
import type { TestRedis } from "./harness/redis.ts";
import { Visitor, writeId } from "./harness/visitor.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");

describe("docs/expectations.md", () => {
  const rows = read("docs/expectations.md")
    .split("\n")
    .filter((line) => /^\| \d+ \|/.test(line));
  /** Titles as they are quoted behind the file that they stand in. */
  const quoted = rows.flatMap((row) =>
    [...row.matchAll(/`([\w./-]+\.spec\.ts)`((?:[:,] "[^"]+")+)/g)].flatMap(([, file, titles]) =>
      [...titles!.matchAll(/"([^"]+)"/g)].map(([, title]) => ({ file: file!, title: title! })),
    ),
  );

  it("has each expectation once, and says of each what shows it or that it is not held", () => {
    expect(rows.map((row) => Number(/\d+/.exec(row)![0]))).to.deep.equal(
      Array.from({ length: 42 }, (_, i) => i + 1),
    );
    for (const row of rows) expect(row).to.match(/\.spec\.ts`: "|not held|`npm run /i);
  });

  it("names titles that stand in the file it says", () => {
    expect(quoted.length).to.be.greaterThan(80);
    // Nothing in quotes stands behind no file.
    const all = rows.flatMap((row) => row.match(/"[^"]+"/g) ?? []);
    expect(all.length).to.equal(quoted.length);
    const missing = quoted.filter(({ file, title }) => {
      const text = existsSync(new URL(file, ROOT)) ? read(file) : "";
      return !['"', "`"].some((quote) => text.includes(quote + title + quote));
    });
    expect(missing).to.deep.equal([]);
  });

  it("names files and commands that there are", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const text = read("docs/expectations.md");
    for (const [, name] of text.matchAll(/npm run (?:-s )?([\w:]+)/g))
      expect(Object.keys(scripts)).to.include(name);
    for (const [, path] of text.matchAll(/`((?:\w[\w-]*\/)+[\w.-]+\.\w+)`/g))
      expect(existsSync(new URL(path!, ROOT)), path).to.equal(true);
  });
});

describe("what operators expect", function () {
  this.timeout(60_000);
  let redis: TestRedis | null = null;
  const open: TestServer[] = [];
  const start = async (...args: Parameters<typeof startServer>): Promise<TestServer> => {
    const server = await startServer(...args);
    open.push(server);
    return server;
  };
  before(async function () {
    redis = await startRedis("single");
    if (!redis) this.skip();
  });
  beforeEach(async () => (await redis!.connect()).command("FLUSHALL"));
  afterEach(async () => {
    for (const server of open.splice(0)) await server.close();
  });
  after(async () => redis?.stop());

  it("[B2] [M9] two servers on one Redis share what a person may do in a day, and the wait is told", async () => {
    const settings = { REDIS_URL: redis!.url, THROWS_PER_DAY: 10 };
    const [first, second] = [await start(settings), await start(settings)];
    const ann = await Visitor.come(first.url);
    const tab = await Visitor.come(second.url, { token: ann.token });
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        (i % 2 === 0 ? ann : tab).send("bottle:throw", { id: writeId(), text: `number ${i}` }),
      ),
    );
    expect(replies.filter((reply) => reply.ok)).to.have.length(10);
    for (const reply of replies)
      if (!reply.ok) {
        expect(reply.error.code).to.equal("quota_exceeded");
        expect(reply.error.retryAfterMs).to.be.greaterThan(0);
      }
  });

  it("[R1] every key in Redis that holds anybody's words, or counts what he did, ends by itself", async () => {
    const server = await start({ REDIS_URL: redis!.url });
    const [ann, bo] = [await Visitor.come(server.url), await Visitor.come(server.url)];
    const word = "canary-of-the-sea";
    await ann.throws(`${word} afloat`);
    const { bottle } = await bo.catches();
    const { thread } = await bo.answers(bottle.id, `${word} answered`);
    await ann.ask("thread:send", {
      id: writeId(),
      threadId: thread.id,
      text: `${word} in letters`,
    });
    const { room } = await ann.ask("room:create", {
      id: writeId(),
      title: `${word} over the door`,
      lifetime: { kind: "idle", ms: 600_000 },
      access: "listed",
    });
    await ann.ask("room:enter", { roomId: room.id });
    await ann.ask("room:send", { id: writeId(), roomId: room.id, text: `${word} inside` });
    await ann.ask("hole:write", { id: writeId(), text: `${word} to nobody` });
    const connection = await redis!.connect();
    const lines = (await dumpOf(connection)).split("\n");
    const own = lines.filter((line) => line.includes(word) || line.includes("throws"));
    expect(own.length).to.be.greaterThan(4);
    for (const line of own) {
      const [key] = JSON.parse(line) as [string];
      expect(await connection.command("PTTL", key), key).to.be.greaterThan(0);
    }
  });

  it("what fails by our fault is told with a number that stands in the log, and with nothing else", async () => {
    const server = await start({}, (stores) => {
      stores.bottles.list = () => Promise.reject(new Error("a secret of the machine"));
    });
    const ann = await Visitor.come(server.url);
    const reply = await ann.send("bottle:mine", {});
    const error = reply.ok ? null : reply.error;
    expect(error?.code).to.equal("internal");
    const said = server
      .log()
      .split("\n")
      .filter((line) => line.includes(error!.message));
    expect(said).to.have.length(1);
    expect(JSON.parse(said[0]!)).to.include({ command: "bottle:mine", level: 50 });
    expect(JSON.stringify(reply)).to.not.include("secret of the machine");
  });
});
