import { expect } from "chai";
import type { Events, MeetId } from "@driftsea/protocol";
import { onEverySetup } from "./harness/server.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

const RELAX_MS = 1000;
const WINDOW_MS = 400;

onEverySetup("meets", (setup) => {
  const open = async (count: number) => {
    const server = await setup.start({ MEET_RELAX_MS: RELAX_MS, SHAKE_WINDOW_MS: WINDOW_MS });
    const all: Visitor[] = [];
    for (let i = 0; i < count; i += 1) all.push(await Visitor.come(server.url));
    return { server, all };
  };
  const four = async () => {
    const { server, all } = await open(4);
    const [ann, bo, eve, dan] = all as [Visitor, Visitor, Visitor, Visitor];
    return { server, ann, bo, eve, dan };
  };
  /** The meeting of a visitor with this number, from 1; waits for it. */
  const found = async (who: Visitor, number = 1): Promise<Events["meet:found"]> => {
    await until(() => who.events("meet:found").length >= number, `meeting ${number}`);
    return who.events("meet:found")[number - 1]!;
  };
  const ended = async (who: Visitor, meetId: MeetId): Promise<Events["meet:ended"]> => {
    const isIt = (event: Events["meet:ended"]): boolean => event.meetId === meetId;
    await until(() => who.events("meet:ended").some(isIt), "the end of a meeting");
    return who.events("meet:ended").find(isIt)!;
  };
  const seek = async (...who: Visitor[]): Promise<void> => {
    for (const each of who)
      expect(await each.ask("meet:seek", {})).to.deep.equal({ waiting: true });
  };
  /** Two seek, are found, and enter their room. */
  const meet = async (one: Visitor, other: Visitor, number = 1) => {
    await seek(one, other);
    const meeting = await found(one, number);
    for (const each of [one, other]) {
      await found(each, number);
      await each.ask("room:enter", { roomId: meeting.roomId });
    }
    return meeting;
  };

  it("[S1] two who seek are found for each other; their room takes them and nobody else", async () => {
    const { ann, bo, eve } = await four();
    await seek(ann, bo);
    const meeting = await found(ann);
    expect(meeting).to.deep.include({ shared: [], again: false });
    expect(await found(bo)).to.deep.equal(meeting);
    const { roomId } = meeting;
    const first = await ann.ask("room:enter", { roomId });
    const second = await bo.ask("room:enter", { roomId });
    expect(first.room).to.include({ id: roomId, access: "link", capacity: 2 });
    expect(first.me.id).not.to.equal(second.me.id);
    expect(second.members.map((persona) => persona.id)).to.have.members([
      first.me.id,
      second.me.id,
    ]);
    expect(await eve.refused("room:enter", { roomId })).to.equal("gone");
    expect((await eve.ask("room:list", {})).rooms).to.deep.equal([]);
    await ann.ask("room:send", { id: writeId(), roomId, text: "hello, stranger" });
    expect(await bo.event("room:message")).to.have.nested.property(
      "message.text",
      "hello, stranger",
    );
  });

  it("[S1] shared interests first; without any in common after a while", async () => {
    const { ann, bo, eve, dan } = await four();
    await ann.ask("meet:seek", { interests: ["Tea", "海"] });
    await bo.ask("meet:seek", { interests: ["go"] });
    await eve.ask("meet:seek", { interests: ["cats", " tea "] });
    expect(await found(eve)).to.deep.include({ shared: ["tea"] });
    expect((await found(ann)).meetId).to.equal((await found(eve)).meetId);
    await dan.ask("meet:seek", { interests: ["rain"] });
    expect(await found(dan)).to.deep.include({ shared: [] });
    expect((await found(bo)).meetId).to.equal((await found(dan)).meetId);
  });

  it("[S8] a skip is one action: the other is told, and the room is gone for both", async () => {
    const { ann, bo } = await four();
    const { meetId, roomId } = await meet(ann, bo);
    expect(await ann.ask("meet:skip", { meetId })).to.deep.equal({});
    expect(await ended(bo, meetId)).to.deep.equal({ meetId, reason: "left" });
    expect(await bo.event("room:gone")).to.have.property("roomId", roomId);
    for (const each of [ann, bo])
      expect(await each.refused("room:enter", { roomId })).to.equal("gone");
  });

  it("[S2] what names an old pair changes nothing", async () => {
    const { ann, bo, eve } = await four();
    const old = await meet(ann, bo);
    await ann.ask("meet:skip", {});
    await ended(bo, old.meetId);
    await seek(ann, eve);
    const { meetId, roomId } = await found(ann, 2);
    expect(await found(eve)).to.have.property("meetId", meetId);
    expect(await ann.ask("meet:skip", { meetId: old.meetId })).to.deep.equal({});
    expect(await bo.ask("meet:skip", { meetId })).to.deep.equal({});
    for (const each of [ann, eve]) {
      await each.ask("room:enter", { roomId });
      expect(each.events("meet:ended")).to.deep.equal([]);
    }
    await eve.ask("meet:cancel", { meetId });
    expect(await ended(ann, meetId)).to.deep.equal({ meetId, reason: "left" });
  });

  it("[S3] the last partner comes again only where nobody else does, and it says so", async () => {
    const { ann, bo, eve } = await four();
    await meet(ann, bo);
    await ann.ask("meet:skip", {});
    const since = Date.now();
    await seek(ann, bo);
    expect(await found(ann, 2)).to.have.property("again", true);
    expect(Date.now() - since, "not at once").to.be.at.least(RELAX_MS - 50);
    await bo.ask("meet:skip", {});
    await seek(bo, ann, eve);
    const { meetId, again } = await found(eve);
    expect(again).to.equal(false);
    // Of two who came in one millisecond, either may be the first.
    await until(
      () => [ann, bo].some((each) => each.events("meet:found").at(-1)?.meetId === meetId),
      "her partner",
    );
  });

  it("[S4] two of whom one blocked the other are not paired again; each is with a third", async () => {
    const { ann, bo, eve, dan } = await four();
    const { meetId, roomId } = await meet(ann, bo);
    await ann.ask("safety:block", { target: { kind: "room", id: roomId } });
    expect(await ended(bo, meetId)).to.deep.equal({ meetId, reason: "left" });
    await bo.event("room:gone");
    await seek(ann, bo);
    await pause(2 * RELAX_MS);
    expect(ann.events("meet:found")).to.have.length(1);
    expect(bo.events("meet:found")).to.have.length(1);
    await seek(eve, dan);
    // Who sought in the same millisecond is first by chance.
    const theirs = [(await found(ann, 2)).meetId, (await found(bo, 2)).meetId];
    expect(theirs[0]).not.to.equal(theirs[1]);
    expect(theirs).to.have.members([(await found(eve)).meetId, (await found(dan)).meetId]);
  });

  it("[S4] to the other side a block looks like a skip", async () => {
    const seen: unknown[] = [];
    for (const how of ["skip", "block"] as const) {
      const { ann, bo } = await four();
      const { meetId, roomId } = await meet(ann, bo);
      await bo.ask("room:send", { id: writeId(), roomId, text: "hello" });
      const { message } = await ann.event("room:message");
      await bo.event("room:message");
      if (how === "skip") await ann.ask("meet:skip", { meetId });
      else
        await ann.ask("safety:block", { target: { kind: "room", id: roomId, seq: message.seq } });
      const end = await ended(bo, meetId);
      await bo.event("room:gone");
      await bo.ask("session:inbox", {});
      seen.push({
        reason: end.reason,
        gone: bo.events("room:gone").map(({ reason }) => reason),
        events: bo.seen.map(({ event }) => event).filter((event) => event !== "sea:tide"),
        refused: await bo.refused("room:enter", { roomId }),
      });
    }
    expect(seen[0]).to.deep.equal(seen[1]);
  });

  it("[S5] who shakes at the same time is matched; who shakes alone is told so", async () => {
    const { ann, bo, eve, dan } = await four();
    await seek(dan);
    await ann.ask("meet:seek", { mode: "shake" });
    expect(await ann.event("meet:ended")).to.have.property("reason", "nobody");
    await Promise.all([bo, eve].map((each) => each.ask("meet:seek", { mode: "shake" })));
    expect(await found(bo)).to.deep.equal(await found(eve));
    expect(ann.events("meet:found")).to.deep.equal([]);
    expect(dan.events("meet:found")).to.deep.equal([]);
  });

  it("[S2] all press next at once: nobody is lost", async () => {
    const { ann, bo, eve, dan } = await four();
    const all = [ann, bo, eve, dan];
    await meet(ann, bo);
    await meet(eve, dan);
    await Promise.all(
      all.map(async (each) => {
        await each.ask("meet:skip", { meetId: (await found(each)).meetId });
        await each.ask("meet:seek", {});
      }),
    );
    const meetings = await Promise.all(all.map((each) => found(each, 2)));
    expect(new Set(meetings.map(({ meetId }) => meetId)).size).to.equal(2);
    for (const each of all)
      expect(
        each.events("meet:ended").filter(({ meetId }) => meetings.some((m) => m.meetId === meetId)),
      ).to.deep.equal([]);
  });

  it("[S2] seeking while in a pair leaves it", async () => {
    const { ann, bo, eve } = await four();
    const { meetId } = await meet(ann, bo);
    await seek(ann);
    expect(await ended(bo, meetId)).to.deep.equal({ meetId, reason: "left" });
    await seek(eve);
    expect(await found(ann, 2)).to.deep.equal(await found(eve));
  });

  it("who cancels, hangs up or forgets is not found, and leaves nobody waiting for him", async () => {
    const { server, ann, bo, eve, dan } = await four();
    await seek(ann);
    expect(await ann.ask("meet:cancel", {})).to.deep.equal({});
    await seek(bo);
    await bo.leave();
    await pause(200);
    await seek(eve);
    expect(eve.events("meet:found")).to.deep.equal([]);
    await seek(dan);
    const { meetId } = await found(eve);
    expect(await found(dan)).to.have.property("meetId", meetId);
    await dan.ask("session:forget", {});
    expect(await ended(eve, meetId)).to.deep.equal({ meetId, reason: "left" });
    const back = await Visitor.come(server.url, { token: bo.token });
    await seek(back, ann);
    expect(await found(back)).to.deep.equal(await found(ann));
  });

  it("[S2] leaving the room is leaving the meeting", async () => {
    const { ann, bo } = await four();
    const { meetId, roomId } = await meet(ann, bo);
    await ann.ask("room:leave", { roomId });
    expect(await ended(bo, meetId)).to.deep.equal({ meetId, reason: "left" });
  });
});
