import { expect } from "chai";
import type { Puzzle, Refusal, Reply } from "@driftsea/protocol";
import { comeBySolving, puzzleFor, refusalOf, solve } from "./harness/puzzles.ts";
import { startRedis } from "./harness/redis.ts";
import { onEverySetup, startServer } from "./harness/server.ts";
import { Visitor, until, writeId } from "./harness/visitor.ts";

function puzzleOf(reply: Reply<unknown>): Puzzle {
  if (reply.ok) throw new Error("it was not refused");
  expect(reply.error).to.include({ code: "confirmation_needed", retryable: false });
  return reply.error.puzzle!;
}

onEverySetup("puzzles", (setup) => {
  it("[M4] somebody new solves a puzzle, once; whoever is known comes back without", async () => {
    const { url } = await setup.start({ PUZZLE: "on" });
    const solution = await solve(await puzzleFor(url));
    const ann = await Visitor.come(url, { puzzle: solution });
    const { token } = ann;
    await ann.leave();
    const back = await Visitor.come(url, { token });
    expect(back.ready.persona).to.deep.equal(ann.ready.persona);
    expect(await refusalOf(url, { token: "a".repeat(43) })).to.include({ code: "unauthorized" });
    const again = await puzzleFor(url, { puzzle: solution });
    expect(again.parameters.nonce).to.not.equal(solution.challenge.parameters.nonce);
  });

  it("[M4] what is no solution is answered as none at all", async () => {
    const { url } = await setup.start({ PUZZLE: "on" });
    const { challenge, solution } = await solve(await puzzleFor(url));
    const { parameters, signature } = challenge;
    const bad = [
      "x",
      7,
      null,
      [],
      {},
      { challenge },
      { challenge: [challenge], solution },
      { challenge, solution: { ...solution, counter: -1 } },
      { challenge, solution: { ...solution, counter: solution.counter + 1 } },
      { challenge, solution: { ...solution, extra: 1 } },
      { challenge: { parameters, signature: "00" }, solution },
      { challenge: { parameters: { ...parameters, extra: 1 }, signature }, solution },
      { challenge: { parameters: { ...parameters, cost: 1e9 }, signature }, solution },
      { challenge: { parameters: { ...parameters, keyPrefix: "00" }, signature }, solution },
    ];
    for (const puzzle of bad) await puzzleFor(url, { puzzle });
    await Visitor.come(url, { puzzle: { challenge, solution } });
  });

  it("[M4] a throw is sent again with its puzzle solved, under the same id, also twice", async () => {
    const { url } = await setup.start({ PUZZLE: "on" });
    const ann = await comeBySolving(url);
    const write = { id: writeId(), text: "hello" };
    const puzzle = await solve(puzzleOf(await ann.send("bottle:throw", write)));
    expect(await ann.ask("bottle:mine", {})).to.deep.include({ bottles: [] });
    const { bottle, quota } = await ann.ask("bottle:throw", { ...write, puzzle });
    expect(quota.left).to.equal(9);
    const again = await ann.ask("bottle:throw", { ...write, puzzle });
    expect(again.bottle.id).to.equal(bottle.id);
    const other = { id: writeId(), text: "another" };
    puzzleOf(await ann.send("bottle:throw", { ...other, puzzle }));
    expect((await ann.ask("bottle:mine", {})).bottles).to.have.length(1);
  });

  it("[M4] of many who use one solution at once, exactly one gets through", async () => {
    const { url } = await setup.start({ PUZZLE: "on" });
    const puzzle = await solve(await puzzleFor(url));
    const tries = Array.from({ length: 40 }, () =>
      Visitor.come(url, { puzzle }).then(
        (visitor) => visitor,
        () => null,
      ),
    );
    const visitors = (await Promise.all(tries)).filter((visitor) => visitor !== null);
    expect(visitors).to.have.length(1);
    const [ann] = visitors;
    const other = await solve(
      puzzleOf(await ann!.send("bottle:throw", { id: writeId(), text: "?" })),
    );
    const throws = Array.from({ length: 200 }, (_, i) =>
      ann!.send("bottle:throw", { id: writeId(), text: `bottle ${i}`, puzzle: other }),
    );
    const replies = await Promise.all(throws);
    expect(replies.filter((reply) => reply.ok)).to.have.length(1);
    for (const reply of replies) if (!reply.ok) puzzleOf(reply);
  });
});

describe("puzzles while a crowd comes", () => {
  for (const transport of ["uws", "node"] as const) {
    it(`[M4] auto asks nobody in calm, and everybody new or throwing in a crowd (${transport})`, async () => {
      // What other processes on the same store would tell.
      let elsewhere = 0;
      const server = await startServer({ PUZZLE: "auto", TRANSPORT: transport }, ({ puzzles }) => {
        const tally = puzzles.tally.bind(puzzles);
        puzzles.tally = async (window, more) => {
          const sums = await tally(window, more);
          sums.now.newcomers += elsewhere;
          return sums;
        };
      });
      const { url } = server;
      const ann = await Visitor.come(url);
      await ann.throws("in calm");
      elsewhere = 2200;
      const write = { id: writeId(), text: "in a crowd" };
      await until(async () => {
        const visitor = await Visitor.come(url).catch((refusal: Refusal) => refusal);
        if ("code" in visitor) return visitor.code === "puzzle_required";
        await visitor.leave();
        return false;
      }, "the puzzle to be asked for");
      await Visitor.come(url, { token: ann.token });
      const puzzle = puzzleOf(await ann.send("bottle:throw", write));
      expect(puzzle.parameters.data.most).to.equal(2 ** 17);
      await ann.ask("bottle:throw", { ...write, puzzle: await solve(puzzle) });
      await comeBySolving(url);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).to.match(/^driftsea_puzzle_level 2$/m);
      expect(metrics).to.match(/^driftsea_puzzles_total{outcome="solved"} 2$/m);
      await server.close();
    });
  }
});

describe("puzzles on one Redis", () => {
  it("[M4] what one process asked, another takes, and both take it once", async function () {
    const redis = await startRedis();
    if (!redis) return this.skip();
    const settings = { PUZZLE: "on", REDIS_URL: redis.url };
    const servers = [await startServer(settings), await startServer(settings)] as const;
    const puzzle = await solve(await puzzleFor(servers[0].url));
    await Visitor.come(servers[1].url, { puzzle }).then((visitor) => visitor.leave());
    for (const { url } of servers) await puzzleFor(url, { puzzle });
    for (const server of servers) await server.close();
    await redis.stop();
  });
});
