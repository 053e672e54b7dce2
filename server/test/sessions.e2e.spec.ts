import { createHash } from "node:crypto";
import { expect } from "chai";
import { io } from "socket.io-client";
import { onEverySetup } from "./harness/server.ts";
import { Visitor, until, writeId } from "./harness/visitor.ts";

onEverySetup("sessions", (setup) => {
  it("[session:forget] what is thrown at the same time is erased too, or refused", async () => {
    const server = await setup.start({ THROWS_PER_DAY: 1000 });
    for (let i = 0; i < 10; i += 1) {
      const ann = await Visitor.come(server.url);
      const before = ann.send("bottle:throw", { id: writeId(), text: "just before" });
      const forgotten = ann.ask("session:forget", {});
      const after = ann.send("bottle:throw", { id: writeId(), text: "just after" });
      await Promise.all([before, forgotten, after.catch(() => {})]);
    }
    const bo = await Visitor.come(server.url);
    expect((await bo.ask("bottle:catch", {})).outcome).to.equal("calm");
  });

  const hashOf = (token: string) => createHash("sha256").update(token).digest("base64url");

  it("a new drifter gets a token once; with it he is the same again", async () => {
    const server = await setup.start();
    const ann = await Visitor.come(server.url);
    expect(ann.token).to.match(/^[\w-]{43}$/);
    expect(ann.ready).to.deep.include({ protocol: 1 });
    expect(ann.ready.serverTime).to.be.closeTo(Date.now(), 5000);
    expect(ann.ready.quotas.throws).to.include({ left: 10 });
    await ann.throws("mine");
    await ann.leave();
    const back = await Visitor.come(server.url, { token: ann.token });
    expect(back.ready).to.not.have.property("token");
    expect(back.ready.persona).to.deep.equal(ann.ready.persona);
    expect(back.ready.quotas.throws.left).to.equal(9);
    expect((await back.ask("bottle:mine", {})).bottles).to.have.length(1);
  });

  it("refuses tokens that are unknown or malformed, and other protocols", async () => {
    const server = await setup.start();
    const codeOf = (auth: object): Promise<unknown> =>
      Visitor.come(server.url, auth).then(
        () => "in",
        (error: { code?: string }) => error.code,
      );
    const tokens = [
      "a".repeat(43),
      "short",
      "",
      "ä".repeat(43),
      7,
      null,
      {},
      ["x"],
      "x".repeat(99_999),
    ];
    for (const token of tokens) expect(await codeOf({ token })).to.equal("unauthorized");
    for (const protocol of [0, 2, "1", null, NaN, [1]])
      expect(await codeOf({ protocol })).to.equal("protocol_unsupported");
    expect(await codeOf({ locale: 5 })).to.equal("unauthorized");
    expect(await codeOf({ blocksKey: "short" })).to.equal("unauthorized");
    // A language that is not spoken here is no reason to throw a token away.
    expect(await codeOf({ locale: "xx" })).to.equal("in");
    expect(await codeOf({ extra: 1 })).to.equal("unauthorized");
    expect(await codeOf({})).to.equal("in");
  });

  it("a client that says nothing about itself is refused", async () => {
    const server = await setup.start();
    const socket = io(server.url, {
      transports: ["websocket"],
      reconnection: false,
      forceNew: true,
    });
    const error = await new Promise<Error & { data?: unknown }>((resolve) =>
      socket.once("connect_error", resolve),
    );
    expect(error.data).to.deep.equal({ code: "protocol_unsupported" });
    socket.disconnect();
  });

  it("[M7] the store keeps the token's hash alone, and no address is stored or logged", async () => {
    const server = await setup.start({ LOG_LEVEL: "trace" });
    const ann = await Visitor.come(server.url);
    await ann.throws("hello");
    await ann.raw("nonsense", {});
    const kept = `${(await setup.dump()) ?? ""}\n${server.log()}`;
    expect(kept).to.not.include(ann.token);
    expect(kept).to.not.match(/127\.0\.0\.1|::1|::ffff/);
    expect(kept.includes("hello") && server.log().includes("hello")).to.equal(false);
  });

  it("session:forget erases all of him, ends his connections, and his token is dead", async () => {
    const server = await setup.start();
    const [ann, bo] = [await Visitor.come(server.url), await Visitor.come(server.url)];
    const phone = await Visitor.come(server.url, { token: ann.token });
    await ann.throws("afloat-text");
    await ann.throws("answered-text");
    const { bottle } = await bo.catches();
    const { thread } = await bo.answers(bottle.id, "from bo");
    await ann.event("bottle:answered");
    await ann.ask("thread:send", { id: writeId(), threadId: thread.id, text: "letter-text" });
    await bo.throws("bo's own");
    await ann.catches();
    await ann.ask("session:forget", {});
    await until(() => !ann.socket.connected && !phone.socket.connected, "both to be closed");
    const code = await Visitor.come(server.url, { token: ann.token }).catch(
      (e: { code?: string }) => e.code,
    );
    expect(code).to.equal("unauthorized");
    expect(await bo.event("thread:closed")).to.deep.equal({ threadId: thread.id, reason: "left" });
    const left = await bo.ask("thread:open", { threadId: thread.id });
    expect(left.messages.map((m) => m.text)).to.deep.equal(["from bo", ""]);
    expect((await bo.ask("bottle:mine", {})).bottles[0]).to.include({ state: "afloat" });
    const dump = await setup.dump();
    if (dump === null) return;
    for (const trace of ["afloat-text", "answered-text", "letter-text", hashOf(ann.token)])
      expect(dump).to.not.include(trace);
  });

  it("tells everybody that it stops, and stops", async () => {
    const server = await setup.start();
    const ann = await Visitor.come(server.url);
    const thrown = ann.throws("just in time");
    await thrown;
    await server.close();
    await until(() => !ann.socket.connected, "the end");
    expect(ann.events("session:draining")[0]!.reconnectInMs).to.be.within(1, 60_000);
  });
});
