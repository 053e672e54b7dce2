import { expect } from "chai";
import { freePorts, spawnRaw, spawnServer } from "./harness/process.ts";
import type { ServerProcess } from "./harness/process.ts";
import { startRedis } from "./harness/redis.ts";
import type { TestRedis } from "./harness/redis.ts";
import type { Settings } from "./harness/server.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

/** Two servers with a port each, as a process manager starts them: they share a Redis and nothing else. */
describe("processes with a port each", function () {
  this.timeout(120_000);
  let redis: TestRedis | null = null;
  const running: ServerProcess[] = [];
  const visitors: Visitor[] = [];
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());
  afterEach(async () => {
    for (const visitor of visitors.splice(0)) visitor.socket.disconnect();
    for (const server of running.splice(0)) {
      server.kill("SIGCONT");
      server.kill("SIGTERM");
      await server.ended;
    }
  });
  const start = async (settings: Settings = {}): Promise<[ServerProcess, ServerProcess]> => {
    await (await redis!.connect()).command("FLUSHALL");
    for (let i = 0; i < 2; i += 1)
      running.push(await spawnServer({ REDIS_URL: redis!.url, ...settings }));
    return running as unknown as [ServerProcess, ServerProcess];
  };
  const come = async (server: ServerProcess, token?: string): Promise<Visitor> => {
    const visitor = await Visitor.come(server.url, token === undefined ? {} : { token });
    visitors.push(visitor);
    return visitor;
  };
  const room = async (owner: Visitor, ...others: Visitor[]) => {
    const made = await owner.ask("room:create", {
      id: writeId(),
      lifetime: { kind: "fixed", ms: 600_000 },
      access: "listed",
    });
    const roomId = made.room.id;
    const personas = [];
    for (const who of [owner, ...others])
      personas.push((await who.ask("room:enter", { roomId })).me.id);
    return { roomId, ownerKey: made.ownerKey, personas };
  };
  const said = (who: Visitor) => who.events("room:message").map(({ message }) => message.text);

  it("[M9] `npx nf start web=2` runs two of the Procfile, each on a port of its own", async () => {
    const ports = await freePorts(2);
    const nf = [process.execPath, "node_modules/.bin/nf"];
    const command = [...nf, "start", "--port", String(ports[0]), "web=2"];
    const settings = { REDIS_URL: redis!.url, HOST: "127.0.0.1", LOG_LEVEL: "info" };
    const foreman = spawnRaw(settings, command);
    try {
      const urls = ports.map((one) => `http://127.0.0.1:${one}`);
      await until(
        () => urls.every((url) => foreman.output().includes(`is at ${url}"`)),
        "both",
        20_000,
      ).catch((error: Error) => expect.fail(`${error.message}: ${foreman.output()}`));
      for (const url of urls) visitors.push(await Visitor.come(url));
      const [ann, bo] = visitors as [Visitor, Visitor];
      await ann.throws("from one web to the other");
      expect((await bo.catches()).bottle.text).to.equal("from one web to the other");
    } finally {
      // As Ctrl-C does. It ends when both have.
      foreman.kill("SIGINT");
      await foreman.ended;
    }
    expect(foreman.output().match(/"stopped"/g), foreman.output()).to.have.length(2);
  });

  it("[M9] [R4] [R6] one that stood still is told everything when it goes on, but for who was removed", async () => {
    const [first, second] = await start();
    const ann = await come(first);
    const [bo, eve] = [await come(second), await come(second)];
    const { roomId, ownerKey, personas } = await room(ann, bo, eve);
    second.kill("SIGSTOP");
    const before = eve.seen.length;
    await ann.ask("room:kick", { roomId, ownerKey, personaId: personas[2]! });
    const lines = Array.from({ length: 5 }, (_, i) => `line ${i}`);
    for (const text of lines) await ann.ask("room:send", { id: writeId(), roomId, text });
    // Longer than it takes the other to believe that it has died.
    await pause(3500);
    await ann.ask("room:send", { id: writeId(), roomId, text: "to the dead" });
    second.kill("SIGCONT");
    await until(() => said(bo).length === 6, "all that was said", 10_000);
    expect(said(bo)).to.deep.equal([...lines, "to the dead"]);
    expect((await eve.event("room:gone", 10_000)).reason).to.equal("removed");
    await bo.ask("room:send", { id: writeId(), roomId, text: "alive" });
    await until(() => said(ann).includes("alive"), "the answer");
    const heard = eve.seen.slice(before).filter(({ event }) => event.startsWith("room:"));
    expect(heard.map(({ event }) => event)).to.deep.equal(["room:gone"]);
    // Nobody has left: he who stayed was held, and is in.
    await pause(11_000);
    const { members } = await ann.ask("room:enter", { roomId });
    expect(members.map(({ id }) => id)).to.have.members(personas.slice(0, 2));
  });

  it("[M9] [B12] the holder whose process dies keeps the bottle by his tab at the other", async () => {
    const graceMs = 5000;
    const [first, second] = await start({ HOLDER_GRACE_MS: graceMs });
    const ann = await come(first);
    const thrown = await ann.throws("between two");
    const bo = await come(second);
    const tab = await come(first, bo.token);
    await bo.catches();
    second.kill("SIGKILL");
    await pause(graceMs + 4000);
    const { held } = await tab.ask("bottle:mine", {});
    expect(held.map(({ bottle }) => bottle.id)).to.deep.equal([thrown.id]);
    await tab.answers(thrown.id, "still mine");
    await ann.event("bottle:answered");
  });

  it("[M9] [R7] whoever typed at a process that dies types for nobody", async () => {
    const [first, second] = await start();
    const ann = await come(first);
    const bo = await come(second);
    const { roomId } = await room(ann, bo);
    await bo.ask("room:type", { roomId, typing: true });
    await ann.event("room:typing");
    second.kill("SIGKILL");
    const isOver = (): boolean => ann.events("room:typing").some(({ typing }) => !typing);
    await until(isOver, "the end of typing", 8000);
    expect((await ann.event("room:left", 16_000)).members).to.equal(1);
  });

  it("[M9] one key signs what all say, and a server with another is not believed", async () => {
    const [first] = await start({ NODE_SECRET: "a secret of this server" });
    const stranger = await spawnServer({
      REDIS_URL: redis!.url,
      NODE_SECRET: "a secret of somebody else",
    });
    running.push(stranger);
    const ann = await come(first);
    const eve = await come(stranger);
    const { roomId } = await room(ann, eve);
    await ann.ask("room:send", { id: writeId(), roomId, text: "hear me" });
    // It knows that somebody is there whom it does not hear, and reads what he may have said.
    await until(() => said(eve).length === 1, "what could not be believed", 10_000);
    const metrics = await (await fetch(`${stranger.url}/metrics`)).text();
    expect(metrics).to.match(/driftsea_nodes_dropped_total\{reason="forged"\} [1-9]/);
    expect(stranger.output().match(/NODE_SECRET/g)).to.have.length(1);
  });
});
