import { expect } from "chai";
import { nanoid } from "nanoid";
import type { Events, Payload, RoomId, WriteId } from "@driftsea/protocol";
import type { Decision, ModeratorId, ReviewItem, ReviewKind } from "../src/review/review.ts";
import { CIRCLE, FIVE, FIVE_PAIRS, circleOf, newOwner, nextEpoch } from "./harness/circle.ts";
import { firstOf } from "./harness/desk.ts";
import { onEverySetup } from "./harness/server.ts";
import type { Settings, TestServer } from "./harness/server.ts";
import { AT_ONCE_MS, Visitor, until, writeId } from "./harness/visitor.ts";

type Target = Payload<"safety:report">["target"];
const [one, two] = ["one", "two"] as [ModeratorId, ModeratorId];
/** Everybody's word has some weight from the beginning. */
const KNOWN = { REPORTER_FRESH_MS: 0 };

onEverySetup("reports and review", (setup) => {
  let server: TestServer;
  const start = async (settings: Settings = KNOWN): Promise<Visitor[]> => {
    server = await setup.start({ RATE_LIMITS: "off", ...settings });
    return Promise.all(Array.from({ length: 3 }, () => Visitor.come(server.url)));
  };
  const report = (who: Visitor, target: Target, reason = "threat") =>
    who.ask("safety:report", { id: writeId(), target, reason });
  const waiting = (kind: ReviewKind, moderator = one): Promise<ReviewItem> =>
    firstOf(server.review, moderator, kind);
  const decide = async (kind: ReviewKind, decision: Decision): Promise<void> => {
    const { id } = await waiting(kind);
    const answer = await server.review.decide(one, id, decision, "threat");
    expect(answer).to.equal(decision === "keep" ? "done" : "second_needed");
    if (decision !== "keep")
      expect(await server.review.decide(two, id, decision, "threat")).to.equal("done");
  };
  const event = <N extends "item:hidden" | "item:restored" | "item:removed">(
    who: Visitor,
    name: N,
  ): Promise<Events[N]> => who.event(name, AT_ONCE_MS);

  it("[M1] a credible threat in a bottle: out of the hand and the sea at once, back under its deadline", async () => {
    const [ann, bo, eve] = (await start()) as [Visitor, Visitor, Visitor];
    const own = await ann.throws("Wait until the moon is full");
    const { bottle } = await bo.catches();
    await report(bo, { kind: "bottle", id: bottle.id });
    expect((await bo.event("bottle:recalled", AT_ONCE_MS)).bottleId).to.equal(bottle.id);
    const hidden = await event(ann, "item:hidden");
    expect(hidden).to.include({ reason: "threat", mayAppeal: true });
    expect(hidden.target).to.deep.equal({ kind: "bottle", id: own.id });
    expect((await eve.ask("bottle:catch", {})).outcome).to.equal("calm");
    const stateOf = async () => (await ann.ask("bottle:mine", {})).bottles[0];
    expect((await stateOf())?.state).to.equal("hidden");
    expect((await waiting("bottle")).state).to.equal("hidden");
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).to.include('driftsea_reports_total{reason="threat"} 1');
    expect(metrics).to.include('driftsea_hidden_total{kind="bottle"} 1');
    await decide("bottle", "keep");
    expect((await event(ann, "item:restored")).noticeId).to.equal(hidden.noticeId);
    expect((await eve.catches()).bottle.expiresAt).to.equal(bottle.expiresAt);
    expect((await stateOf())?.expiresAt).to.equal(own.expiresAt);
  });

  it("[M1] an author who is away is told by his inbox, once", async () => {
    const [ann, bo] = (await start()) as [Visitor, Visitor];
    await ann.throws("Wait until the moon is full");
    const { bottle } = await bo.catches();
    await ann.leave();
    await report(bo, { kind: "bottle", id: bottle.id });
    const back = await Visitor.come(server.url, { token: ann.token });
    const { items } = await back.ask("session:inbox", {});
    expect(items.map(({ kind }) => kind)).to.deep.equal(["item:hidden"]);
    expect((await back.ask("session:inbox", {})).items).to.deep.equal([]);
  });

  it("[M1] he appeals once by the notice that he was told; the two agree, and it is gone for good", async () => {
    const [ann, bo] = (await start()) as [Visitor, Visitor];
    const own = await ann.throws("Wait until the moon is full");
    const { bottle } = await bo.catches();
    await report(bo, { kind: "bottle", id: bottle.id });
    const { noticeId } = await event(ann, "item:hidden");
    const appeal = { id: writeId(), noticeId, text: "it is a line of a song" };
    const foreign = { ...appeal, noticeId: nanoid() };
    expect(await bo.refused("safety:appeal", foreign)).to.equal("gone");
    await ann.ask("safety:appeal", appeal);
    await ann.ask("safety:appeal", appeal);
    const again = { ...appeal, id: writeId() };
    expect(await ann.refused("safety:appeal", again)).to.equal("conflict");
    expect((await waiting("bottle")).appeal).to.equal("it is a line of a song");
    await decide("bottle", "remove");
    expect(await event(ann, "item:removed")).to.deep.equal({
      noticeId,
      target: { kind: "bottle", id: own.id },
      reason: "threat",
    });
    const mine = (await ann.ask("bottle:mine", {})).bottles[0];
    expect(mine).to.include({ state: "recalled", text: "" });
    // Nobody asked for a penalty.
    await ann.throws("another one");
  });

  it("[M1] a message of a room goes from every screen, and comes back; one's own word counts for nothing", async () => {
    const [ann, bo, eve] = (await start()) as [Visitor, Visitor, Visitor];
    const lifetime = { kind: "fixed", ms: 60_000 } as const;
    const made = await ann.ask("room:create", { id: writeId(), lifetime, access: "listed" });
    const roomId: RoomId = made.room.id;
    for (const who of [ann, bo, eve]) await who.ask("room:enter", { roomId });
    await bo.ask("room:send", { id: writeId(), roomId, text: "Wait until it is dark" });
    const target = { kind: "room", id: roomId, seq: 1 } as const;
    await report(bo, target);
    expect(await server.review.queue(one, 10)).to.deep.equal([]);
    await report(eve, target);
    for (const who of [ann, bo, eve])
      expect(await who.event("room:message-gone", AT_ONCE_MS)).to.deep.equal({ roomId, seq: 1 });
    expect((await event(bo, "item:hidden")).target).to.deep.equal(target);
    const read = async () => (await ann.ask("room:enter", { roomId })).messages[0];
    expect(await read()).to.not.have.property("text");
    expect(await ann.refused("safety:block", { target })).to.equal("gone");
    await decide("room", "keep");
    await event(bo, "item:restored");
    expect(await read()).to.include({ seq: 1, text: "Wait until it is dark" });
  });

  it("[M1] a letter is drawn no more, and again when it is kept", async () => {
    const [ann, bo] = (await start()) as [Visitor, Visitor];
    await ann.ask("hole:write", { id: writeId(), text: "Wait until it is dark" });
    const { letter } = await bo.ask("hole:read", {});
    await report(bo, { kind: "letter", id: letter.id });
    await event(ann, "item:hidden");
    expect(await bo.refused("hole:read", {})).to.equal("gone");
    await decide("letter", "keep");
    await event(ann, "item:restored");
    expect((await bo.ask("hole:read", {})).letter.text).to.equal("Wait until it is dark");
  });

  it("[M1] what two wrote each other stays where it is; who is found wrong is out of it", async () => {
    const [ann, bo] = (await start()) as [Visitor, Visitor];
    await ann.throws("hello");
    const { bottle } = await bo.catches();
    const { thread } = await bo.answers(bottle.id, "Wait until it is dark");
    await ann.event("bottle:answered");
    await report(ann, { kind: "thread", id: thread.id, seq: 1 });
    const item = await waiting("thread");
    expect(item).to.include({ state: "shown", urgency: "threat" });
    expect(item.texts).to.deep.equal(["Wait until it is dark"]);
    await decide("thread", "remove");
    expect((await ann.event("thread:closed", AT_ONCE_MS)).threadId).to.equal(thread.id);
    expect((await event(bo, "item:removed")).target).to.include({ kind: "thread" });
    const late = { id: writeId(), threadId: thread.id, text: "x" };
    expect(await bo.refused("thread:send", late)).to.equal("gone");
  });

  it("[M1] out of an encrypted room a report brings the opened message, marked, and hides nothing", async () => {
    const [ann, bo] = (await start()) as [Visitor, Visitor];
    const lifetime = { kind: "fixed", ms: 60_000 } as const;
    const more = { access: "link", encrypted: true } as const;
    const made = await ann.ask("room:create", { id: writeId(), lifetime, ...more });
    const roomId: RoomId = made.room.id;
    for (const who of [ann, bo]) await who.ask("room:enter", { roomId });
    const sealed = Buffer.alloc(256).toString("base64url");
    await bo.ask("room:send", { id: writeId(), roomId, sealed });
    const target = { kind: "room", id: roomId, seq: 1 } as const;
    const opened = "Wait until it is dark";
    await ann.ask("safety:report", { id: writeId(), target, reason: "threat", opened });
    const item = await waiting("room");
    expect(item).to.include({ isUnverified: true, state: "shown" });
    expect(item.texts).to.deep.equal([opened]);
    await server.review.decide(one, item.id, "remove", "threat");
    expect((await waiting("room", two)).state).to.equal("shown");
    expect((await ann.ask("room:enter", { roomId })).messages[0]).to.have.property("sealed");
  });

  it("[M1] what was seen once, and has gone, can be reported as it was read, and its writer blocked", async () => {
    const [ann, bo, eve] = (await start()) as [Visitor, Visitor, Visitor];
    const lifetime = { kind: "fixed", ms: 60_000 } as const;
    const made = await ann.ask("room:create", { id: writeId(), lifetime, access: "listed" });
    const roomId: RoomId = made.room.id;
    for (const who of [ann, bo]) await who.ask("room:enter", { roomId });
    const opened = "Wait until it is dark";
    const timer = { once: true } as const;
    await bo.ask("room:send", { id: writeId(), roomId, text: opened, timer });
    await ann.ask("room:seen", { roomId, seq: 1 });
    expect((await ann.ask("room:enter", { roomId })).messages[0]).to.not.have.property("text");
    const target = { kind: "room", id: roomId, seq: 1 } as const;
    await ann.ask("safety:report", { id: writeId(), target, reason: "threat", opened });
    const item = await waiting("room");
    expect(item).to.include({ isUnverified: true, state: "shown" });
    expect(item.texts).to.deep.equal([opened]);
    await ann.ask("safety:block", { target });
    // Who never could see it can neither.
    expect(await eve.refused("safety:block", { target })).to.equal("gone");
    const other = { id: writeId(), target, reason: "threat", opened } as const;
    expect(await eve.refused("safety:report", other)).to.equal("gone");
  });

  it("[M1] who has just come hides nothing, but is heard; and neither does one report of spam", async () => {
    for (const [settings, reason] of [
      [{}, "threat"],
      [KNOWN, "spam"],
    ] as const) {
      const [ann, bo] = (await start(settings)) as [Visitor, Visitor];
      await ann.throws("Wait until the moon is full");
      const { bottle } = await bo.catches();
      await report(bo, { kind: "bottle", id: bottle.id }, reason);
      expect((await waiting("bottle")).state, reason).to.equal("shown");
      await bo.ask("bottle:hold", { bottleId: bottle.id });
      expect(ann.events("item:hidden")).to.deep.equal([]);
      await server.close();
    }
  });

  it("[M3] two moderators close throwing: told, counted down, over a reconnect, and nothing else is closed", async () => {
    const [ann, bo] = (await start()) as [Visitor, Visitor];
    await ann.throws("Wait until the moon is full");
    const { bottle } = await bo.catches();
    await report(bo, { kind: "bottle", id: bottle.id });
    await decide("bottle", "remove-and-penalise");
    const penalty = await ann.event("session:penalty", AT_ONCE_MS);
    expect(penalty).to.include({ function: "throw", reason: "threat" });
    const waits = async (who: Visitor): Promise<number> => {
      const reply = await who.send("bottle:throw", { id: writeId(), text: "again" });
      if (reply.ok) throw new Error("it was not closed");
      expect(reply.error).to.deep.include({ code: "forbidden", fields: { penalty: "threat" } });
      return reply.error.retryAfterMs!;
    };
    const first = await waits(ann);
    expect(first).to.be.within(50_000, 60_000);
    await ann.ask("bottle:catch", {});
    await ann.ask("hole:write", { id: writeId(), text: "hello" });
    await ann.leave();
    const back = await Visitor.come(server.url, { token: ann.token });
    expect(back.ready.penalties).to.deep.equal([penalty]);
    expect(await waits(back)).to.be.below(first);
    expect(bo.ready.penalties).to.deep.equal([]);
    await bo.throws("I may");
  });

  it("[M3] the fifth step keeps the whole person out, and a new connection is told for how long", async () => {
    const [ann, bo] = (await start()) as [Visitor, Visitor];
    for (let i = 0; i < 5; i += 1)
      await ann.ask("hole:write", { id: writeId(), text: `threat ${i}` });
    for (let i = 0; i < 5; i += 1) {
      const { letter } = await bo.ask("hole:read", {});
      await report(bo, { kind: "letter", id: letter.id });
      const { id } = await waiting("letter");
      for (const moderator of [one, two])
        await server.review.decide(moderator, id, "remove-and-penalise", "threat");
    }
    await until(() => !ann.socket.connected, "the end of his connection");
    expect(ann.events("session:penalty").at(-1)).to.include({ function: "all" });
    const refusal = await Visitor.come(server.url, { token: ann.token }).then(
      () => null,
      (error: unknown) => error as { code: string; retryAfterMs: number },
    );
    expect(refusal?.code).to.equal("banned");
    expect(refusal?.retryAfterMs).to.be.within(11 * 3_600_000, 12 * 3_600_000);
  });

  it("[M2] the queue names nobody, and what is stored for it does not either", async () => {
    const [ann, bo] = (await start()) as [Visitor, Visitor];
    await ann.throws("Wait until the moon is full");
    const { bottle } = await bo.catches();
    const target = { kind: "bottle", id: bottle.id } as const;
    const note = { id: writeId(), target, reason: "spam", note: "third one" };
    await bo.ask("safety:report", note);
    const item = await waiting("bottle");
    expect(item.notes).to.deep.equal(["third one"]);
    const text = JSON.stringify(item);
    expect(text).to.not.include(bottle.id);
    const dump = await setup.dump();
    if (dump === null) return;
    const lines = dump.split("\n").filter((line) => line.includes("{review}"));
    expect(lines.length).to.be.greaterThan(2);
    const sessions = dump.match(/\{d:([^}]+)\}:session/g)!;
    expect(sessions).to.have.length(3);
    for (const line of lines)
      for (const session of sessions) expect(line).to.not.include(session.slice(3, -9));
  });
});

onEverySetup("review of the feed", (setup) => {
  it("[M1] a secret and a comment go from every screen; whoever holds the key is told, and nobody is named", async () => {
    const server = await setup.start({ ...CIRCLE, ...KNOWN });
    const visitors = await circleOf(server.url, FIVE, FIVE_PAIRS);
    const { ann, bo, cy, eve } = visitors;
    await nextEpoch();
    for (const who of Object.values(visitors)) await who.ask("feed:open", {});
    const { ownerKey, ownerHash } = newOwner();
    const id: WriteId = writeId();
    const { post } = await bo.ask("feed:post", { id, text: "Wait until it is dark", ownerHash });
    const shown = async (who: Visitor) =>
      (await who.ask("feed:open", {})).posts.map(({ text }) => text);
    await until(async () => (await shown(ann)).length > 0, "the secret to come");
    const postId = post.id;
    await ann.ask("feed:comment", { id: writeId(), postId, text: "me too, tonight" });
    const comment = { kind: "comment", id: postId, seq: 1 } as const;
    const report = (who: Visitor, target: Target) =>
      who.ask("safety:report", { id: writeId(), target, reason: "threat" });

    await report(eve, comment);
    const gone = await ann.event("feed:comment-gone", AT_ONCE_MS);
    expect(gone).to.deep.equal({ postId, seq: 1 });
    expect((await ann.event("item:hidden", AT_ONCE_MS)).target).to.deep.equal(comment);
    expect((await ann.ask("feed:comments", { postId })).comments).to.deep.equal([]);
    const said = await firstOf(server.review, one, "comment");
    expect(said.texts).to.deep.equal(["Wait until it is dark", "me too, tonight"]);
    await server.review.decide(one, said.id, "keep", "mistake");
    expect((await ann.ask("feed:comments", { postId })).comments).to.have.length(1);

    await report(cy, { kind: "secret", id: postId });
    expect((await ann.event("feed:withdrawn", AT_ONCE_MS)).postId).to.equal(postId);
    const hidden = await bo.event("item:hidden", AT_ONCE_MS);
    expect(hidden.target).to.deep.equal({ kind: "secret", id: postId });
    expect(await shown(ann)).to.deep.equal([]);
    expect(await ann.refused("feed:heart", { postId, on: true })).to.equal("gone");
    expect(await ann.refused("feed:comments", { postId })).to.equal("gone");
    const own = await bo.ask("feed:own", { postId, ownerKey });
    expect(own.notice).to.deep.equal({ kind: "item:hidden", ...hidden });
    const appeal = { id: writeId(), noticeId: hidden.noticeId, text: "hide and seek" };
    await bo.ask("safety:appeal", appeal);
    const item = await firstOf(server.review, one, "secret");
    expect(item.appeal).to.equal("hide and seek");
    await server.review.decide(one, item.id, "keep", "mistake");
    await bo.event("item:restored", AT_ONCE_MS);
    expect(await shown(ann)).to.deep.equal(["Wait until it is dark"]);
    expect((await server.review.figures()).overturned).to.be.greaterThan(0);
    const dump = await setup.dump();
    if (dump !== null) expect(dump).to.match(/\{review\}:item.*Wait until it is dark/);
  });

  it("[M1] a secret that was removed says nothing any more, and its author is told when he asks", async () => {
    const server = await setup.start({ ...CIRCLE, ...KNOWN });
    const { bo, ann } = await circleOf(server.url, FIVE, FIVE_PAIRS);
    await nextEpoch();
    const { ownerKey, ownerHash } = newOwner();
    const text = "her number is in the hall";
    const { post } = await bo.ask("feed:post", { id: writeId(), text, ownerHash });
    const target = { kind: "secret", id: post.id } as const;
    await until(async () => {
      const reply = { id: writeId(), target, reason: "personal-data" };
      return (await ann.send("safety:report", reply)).ok;
    }, "the secret to be released");
    const { id } = (await server.review.queue(one, 10))[0]!;
    for (const moderator of [one, two])
      await server.review.decide(moderator, id, "remove-and-penalise", "personal-data");
    expect((await bo.event("item:removed", AT_ONCE_MS)).reason).to.equal("personal-data");
    const { post: left, notice } = await bo.ask("feed:own", { postId: post.id, ownerKey });
    expect(left.text).to.equal("");
    expect(notice).to.include({ kind: "item:removed", reason: "personal-data" });
    // Nobody knows who wrote it: nobody is punished for it.
    expect(bo.events("session:penalty")).to.deep.equal([]);
    expect(await ann.refused("safety:report", { id: writeId(), target, reason: "spam" })).to.equal(
      "gone",
    );
  });
});
