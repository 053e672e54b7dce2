import { expect } from "chai";
import { StoreUnavailable } from "../src/lib/errors.ts";
import { startServer } from "./harness/server.ts";
import type { TestServer } from "./harness/server.ts";
import { Visitor } from "./harness/visitor.ts";

describe("forgetting that fails half way", () => {
  let server: TestServer;
  afterEach(() => server.close());

  it("[S4] whoever is still there keeps his blocks, and nobody takes them on", async () => {
    server = await startServer({}, ({ sessions }) => {
      sessions.erase = () => Promise.reject(new StoreUnavailable());
    });
    const [ann, bo] = [await Visitor.come(server.url), await Visitor.come(server.url)];
    await bo.throws("something unkind");
    const { bottle } = await ann.catches();
    await ann.ask("safety:block", { target: { kind: "bottle", id: bottle.id } });
    expect(await ann.refused("session:forget", {})).to.equal("unavailable");
    const eve = await Visitor.come(server.url, { blocksKey: ann.ready.blocksKey! });
    await bo.throws("to anybody");
    expect((await eve.catches()).outcome).to.equal("bottle");
    await bo.throws("and again");
    expect((await ann.ask("bottle:catch", {})).outcome).to.equal("calm");
  });
});
