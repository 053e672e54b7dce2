import { expect } from "chai";
import type { BoxId, OwnerKey } from "@driftsea/protocol";
import { newOwner } from "./harness/circle.ts";
import { onEverySetup } from "./harness/server.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

interface Owned {
  box: BoxId;
  ownerKey: OwnerKey;
}

async function makes(who: Visitor, mutedWords?: string[]): Promise<Owned> {
  const { ownerKey, ownerHash } = newOwner();
  const words = mutedWords === undefined ? {} : { mutedWords };
  const { box } = await who.ask("ask:make", { id: writeId(), ownerHash, ...words });
  return { box, ownerKey };
}

const asks = (who: Visitor, box: BoxId, text: string) =>
  who.ask("ask:ask", { id: writeId(), box, text });

const waiting = async (who: Visitor, { box, ownerKey }: Owned) =>
  (await who.ask("ask:questions", { box, ownerKey })).questions;

async function answers(who: Visitor, owned: Owned, question: string, text: string) {
  const { id: questionId } = (await waiting(who, owned)).find((one) => one.text === question)!;
  return (await who.ask("ask:answer", { id: writeId(), ...owned, questionId, text })).answer;
}

onEverySetup("ask boxes", (setup) => {
  const two = async (settings = {}) => {
    const server = await setup.start(settings);
    return { server, ann: await Visitor.come(server.url), bo: await Visitor.come(server.url) };
  };

  it("[F10] anybody with the link asks, the owner answers, and those who read see it come", async () => {
    const { ann, bo, server } = await two();
    const { ownerKey, ownerHash } = newOwner();
    const making = { id: writeId(), ownerHash };
    const made = await ann.ask("ask:make", making);
    expect(made.box).to.match(/^[\w-]{43}$/);
    expect(made.expiresAt % 86_400_000, "the end of a day").to.equal(0);
    expect(made.expiresAt).to.be.greaterThan(Date.now() + 29 * 86_400_000);
    expect(await ann.ask("ask:make", making), "again").to.deep.equal(made);
    const { box } = made;
    const owned = { box, ownerKey };
    expect(await bo.ask("ask:read", { box })).to.deep.equal({ isOn: true, answers: [] });
    expect(await waiting(ann, owned)).to.deep.equal([]);

    const asking = { id: writeId(), box, text: "  what do\u200b you miss?  " };
    expect(await bo.ask("ask:ask", asking)).to.deep.equal({});
    expect(await bo.ask("ask:ask", asking), "again").to.deep.equal({});
    expect(await ann.event("ask:asked")).to.deep.equal({ box });
    expect(bo.events("ask:asked"), "the owner alone").to.deep.equal([]);
    const [question, ...more] = await waiting(ann, owned);
    expect(more, "once").to.deep.equal([]);
    expect(question).to.deep.include({ text: "what do you miss?" });
    expect(question!.age).to.be.oneOf(["now", "hour"]);

    const answering = { id: writeId(), ...owned, questionId: question!.id, text: "the harbour" };
    const { answer } = await ann.ask("ask:answer", answering);
    expect(answer).to.deep.include({
      id: question!.id,
      question: "what do you miss?",
      answer: "the harbour",
    });
    expect(await ann.ask("ask:answer", answering), "again").to.deep.equal({ answer });
    const other = { ...answering, id: writeId(), text: "another" };
    expect(await ann.refused("ask:answer", other)).to.equal("conflict");
    expect(await bo.event("ask:answered")).to.deep.equal({ box, answer });
    expect(await bo.ask("ask:read", { box })).to.deep.equal({ isOn: true, answers: [answer] });
    expect(await waiting(ann, owned)).to.deep.equal([]);
    expect(bo.events("ask:answered"), "once").to.have.length(1);

    // Whoever holds the key is the owner, on any connection and under any token.
    const elsewhere = await Visitor.come(server.url);
    await asks(ann, box, "to myself");
    await answers(elsewhere, owned, "to myself", "yes, me");
    const read = await bo.ask("ask:read", { box });
    expect(read.answers.map((one) => one.answer)).to.deep.equal(["yes, me", "the harbour"]);
  });

  it("[F10] without the key, and where there is no box, everything is gone alike", async () => {
    const { ann, bo } = await two();
    const owned = await makes(ann);
    await asks(bo, owned.box, "who?");
    const { id: questionId } = (await waiting(ann, owned))[0]!;
    const forged = { box: owned.box, ownerKey: newOwner().ownerKey };
    const nowhere = { box: "x".repeat(43) as BoxId, ownerKey: owned.ownerKey };
    const refusals = new Set<string>();
    for (const key of [forged, nowhere]) {
      for (const [name, payload] of [
        ["ask:questions", {}],
        ["ask:set", { isOn: false }],
        ["ask:answer", { id: writeId(), questionId, text: "x" }],
        ["ask:drop", { questionId }],
        ["ask:close", {}],
      ] as const)
        refusals.add(JSON.stringify(await bo.raw(name, { ...key, ...payload })));
    }
    const ofNobody = { id: writeId(), box: nowhere.box, text: "x" };
    refusals.add(JSON.stringify(await bo.raw("ask:ask", ofNobody)));
    refusals.add(JSON.stringify(await bo.raw("ask:read", { box: nowhere.box })));
    expect([...refusals]).to.have.length(1);
    expect([...refusals][0]).to.contain('"code":"gone"');
    // Who was turned away hears nothing either.
    await asks(bo, owned.box, "more");
    await ann.event("ask:asked");
    expect(bo.events("ask:asked")).to.deep.equal([]);
    expect(await waiting(ann, owned)).to.have.length(2);
  });

  it("[F10] switched off it takes no questions and is read on; readers are told", async () => {
    const { ann, bo } = await two();
    const owned = await makes(ann);
    const { box } = owned;
    await asks(bo, box, "still there?");
    await answers(ann, owned, "still there?", "yes");
    await bo.ask("ask:read", { box });
    await ann.ask("ask:set", { ...owned, isOn: false });
    expect(await bo.event("ask:changed")).to.deep.equal({ box, isOn: false });
    expect(await bo.refused("ask:ask", { id: writeId(), box, text: "x" })).to.equal("locked");
    const read = await bo.ask("ask:read", { box });
    expect(read.isOn).to.equal(false);
    expect(read.answers).to.have.length(1);
    await ann.ask("ask:set", { ...owned, isOn: true });
    // What was refused has cost nothing.
    for (let i = 0; i < 4; i += 1) await asks(bo, box, `question ${i}`);
    expect(await bo.refused("ask:ask", { id: writeId(), box, text: "x" })).to.equal(
      "quota_exceeded",
    );
  });

  it("[F10] a muted word is answered like any other, and nothing of it is kept", async () => {
    const { ann, bo, server } = await two({ RATE_LIMITS: "off" });
    const owned = await makes(ann, ["plum", "前任"]);
    const { box } = owned;
    const replyTo = (text: string, id = writeId()) => bo.raw("ask:ask", { id, box, text });
    const fine = JSON.stringify(await replyTo("do you like quinces?"));
    const id = writeId();
    for (const text of ["a plum?", "ＰＬＵＭ", "pl\u200bum", "p\u00adlum!", "你前任是谁"])
      expect(JSON.stringify(await replyTo(text)), text).to.equal(fine);
    expect(JSON.stringify(await replyTo("plum", id))).to.equal(fine);
    expect(JSON.stringify(await replyTo("plum", id)), "again").to.equal(fine);
    await replyTo("plumage is another word");
    expect((await waiting(ann, owned)).map(({ text }) => text).sort()).to.deep.equal([
      "do you like quinces?",
      "plumage is another word",
    ]);
    await ann.ask("ask:set", { ...owned, mutedWords: ["quince"] });
    const { mutedWords } = await ann.ask("ask:questions", owned);
    expect(mutedWords).to.deep.equal(["quince"]);
    await replyTo("plum");
    await replyTo("quince");
    expect(await waiting(ann, owned)).to.have.length(3);
    const many = Array.from({ length: 51 }, (_, i) => `w${i}`);
    expect(await ann.refused("ask:set", { ...owned, mutedWords: many })).to.equal("invalid");
    const dump = (await setup.dump()) ?? "";
    for (const trace of ["a plum?", "ＰＬＵＭ", "你前任是谁"]) expect(dump).to.not.include(trace);
    expect(server.log()).to.not.include("plum");
  });

  it("[F10] five questions an hour over all boxes, muted ones too; then one is told how long", async () => {
    const { ann, bo } = await two();
    const [one, other] = [await makes(ann, ["plum"]), await makes(ann)];
    const first = { id: writeId(), box: one.box, text: "1" };
    await bo.ask("ask:ask", first);
    for (const [box, text] of [
      [other.box, "2"],
      [one.box, "plum"],
      [other.box, "4"],
      [one.box, "5"],
    ] as const)
      await asks(bo, box, text);
    const refused = await bo.send("ask:ask", { id: writeId(), box: other.box, text: "6" });
    expect(refused).to.have.nested.property("error.code", "quota_exceeded");
    expect(refused).to.have.nested.property("error.retryAfterMs").that.is.within(1, 3_600_000);
    expect(await bo.ask("ask:ask", first), "the same write costs once").to.deep.equal({});
    await asks(ann, one.box, "somebody else may");
    expect(await waiting(ann, one)).to.have.length(3);
    for (let i = 0; i < 3; i += 1) await makes(ann);
    const { ownerHash } = newOwner();
    expect(await ann.refused("ask:make", { id: writeId(), ownerHash }), "a sixth box").to.equal(
      "quota_exceeded",
    );
  });

  it("[F10] of many at once exactly five are kept", async () => {
    const { ann, bo } = await two();
    const owned = await makes(ann);
    const { box } = owned;
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        bo.send("ask:ask", { id: writeId(), box, text: `${i}` }),
      ),
    );
    expect(replies.filter(({ ok }) => ok)).to.have.length(5);
    expect(await waiting(ann, owned)).to.have.length(5);
  });

  it("[F10] a question or an answer is dropped; readers see the answer go", async () => {
    const { ann, bo } = await two();
    const owned = await makes(ann);
    const { box } = owned;
    await asks(bo, box, "one");
    await asks(bo, box, "two");
    const answer = await answers(ann, owned, "one", "said");
    await bo.ask("ask:read", { box });
    const { id } = (await waiting(ann, owned))[0]!;
    await ann.ask("ask:drop", { ...owned, questionId: id });
    expect(await ann.refused("ask:drop", { ...owned, questionId: id })).to.equal("gone");
    await ann.ask("ask:drop", { ...owned, questionId: answer.id });
    expect(await bo.event("ask:withdrawn")).to.deep.equal({ box, answerId: answer.id });
    expect(bo.events("ask:withdrawn"), "a question is no reader's").to.have.length(1);
    expect((await bo.ask("ask:read", { box })).answers).to.deep.equal([]);
    expect(await waiting(ann, owned)).to.deep.equal([]);
  });

  it("[F10] closed it is gone for good, for everybody, with all that lay in it", async () => {
    const { ann, bo } = await two();
    const { ownerKey, ownerHash } = newOwner();
    const making = { id: writeId(), ownerHash };
    const { box } = await ann.ask("ask:make", making);
    const owned = { box, ownerKey };
    await asks(bo, box, "a question-text");
    await asks(bo, box, "another question-text");
    await answers(ann, owned, "a question-text", "an answer-text");
    await bo.ask("ask:read", { box });
    await ann.ask("ask:close", owned);
    expect(await bo.event("ask:gone")).to.deep.equal({ box });
    expect(await bo.refused("ask:read", { box })).to.equal("gone");
    expect(await bo.refused("ask:ask", { id: writeId(), box, text: "x" })).to.equal("gone");
    expect(await ann.refused("ask:questions", owned)).to.equal("gone");
    expect(await ann.refused("ask:make", making), "by a write that comes late").to.equal("gone");
    const dump = (await setup.dump()) ?? "";
    expect(dump).to.not.match(/question-text|answer-text/);
  });

  it("[F10] answers come by pages, the newest first", async () => {
    const { ann } = await two({ RATE_LIMITS: "off" });
    const owned = await makes(ann);
    const said: string[] = [];
    for (let i = 0; i < 23; i += 1) {
      await asks(ann, owned.box, `q${i}`);
      await answers(ann, owned, `q${i}`, `a${i}`);
      said.unshift(`a${i}`);
    }
    const first = await ann.ask("ask:read", { box: owned.box });
    expect(first.answers.map(({ answer }) => answer)).to.deep.equal(said.slice(0, 20));
    const rest = await ann.ask("ask:read", { box: owned.box, cursor: first.cursor! });
    expect(rest.answers.map(({ answer }) => answer)).to.deep.equal(said.slice(20));
    expect(rest).to.not.have.property("cursor");
    const bad = { box: owned.box, cursor: "no.cursor" };
    expect(await ann.refused("ask:read", bad)).to.equal("invalid");
  });

  it("[F10] [F11] nothing that is stored leads from a box to its owner, or from a question to who asked", async () => {
    const { ann, bo } = await two();
    const { ownerKey, ownerHash } = newOwner();
    const making = { id: writeId(), ownerHash };
    const { box } = await ann.ask("ask:make", making);
    const owned = { box, ownerKey };
    const asking = { id: writeId(), box, text: "first" };
    await bo.ask("ask:ask", asking);
    await asks(bo, box, "second");
    await asks(ann, box, "one's own");
    await answers(ann, owned, "first", "answered");
    await ann.ask("ask:read", { box });
    const dump = await setup.dump();
    if (dump === null) return;
    const lines = dump.split("\n");
    const isOfBox = (line: string): boolean => line.includes("{q:");
    const ofBox = lines.filter(isOfBox);
    expect(ofBox).to.have.length(5);
    // Ids, hashes, and times to the millisecond: none stands in any other record.
    // That somebody was here within five minutes is true of many: those times are a slot's.
    const isSlot = (value: string): boolean =>
      /^1\d{12}$/.test(value) && Number(value) % 300_000 === 0;
    const values = ofBox
      .join(" ")
      .match(/[\w-]{13,}/g)!
      .filter((one) => !isSlot(one));
    expect(values.length).to.be.greaterThan(8);
    const elsewhere = lines.filter((line) => !isOfBox(line)).join("\n");
    for (const value of new Set(values)) expect(elsewhere, value).to.not.include(value);
    for (const secret of [box, ownerKey, making.id, asking.id, ann.token, bo.token])
      expect(dump, "what leads there").to.not.include(secret);
    const times = ofBox.join(" ").match(/\b1\d{12}\b/g)!;
    for (const time of times) expect(Number(time) % 600_000, time).to.equal(0);
    // Whose they were is not known, so they stay; the key closes the box from anywhere.
    await ann.ask("session:forget", {});
    await until(() => !ann.socket.connected, "ann to be forgotten");
    expect((await bo.ask("ask:read", { box })).answers).to.have.length(1);
    await bo.ask("ask:close", owned);
  });

  it("[F10] who listens to many boxes hears of the newest", async () => {
    const { ann, bo } = await two({ RATE_LIMITS: "off" });
    const all: Owned[] = [];
    for (let i = 0; i < 21; i += 1) all.push(await makes(ann));
    for (const { box } of all) await bo.ask("ask:read", { box });
    for (const owned of [all[0]!, all[20]!]) {
      await asks(ann, owned.box, "x");
      await answers(ann, owned, "x", "y");
    }
    await bo.event("ask:answered");
    await pause(50);
    expect(bo.events("ask:answered").map(({ box }) => box)).to.deep.equal([all[20]!.box]);
  });
});
