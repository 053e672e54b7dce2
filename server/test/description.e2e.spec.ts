import { expect } from "chai";
import type { CommandName, Data, Payload } from "@driftsea/protocol";
import { commands } from "../src/transport/commands.ts";
import {
  CIRCLE,
  FIVE,
  FIVE_PAIRS,
  circleOf,
  newOwner,
  nextEpoch,
  posts,
  untilShown,
} from "./harness/circle.ts";
import { onEverySetup } from "./harness/server.ts";
import { Visitor, until, writeId } from "./harness/visitor.ts";
import { checkEvent, checkReply, wire } from "./harness/wire-forms.ts";

describe("the description of the wire", () => {
  it("has the table's commands, each with the class that validates it and its cost", () => {
    const described = Object.entries(wire().operations).filter(([, { reply }]) => reply);
    expect(described.map(([name]) => name)).to.have.members([...commands.keys()]);
    for (const [name, operation] of described) {
      const { dto, cost } = commands.get(name)!;
      const { payload } = wire().channels.sea.messages[name]!;
      expect(payload.$ref, name).to.equal(`#/components/schemas/${dto.name}`);
      expect(operation["x-cost"], name).to.equal(cost);
    }
  });

  it("is kept to by whoever is heard in these tests: what is missing, new or another is found", () => {
    const quota = { left: 1, resetsAt: 1 };
    const good = { ok: true, data: { throws: quota, catches: quota } };
    checkReply("session:quotas", {}, good);
    const check =
      (reply: unknown, name = "session:quotas", payload: unknown = {}) =>
      () =>
        checkReply(name, payload, reply);
    expect(check({ ok: true, data: { throws: quota } })).to.throw(/required property 'catches'/);
    const more = { ...good.data, drifter: "who" };
    expect(check({ ok: true, data: more })).to.throw(/additional properties.*drifter/);
    const late = { ...good.data, throws: { left: 0.5, resetsAt: 1 } };
    expect(check({ ok: true, data: late })).to.throw(/must be integer/);
    expect(check({ ...good, at: 1 })).to.throw(/additional properties/);
    expect(check(good, "session:quotas", { extra: 1 })).to.throw(/took.*extra/);
    const error = { message: "", retryable: false };
    checkReply("thread:mute", {}, { ok: false, error: { ...error, code: "gone" } });
    expect(check({ ok: false, error: { ...error, code: "full" } }, "thread:mute")).to.throw(
      /allowed values/,
    );
    expect(() => checkEvent("hole:ticked", { deadlineAt: 1 })).to.throw(/letters/);
    expect(() => checkEvent("hole:sang", {})).to.throw(/not described/);
  });
});

onEverySetup("the description of the wire", (setup) => {
  it("is what a walk through all of it hears", async function () {
    this.timeout(60_000);
    const server = await setup.start({ ...CIRCLE, CREATURE_PROBABILITY: 0 });
    const { ann, bo, cy, dan, eve } = await circleOf(server.url, FIVE, FIVE_PAIRS);
    const walked = new Set<CommandName>();
    // Visitors hold each reply and each event against the description.
    const step = async <N extends CommandName>(
      who: Visitor,
      name: N,
      payload: Payload<N>,
    ): Promise<Data<N>> => {
      walked.add(name);
      return who.ask(name, payload);
    };

    const { bottle } = await step(ann, "bottle:throw", { id: writeId(), text: "hello" });
    await step(ann, "bottle:mute", { bottleId: bottle.id, muted: false });
    await step(ann, "bottle:mine", {});
    await until(async () => {
      const caught = await step(bo, "bottle:catch", {});
      return caught.outcome === "bottle";
    }, "a catch");
    await step(bo, "bottle:hold", { bottleId: bottle.id });
    await step(bo, "bottle:mine", {});
    const said = { id: writeId(), bottleId: bottle.id, text: "hello yourself" };
    const { thread } = await step(bo, "bottle:answer", said);
    const threadId = thread.id;
    await ann.event("bottle:answered");
    await step(ann, "thread:list", {});
    await step(ann, "thread:type", { threadId, typing: true });
    await bo.event("thread:typing");
    await step(ann, "thread:send", { id: writeId(), threadId, text: "how are you?" });
    await bo.event("thread:message");
    await step(bo, "thread:open", { threadId, after: 0 });
    await step(bo, "thread:mute", { threadId, muted: true });
    await step(bo, "thread:leave", { threadId });
    await ann.event("thread:closed");
    await step(ann, "sea:list", {});
    await step(ann, "session:quotas", {});

    const lifetime = { kind: "fixed", ms: 60_000 } as const;
    const wish = { id: writeId(), lifetime, access: "listed", title: "a room" } as const;
    const { room, ownerKey } = await step(ann, "room:create", wish);
    const roomId = room.id;
    await step(ann, "room:list", {});
    await step(ann, "room:enter", { roomId });
    await step(bo, "room:enter", { roomId });
    await ann.event("room:joined");
    const { seq } = await step(bo, "room:send", {
      id: writeId(),
      roomId,
      text: "good evening",
      timer: { once: true },
    });
    await ann.event("room:message");
    await step(ann, "room:seen", { roomId, seq });
    await step(ann, "room:type", { roomId, typing: true });
    await bo.event("room:typing");
    await step(ann, "room:motd", { roomId, ownerKey, text: "be kind" });
    await bo.event("room:changed");
    await step(ann, "room:invite", { roomId, ownerKey });
    await step(ann, "room:lock", { roomId, ownerKey, locked: true });
    expect(await cy.refused("room:enter", { roomId })).to.equal("locked");
    const { persona } = await ann.event("room:knocked");
    await step(ann, "room:admit", { roomId, ownerKey, personaId: persona.id });
    await cy.event("room:admitted");
    await step(cy, "room:enter", { roomId });
    await step(cy, "room:leave", { roomId });
    await ann.event("room:left");
    await step(ann, "room:destroy", { roomId, ownerKey });
    await bo.event("room:gone");

    await step(ann, "hole:write", { id: writeId(), text: "dear tree" });
    await bo.event("hole:ticked");
    const { letter } = await step(bo, "hole:read", {});
    await step(bo, "hole:status", {});
    const target = { kind: "letter", id: letter.id } as const;
    await step(bo, "safety:report", { id: writeId(), target, reason: "spam" });

    await step(cy, "meet:seek", { interests: ["tea"] });
    await step(dan, "meet:seek", { interests: ["tea"] });
    const { meetId } = await cy.event("meet:found");
    await dan.event("meet:found");
    await step(cy, "meet:skip", { meetId });
    await dan.event("meet:ended");
    await step(cy, "meet:cancel", {});

    await step(ann, "circle:status", {});
    await nextEpoch();
    await step(ann, "feed:open", {});
    const { post, ownerKey: key } = await posts(bo, "what nobody knows", { poll: true });
    const postId = post.id;
    await untilShown(ann, "what nobody knows");
    await step(bo, "feed:own", { postId, ownerKey: key });
    await step(ann, "feed:heart", { postId, on: true });
    await step(ann, "feed:vote", { postId, choice: "yes" });
    await step(ann, "feed:comment", { id: writeId(), postId, text: "me too" });
    await bo.event("feed:commented");
    await step(ann, "feed:comments", { postId });
    await step(ann, "feed:share", { postId });
    await step(ann, "feed:world", {});
    await step(ann, "feed:mute", { postId });
    await step(ann, "feed:hide", { postId });
    await step(bo, "feed:delete", { postId, ownerKey: key });
    const { code } = await step(eve, "circle:invite", {});
    await step(bo, "circle:accept", { code });
    await step(eve, "circle:leave", { all: true });

    const { ownerKey: boxKey, ownerHash } = newOwner();
    const { box } = await step(ann, "ask:make", { id: writeId(), ownerHash });
    await step(bo, "ask:read", { box });
    await step(ann, "ask:questions", { box, ownerKey: boxKey });
    await step(bo, "ask:ask", { id: writeId(), box, text: "what is it like?" });
    await ann.event("ask:asked");
    const { questions } = await step(ann, "ask:questions", { box, ownerKey: boxKey });
    const questionId = questions[0]!.id;
    const given = { id: writeId(), box, ownerKey: boxKey, questionId, text: "wet" };
    await step(ann, "ask:answer", given);
    await bo.event("ask:answered");
    await step(ann, "ask:drop", { box, ownerKey: boxKey, questionId });
    await bo.event("ask:withdrawn");
    await step(ann, "ask:set", { box, ownerKey: boxKey, isOn: false });
    await bo.event("ask:changed");
    await step(ann, "ask:close", { box, ownerKey: boxKey });
    await bo.event("ask:gone");

    await step(ann, "place:list", {});
    await step(ann, "session:inbox", {});
    await step(eve, "session:forget", {});

    const heard = new Set([ann, bo, cy, dan, eve].flatMap(({ seen }) => seen.map((s) => s.event)));
    expect(walked.size).to.be.at.least(55);
    expect(heard.size).to.be.at.least(25);
  });
});
