import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { WebSocket } from "ws";
import type {
  Data,
  OwnerKey,
  Payload,
  PersonaId,
  PlaceId,
  RoomId,
  SeaId,
} from "@driftsea/protocol";
import type { ModeratorId } from "../src/review/review.ts";
import {
  CIRCLE,
  FIVE_PAIRS,
  befriend,
  feedOf,
  newOwner,
  nextEpoch,
  posts,
  untilShown,
} from "./harness/circle.ts";
import { firstOf } from "./harness/desk.ts";
import { countOf, onNodes } from "./harness/nodes.ts";
import type { Node } from "./harness/nodes.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

const create = (who: Visitor, more: Partial<Payload<"room:create">> = {}) =>
  who.ask("room:create", {
    id: writeId(),
    lifetime: { kind: "fixed", ms: 60_000 },
    access: "listed",
    ...more,
  });
const enter = (who: Visitor, roomId: RoomId): Promise<Data<"room:enter">> =>
  who.ask("room:enter", { roomId });
const say = (who: Visitor, roomId: RoomId, text: string) =>
  who.ask("room:send", { id: writeId(), roomId, text });
const seqs = (who: Visitor): number[] =>
  who.events("room:message").map(({ message }) => message.seq);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** Ann is at the first process, Bo at the second. */
const two = async ([first, second]: readonly [Node, Node]) => {
  const [ann, bo] = [await Visitor.come(first.url), await Visitor.come(second.url)];
  return { ann, bo, first, second };
};
const inRoom = async (nodes: readonly [Node, Node], more: Partial<Payload<"room:create">> = {}) => {
  const both = await two(nodes);
  const { room, ownerKey } = await create(both.ann, more);
  const anns = await enter(both.ann, room.id);
  const bos = await enter(both.bo, room.id);
  return { ...both, room, roomId: room.id, ownerKey, anns, bos };
};

interface Going {
  ann: Visitor;
  bo: Visitor;
  /** Of Bo, at the process of Ann. */
  tab: Visitor;
  roomId: RoomId;
  ownerKey: OwnerKey;
  personaId: PersonaId;
}

onNodes("people at two processes", ["uws", "node"], (start) => {
  it("[M9] [B6] a bottle of one is caught and answered at the other, and they talk both ways", async () => {
    const { ann, bo } = await two(await start());
    const thrown = await ann.throws("over there?");
    const { bottle } = await bo.catches();
    expect(bottle.id).to.equal(thrown.id);
    const { thread } = await bo.answers(bottle.id, "here!");
    expect((await ann.event("bottle:answered")).thread.id).to.equal(thread.id);
    const threadId = thread.id;
    await bo.ask("thread:type", { threadId, typing: true });
    expect(await ann.event("thread:typing")).to.deep.equal({ threadId, typing: true });
    await bo.ask("thread:type", { threadId, typing: false });
    await until(() => ann.events("thread:typing").length === 2, "the end of typing");
    const write = (who: Visitor, text: string) =>
      who.ask("thread:send", { id: writeId(), threadId, text });
    await Promise.all(upTo(20).map((n) => write(n % 2 ? ann : bo, `line ${n}`)));
    const heard = (who: Visitor) => who.events("thread:message").map(({ message }) => message);
    for (const who of [ann, bo]) {
      await until(() => heard(who).length >= 10, "what the other wrote");
      const theirs = heard(who).filter(({ mine }) => !mine);
      expect(theirs.map(({ text }) => text)).to.have.members(
        upTo(20).flatMap((n) => ((n % 2 === 1) === (who === ann) ? [] : [`line ${n}`])),
      );
      const order = heard(who).map(({ seq }) => seq);
      expect(order).to.deep.equal([...new Set(order)].sort((a, b) => a - b));
    }
    await bo.ask("thread:leave", { threadId });
    expect(await ann.event("thread:closed")).to.deep.equal({ threadId, reason: "left" });
  });

  it("[M9] [R6] both hear a room whole, in one order and once, whoever writes where", async () => {
    const { ann, bo, roomId } = await inRoom(await start());
    await Promise.all(upTo(200).map((n) => say(n % 2 ? ann : bo, roomId, `line ${n}`)));
    for (const who of [ann, bo]) {
      await until(() => seqs(who).length >= 200, "the whole room");
      expect(seqs(who)).to.deep.equal(upTo(200));
    }
  });

  it("[M9] [R4] who is removed at the other process hears not one byte more of the room", async () => {
    const { ann, bo, second, roomId, ownerKey } = await inRoom(await start());
    const frames: string[] = [];
    const port = new URL(second.url).port;
    const raw = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
    raw.on("message", (data: Buffer) => void frames.push(data.toString()));
    const sees = async (part: string): Promise<string> => {
      await until(() => frames.some((frame) => frame.includes(part)), part);
      return frames.find((frame) => frame.includes(part))!;
    };
    await sees("pingInterval");
    raw.send('40{"protocol":1}');
    await sees("session:ready");
    raw.send(`420["room:enter",{"roomId":"${roomId}"}]`);
    const reply = JSON.parse((await sees("430[")).slice(3)) as [{ data: Data<"room:enter"> }];
    const personaId = reply[0].data.me.id;
    await until(() => ann.events("room:joined").length === 3, "his coming");
    const writing = Promise.all(
      upTo(60).flatMap((n) => [
        say(bo, roomId, `under way ${n}`),
        bo.ask("room:type", { roomId, typing: n % 2 === 0 }),
      ]),
    );
    await ann.ask("room:kick", { roomId, ownerKey, personaId });
    const whenKicked = frames.length;
    await writing;
    await sees("room:gone");
    const end = frames.findIndex((frame) => frame.includes("room:gone"));
    for (const who of [ann, bo]) await say(who, roomId, "without him");
    await until(() => seqs(bo).length === 62 && seqs(ann).length === 62, "the rest");
    const isOfTheRoom = (frame: string): boolean => frame.includes(roomId);
    expect(frames.slice(end + 1).filter(isOfTheRoom)).to.deep.equal([]);
    const late = frames.slice(whenKicked).filter(isOfTheRoom);
    expect(late.filter((frame) => !frame.includes("room:gone"))).to.deep.equal([]);
    const { messages } = await ann.ask("room:enter", { roomId, after: 0 });
    const hidden = messages.filter(({ epoch }) => epoch === 1).map(({ text }) => `"${text}"`);
    expect(hidden).to.not.deep.equal([]);
    for (const frame of frames) for (const text of hidden) expect(frame).to.not.include(text);
    raw.send(`422["room:enter",{"roomId":"${roomId}"}]`);
    await sees('432[{"ok":false,"error":{"code":"gone"');
    await until(() => bo.events("room:changed").some(({ room }) => room.epoch === 1), "the epoch");
    expect((await bo.event("room:left")).persona.id).to.equal(personaId);
    raw.close();
  });
});

onNodes("rooms across processes", ["uws"], (start, redis) => {
  it("[M9] [R1] [R2] the end comes to both: by its owner, and at its deadline", async () => {
    const nodes = await start({ ROOM_MIN_LIFETIME_MS: 100 });
    const { ann, bo, roomId, ownerKey } = await inRoom(nodes);
    await ann.ask("room:destroy", { roomId, ownerKey });
    for (const who of [ann, bo])
      expect(await who.event("room:gone")).to.deep.equal({ roomId, reason: "destroyed" });
    const { room } = await create(bo, { lifetime: { kind: "fixed", ms: 1200 } });
    for (const who of [ann, bo]) await enter(who, room.id);
    for (const who of [ann, bo]) {
      await until(() => who.events("room:gone").length === 2, "the end");
      expect(Date.now() - room.deadlineAt).to.be.lessThan(2000);
      expect(await who.refused("room:enter", { roomId: room.id })).to.equal("gone");
    }
  });

  it("[M9] [R7] coming, going and typing are told to both, and a second tab elsewhere is no going", async () => {
    const { ann, bo, first, second, roomId, bos } = await inRoom(await start());
    const joined = () => ann.events("room:joined").map(({ persona }) => persona.id);
    await until(() => joined().includes(bos.me.id), "his coming");
    const tab = await Visitor.come(first.url, { token: bo.token });
    await enter(tab, roomId);
    expect(joined()).to.have.length(2);
    await tab.ask("room:type", { roomId, typing: true });
    for (const who of [ann, bo])
      expect(await who.event("room:typing")).to.include({ typing: true });
    await say(bo, roomId, "from the other tab");
    await until(() => seqs(tab).length === 1, "his own word in the other tab");
    await tab.leave();
    await pause(600);
    await say(ann, roomId, "still here?");
    await until(() => seqs(bo).length === 2, "a word");
    expect((await enter(ann, roomId)).members).to.have.length(2);
    // In one tab he leaves, and so he does in the other.
    const again = await Visitor.come(first.url, { token: bo.token });
    await enter(again, roomId);
    await again.ask("room:leave", { roomId });
    expect(await bo.event("room:gone")).to.deep.equal({ roomId, reason: "left" });
    expect(await ann.event("room:left")).to.include({ members: 1 });
    await say(ann, roomId, "alone");
    await until(() => seqs(ann).length === 3, "her own word");
    expect(seqs(bo)).to.deep.equal([1, 2]);
    expect(await countOf(second, "driftsea_faults_total")).to.equal(0);
  });

  /** How somebody who types goes, where his tab is at the first process and he types at the second. */
  const GOING: Record<string, (at: Going) => Promise<unknown>> = {
    "leaves there": ({ bo, roomId }) => bo.ask("room:leave", { roomId }),
    "leaves by a tab elsewhere": ({ tab, roomId }) => tab.ask("room:leave", { roomId }),
    "is removed": ({ ann, roomId, ownerKey, personaId }) =>
      ann.ask("room:kick", { roomId, ownerKey, personaId }),
    "is forgotten": ({ bo }) => bo.ask("session:forget", {}),
  };
  for (const [how, go] of Object.entries(GOING))
    it(`[M9] [R7] who ${how} while he types: each process tells those who stay that he has stopped`, async () => {
      const { ann, bo, first, second, roomId, ownerKey, bos } = await inRoom(await start());
      const [cat, tab] = [
        await Visitor.come(second.url),
        await Visitor.come(first.url, { token: bo.token }),
      ];
      for (const who of [cat, tab]) await enter(who, roomId);
      await bo.ask("room:type", { roomId, typing: true });
      for (const who of [ann, cat])
        expect(await who.event("room:typing")).to.include({ typing: true });
      await go({ ann, bo, tab, roomId, ownerKey, personaId: bos.me.id });
      const isOfHim = ({ event }: { event: string }): boolean =>
        event === "room:typing" || event === "room:left";
      for (const who of [ann, cat]) {
        await who.event("room:left");
        expect(who.seen.filter(isOfHim).map(({ event }) => event)).to.deep.equal([
          "room:typing",
          "room:typing",
          "room:left",
        ]);
        expect(who.events("room:typing")[1]).to.deep.equal({
          roomId,
          persona: bos.me,
          typing: false,
        });
      }
    });

  it("[M9] [R7] whose last tab at one process closes is in by the other for longer than the grace", async function () {
    const { ann, bo, first, roomId } = await inRoom(await start());
    const tab = await Visitor.come(first.url, { token: bo.token });
    await enter(tab, roomId);
    await bo.leave();
    // The grace is 10 s, and a look at the room follows at once.
    await pause(11_500);
    expect(ann.events("room:left")).to.deep.equal([]);
    await say(ann, roomId, "you are here");
    await until(() => seqs(tab).length === 1, "a word");
  });

  it("[M9] [R5] an encrypted room: sealed both ways; a removal begins an epoch for both", async () => {
    const { ann, bo, first, roomId, ownerKey } = await inRoom(await start(), { encrypted: true });
    const sealed = Buffer.alloc(256, 7).toString("base64url");
    const seal = (who: Visitor, seq: number, epoch: number) =>
      who.ask("room:send", { id: writeId(), roomId, sealed, seq, epoch });
    await seal(ann, 1, 0);
    await bo.event("room:message");
    await seal(bo, 2, 0);
    const eve = await Visitor.come(first.url);
    const { me } = await enter(eve, roomId);
    await ann.ask("room:kick", { roomId, ownerKey, personaId: me.id });
    expect(await eve.event("room:gone")).to.deep.equal({ roomId, reason: "removed" });
    for (const who of [ann, bo])
      await until(() => who.events("room:changed").some(({ room }) => room.epoch === 1), "epoch 1");
    expect(
      await bo.refused("room:send", { id: writeId(), roomId, sealed, seq: 3, epoch: 0 }),
    ).to.equal("conflict");
    await seal(bo, 3, 1);
    for (const who of [ann, bo]) {
      await until(() => seqs(who).length === 3, "the sealed ones");
      expect(who.events("room:message").map(({ message }) => message.epoch)).to.deep.equal([
        0, 0, 1,
      ]);
    }
  });

  it("[M9] [R3] [R4] once seen, timed, locked, knocked, admitted: told to whoever it is about", async () => {
    const { ann, bo, first, roomId, ownerKey } = await inRoom(await start());
    const once = { id: writeId(), roomId, text: "once", timer: { once: true } } as const;
    await ann.ask("room:send", once);
    await bo.event("room:message");
    await bo.ask("room:seen", { roomId, seq: 1 });
    for (const who of [ann, bo])
      expect(await who.event("room:message-gone")).to.deep.equal({ roomId, seq: 1 });
    await ann.ask("room:lock", { roomId, ownerKey, locked: true });
    await until(() => bo.events("room:changed").some(({ room }) => room.locked), "the lock");
    const eve = await Visitor.come(first.url);
    const tab = await Visitor.come(new URL(first.url).href, { token: ann.token });
    expect(await eve.refused("room:enter", { roomId })).to.equal("locked");
    const { persona } = await ann.event("room:knocked");
    await tab.ask("room:admit", { roomId, ownerKey, personaId: persona.id });
    await eve.event("room:admitted");
    await enter(eve, roomId);
    const joined = () => bo.events("room:joined").map((one) => one.persona.id);
    await until(() => joined().includes(persona.id), "her coming");
  });

  it("[M9] [S1] [S4] two who seek at different processes are found, told of the end, and can part", async () => {
    const { ann, bo } = await two(await start({ MEET_RELAX_MS: 200 }));
    for (const who of [ann, bo]) await who.ask("meet:seek", {});
    const meeting = await ann.event("meet:found");
    expect(await bo.event("meet:found")).to.deep.equal(meeting);
    const { roomId, meetId } = meeting;
    for (const who of [ann, bo]) await enter(who, roomId);
    await say(ann, roomId, "hello");
    await bo.event("room:message");
    await bo.ask("room:type", { roomId, typing: true });
    await ann.event("room:typing");
    await ann.ask("safety:block", { target: { kind: "room", id: roomId } });
    expect(await bo.event("meet:ended")).to.deep.equal({ meetId, reason: "left" });
    for (const who of [ann, bo]) expect((await who.event("room:gone")).roomId).to.equal(roomId);
    // Nothing of one reaches the other any more, whichever process asks.
    await ann.throws("not for him");
    expect((await bo.ask("bottle:catch", {})).outcome).to.equal("calm");
    for (const who of [ann, bo]) await who.ask("meet:seek", {});
    await pause(1000);
    expect([ann, bo].flatMap((who) => who.events("meet:found"))).to.have.length(2);
    // He who was blocked while he typed: nothing is told of it after the end.
    for (const who of [ann, bo]) {
      const heard = who.seen.map(({ event }) => event);
      expect(heard.lastIndexOf("room:typing")).to.be.lessThan(heard.indexOf("room:gone"));
    }
  });

  it("[M9] [R11] the hole's number and end come to both", async () => {
    const { ann, bo } = await two(await start({ HOLE_SILENCE_MS: 2500 }));
    await ann.ask("hole:write", { id: writeId(), text: "a letter" });
    for (const who of [ann, bo])
      await until(
        () => who.events("hole:ticked").some(({ letters }) => letters === 1),
        "one letter",
      );
    for (const who of [ann, bo]) await who.event("hole:gone", 8000);
  });

  it("[M9] [R6] what is lost between processes is told all the same, in order and once", async () => {
    const { ann, bo, second, roomId } = await inRoom(await start());
    let lost = 0;
    second.lose((text) => text.includes("room-message") && (lost += 1) % 2 === 0);
    for (const n of upTo(20)) await say(ann, roomId, `line ${n}`);
    await until(() => seqs(bo).length >= 20, "all lines");
    expect(seqs(bo)).to.deep.equal(upTo(20));
    // The last one, after which nobody says anything: the beats tell that it is missing.
    second.lose((text) => text.includes("room-message"));
    await say(ann, roomId, "the last");
    await until(() => seqs(bo).length === 21, "the last line");
    expect(await countOf(second, "driftsea_nodes_gaps_total")).to.be.greaterThan(0);
    // From now on nothing at all arrives there.
    second.lose(() => true);
    for (const n of upTo(5)) await say(n % 2 ? ann : bo, roomId, `deaf ${n}`);
    await until(() => seqs(bo).length === 26, "what is told to the deaf", 8000);
    expect(seqs(bo)).to.deep.equal(upTo(26));
    second.lose(() => false);
    await say(ann, roomId, "heard again");
    await until(() => seqs(bo).length === 27, "one more");
    await until(() => seqs(ann).length === 27, "all of them at the other");
    expect(seqs(ann)).to.deep.equal(upTo(27));
    expect([...new Set(seqs(bo))]).to.deep.equal(seqs(bo));
  });

  it("[M9] [R4] [R7] who types while he is being removed types for nobody", async () => {
    const { ann, bo, second, roomId, ownerKey, bos } = await inRoom(await start());
    const cat = await Visitor.come(second.url);
    await enter(cat, roomId);
    // His process is asked for silence, and does not hear yet that he is out.
    second.lose((text) => !text.includes("room-deaf"));
    await ann.ask("room:kick", { roomId, ownerKey, personaId: bos.me.id });
    await bo.send("room:type", { roomId, typing: true });
    await say(cat, roomId, "after his typing");
    for (const who of [ann, cat]) {
      await until(() => seqs(who).length === 1, "what was said after it");
      expect(who.events("room:typing")).to.deep.equal([]);
    }
  });

  it("[M9] [R4] who is removed while his process is deaf hears nothing that was written after", async () => {
    const { ann, bo, second, roomId, ownerKey } = await inRoom(await start());
    const eve = await Visitor.come(second.url);
    const { me } = await enter(eve, roomId);
    second.lose(() => true);
    await ann.ask("room:kick", { roomId, ownerKey, personaId: me.id });
    const before = eve.seen.length;
    for (const n of upTo(10)) {
      await bo.ask("room:type", { roomId, typing: n % 2 === 1 });
      await say(n % 2 ? ann : bo, roomId, `without her ${n}`);
    }
    expect(await eve.event("room:gone", 8000)).to.deep.equal({ roomId, reason: "removed" });
    await until(() => seqs(bo).length === 10, "the others hear it", 8000);
    const after = eve.seen.slice(before).map(({ event }) => event);
    expect(after.filter((event) => event.startsWith("room:"))).to.deep.equal(["room:gone"]);
  });

  it("[M9] [R1] a room's end is told where the word of it is lost", async () => {
    const nodes = await start({ ROOM_MIN_LIFETIME_MS: 100 });
    const { ann, bo, second, roomId } = await inRoom(nodes, {
      lifetime: { kind: "fixed", ms: 1500 },
    });
    for (const node of nodes) node.lose((text) => text.includes("room-ended"));
    for (const who of [ann, bo])
      expect(await who.event("room:gone", 6000)).to.deep.equal({ roomId, reason: "expired" });
    const { room, ownerKey } = await create(ann);
    await enter(bo, room.id);
    await ann.ask("room:destroy", { roomId: room.id, ownerKey });
    await until(() => bo.events("room:gone").length === 2, "an end before its time");
    expect(await countOf(second, "driftsea_faults_total")).to.equal(0);
  });

  it("[M9] [R6] the line between them is cut again and again: everything is told, in order and once", async () => {
    const { ann, bo, roomId } = await inRoom(await start());
    const connection = await redis().connect({ keyPrefix: "" });
    for (const n of upTo(40)) {
      await say(n % 2 ? ann : bo, roomId, `line ${n}`);
      if (n % 8 === 0) await connection.command("CLIENT", "KILL", "TYPE", "pubsub");
    }
    for (const who of [ann, bo]) {
      await until(() => seqs(who).length >= 40, "all lines", 8000);
      expect(seqs(who)).to.deep.equal(upTo(40));
    }
  });

  it("[M9] a process that is alone asks Redis for no message more than before", async () => {
    const [first, second] = await start();
    const connection = await redis().connect({ keyPrefix: "" });
    const published = async (): Promise<number> => {
      const stats = (await connection.everyMaster("INFO", "commandstats")).join("\n");
      const calls = [...stats.matchAll(/cmdstat_spublish:calls=(\d+)/g)].map(([, n]) => Number(n));
      return calls.reduce((sum, n) => sum + n, 0);
    };
    expect(await published(), "two greet each other").to.be.greaterThan(0);
    await second.close();
    await pause(1200);
    const before = await published();
    const [ann, bo] = [await Visitor.come(first.url), await Visitor.come(first.url)];
    const { room } = await create(ann);
    for (const who of [ann, bo]) await enter(who, room.id);
    for (const n of upTo(20)) await say(ann, room.id, `line ${n}`);
    await until(() => seqs(bo).length === 20, "all lines");
    expect(await published()).to.equal(before);
  });
});

onNodes("bottles and secrets across processes", ["uws"], (start) => {
  it("[M9] [B8] [B12] a notice is told once: to every tab by event, or else by the inbox", async () => {
    const { ann, bo, first, second } = await two(await start({ LEASE_MS: 600 }));
    const thrown = await ann.throws("hold this");
    await bo.catches();
    const recalledAt = Date.now();
    await ann.ask("bottle:recall", { bottleId: thrown.id });
    await bo.event("bottle:recalled");
    expect(Date.now() - recalledAt).to.be.lessThan(1000);
    // Whoever sweeps, she alone is told that her lease lapsed, in each of her tabs.
    const tab = await Visitor.come(first.url, { token: bo.token });
    await ann.throws("hold that");
    await tab.catches();
    for (const who of [bo, tab]) await who.event("bottle:lapsed");
    await pause(300);
    for (const who of [bo, tab]) {
      expect(who.events("bottle:lapsed")).to.have.length(1);
      expect((await who.ask("session:inbox", {})).items).to.deep.equal([]);
    }
    // Away at both: by the inbox, once.
    await ann.throws("answer this");
    const { bottle } = await bo.catches();
    await ann.leave();
    await pause(100);
    await bo.answers(bottle.id, "you have gone");
    const back = await Visitor.come(second.url, { token: ann.token });
    let told = 0;
    const look = async (): Promise<number> => {
      const { items } = await back.ask("session:inbox", {});
      told += items.filter(({ kind }) => kind === "bottle:answered").length;
      return told + back.events("bottle:answered").length;
    };
    await until(async () => (await look()) > 0, "the answer");
    await pause(200);
    expect(await look()).to.equal(1);
  });

  it("[M9] [B6] notices and lines whose word is lost are told all the same, once", async () => {
    const { ann, bo, first, second } = await two(await start());
    const { id } = await ann.throws("answer me");
    await bo.catches();
    first.lose((text) => text.includes('"notice"') || text.includes("thread-message"));
    const { thread } = await bo.answers(id, "do you hear?");
    await ann.event("bottle:answered");
    const threadId = thread.id;
    for (const n of upTo(5)) await bo.ask("thread:send", { id: writeId(), threadId, text: `${n}` });
    const heard = () => ann.events("thread:message").map(({ message }) => message.text);
    await until(() => heard().length >= 5, "all lines");
    first.lose(() => false);
    await bo.ask("thread:send", { id: writeId(), threadId, text: "6" });
    await until(() => heard().length >= 6, "one more");
    await pause(1200);
    expect(heard()).to.deep.equal(upTo(6).map(String));
    expect(ann.events("bottle:answered")).to.have.length(1);
    expect(await countOf(second, "driftsea_faults_total")).to.equal(0);
  });

  it("[M9] [B12] who holds a bottle by one process and goes on by another keeps it", async () => {
    const nodes = await start({ HOLDER_GRACE_MS: 500 });
    const { ann, bo, first } = await two(nodes);
    const thrown = await ann.throws("hold on to me");
    const tab = await Visitor.come(first.url, { token: bo.token });
    await bo.catches();
    await bo.leave();
    await pause(1500);
    expect((await tab.ask("bottle:mine", {})).held.map(({ bottle }) => bottle.id)).to.deep.equal([
      thrown.id,
    ]);
    await tab.leave();
    const eve = await Visitor.come(first.url);
    expect((await eve.catches()).bottle.id).to.equal(thrown.id);
  });

  it("[M9] [F6] [F7] a secret arrives at the other process, with what is said of it, and goes", async () => {
    const nodes = await start(CIRCLE);
    const [first, second] = nodes;
    const people = {} as Record<string, Visitor>;
    for (const name of ["ann", "bo", "cy", "dan", "eve"])
      people[name] = await Visitor.come(name === "bo" || name === "eve" ? second.url : first.url);
    for (const [one, other] of FIVE_PAIRS) await befriend(people[one]!, people[other]!);
    const { ann, bo } = people as { ann: Visitor; bo: Visitor };
    await nextEpoch();
    const tab = await Visitor.come(second.url, { token: ann.token });
    for (const who of [ann, tab]) await who.ask("feed:open", {});
    const { post, ownerKey } = await posts(bo, "from the other shore");
    for (const who of [ann, tab])
      expect((await who.event("feed:posted")).post.id).to.equal(post.id);
    await bo.ask("feed:comment", { id: writeId(), postId: post.id, text: "mine", ownerKey });
    for (const who of [ann, tab])
      expect((await who.event("feed:commented")).comment).to.include({ text: "mine", crown: true });
    await ann.ask("feed:heart", { postId: post.id, on: true });
    for (const who of [ann, tab])
      await until(() => who.events("feed:changed").some(({ hearts }) => hearts === 1), "a heart");
    const other = await posts(bo, "hide this");
    await untilShown(ann, "hide this");
    await untilShown(tab, "hide this");
    await ann.ask("feed:hide", { postId: other.post.id });
    await until(() => tab.events("feed:withdrawn").length === 1, "it goes from the other tab");
    await bo.ask("feed:delete", { postId: post.id, ownerKey });
    for (const who of [ann, tab])
      await until(
        () => who.events("feed:withdrawn").some(({ postId }) => postId === post.id),
        "its end",
      );
    // And where the word of it is lost.
    const third = await posts(bo, "to be deleted");
    await untilShown(ann, "to be deleted");
    first.lose((text) => text.includes("feed-deleted"));
    await bo.ask("feed:delete", { postId: third.post.id, ownerKey: third.ownerKey });
    await until(
      () => ann.events("feed:withdrawn").some(({ postId }) => postId === third.post.id),
      "its end",
    );
    expect(await feedOf(ann)).to.deep.equal([]);
  });

  it("[M9] [F12] [B9] what drifts in a place is heard at the other process, and its sea is known there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "driftsea-places-"));
    const file = join(folder, "places.json");
    const place = "town" as PlaceId;
    writeFileSync(file, JSON.stringify([{ id: place, title: { en: "Town", zh: "城里" } }]));
    const nodes = await start({ ...CIRCLE, PLACES: file, PLACE_MIN_PEOPLE: 2 });
    rmSync(folder, { recursive: true });
    const { ann, bo, second } = await two(nodes);
    for (const who of [ann, bo]) await who.ask("place:say", { placeId: place });
    await bo.ask("feed:open", { place });
    await posts(ann, "in our town", { place });
    expect(await bo.event("feed:posted")).to.deep.include({ here: true });
    second.lose((text) => text.includes("feed-dropped"));
    await posts(ann, "and nobody said so", { place });
    await until(() => bo.events("feed:posted").length === 2, "the second");
    const sea = place as string as SeaId;
    const thrown = await ann.throws("in the town's sea", { sea });
    const { bottle } = await bo.catches({ sea });
    expect(bottle.id).to.equal(thrown.id);
    await bo.answers(bottle.id, "found in town");
    await ann.event("bottle:answered");
  });

  /** Ann's box, in which she has looked, and which Bo reads. */
  const openBox = async (ann: Visitor, bo: Visitor) => {
    const { ownerKey, ownerHash } = newOwner();
    const { box } = await ann.ask("ask:make", { id: writeId(), ownerHash });
    await ann.ask("ask:questions", { box, ownerKey });
    await bo.ask("ask:read", { box });
    return { box, ownerKey };
  };
  type OpenBox = Awaited<ReturnType<typeof openBox>>;
  const askAndAnswer = async (ann: Visitor, bo: Visitor, { box, ownerKey }: OpenBox) => {
    await bo.ask("ask:ask", { id: writeId(), box, text: "why?" });
    await ann.event("ask:asked");
    const { questions } = await ann.ask("ask:questions", { box, ownerKey });
    const answer = { id: writeId(), box, ownerKey, questionId: questions[0]!.id, text: "why not" };
    await ann.ask("ask:answer", answer);
    expect((await bo.event("ask:answered")).answer).to.include({ answer: "why not" });
  };

  it("[M9] [F10] an ask box: asked at one process, answered at the other", async () => {
    const { ann, bo } = await two(await start());
    const { box, ownerKey } = await openBox(ann, bo);
    await askAndAnswer(ann, bo, { box, ownerKey });
    await ann.ask("ask:close", { box, ownerKey });
    await bo.event("ask:gone");
  });

  it("[M9] [F10] what is lost of an ask box between processes is told all the same", async () => {
    const { ann, bo, first, second } = await two(await start());
    const { box, ownerKey } = await openBox(ann, bo);
    first.lose((text) => text.includes("ask:asked"));
    second.lose((text) => /ask[:-]/.test(text));
    await askAndAnswer(ann, bo, { box, ownerKey });
    await ann.ask("ask:set", { box, ownerKey, isOn: false });
    await until(() => bo.events("ask:changed").at(-1)?.isOn === false, "that it is shut");
    await ann.ask("ask:close", { box, ownerKey });
    await bo.event("ask:gone");
    expect(bo.events("ask:answered")).to.have.length(1);
  });

  it("[M9] [session:forget] from one tab, with another at the other process: nothing stays", async () => {
    const nodes = await start();
    const { ann, bo, second } = await two(nodes);
    const tab = await Visitor.come(second.url, { token: ann.token });
    await ann.throws("forget me");
    const { room } = await create(bo);
    for (const who of [bo, tab]) await enter(who, room.id);
    await say(tab, room.id, "and this");
    await bo.event("room:message");
    let isGone = false;
    tab.socket.once("disconnect", () => (isGone = true));
    await ann.ask("session:forget", {});
    await until(() => isGone, "the end of the other tab");
    expect(await bo.event("room:message-gone")).to.deep.equal({ roomId: room.id, seq: 1 });
    let code: unknown;
    await Visitor.come(second.url, { token: ann.token }).catch((error: unknown) => {
      ({ code } = error as { code: unknown });
    });
    expect(code).to.equal("unauthorized");
    expect((await bo.ask("bottle:catch", {})).outcome).to.equal("calm");
    expect(tab.seen.some(({ event }) => event === "room:message-gone")).to.equal(false);
  });

  for (const isLost of [false, true])
    it(`[M9] [M3] who is kept out at one process is put out at the other${isLost ? ", where the word of it is lost" : ""}`, async () => {
      const settings = { RATE_LIMITS: "off", REPORTER_FRESH_MS: 0 };
      const { ann, bo, first, second } = await two(await start(settings));
      for (let i = 0; i < 5; i += 1)
        await bo.ask("hole:write", { id: writeId(), text: `threat ${i}` });
      const step = async (): Promise<void> => {
        const { letter } = await ann.ask("hole:read", {});
        const target = { kind: "letter", id: letter.id } as const;
        await ann.ask("safety:report", { id: writeId(), target, reason: "threat" });
        for (const moderator of ["one", "two"] as ModeratorId[]) {
          const { id } = await firstOf(first.review, moderator, "letter");
          await first.review.decide(moderator, id, "remove-and-penalise", "threat");
        }
      };
      for (let i = 0; i < 4; i += 1) await step();
      await until(() => bo.events("session:penalty").length === 4, "four steps");
      expect(bo.socket.connected).to.equal(true);
      second.lose(() => isLost);
      await step();
      await until(() => !bo.socket.connected, "the end of his connection", 10_000);
      expect(bo.events("session:penalty").at(-1)).to.include({ function: "all" });
    });
});
