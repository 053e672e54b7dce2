import { expect } from "chai";
import type { Fact } from "../ledger/facts.ts";
import { Operations } from "../measure/operations.ts";
import { startFakeServer } from "../testing/fake-server.ts";
import { until } from "./together.ts";
import { User } from "./user.ts";
import type { Crew } from "./user.ts";

describe("a user of a load test", () => {
  const crewAt = (url: string, comeBack: Crew["comeBack"]) => {
    const operations = new Operations(["connect", "back"]);
    const facts: Fact[] = [];
    const crew: Crew = {
      runId: "r",
      url: new URL(url),
      worker: 0,
      workers: 1,
      connections: 1,
      firstNumber: 0,
      payload: 100,
      size: 2,
      operations,
      tell: (fact) => void facts.push(fact),
      comeBack,
      clients: new Set(),
    };
    return { operations, facts, user: new User(crew, 0) };
  };

  for (const code of ["unauthorized", "banned"])
    it(`[M10] who comes back and is refused as ${code} is lost, and nobody waits for him`, async () => {
      const server = await startFakeServer({ refuses: code });
      const { operations, facts, user } = crewAt(server.url, { withinMs: 60_000 });
      operations.measure(0, Infinity);
      try {
        expect(await user.connect()).to.equal(true);
        server.putOut();
        expect(await until(() => !user.isConnected, 5000)).to.equal(true);
        const answer = await user.reply("session:quotas", {});
        expect(answer).to.deep.equal({ ok: false, error: { code: "closed" } });
        expect(operations.all["back"]!.errors).to.deep.equal({ [code]: 1 });
        expect(facts).to.deep.equal([
          {
            fact: "broken",
            kind: "lost",
            text: `0.0 came back with his token and was refused: ${code}`,
          },
        ]);
      } finally {
        user.close();
        await server.close();
      }
    });

  it("[M10] who cannot come back in time is lost, and nobody waits for him for ever", async () => {
    const server = await startFakeServer();
    const { operations, facts, user } = crewAt(server.url, { withinMs: 1 });
    operations.measure(0, Infinity);
    expect(await user.connect()).to.equal(true);
    await server.close();
    expect(await until(() => !user.isConnected, 5000)).to.equal(true);
    const answer = await user.reply("session:quotas", {});
    expect(answer).to.deep.equal({ ok: false, error: { code: "closed" } });
    expect(operations.all["back"]!.errors).to.deep.equal({ never: 1 });
    const text = "0.0 could not come back within 1 ms";
    expect(facts).to.deep.equal([{ fact: "broken", kind: "lost", text }]);
  });

  it("[M10] who loses his line counts, whenever it was", async () => {
    const server = await startFakeServer();
    const { operations, user } = crewAt(server.url, false);
    operations.measure(0, 1);
    expect(await user.connect()).to.equal(true);
    server.putOut();
    expect(await until(() => !user.isConnected, 5000)).to.equal(true);
    const { connect } = operations.all;
    expect(Object.entries(connect!.errors)).to.have.length(1);
    expect(Object.keys(connect!.errors)[0]).to.match(/^lost: /);
    await server.close();
  });
});
