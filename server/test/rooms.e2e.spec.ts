import { expect } from "chai";
import { WebSocket } from "ws";
import type { Data, OwnerKey, Payload, RoomId } from "@driftsea/protocol";
import { onEverySetup } from "./harness/server.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

/** The shortest photo of each kind that its first bytes make one. */
const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

type Create = Partial<Payload<"room:create">>;

onEverySetup("rooms", (setup) => {
  const create = (visitor: Visitor, more: Create = {}): Promise<Data<"room:create">> =>
    visitor.ask("room:create", {
      id: writeId(),
      lifetime: { kind: "fixed", ms: 60_000 },
      access: "listed",
      ...more,
    });
  const enter = (visitor: Visitor, roomId: RoomId, more: object = {}) =>
    visitor.ask("room:enter", { roomId, ...more });
  const say = (visitor: Visitor, roomId: RoomId, text: string, id = writeId()) =>
    visitor.ask("room:send", { id, roomId, text });
  const texts = (visitor: Visitor): (string | undefined)[] =>
    visitor.events("room:message").map(({ message }) => message.text);

  /** Ann has made a room; she and Bo are in it, Eve is not. */
  const open = async (more: Create = {}, settings: Parameters<typeof setup.start>[0] = {}) => {
    const server = await setup.start(settings);
    const [ann, bo, eve] = (await Promise.all([1, 2, 3].map(() => Visitor.come(server.url)))) as [
      Visitor,
      Visitor,
      Visitor,
    ];
    const { room, ownerKey } = await create(ann, more);
    const anns = await enter(ann, room.id);
    const bos = await enter(bo, room.id);
    return { server, ann, bo, eve, room, ownerKey, roomId: room.id, anns, bos };
  };

  it("[R1] everybody is told one deadline, and at it the room is gone for everybody", async () => {
    const settings = { ROOM_MIN_LIFETIME_MS: 100 };
    const short = { lifetime: { kind: "fixed", ms: 1500 } } as const;
    const { ann, bo, eve, room, roomId, anns, bos } = await open(short, settings);
    const { deadlineAt } = room;
    expect(deadlineAt - Date.now()).to.be.within(500, 1600);
    expect([anns.room.deadlineAt, bos.room.deadlineAt]).to.deep.equal([deadlineAt, deadlineAt]);
    expect(await say(ann, roomId, "a word")).to.include({ seq: 1, deadlineAt });
    expect(await bo.event("room:message")).to.include({ deadlineAt });
    expect(await ann.event("room:joined")).to.include({ deadlineAt });
    expect(await bo.event("room:closing")).to.deep.equal({ roomId, at: deadlineAt });
    await until(() => Date.now() > deadlineAt, "the deadline");
    expect(await eve.refused("room:enter", { roomId })).to.equal("gone");
    expect(await ann.refused("room:send", { id: writeId(), roomId, text: "late" })).to.equal(
      "gone",
    );
    expect((await eve.ask("room:list", {})).rooms).to.deep.equal([]);
    expect(await bo.event("room:gone")).to.deep.equal({ roomId, reason: "expired" });
    expect(await ann.event("room:gone")).to.deep.equal({ roomId, reason: "expired" });
    const dump = await setup.dump();
    if (dump !== null) expect(dump).to.not.include("a word");
  });

  it("[R1] any message puts an idle room's end off; a presence room ends after the last one", async () => {
    const settings = { ROOM_MIN_LIFETIME_MS: 100 };
    const idle = { lifetime: { kind: "idle", ms: 60_000 } } as const;
    const { ann, bo, roomId, room } = await open(idle, settings);
    await pause(20);
    const { deadlineAt } = await say(ann, roomId, "still here");
    expect(deadlineAt).to.be.greaterThan(room.deadlineAt);
    expect((await bo.event("room:message")).deadlineAt).to.equal(deadlineAt);
    const { room: present } = await create(ann, { lifetime: { kind: "presence", ms: 400 } });
    await enter(ann, present.id);
    await pause(800);
    await enter(bo, present.id);
    await bo.ask("room:leave", { roomId: present.id });
    expect(await enter(ann, present.id)).to.have.nested.property("room.members", 1);
    await ann.ask("room:leave", { roomId: present.id });
    await until(async () => {
      const { rooms } = await bo.ask("room:list", {});
      return rooms.every(({ id }) => id !== present.id);
    }, "the end");
    expect(await bo.refused("room:enter", { roomId: present.id })).to.equal("gone");
  });

  it("[R1] lifetimes out of bounds are refused, with the bound", async () => {
    const { ann } = await open();
    for (const lifetime of [
      { kind: "fixed", ms: 59_999 },
      { kind: "fixed", ms: 7 * 86_400_000 + 1 },
      { kind: "idle", ms: 1 },
    ] as const) {
      const reply = await ann.send("room:create", { id: writeId(), lifetime, access: "listed" });
      expect(reply).to.have.nested.property("error.fields.lifetime");
    }
  });

  it("[R4] a write makes one room, with one key; another's key rules nothing", async () => {
    const { ann, bo, ownerKey } = await open();
    const id = writeId();
    const made = await Promise.all(Array.from({ length: 5 }, () => create(ann, { id })));
    for (const one of made) expect(one).to.deep.equal(made[0]);
    expect((await ann.ask("room:list", {})).rooms).to.have.length(2);
    const theirs = await create(bo, { id });
    expect(theirs.room.id).to.not.equal(made[0]!.room.id);
    const roomId = made[0]!.room.id;
    for (const key of [ownerKey, theirs.ownerKey, "x".repeat(43) as OwnerKey]) {
      const rule = { roomId, ownerKey: key };
      expect(await bo.refused("room:destroy", rule)).to.equal("gone");
      expect(await bo.refused("room:invite", rule)).to.equal("gone");
      expect(await bo.refused("room:lock", { ...rule, locked: true })).to.equal("gone");
      expect(await bo.refused("room:motd", { ...rule, text: "x" })).to.equal("gone");
    }
  });

  it("[R6] one write is one message for everybody; who was away comes back without a gap", async () => {
    const { server, ann, bo, roomId } = await open();
    const id = writeId();
    const sent = await Promise.all(Array.from({ length: 5 }, () => say(ann, roomId, "once", id)));
    expect(new Set(sent.map(({ seq }) => seq))).to.deep.equal(new Set([1]));
    await bo.event("room:message");
    await bo.leave();
    for (let i = 0; i < 30; i += 1) await say(ann, roomId, `line ${i}`);
    const back = await Visitor.come(server.url, { token: bo.token });
    const { messages, recovered, room } = await enter(back, roomId, { after: 1, epoch: 0 });
    expect({ recovered, head: room.head }).to.deep.equal({ recovered: true, head: 31 });
    expect(messages.map(({ seq }) => seq)).to.deep.equal(
      Array.from({ length: 30 }, (_, i) => i + 2),
    );
    expect(await enter(back, roomId, { after: 31 })).to.deep.include({
      messages: [],
      recovered: true,
    });
    expect(await enter(back, roomId, { after: 99 })).to.deep.include({ recovered: false });
    expect(ann.events("room:left")).to.deep.equal([]);
  });

  it("[R6] what has given way is said: recovered is false", async () => {
    const { ann, bo, roomId } = await open({}, { ROOM_BACKLOG: 3 });
    for (let i = 1; i <= 5; i += 1) await say(ann, roomId, `${i}`);
    const lost = await enter(bo, roomId, { after: 1 });
    expect(lost.recovered).to.equal(false);
    expect(lost.messages.map(({ text }) => text)).to.deep.equal(["3", "4", "5"]);
    expect(await enter(bo, roomId, { after: 2 })).to.include({ recovered: true });
    expect(await enter(bo, roomId)).to.include({ recovered: true });
  });

  it("[R6] a long backlog comes in parts that a slow line can carry", async () => {
    const { ann, bo, roomId } = await open();
    const long = "漂".repeat(1000);
    for (let i = 0; i < 200; i += 1) await say(ann, roomId, long);
    const seen: number[] = [];
    for (let after = 0; after < 200;) {
      const { messages, recovered } = await enter(bo, roomId, { after });
      expect(recovered).to.equal(true);
      expect(Buffer.byteLength(JSON.stringify(messages))).to.be.below(600 * 1024);
      expect(messages.length).to.be.below(200);
      seen.push(...messages.map(({ seq }) => seq));
      after = seen.at(-1)!;
    }
    expect(seen).to.deep.equal(Array.from({ length: 200 }, (_, i) => i + 1));
    expect((await enter(bo, roomId)).messages.at(-1)!.seq).to.equal(200);
  });

  it("[R7] who comes, goes and types is told; personas are of this room alone", async () => {
    const { ann, bo, roomId, anns, bos } = await open();
    expect(bos.members).to.deep.equal([anns.me, bos.me]);
    expect((await ann.event("room:joined")).members).to.equal(1);
    await ann.ask("room:type", { roomId, typing: true });
    await ann.ask("room:type", { roomId, typing: true });
    expect(await bo.event("room:typing")).to.deep.equal({
      roomId,
      persona: anns.me,
      typing: true,
    });
    await say(ann, roomId, "done");
    await bo.ask("room:leave", { roomId });
    const left = await ann.event("room:left");
    expect(left).to.deep.include({ roomId, persona: bos.me, members: 1 });
    expect(bo.events("room:typing")).to.have.length(1);
    expect(await bo.refused("room:type", { roomId, typing: true })).to.equal("gone");
    expect(await bo.refused("room:leave", { roomId })).to.equal("gone");
    const { room } = await create(bo);
    const other = await enter(bo, room.id);
    const shared = Object.values(other.me).filter(
      (value) => typeof value === "string" && Object.values(bos.me).includes(value),
    );
    expect(shared).to.deep.equal([]);
  });

  it("[R7] two rooms of a drifter share nothing on the wire", async () => {
    const { server, ann, roomId } = await open();
    const { room: second } = await create(ann);
    await enter(ann, second.id);
    // Two strangers, each in one of the two rooms, record all that they are sent.
    const recorders = await Promise.all(
      [roomId, second.id].map(async (id) => {
        const visitor = await Visitor.come(server.url);
        const entered = await enter(visitor, id);
        await say(ann, id, id === roomId ? "first" : "second");
        await ann.ask("room:type", { roomId: id, typing: true });
        await visitor.event("room:typing");
        return JSON.stringify([entered, visitor.seen.filter(({ event }) => event !== "sea:tide")]);
      }),
    );
    const words = recorders.map(
      (text) => new Set(text.match(/[A-Za-z0-9_-]{15,}/g)?.filter((word) => /\d|[A-Z]/.test(word))),
    );
    expect(words[0]!.size).to.be.greaterThan(3);
    expect([...words[0]!].filter((word) => words[1]!.has(word))).to.deep.equal([]);
    expect(recorders.join()).to.not.include(ann.token);
  });

  it("[R4] capacity, lock, knock and admission", async () => {
    const { server, ann, bo, eve, roomId, ownerKey } = await open({ capacity: 3 });
    await ann.ask("room:lock", { roomId, ownerKey, locked: true });
    expect(await bo.event("room:changed")).to.have.nested.property("room.locked", true);
    expect(await eve.refused("room:enter", { roomId })).to.equal("locked");
    const { persona } = await ann.event("room:knocked");
    expect(bo.events("room:knocked")).to.deep.equal([]);
    expect(await enter(ann, roomId)).to.have.deep.property("knocks", [persona]);
    expect(await enter(bo, roomId)).to.not.have.property("knocks");
    await ann.ask("room:admit", { roomId, ownerKey, personaId: persona.id });
    expect(await eve.event("room:admitted")).to.deep.equal({ roomId });
    expect((await enter(eve, roomId)).me).to.deep.equal(persona);
    await ann.ask("room:lock", { roomId, ownerKey, locked: false });
    const fourth = await Visitor.come(server.url);
    expect(await fourth.refused("room:enter", { roomId })).to.equal("full");
  });

  it("[R4] invites: one use is one use; the room's own link is enough until there are any", async () => {
    const { ann, bo, eve, roomId, ownerKey } = await open({ access: "link" });
    expect((await eve.ask("room:list", {})).rooms).to.deep.equal([]);
    const { invite } = await ann.ask("room:invite", { roomId, ownerKey, uses: 1 });
    expect(await eve.refused("room:enter", { roomId })).to.equal("gone");
    await enter(eve, roomId, { invite });
    await enter(bo, roomId);
    await eve.ask("room:leave", { roomId });
    await enter(eve, roomId);
  });

  it("[R4] who was removed gets not one byte more, on an open connection, nor comes back", async () => {
    const { server, ann, roomId, ownerKey, bo } = await open();
    const raw = new WebSocket(
      `${server.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`,
    );
    const frames: string[] = [];
    raw.on("message", (data: Buffer) => frames.push(data.toString()));
    const sees = (text: string) => until(() => frames.some((f) => f.includes(text)), text);
    await sees('"sid"');
    raw.send('40{"protocol":1}');
    await sees("session:ready");
    raw.send(`421["room:enter",{"roomId":"${roomId}"}]`);
    await sees('431[{"ok":true');
    await say(ann, roomId, "he hears this");
    await sees("he hears this");
    const reply = frames.find((f) => f.startsWith("431"))!;
    const { id: personaId } = (JSON.parse(reply.slice(3)) as { data: Data<"room:enter"> }[])[0]!
      .data.me;
    // While they write, so that some messages are under way when he is removed.
    const writing = Promise.all(
      Array.from({ length: 50 }, (_, i) => say(bo, roomId, `under way ${i}`)),
    );
    await ann.ask("room:kick", { roomId, ownerKey, personaId });
    await writing;
    await sees("room:gone");
    const end = frames.findIndex((f) => f.includes("room:gone"));
    for (let i = 0; i < 20; i += 1) await say(ann, roomId, `secret ${i}`);
    await pause(200);
    const after = frames.slice(end + 1).filter((f) => f !== "2" && !f.includes("sea:tide"));
    expect(after).to.deep.equal([]);
    const log = await enter(ann, roomId, { after: 0 });
    const removedAt = log.messages.findIndex((message) => message.epoch === 1);
    const hidden = log.messages.slice(removedAt).map(({ text }) => `"${text}"`);
    for (const frame of frames) for (const text of hidden) expect(frame).to.not.include(text);
    raw.send(`422["room:enter",{"roomId":"${roomId}"}]`);
    await sees('432[{"ok":false,"error":{"code":"gone"');
    const left = await bo.event("room:left");
    expect(left.persona.id).to.equal(personaId);
    await until(() => bo.events("room:changed").some(({ room }) => room.epoch === 1), "the epoch");
    raw.close();
  });

  it("[R4] leaving right after entering, from one tab or two, leaves nobody who hears", async () => {
    const { server, ann, roomId } = await open();
    const strangers: Visitor[] = [];
    for (let i = 0; i < 25; i += 1) {
      const one = await Visitor.come(server.url);
      const tab = await Visitor.come(server.url, { token: one.token });
      strangers.push(one, tab);
      await enter(one, roomId);
      await Promise.all([tab.send("room:enter", { roomId }), one.send("room:leave", { roomId })]);
      await Promise.all([one.send("room:enter", { roomId }), one.send("room:leave", { roomId })]);
      for (const each of [one, tab]) await each.send("room:leave", { roomId });
      await Promise.all([
        one.send("room:enter", { roomId }),
        one.send("room:leave", { roomId }),
        tab.send("room:enter", { roomId }),
        tab.send("room:leave", { roomId }),
      ]);
    }
    const { members } = await enter(ann, roomId);
    await say(ann, roomId, "who hears this?");
    await ann.event("room:message");
    await pause(100);
    const hearing = strangers.filter((one) => texts(one).includes("who hears this?"));
    // Each of them who hears is shown as a member.
    expect(hearing.length).to.be.at.most(2 * (members.length - 2));
    expect(members.length).to.equal(2);
    expect(hearing).to.deep.equal([]);
  });

  // In memory nothing runs between the two: only on Redis can they overtake one another.
  const onlyOnRedis = setup.name.endsWith("redis") ? it : (): null => null;
  onlyOnRedis(
    "[R7] who comes in by a second tab while the first one goes stays in",
    async function () {
      this.timeout(40_000);
      const { server, ann, roomId } = await open();
      for (let i = 0; i < 20; i += 1) {
        const first = await Visitor.come(server.url);
        await enter(first, roomId);
        const second = await Visitor.come(server.url, { token: first.token });
        const entering = enter(second, roomId);
        await pause(i % 4);
        await first.leave();
        await entering;
        await until(
          async () => (await enter(ann, roomId)).members.length === 3 + i,
          "all to be in",
        );
      }
      await pause(10_500);
      expect((await enter(ann, roomId)).members).to.have.length(22);
    },
  );

  it("[R4] who left hears nothing more; his other tab is told", async () => {
    const { server, ann, bo, roomId } = await open();
    const tab = await Visitor.come(server.url, { token: bo.token });
    await enter(tab, roomId);
    await bo.ask("room:leave", { roomId });
    expect(await tab.event("room:gone")).to.deep.equal({ roomId, reason: "left" });
    await say(ann, roomId, "not for bo");
    await ann.event("room:message");
    await pause(50);
    expect([texts(bo), texts(tab)]).to.deep.equal([[], []]);
  });

  it("[R4] slow mode, no links, message of the day, destroy", async () => {
    const { ann, bo, roomId, ownerKey } = await open({ slowModeMs: 60_000, links: false });
    const link = await bo.send("room:send", {
      id: writeId(),
      roomId,
      text: "look at https://sea.example/x !",
    });
    expect(link).to.have.nested.property("error.code", "rejected");
    expect(link).to.have.nested.property(
      "error.fields.marks",
      '[{"start":8,"end":29,"kind":"link"}]',
    );
    await say(bo, roomId, "hello");
    const slow = await bo.send("room:send", { id: writeId(), roomId, text: "again" });
    expect(slow).to.have.nested.property("error.code", "rate_limited");
    expect(slow).to.have.nested.property("error.retryAfterMs").within(50_000, 60_000);
    await ann.ask("room:motd", { roomId, ownerKey, text: "be kind" });
    expect(await bo.event("room:changed")).to.have.nested.property("room.motd", "be kind");
    await ann.ask("room:destroy", { roomId, ownerKey });
    expect(await bo.event("room:gone")).to.deep.equal({ roomId, reason: "destroyed" });
    expect(await bo.refused("room:enter", { roomId })).to.equal("gone");
  });

  it("[R5] an encrypted room takes ciphertext of three sizes and nothing in clear", async () => {
    const { ann, bo, roomId } = await open({ encrypted: true });
    const sealed = (bytes: number) => Buffer.alloc(bytes, 7).toString("base64url");
    for (const [i, bytes] of [256, 1024, 4096].entries()) {
      const id = writeId();
      const sent = { id, roomId, sealed: sealed(bytes), epoch: 0, seq: i + 1 };
      expect(await ann.ask("room:send", sent)).to.include({ seq: i + 1 });
    }
    await until(() => bo.events("room:message").length === 3, "three messages");
    expect(bo.events("room:message")[1]!.message).to.include({ sealed: sealed(1024), epoch: 0 });
    for (const [field, payload] of Object.entries({
      text: { text: "in clear" },
      sealed: { sealed: sealed(300) },
    })) {
      const reply = await ann.send("room:send", { id: writeId(), roomId, ...payload });
      expect(reply).to.have.nested.property(`error.fields.${field}`);
    }
    const late = { id: writeId(), roomId, sealed: sealed(256), epoch: 0, seq: 3 };
    expect(await bo.refused("room:send", late)).to.equal("conflict");
    expect(await bo.ask("room:send", { ...late, seq: 4 })).to.include({ seq: 4 });
  });

  it("[R3] a timed message goes after it was seen, for everybody; one seen once for its reader", async () => {
    const { ann, bo, eve, roomId } = await open();
    await enter(eve, roomId);
    const timed = { id: writeId(), roomId, text: "soon gone", timer: { afterMs: 5000 } };
    const once = { id: writeId(), roomId, text: "once", timer: { once: true } } as const;
    await ann.ask("room:send", timed);
    await ann.ask("room:send", once);
    expect((await bo.event("room:message")).message).to.deep.include({ timer: { afterMs: 5000 } });
    const { goneAt } = await bo.ask("room:seen", { roomId, seq: 1 });
    expect(goneAt! - Date.now()).to.be.within(3000, 5100);
    expect(await ann.ask("room:seen", { roomId, seq: 1 })).to.deep.equal({});
    await bo.ask("room:seen", { roomId, seq: 2 });
    expect(await bo.event("room:message-gone")).to.deep.equal({ roomId, seq: 2 });
    expect(eve.events("room:message-gone")).to.deep.equal([]);
    expect((await enter(bo, roomId, { after: 1 })).messages[0]).to.not.have.property("text");
    expect((await enter(eve, roomId, { after: 1 })).messages[0]).to.include({ text: "once" });
    await eve.ask("room:seen", { roomId, seq: 2 });
    await until(() => ann.events("room:message-gone").length === 1, "the end for all");
    await until(
      () => eve.events("room:message-gone").some(({ seq }) => seq === 1),
      "the clock",
      7000,
    );
    expect((await enter(ann, roomId, { after: 0 })).messages.map(({ text }) => text)).to.deep.equal(
      [undefined, undefined],
    );
  });

  it("[R12] a photo is checked by its bytes, served as what it is, and dies with its room", async () => {
    const { server, ann, bo, roomId, ownerKey } = await open();
    await ann.ask("room:send", { id: writeId(), roomId, photo: PNG });
    const { message } = await bo.event("room:message");
    const found = await fetch(server.url + message.photo!.url);
    expect(found.status).to.equal(200);
    expect(found.headers.get("content-type")).to.equal("image/png");
    expect(found.headers.get("cache-control")).to.equal("no-store");
    expect(found.headers.get("content-security-policy")).to.equal("default-src 'none'; sandbox");
    expect(Buffer.from(await found.arrayBuffer())).to.deep.equal(PNG);
    for (const photo of [
      Buffer.from("<script>alert(1)</script>"),
      Buffer.concat([PNG, Buffer.alloc(200_000)]),
    ]) {
      const reply = await bo.send("room:send", { id: writeId(), roomId, photo });
      expect(reply).to.have.nested.property("error.fields.photo");
    }
    await ann.ask("room:destroy", { roomId, ownerKey });
    expect((await fetch(server.url + message.photo!.url)).status).to.equal(404);
  });

  it("[M1] [S4] a message can be reported and its writer blocked; strangers point at nothing", async () => {
    const { ann, bo, eve, roomId, ownerKey, bos } = await open();
    await say(bo, roomId, "something nasty");
    const target = { kind: "room", id: roomId, seq: 1 } as const;
    await ann.ask("safety:report", { id: writeId(), target, reason: "harassment" });
    await ann.ask("safety:block", { target });
    await bo.throws("from somebody blocked");
    expect((await ann.ask("bottle:catch", {})).outcome).to.equal("calm");
    const never = { kind: "room", id: "n".repeat(21), seq: 1 } as const;
    for (const one of [target, never]) {
      expect(await eve.refused("safety:block", { target: one })).to.equal("gone");
      const report = { id: writeId(), target: one, reason: "spam" };
      expect(await eve.refused("safety:report", report)).to.equal("gone");
    }
    await eve.refused("room:enter", { roomId: never.id as RoomId });
    const whole = { id: writeId(), target: { kind: "room", id: roomId }, reason: "spam" } as const;
    expect(await eve.refused("safety:report", whole)).to.equal("gone");
    await ann.ask("room:kick", { roomId, ownerKey, personaId: bos.me.id });
    await say(ann, roomId, "after his removal");
    for (const seq of [0, 2, 3]) {
      const later = { id: writeId(), target: { ...target, seq }, reason: "spam" };
      expect(await bo.refused("safety:report", later)).to.equal("gone");
    }
    const dump = await setup.dump();
    if (dump !== null) expect(dump).to.match(/\{review\}:item.*something nasty/);
  });

  it("[session:forget] takes his words out of the rooms he was in", async () => {
    const { ann, bo, roomId, bos } = await open();
    await say(bo, roomId, "forget this");
    await ann.event("room:message");
    await bo.ask("session:forget", {});
    expect(await ann.event("room:message-gone")).to.deep.equal({ roomId, seq: 1 });
    expect((await ann.event("room:left")).persona).to.deep.equal(bos.me);
    const dump = await setup.dump();
    if (dump !== null) expect(dump).to.not.include("forget this");
  });

  it("[R2] idle members are sent nothing", async () => {
    const { server, roomId } = await open();
    const crowd = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const visitor = await Visitor.come(server.url);
        await enter(visitor, roomId);
        return visitor;
      }),
    );
    await until(() => crowd[0]!.events("room:crowd").length > 0, "the number", 7000);
    const before = crowd.map(({ seen }) => seen.length);
    await pause(1500);
    expect(crowd.map(({ seen }) => seen.length)).to.deep.equal(before);
  });

  it("who is in no room any more writes nowhere", async () => {
    const { eve, roomId } = await open();
    expect(await eve.refused("room:send", { id: writeId(), roomId, text: "x" })).to.equal("gone");
    expect(await eve.refused("room:seen", { roomId, seq: 1 })).to.equal("gone");
    expect(await eve.refused("room:type", { roomId, typing: true })).to.equal("gone");
  });
});
