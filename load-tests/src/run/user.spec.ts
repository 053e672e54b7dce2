import { expect } from "chai";
import type { Fact } from "../ledger/facts.ts";
import { Operations } from "../measure/operations.ts";
import { startFakeServer } from "../testing/fake-server.ts";
import { until } from "./together.ts";
import { User } from "./user.ts";

describe("a user of a load test", () => {
  for (const code of ["unauthorized", "banned"])
    it(`[M10] who comes back and is refused as ${code} is lost, and nobody waits for him`, async () => {
      const server = await startFakeServer({ refuses: code });
      const operations = new Operations(["connect", "back"]);
      operations.measure(0, Infinity);
      const facts: Fact[] = [];
      const user = new User(
        {
          runId: "r",
          url: new URL(server.url),
          worker: 0,
          workers: 1,
          connections: 1,
          firstNumber: 0,
          payload: 100,
          size: 2,
          operations,
          tell: (fact) => void facts.push(fact),
          comeBack: true,
          clients: new Set(),
        },
        0,
      );
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
});
