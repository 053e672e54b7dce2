import { expect } from "chai";
import { CIRCLE, FIVE, FIVE_PAIRS, circleOf, nextEpoch, posts } from "./harness/circle.ts";
import { spawnServer } from "./harness/process.ts";
import type { ServerProcess } from "./harness/process.ts";
import { startRedis } from "./harness/redis.ts";
import type { TestRedis } from "./harness/redis.ts";
import { Visitor, pause, until } from "./harness/visitor.ts";

/** Rounds in which the server dies at another moment after its answer. */
const ROUNDS = process.env["DRIFTSEA_LONG"] === undefined ? 3 : 60;

describe("the feed, whose server dies", function () {
  this.timeout(20_000 + ROUNDS * 5000);
  let redis: TestRedis | null = null;
  let server: ServerProcess;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  afterEach(async () => {
    server.kill("SIGTERM");
    await server.ended;
  });
  after(async () => redis?.stop());

  it("[F11] [M9] each secret that was acknowledged comes to its circle, once, whenever the server died", async () => {
    const settings = { ...CIRCLE, REDIS_URL: redis!.url };
    server = await spawnServer(settings);
    const people = await circleOf(server.url, FIVE, FIVE_PAIRS);
    const tokens = { ann: people.ann.token, bo: people.bo.token };
    await nextEpoch();
    const texts: string[] = [];
    let bo: Visitor = people.bo;
    for (let round = 0; round < ROUNDS; round += 1) {
      const text = `secret ${round}`;
      await posts(bo, text);
      texts.push(text);
      // In the first milliseconds after the answer it is brought to its readers.
      await pause((2 * round) % 6);
      server.kill("SIGKILL");
      await server.ended;
      server = await spawnServer(settings);
      bo = await Visitor.come(server.url, { token: tokens.bo });
    }
    const ann = await Visitor.come(server.url, { token: tokens.ann });
    await until(
      async () => (await ann.ask("feed:open", {})).posts.length >= texts.length,
      "all to arrive",
      10_000,
    );
    const shown = (await ann.ask("feed:open", {})).posts.map((post) => post.text);
    expect(shown.sort()).to.deep.equal(texts.sort());
    // Nothing of them is left with their author.
    const connection = await redis!.connect({ keyPrefix: "" });
    await until(
      async () => ((await connection.command("KEYS", "*errands")) as string[]).length === 0,
      "the errands to be done",
    );
  });
});
