import { createHash } from "node:crypto";
import { expect } from "chai";
import { onEverySetupAndCluster } from "./harness/server.ts";
import { AT_ONCE_MS, Visitor, pause, until, writeId } from "./harness/visitor.ts";
import type { SeaId } from "@driftsea/protocol";

onEverySetupAndCluster("bottles", (setup) => {
  /** A server and so many visitors. */
  const open = async (count: number, settings = {}) => {
    const server = await setup.start(settings);
    const visitors = await Promise.all(
      Array.from({ length: count }, () => Visitor.come(server.url)),
    );
    return { server, visitors: visitors as [Visitor, Visitor, Visitor] };
  };

  it("[B1] the server sets id and time, cleans the text, and refuses a payload's own", async () => {
    const { visitors } = await open(1);
    const [ann] = visitors;
    const bottle = await ann.throws(" hello\u200b\u202e\r\nsea ", { kind: "wish", mood: "calm" });
    expect(bottle).to.include({ text: "hello\nsea", kind: "wish", mood: "calm", state: "afloat" });
    expect(bottle.id).to.match(/^[\w-]{21}$/);
    for (const own of ["owner", "thrownAt", "state", "bottleId"]) {
      const reply = await ann.raw("bottle:throw", { id: writeId(), text: "x", [own]: "mine" });
      expect(reply).to.have.nested.property(`error.fields.${own}`);
    }
    expect((await ann.ask("session:quotas", {})).throws.left).to.equal(9);
  });

  it("[B1] the same write id is the same bottle, and costs once", async () => {
    const { visitors } = await open(1);
    const [ann] = visitors;
    const id = writeId();
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => ann.ask("bottle:throw", { id, text: "once" })),
    );
    expect(new Set(replies.map((reply) => reply.bottle.id)).size).to.equal(1);
    expect((await ann.ask("bottle:mine", {})).bottles).to.have.length(1);
    expect((await ann.ask("session:quotas", {})).throws.left).to.equal(9);
  });

  it("[B2] of 200 throws at once exactly 10 succeed, the others are told how long to wait", async () => {
    const { visitors } = await open(1);
    const [ann] = visitors;
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        ann.send("bottle:throw", { id: writeId(), text: `${i}` }),
      ),
    );
    expect(replies.filter((reply) => reply.ok)).to.have.length(10);
    for (const reply of replies) {
      if (reply.ok) continue;
      expect(reply.error.code).to.equal("quota_exceeded");
      expect(reply.error.retryAfterMs).to.be.within(1, 24 * 3_600_000);
    }
    expect((await ann.ask("bottle:mine", {})).bottles).to.have.length(10);
  });

  it("[B2] [B3] a calm sea gives the catch back, a refused call costs nothing", async () => {
    const { visitors } = await open(1);
    const [ann] = visitors;
    expect(await ann.ask("bottle:catch", {})).to.deep.include({ outcome: "calm" });
    expect(await ann.refused("bottle:catch", { sea: "nowhere" as SeaId })).to.equal("invalid");
    expect(await ann.refused("bottle:throw", { id: writeId(), text: "" })).to.equal("invalid");
    const quotas = await ann.ask("session:quotas", {});
    expect([quotas.throws.left, quotas.catches.left]).to.deep.equal([10, 20]);
  });

  it("[B2] 20 catches a day", async () => {
    const { visitors } = await open(1, { CREATURE_PROBABILITY: 1 });
    const [ann] = visitors;
    for (let left = 19; left >= 0; left -= 1) {
      const caught = await ann.ask("bottle:catch", {});
      expect(caught.outcome).to.equal("creature");
      expect(caught.quota.left).to.equal(left);
    }
    expect(await ann.refused("bottle:catch", {})).to.equal("quota_exceeded");
  });

  it("[B4] never one's own, never one that was thrown back", async () => {
    const { visitors } = await open(2);
    const [ann, bo] = visitors;
    await ann.throws("mine");
    expect((await ann.ask("bottle:catch", {})).outcome).to.equal("calm");
    const { bottle } = await bo.catches();
    await bo.ask("bottle:release", { bottleId: bottle.id });
    expect((await bo.ask("bottle:catch", {})).outcome).to.equal("calm");
  });

  it("[B4] nothing of somebody blocked, in either direction; the bottle in hand drifts on", async () => {
    const { visitors } = await open(3);
    const [ann, bo, eve] = visitors;
    const thrown = await ann.throws("something unkind");
    const { bottle } = await bo.catches();
    await bo.ask("safety:block", { target: { kind: "bottle", id: bottle.id } });
    expect((await ann.ask("bottle:mine", {})).bottles[0]).to.include({ state: "afloat" });
    await ann.throws("and again");
    await bo.throws("from the one who blocked");
    expect((await bo.ask("bottle:catch", {})).outcome).to.equal("calm");
    expect((await ann.ask("bottle:catch", {})).outcome).to.equal("calm");
    const others = [await eve.catches(), await eve.catches(), await eve.catches()];
    expect(others.map((other) => other.bottle.id)).to.include(thrown.id);
  });

  for (const who of ["who blocked", "who was blocked"] as const)
    it(`[S4] a block survives a new token of the one ${who}`, async () => {
      const { server, visitors } = await open(2);
      let [ann, bo] = visitors;
      await ann.throws("something unkind");
      const { bottle } = await bo.catches();
      await bo.ask("safety:block", { target: { kind: "bottle", id: bottle.id } });
      // Either browser forgets, and comes again with what it kept.
      const again = async (one: Visitor): Promise<Visitor> => {
        const { blocksKey } = one.ready;
        expect(blocksKey).to.match(/^[A-Za-z0-9_-]{43}$/);
        await one.ask("session:forget", {});
        await until(() => !one.socket.connected, "the line to end");
        return Visitor.come(server.url, { blocksKey: blocksKey! });
      };
      if (who === "who blocked") bo = await again(bo);
      else ann = await again(ann);
      await ann.throws("again");
      await bo.throws("from the other");
      expect((await bo.ask("bottle:catch", {})).outcome).to.equal("calm");
      expect((await ann.ask("bottle:catch", {})).outcome).to.equal("calm");
      const eve = await Visitor.come(server.url);
      // Not that nothing is afloat: somebody else catches.
      await eve.catches();
    });

  it("[S4] the store alone lists nobody's blocks; of one who was forgotten it names nothing", async () => {
    const { visitors } = await open(2);
    const [ann, bo] = visitors;
    await ann.throws("something unkind");
    const { bottle } = await bo.catches();
    await bo.ask("safety:block", { target: { kind: "bottle", id: bottle.id } });
    const dump = await setup.dump();
    if (dump === null) return;
    const hashes = [ann, bo].map((one) =>
      createHash("sha256").update(one.token).digest("base64url"),
    );
    const blocks = dump.split("\n").filter((line) => /:(blocks|parting):/.test(line));
    // Each side's list, with one entry, and the mark of two who are parting.
    expect(blocks).to.have.length(3);
    const keysOf = (one: Visitor): string => one.ready.blocksKey!;
    for (const line of blocks)
      for (const name of [...hashes, keysOf(ann), keysOf(bo)]) expect(line).to.not.include(name);
    for (const one of [ann, bo]) {
      await one.ask("session:forget", {});
      await until(() => !one.socket.connected, "the line to end");
    }
    for (const hash of hashes) expect(await setup.dump()).to.not.include(hash);
  });

  it("[B6] the thrower is told at once, once, and the two write to each other", async () => {
    const { visitors } = await open(2);
    const [ann, bo] = visitors;
    const thrown = await ann.throws("is anybody there?", { kind: "question" });
    const { bottle } = await bo.catches();
    const { thread, message } = await bo.answers(bottle.id, "yes, here");
    const told = await ann.event("bottle:answered");
    expect(told.bottleId).to.equal(thrown.id);
    expect(told.thread).to.include({ id: thread.id, thrower: true, head: 1 });
    expect(told.thread.me).to.deep.equal(thread.other);
    expect(told.thread.other).to.deep.equal(thread.me);
    expect(thread.bottle).to.deep.equal({ text: "is anybody there?", kind: "question" });
    expect(message).to.include({ seq: 1, mine: true, text: "yes, here" });
    await ann.ask("thread:send", { id: writeId(), threadId: thread.id, text: "how good" });
    expect(await bo.event("thread:message")).to.have.nested.property("message.seq", 2);
    const opened = await ann.ask("thread:open", { threadId: thread.id });
    expect(opened.messages.map((m) => [m.seq, m.mine, m.text])).to.deep.equal([
      [1, false, "yes, here"],
      [2, true, "how good"],
    ]);
    expect(ann.events("bottle:answered")).to.have.length(1);
    expect((await ann.ask("session:inbox", {})).items).to.deep.equal([]);
  });

  it("[B6] a thrower who was away is told exactly once when he is back", async () => {
    const { server, visitors } = await open(2);
    const [ann, bo] = visitors;
    await ann.throws("I go to bed");
    await ann.leave();
    const { bottle } = await bo.catches();
    const { thread } = await bo.answers(bottle.id, "sleep well");
    // Settled after the reply: wait for the bottle's state, which comes first, then for the notice.
    const back = await Visitor.come(server.url, { token: ann.token });
    const items: unknown[] = [];
    await until(async () => {
      items.push(...(await back.ask("session:inbox", {})).items);
      return items.length + back.events("bottle:answered").length > 0;
    }, "the notice");
    await pause(50);
    items.push(...(await back.ask("session:inbox", {})).items);
    expect(items.length + back.events("bottle:answered").length).to.equal(1);
    expect((await back.ask("thread:list", {})).threads[0]!.id).to.equal(thread.id);
  });

  it("[B6] a muted bottle and a muted thread are silent", async () => {
    const { visitors } = await open(2);
    const [ann, bo] = visitors;
    const thrown = await ann.throws("quietly");
    await ann.ask("bottle:mute", { bottleId: thrown.id, muted: true });
    const { bottle } = await bo.catches();
    const { thread } = await bo.answers(bottle.id, "hm");
    await bo.ask("thread:mute", { threadId: thread.id, muted: true });
    await ann.ask("thread:send", { id: writeId(), threadId: thread.id, text: "psst" });
    await ann.ask("bottle:mine", {});
    await bo.ask("bottle:mine", {});
    expect(ann.events("bottle:answered")).to.deep.equal([]);
    expect(bo.events("thread:message")).to.deep.equal([]);
    expect((await bo.ask("thread:open", { threadId: thread.id })).messages).to.have.length(2);
    await ann.ask("thread:leave", { threadId: thread.id });
    const { threads } = await bo.ask("thread:list", {});
    expect(threads).to.have.nested.property("[0].closed", "left");
    expect(bo.events("thread:closed")).to.deep.equal([]);
    expect((await bo.ask("session:inbox", {})).items).to.deep.equal([]);
  });

  it("[B7] up to five finders share one deadline; lives and seals have bounds", async () => {
    const { visitors } = await open(3);
    const [ann, bo, eve] = visitors;
    const thrown = await ann.throws("for two", { finders: 2, lifetimeMs: 3_600_000 });
    expect(thrown.expiresAt - thrown.thrownAt).to.equal(3_600_000);
    const [one, two] = [await bo.catches(), await eve.catches()];
    expect(one.bottle.id).to.equal(two.bottle.id);
    expect(one.bottle.persona.id).not.to.equal(two.bottle.persona.id);
    await bo.answers(thrown.id, "one");
    await eve.answers(thrown.id, "two");
    const [own] = (await ann.ask("bottle:mine", {})).bottles;
    expect(own).to.include({ state: "answered", found: 2 });
    expect(own!.threadIds).to.have.length(2);
    const bad = [
      { lifetimeMs: 3_599_999 },
      { lifetimeMs: 7 * 86_400_000 + 1 },
      { finders: 6 },
      { sealedUntilAt: Date.now() - 1000 },
      { sealedUntilAt: Date.now() + 366 * 86_400_000 },
    ];
    for (const more of bad) {
      const reply = await ann.send("bottle:throw", { id: writeId(), text: "x", ...more });
      expect(reply).to.have.nested.property(`error.fields.${Object.keys(more)[0]}`);
    }
  });

  it("[B7] a sealed bottle is not caught before its date", async () => {
    const { visitors } = await open(2);
    const [ann, bo] = visitors;
    const sealedUntilAt = ann.ready.serverTime + 1200;
    const thrown = await ann.throws("later", { sealedUntilAt });
    expect(thrown).to.include({ state: "sealed", sealedUntilAt });
    expect((await bo.ask("bottle:catch", {})).outcome).to.equal("calm");
    const caught = await bo.catches();
    expect(caught.bottle.text).to.equal("later");
  });

  it("[B8] recall takes it out of a hand within a second, and for ever", async () => {
    const { visitors } = await open(3);
    const [ann, bo, eve] = visitors;
    const thrown = await ann.throws("no, rather not");
    await bo.catches();
    await ann.ask("bottle:recall", { bottleId: thrown.id });
    expect(await bo.event("bottle:recalled", AT_ONCE_MS)).to.deep.equal({ bottleId: thrown.id });
    expect(
      await bo.refused("bottle:answer", { id: writeId(), bottleId: thrown.id, text: "x" }),
    ).to.equal("gone");
    expect((await eve.ask("bottle:catch", {})).outcome).to.equal("calm");
    expect((await ann.ask("bottle:mine", {})).bottles[0]).to.include({
      state: "recalled",
      text: "",
      found: 1,
    });
    expect(await bo.refused("bottle:recall", { bottleId: thrown.id })).to.equal("gone");
  });

  it("[R11] a sea in which nobody throws is wiped for everybody, the bottle in hand too", async () => {
    const { visitors } = await open(3, { SEA_SILENCE_MS: 1500 });
    const [ann, bo, eve] = visitors;
    await ann.throws("while somebody writes");
    const { bottle } = await bo.catches();
    const kept = await ann.throws("never caught");
    const { seas } = await eve.ask("sea:list", {});
    expect(seas[0]!.deadlineAt).to.be.within(Date.now() - 1000, Date.now() + 1500);
    expect(seas[1]).to.not.have.property("deadlineAt");
    expect(await eve.event("sea:gone")).to.deep.equal({ sea: "world" });
    expect(await bo.event("bottle:recalled")).to.deep.equal({ bottleId: bottle.id });
    expect((await ann.ask("bottle:mine", {})).bottles).to.deep.equal([]);
    const late = { id: writeId(), bottleId: bottle.id, text: "x" };
    expect(await bo.refused("bottle:answer", late)).to.equal("gone");
    expect(await ann.refused("bottle:recall", { bottleId: kept.id })).to.equal("gone");
    expect((await eve.ask("bottle:catch", {})).outcome).to.equal("calm");
    const dump = (await setup.dump()) ?? "";
    for (const text of ["while somebody writes", "never caught"]) expect(dump).to.not.include(text);
    await ann.throws("the first of the next");
    expect((await eve.catches()).bottle.text).to.equal("the first of the next");
  });

  it("[B9] a bottle stays in its sea; [B10] few are told as few", async () => {
    const { server, visitors } = await open(2);
    const [ann, bo] = visitors;
    const hobby = "hobby" as SeaId;
    for (let i = 0; i < 5; i += 1) await ann.throws(`stamps ${i}`, { sea: hobby });
    await ann.throws("one");
    expect((await bo.catches({ sea: hobby })).bottle.sea).to.equal(hobby);
    expect((await bo.ask("bottle:catch", { sea: "life" as SeaId })).outcome).to.equal("calm");
    await ann.throws("stamps again", { sea: hobby });
    const zh = await Visitor.come(server.url, { locale: "zh" });
    const { seas } = await zh.ask("sea:list", {});
    expect(seas.find((sea) => sea.id === hobby)).to.deep.include({ title: "爱好", afloat: 5 });
    expect(seas.find((sea) => sea.id === "world")).to.deep.include({ afloat: "few" });
    await until(
      () => bo.events("sea:tide").some((tide) => tide.sea === hobby && tide.afloat === 5),
      "the tide",
    );
  });

  it("[B12] a lapsed lease is told, puts the bottle back, and its answer is refused", async () => {
    const { visitors } = await open(3, { LEASE_MS: 300 });
    const [ann, bo, eve] = visitors;
    const thrown = await ann.throws("tick tock");
    await bo.catches();
    expect(await bo.event("bottle:lapsed")).to.deep.equal({ bottleId: thrown.id });
    expect(
      await bo.refused("bottle:answer", { id: writeId(), bottleId: thrown.id, text: "late" }),
    ).to.equal("gone");
    expect((await eve.catches()).bottle.id).to.equal(thrown.id);
    await eve.answers(thrown.id, "in time");
    await ann.event("bottle:answered");
    expect((await ann.ask("thread:list", {})).threads).to.have.length(1);
  });

  it("[B12] holding renews a lease; a holder who leaves loses it after the grace", async () => {
    const { server, visitors } = await open(3, { LEASE_MS: 60_000, HOLDER_GRACE_MS: 600 });
    const [ann, bo, eve] = visitors;
    const thrown = await ann.throws("stay");
    const { leaseEndsAt } = await bo.catches();
    const held = await bo.ask("bottle:hold", { bottleId: thrown.id });
    expect(held.leaseEndsAt).to.be.at.least(leaseEndsAt);
    await bo.leave();
    const back = await Visitor.come(server.url, { token: bo.token });
    await pause(1200);
    expect((await back.ask("bottle:mine", {})).held[0]!.bottle.id).to.equal(thrown.id);
    await back.leave();
    expect((await eve.catches()).bottle.id).to.equal(thrown.id);
    const again = await Visitor.come(server.url, { token: bo.token });
    expect((await again.ask("session:inbox", {})).items).to.deep.equal([
      { kind: "bottle:lapsed", bottleId: thrown.id },
    ]);
  });

  it("[B13] three lapses in a row leave creatures only, and that is told", async () => {
    const { visitors } = await open(2, { LEASE_MS: 200 });
    const [ann, bo] = visitors;
    for (let i = 0; i < 4; i += 1) await ann.throws(`${i}`);
    for (let i = 0; i < 3; i += 1) {
      await bo.catches();
      await until(() => bo.events("bottle:lapsed").length === i + 1, "the lapse");
    }
    const penalty = await bo.event("session:penalty");
    expect(penalty).to.include({ function: "catch", reason: "lapsed-leases" });
    expect(penalty.untilAt - Date.now()).to.be.within(3_500_000, 3_600_000);
    for (let i = 0; i < 5; i += 1)
      expect((await bo.ask("bottle:catch", {})).outcome).to.equal("creature");
  });

  it("[B13] a bottle that nobody answered comes home with a truthful card", async () => {
    const { visitors } = await open(2, { BOTTLE_LIFE_MS: 1500 });
    const [ann, bo] = visitors;
    const thrown = await ann.throws("anyone?");
    await bo.catches();
    await bo.ask("bottle:release", { bottleId: thrown.id });
    expect(await ann.event("bottle:returned")).to.deep.equal({
      bottleId: thrown.id,
      held: "few",
      thrownBack: "few",
    });
    expect((await ann.ask("bottle:mine", {})).bottles[0]).to.include({
      state: "expired",
      found: 1,
    });
  });

  it("what is somebody else's and what never was give the same answer", async () => {
    const { visitors } = await open(3);
    const [ann, , eve] = visitors;
    const thrown = await ann.throws("mine");
    const never = "a".repeat(21) as typeof thrown.id;
    const target = (id: string) => ({ target: { kind: "bottle" as const, id } });
    for (const id of [thrown.id, never]) {
      const replies = [
        await eve.send("bottle:recall", { bottleId: id }),
        await eve.send("bottle:hold", { bottleId: id }),
        await eve.send("bottle:release", { bottleId: id }),
        await eve.send("bottle:mute", { bottleId: id, muted: true }),
        await eve.send("bottle:answer", { id: writeId(), bottleId: id, text: "x" }),
        await eve.send("safety:block", target(id)),
        await eve.send("safety:report", { id: writeId(), reason: "spam", ...target(id) }),
      ];
      for (const reply of replies)
        expect(reply).to.deep.equal({
          ok: false,
          error: { code: "gone", message: "it has ended, or never was", retryable: false },
        });
    }
  });
});
