import { createHash } from "node:crypto";
import { expect } from "chai";
import { nanoid } from "nanoid";
import type { DrifterId, ThreadId } from "@driftsea/protocol";
import { connectWithClock, startRedis } from "./harness/redis.ts";
import type { TestRedis } from "./harness/redis.ts";
import { onEverySetup } from "./harness/server.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";
import { wire } from "./harness/wire-forms.ts";
import { newPersona } from "../src/lib/personas.ts";
import { threadsKey } from "../src/redis/drifter-slot.ts";
import { RedisSessionStore } from "../src/sessions/sessions.store.redis.ts";
import { RedisThreadStore } from "../src/threads/threads.store.redis.ts";
import { commands } from "../src/transport/commands.ts";

onEverySetup("threads", (setup) => {
  /** Ann threw, Bo answered; Eve has nothing to do with it. */
  const open = async () => {
    const server = await setup.start();
    const [ann, bo, eve] = await Promise.all([1, 2, 3].map(() => Visitor.come(server.url)));
    await ann!.throws("a bottle");
    const { bottle } = await bo!.catches();
    const { thread } = await bo!.answers(bottle.id, "an answer");
    await ann!.event("bottle:answered");
    return { server, ann: ann!, bo: bo!, eve: eve!, threadId: thread.id, bottleId: bottle.id };
  };

  it("a message sent again is one message, with its number", async () => {
    const { ann, bo, threadId } = await open();
    const id = writeId();
    const sent = await Promise.all(
      Array.from({ length: 5 }, () => ann.ask("thread:send", { id, threadId, text: "once" })),
    );
    expect(new Set(sent.map((reply) => reply.message.seq))).to.deep.equal(new Set([2]));
    await bo.event("thread:message");
    await bo.ask("thread:list", {});
    expect(bo.events("thread:message")).to.have.length(1);
  });

  it("who was away reads on from his cursor, without gap or repeat", async () => {
    const { server, ann, bo, threadId } = await open();
    await bo.leave();
    for (let i = 0; i < 30; i += 1)
      await ann.ask("thread:send", { id: writeId(), threadId, text: `line ${i}` });
    const back = await Visitor.come(server.url, { token: bo.token });
    const { messages, recovered, thread } = await back.ask("thread:open", { threadId, after: 1 });
    expect(recovered).to.equal(true);
    expect(thread.head).to.equal(31);
    expect(messages.map((m) => m.seq)).to.deep.equal(Array.from({ length: 30 }, (_, i) => i + 2));
    const ahead = await back.ask("thread:open", { threadId, after: 99 });
    expect(ahead).to.deep.include({ messages: [], recovered: false });
  });

  it("a long conversation comes in parts that a slow line can carry", async () => {
    const { ann, bo, threadId } = await open();
    const long = "漂".repeat(1000);
    for (let i = 0; i < 400; i += 1)
      await ann.ask("thread:send", { id: writeId(), threadId, text: long });
    const seen: number[] = [];
    for (let after = 0; after < 401; after = seen.at(-1)!) {
      const { messages, recovered, thread } = await bo.ask("thread:open", { threadId, after });
      expect({ recovered, head: thread.head }).to.deep.equal({ recovered: true, head: 401 });
      expect(Buffer.byteLength(JSON.stringify(messages))).to.be.below(600 * 1024);
      seen.push(...messages.map(({ seq }) => seq));
    }
    expect(seen).to.deep.equal(Array.from({ length: 401 }, (_, i) => i + 1));
  });

  it("the writer's other connections see what he wrote; the one that wrote does not", async () => {
    const { server, ann, bo, threadId } = await open();
    const phone = await Visitor.come(server.url, { token: ann.token });
    await ann.ask("thread:send", { id: writeId(), threadId, text: "from the desk" });
    expect(await phone.event("thread:message")).to.have.nested.property("message.mine", true);
    expect(await bo.event("thread:message")).to.have.nested.property("message.mine", false);
    expect(ann.events("thread:message")).to.deep.equal([]);
  });

  it("[R7] typing is told to the other side, and ends with the message", async () => {
    const { ann, bo, threadId } = await open();
    await ann.ask("thread:type", { threadId, typing: true });
    await ann.ask("thread:type", { threadId, typing: true });
    expect(await bo.event("thread:typing")).to.deep.equal({ threadId, typing: true });
    await ann.ask("thread:type", { threadId, typing: false });
    await until(() => bo.events("thread:typing").length === 2, "the end of typing");
    expect(bo.events("thread:typing")[1]).to.deep.equal({ threadId, typing: false });
    expect(ann.events("thread:typing")).to.deep.equal([]);
  });

  it("leaving and blocking look the same to the other side", async () => {
    const seen: unknown[] = [];
    for (const how of ["leave", "block"] as const) {
      const { ann, bo, threadId } = await open();
      if (how === "leave") await ann.ask("thread:leave", { threadId });
      else await ann.ask("safety:block", { target: { kind: "thread", id: threadId } });
      const closed = await bo.event("thread:closed");
      expect(closed).to.deep.equal({ threadId, reason: "left" });
      const refused = await bo.send("thread:send", { id: writeId(), threadId, text: "hello?" });
      const opened = await bo.ask("thread:open", { threadId });
      expect((await ann.ask("thread:list", {})).threads).to.deep.equal([]);
      expect(await ann.refused("thread:open", { threadId })).to.equal("gone");
      expect((await bo.ask("session:inbox", {})).items).to.deep.equal([]);
      seen.push({
        refused,
        closed: opened.thread.closed,
        texts: opened.messages.map((m) => m.text),
        events: bo.seen.map((s) => s.event).filter((event) => event !== "sea:tide"),
      });
    }
    expect(seen[0]).to.deep.equal(seen[1]);
  });

  it("two who leave at once, and who leaves twice: each is told no more than what he must know", async () => {
    const { ann, bo, threadId } = await open();
    await Promise.all([ann, bo, ann].map((who) => who.send("thread:leave", { threadId })));
    for (const who of [ann, bo]) {
      expect((await who.ask("thread:list", {})).threads).to.deep.equal([]);
      expect((await who.ask("session:inbox", {})).items).to.deep.equal([]);
    }
    const told = [ann, bo].map((who) => who.events("thread:closed").length);
    expect(told[0]! + told[1]!, "the second one has left himself").to.be.at.most(1);
  });

  it("[B4] one can block who has left already", async () => {
    const { ann, bo, threadId } = await open();
    await ann.ask("thread:leave", { threadId });
    await bo.event("thread:closed");
    await bo.ask("safety:block", { target: { kind: "thread", id: threadId } });
    await ann.throws("again");
    expect((await bo.ask("bottle:catch", {})).outcome).to.equal("calm");
  });

  it("who is told by his inbox that the other left is not told by event too", async () => {
    const { server, ann, bo, threadId } = await open();
    await bo.leave();
    await until(async () => {
      await pause(20);
      return !bo.socket.connected;
    }, "the leave");
    await pause(100);
    await ann.ask("thread:leave", { threadId });
    const back = await Visitor.come(server.url, { token: bo.token });
    expect((await back.ask("session:inbox", {})).items).to.deep.equal([
      { kind: "thread:closed", threadId, reason: "left" },
    ]);
    expect(back.events("thread:closed")).to.deep.equal([]);
  });

  it("[S7] a stranger writes first in a bottle, a room or a meet: no other command takes words to one person", async () => {
    /** Every command that brings words, and who reads them. */
    const readers: Record<string, string> = {
      "bottle:throw": "whoever catches it",
      "bottle:answer": "who threw the bottle that one holds",
      "thread:send": "the other of a thread, which an answered bottle begins",
      "room:create": "who finds the room",
      "room:send": "who is in the room, where a meet is one of two",
      "room:motd": "who is in the room",
      "hole:write": "whoever draws it",
      "meet:seek": "nobody: interests are compared",
      "feed:post": "a circle, and the world",
      "feed:comment": "who sees the secret",
      "ask:make": "nobody: words that are muted",
      "ask:set": "nobody: words that are muted",
      "ask:ask": "who has handed out the link of his box, in public once he answers",
      "ask:answer": "whoever reads the box",
      "safety:report": "moderators",
      "safety:appeal": "moderators",
      "safety:screen": "nobody: the writer is told what is in them",
    };
    const { channels, components } = wire();
    const fieldsOf = (name: string): string[] => {
      const { $ref } = channels.sea.messages[name]!.payload;
      const schema = components.schemas[String($ref).split("/").at(-1)!];
      return Object.keys((schema?.["properties"] as object | undefined) ?? {});
    };
    const words = /^(?:text|title|sealed|photo|poll|note|interests|mutedWords)$/;
    const bringing = [...commands.keys()].filter((name) =>
      fieldsOf(name).some((f) => words.test(f)),
    );
    expect(bringing.sort()).to.deep.equal(Object.keys(readers).sort());
    // And none of them names a person.
    for (const name of bringing)
      expect(
        fieldsOf(name).filter((field) => /persona|drifter|person/i.test(field)),
        name,
      ).to.deep.equal([]);

    const { ann, bo, eve, threadId, bottleId } = await open();
    for (const [name, payload] of [
      ["thread:send", { id: writeId(), threadId, text: "a first message" }],
      ["bottle:answer", { id: writeId(), bottleId, text: "a first message" }],
    ] as const)
      expect(await eve.refused(name, payload), name).to.match(/^(?:gone|lapsed)$/);
    for (const who of [ann, bo]) {
      await who.ask("thread:list", {});
      expect(JSON.stringify(who.seen)).to.not.include("a first message");
    }
  });

  it("a stranger gets the answer of a thread that never was", async () => {
    const { eve, threadId } = await open();
    const answers = await Promise.all(
      [threadId, "b".repeat(21) as ThreadId].map(async (id) => [
        await eve.send("thread:open", { threadId: id }),
        await eve.send("thread:send", { id: writeId(), threadId: id, text: "x" }),
        await eve.send("thread:type", { threadId: id, typing: true }),
        await eve.send("thread:mute", { threadId: id, muted: true }),
        await eve.send("thread:leave", { threadId: id }),
        await eve.send("safety:block", { target: { kind: "thread", id } }),
        await eve.send("safety:report", {
          id: writeId(),
          target: { kind: "thread", id, seq: 1 },
          reason: "spam",
        }),
      ]),
    );
    expect(answers[0]).to.deep.equal(answers[1]);
    for (const reply of answers[0]!) expect(reply).to.have.nested.property("error.code", "gone");
  });

  it("[M1] a report that is sent again after leaving is the same report", async () => {
    const { bo, threadId } = await open();
    const reports = [{}, { seq: 0 }].map((part) => ({
      id: writeId(),
      target: { kind: "thread" as const, id: threadId, ...part },
      reason: "harassment",
    }));
    for (const report of reports) await bo.ask("safety:report", report);
    await bo.ask("thread:leave", { threadId });
    for (const report of reports) await bo.ask("safety:report", report);
    const other = { ...reports[0]!.target, seq: 1 };
    const refused = await bo.refused("safety:report", { ...reports[0]!, target: other });
    expect(refused).to.equal("gone");
  });

  it("[M1] a report keeps what was seen, once a person and item, without naming him", async () => {
    const { ann, bo, threadId, bottleId } = await open();
    await ann.ask("thread:send", { id: writeId(), threadId, text: "something nasty" });
    const report = {
      target: { kind: "thread" as const, id: threadId, seq: 2 },
      reason: "harassment",
    };
    await bo.ask("safety:report", { id: writeId(), ...report, note: "he began" });
    await bo.ask("safety:report", { id: writeId(), ...report });
    await bo.ask("safety:report", {
      id: writeId(),
      target: { kind: "bottle", id: bottleId },
      reason: "spam",
    });
    const missing = { ...report, target: { ...report.target, seq: 99 } };
    expect(await bo.refused("safety:report", { id: writeId(), ...missing })).to.equal("gone");
    const dump = await setup.dump();
    if (dump === null) return;
    const lines = dump.split("\n");
    expect(lines.filter((line) => line.includes("reports:"))).to.have.length(2);
    const kept = lines.filter((line) => line.includes("{review}:item"));
    expect(kept).to.have.length(2);
    expect(kept.join("")).to.include("something nasty").and.to.include("he began");
    for (const line of lines.filter((one) => /reports:|\{review\}|reporter:/.test(one)))
      expect(line).to.not.include(createHash("sha256").update(bo.token).digest("base64url"));
  });
});

describe("thread store on Redis alone", () => {
  let redis: TestRedis | null = null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  it("the list of one's threads lives as long as one comes, whenever the newest of them began", async () => {
    const DAY = 24 * 60 * 60 * 1000;
    const { connection } = await connectWithClock(redis!, Date.now());
    const [threads, sessions] = [
      new RedisThreadStore(connection),
      new RedisSessionStore(connection),
    ];
    const ann = "ann" as DrifterId;
    await sessions.create(
      ann,
      { persona: newPersona(), box: "box" },
      { lifeMs: 90 * DAY, slotMs: 1 },
    );
    await threads.link(ann, nanoid<ThreadId>());
    const key = threadsKey(connection.prefix, ann);
    await connection.command("PEXPIRE", key, 1000);
    await sessions.resume(ann, 90 * DAY);
    expect(await connection.command("PTTL", key)).to.be.greaterThan(89 * DAY);
  });
});
