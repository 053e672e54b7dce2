import { expect } from "chai";
import { nanoid } from "nanoid";
import type { DrifterId, Persona, RoomId, RoomLifetime, WriteId } from "@driftsea/protocol";
import { ManualClock } from "../lib/clock.ts";
import { connectWithClock, startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { eachStore } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { newPersona } from "../lib/personas.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import { nodeRoomsKey, roomKey } from "./rooms.keys.ts";
import { runRoomSchedule } from "./rooms.schedule.ts";
import { MemoryRoomStore } from "./rooms.store.memory.ts";
import { RedisRoomStore } from "./rooms.store.redis.ts";
import { CLOSING_MS, KNOCKS_KEPT, PAGE_BYTES, PHOTOS_KEPT } from "./rooms.store.ts";
import type { Entered, NewRoom, RoomAppend, RoomStore } from "./rooms.store.ts";

const LIFE = 5 * 60_000;
const NODE = "node-1";
const OWNER = "hash-of-the-owner-key";
const [ann, bo, eve] = ["ann", "bo", "eve"] as [DrifterId, DrifterId, DrifterId];

const newRoom = (more: Partial<NewRoom> = {}): NewRoom => ({
  id: nanoid<RoomId>(),
  creator: ann,
  ownerHash: OWNER,
  access: "listed",
  lifetime: { kind: "fixed", ms: LIFE },
  capMs: 10 * LIFE,
  capacity: 10,
  encrypted: false,
  slowModeMs: 0,
  links: true,
  invited: false,
  ...more,
});

eachStore<RoomStore>(
  "room store",
  (clock) => new MemoryRoomStore(clock),
  (connection) => new RedisRoomStore(connection),
  (open) => {
    let t: TimedStore<RoomStore>;
    let store: RoomStore;
    let id: RoomId;
    beforeEach(async () => {
      t = await open();
      store = t.store;
    });

    const make = async (more: Partial<NewRoom> = {}): Promise<RoomId> => {
      const room = await store.create(newRoom(more));
      id = room!.id;
      return id;
    };
    const living = (kind: RoomLifetime["kind"], ms: number): Partial<NewRoom> => ({
      lifetime: { kind, ms },
    });
    const enter = (drifter: DrifterId, inviteHash?: string, node = NODE): Promise<Entered> =>
      store.enter(id, {
        drifter,
        node,
        mask: newPersona(),
        ...(inviteHash === undefined ? {} : { inviteHash }),
      });
    const say = (
      from: DrifterId,
      text: string,
      more: Partial<RoomAppend> = {},
      backlog = 200,
    ): ReturnType<RoomStore["append"]> =>
      store.append(
        id,
        from,
        { writeId: nanoid<WriteId>(), body: { text }, hasLink: false, ...more },
        backlog,
      );
    const texts = async (reader: DrifterId, after = 0): Promise<(string | null)[]> =>
      (await store.messages(id, reader, after, PAGE_BYTES)).map((message) => message.text ?? null);
    const look = async (): Promise<unknown[]> => {
      const told: unknown[] = [];
      const ids = await store.claimDue(100, 1000);
      for (const one of ids) {
        const tended = await store.tend(one);
        told.push(tended.code === "alive" ? tended.effects : tended.code);
        await store.told(one);
        const nextAt = tended.code === "alive" ? tended.nextAt : null;
        await store.tended([{ id: one, nextAt }]);
      }
      return told;
    };
    const maskOf = async (drifter: DrifterId, inviteHash?: string): Promise<Persona> => {
      const entered = await enter(drifter, inviteHash);
      if (entered.code !== "in") throw new Error(`${drifter} was not let in: ${entered.code}`);
      return entered.me;
    };

    it("[R1] a fixed room ends at its instant, for every reading, deleted or not", async () => {
      await make();
      await maskOf(ann);
      await say(ann, "hello");
      await t.advance(LIFE - 1);
      expect(await store.read(id)).to.include({ head: 1, members: 1 });
      expect(await texts(ann)).to.deep.equal(["hello"]);
      await t.advance(1);
      expect(await store.read(id)).to.equal(null);
      expect(await store.messages(id, ann, 0, PAGE_BYTES)).to.deep.equal([]);
      expect(await store.members(id, 10)).to.deep.equal([]);
      expect(await store.listed(10)).to.deep.equal([]);
      expect(await enter(bo)).to.deep.equal({ code: "gone" });
      expect(await say(ann, "late")).to.deep.equal({ code: "gone" });
      expect(await store.written(id, ann, 1)).to.equal(null);
      expect(await store.rule(id, OWNER, { op: "destroy" })).to.deep.equal({ code: "gone" });
      expect(await look()).to.deep.equal(["ended"]);
      expect(await look()).to.deep.equal([]);
    });

    it("[R1] any message puts an idle room's end off, up to its cap", async () => {
      await make({ ...living("idle", 100_000), capMs: 250_000 });
      await maskOf(ann);
      const start = t.now();
      await t.advance(90_000);
      expect(await say(ann, "a")).to.include({ deadlineAt: start + 190_000 });
      await t.advance(90_000);
      expect(await say(ann, "b")).to.include({ deadlineAt: start + 250_000 });
      await t.advance(69_999);
      expect(await store.read(id)).to.include({ deadlineAt: start + 250_000 });
      await t.advance(1);
      expect(await store.read(id)).to.equal(null);
    });

    it("[R1] a presence room lives while somebody is in, and its grace longer", async () => {
      await make(living("presence", 30_000));
      await maskOf(ann);
      for (let i = 0; i < 20; i += 1) {
        await t.advance(20_000);
        await look();
      }
      const left = await store.leave(id, ann);
      expect(left).to.include({ members: 0, deadlineAt: t.now() + 30_000 });
      await t.advance(29_999);
      expect(await look()).to.deep.equal([[]]);
      expect(await store.read(id)).to.not.equal(null);
      await t.advance(1);
      expect(await store.read(id)).to.equal(null);
      expect(await look()).to.deep.equal(["ended"]);
    });

    it("[R1] whose connection is gone is not there for a presence room", async () => {
      await make(living("presence", 30_000));
      await maskOf(ann);
      await t.advance(40_000);
      await look();
      await store.away(id, ann, NODE, 10_000);
      await t.advance(29_000);
      await look();
      expect(await store.read(id)).to.include({ members: 0 });
      await t.advance(1000);
      expect(await store.read(id)).to.equal(null);
    });

    it("[R2] the last minute is told once, again where it was put off", async () => {
      await make(living("idle", 100_000));
      await maskOf(ann);
      await t.advance(100_000 - CLOSING_MS - 1);
      expect(await look()).to.deep.equal([]);
      await t.advance(1);
      expect(await look()).to.deep.equal([[{ kind: "closing" }]]);
      await t.advance(30_000);
      expect(await look()).to.deep.equal([]);
      await say(ann, "stay");
      await t.advance(30_000);
      expect(await look()).to.deep.equal([[]]);
      await t.advance(10_000);
      expect(await look()).to.deep.equal([[{ kind: "closing" }]]);
    });

    it("[R4] a dead id stays dead, and a write makes one room", async () => {
      const first = await store.reserve(ann, "w1", "r".repeat(21) as RoomId, 2);
      expect(first).to.deep.equal({ id: "r".repeat(21) });
      expect(await store.reserve(ann, "w1", nanoid<RoomId>(), 2)).to.deep.equal(first);
      expect(await store.reserve(ann, "w2", nanoid<RoomId>(), 2)).to.have.property("id");
      const refused = await store.reserve(ann, "w3", nanoid<RoomId>(), 2);
      expect(refused).to.deep.equal({ retryAfterMs: WRITE_RECORD_MS });
      expect(await store.reserve(bo, "w1", nanoid<RoomId>(), 2)).to.not.deep.equal(first);
      const room = newRoom();
      const made = await store.create(room);
      expect(await store.create(room)).to.deep.equal(made);
      await t.advance(LIFE);
      expect(await store.create(room)).to.equal(null);
      await look();
      expect(await store.create(room)).to.equal(null);
    });

    it("[R6] numbers are dense, each write is one message, also when all are sent at once", async () => {
      await make();
      await maskOf(ann);
      const writes = Array.from({ length: 30 }, () => nanoid<WriteId>());
      await Promise.all([...writes, ...writes].map((writeId) => say(ann, writeId, { writeId })));
      const log = await store.messages(id, ann, 0, PAGE_BYTES);
      expect(log.map((m) => m.seq)).to.deep.equal(Array.from({ length: 30 }, (_, i) => i + 1));
      expect(new Set(log.map((m) => m.text))).to.deep.equal(new Set(writes));
      const again = await say(ann, "other", { writeId: writes[3]! });
      expect(again).to.include({ code: "written", isNew: false });
      expect((await store.read(id))!.head).to.equal(30);
    });

    it("[R6] a write id is remembered for a day", async () => {
      await make({ lifetime: { kind: "fixed", ms: 7 * WRITE_RECORD_MS } });
      await maskOf(ann);
      await t.advance(WRITE_RECORD_MS - (t.now() % WRITE_RECORD_MS) - 1);
      const writeId = nanoid<WriteId>();
      await say(ann, "once", { writeId });
      await t.advance(WRITE_RECORD_MS);
      await say(ann, "between");
      expect(await say(ann, "once", { writeId })).to.include({ isNew: false });
      await t.advance(WRITE_RECORD_MS + 1);
      expect(await say(ann, "once", { writeId })).to.include({ isNew: true });
    });

    it("[R6] the oldest give way, with their photos", async () => {
      await make();
      await maskOf(ann);
      await say(ann, "", { body: { photoId: "p1" }, photo: new Uint8Array([1, 2]) }, 3);
      expect([...(await store.photo(id, "p1"))!]).to.deep.equal([1, 2]);
      for (const text of ["a", "b", "c"]) await say(ann, text, {}, 3);
      expect((await store.messages(id, ann, 0, PAGE_BYTES)).map((m) => m.seq)).to.deep.equal([
        2, 3, 4,
      ]);
      expect(await texts(ann, 3)).to.deep.equal(["c"]);
      expect(await texts(ann, 9)).to.deep.equal([]);
      expect(await store.photo(id, "p1")).to.equal(null);
    });

    it("[R7] who is in: in the order of coming, once, under one mask", async () => {
      await make();
      const mask = await maskOf(ann);
      const other = await maskOf(bo);
      expect(await maskOf(ann)).to.deep.equal(mask);
      expect(await store.members(id, 10)).to.deep.equal([mask, other]);
      expect(await store.leave(id, ann)).to.include({ members: 1 });
      expect(await store.leave(id, ann)).to.equal(null);
      expect(await say(ann, "from outside")).to.deep.equal({ code: "gone" });
      expect(await maskOf(ann), "he keeps his mask").to.deep.equal(mask);
      expect(await store.members(id, 10)).to.deep.equal([other, mask]);
    });

    it("[R7] who is away stays in for the grace; who comes back in time was never gone", async () => {
      await make();
      const mask = await maskOf(ann);
      await maskOf(bo);
      await store.away(id, ann, NODE, 10_000);
      await store.away(id, bo, "another process", 10_000);
      await store.away(id, bo, NODE, 10_000);
      await t.advance(9999);
      expect(await look()).to.deep.equal([]);
      await maskOf(bo);
      await t.advance(1);
      expect(await look()).to.deep.equal([
        [{ kind: "left", drifter: ann, persona: mask, members: 1 }],
      ]);
      expect(await store.read(id)).to.include({ members: 1 });
    });

    it("[R7] those whom a dead process held go; who moved to another stays", async () => {
      await make();
      const mask = await maskOf(ann);
      await maskOf(bo);
      await enter(bo, undefined, "node-2");
      await store.orphan(NODE, t.now() - 3000, 10_000);
      await t.advance(7000);
      expect(await look()).to.deep.equal([
        [{ kind: "left", drifter: ann, persona: mask, members: 1 }],
      ]);
    });

    it("[R7] where they have been for long they go as well", async () => {
      await make(living("fixed", 2 * LIFE));
      const mask = await maskOf(ann);
      await maskOf(bo);
      await t.advance(5 * 60_000);
      await store.attended(NODE, [id]);
      await enter(bo, undefined, "node-2");
      await store.orphan(NODE, t.now(), 10_000);
      await t.advance(10_000);
      expect(await look()).to.deep.equal([
        [{ kind: "left", drifter: ann, persona: mask, members: 1 }],
      ]);
    });

    it("[R7] who came through two processes is away when both have lost him", async () => {
      await make();
      const mask = await maskOf(ann);
      await maskOf(bo);
      await enter(ann, undefined, "node-2");
      await store.away(id, ann, NODE, 10_000);
      await t.advance(20_000);
      expect(await look()).to.deep.equal([]);
      expect(await store.areIn(id, [ann, eve, bo])).to.deep.equal([true, false, true]);
      await store.orphan("node-2", t.now(), 10_000);
      await t.advance(10_000);
      expect(await look()).to.deep.equal([
        [{ kind: "left", drifter: ann, persona: mask, members: 1 }],
      ]);
      expect(await store.areIn(id, [ann, eve, bo])).to.deep.equal([false, false, true]);
      expect(await store.areIn("no such room" as RoomId, [ann])).to.equal(null);
    });

    it("[R4] no more than its capacity; who was let in finds his place taken too", async () => {
      await make({ capacity: 2 });
      await maskOf(ann);
      await maskOf(bo);
      expect(await enter(eve)).to.deep.equal({ code: "full" });
      await store.leave(id, bo);
      await maskOf(eve);
      expect(await enter(bo)).to.deep.equal({ code: "full" });
      const crowd = Array.from({ length: 20 }, (_, i) => `d${i}` as DrifterId);
      await make({ capacity: 5 });
      const answers = await Promise.all(crowd.map((one) => enter(one)));
      expect(answers.filter((answer) => answer.code === "in")).to.have.length(5);
    });

    it("[R4] by link: who has it, and from the first invite on who has one, as often as it says", async () => {
      await make({ access: "link" });
      await maskOf(bo);
      const invite = (hash: string, uses: number, ttlMs = 1000) =>
        store.invite(id, OWNER, { hash, uses, ttlMs });
      expect(await store.invite(id, "another key", { hash: "x", uses: 1, ttlMs: 1 })).to.equal(
        false,
      );
      expect(await invite("once", 1)).to.equal(true);
      expect(await enter(eve)).to.deep.equal({ code: "gone" });
      expect(await enter(eve, "never")).to.deep.equal({ code: "gone" });
      const crowd = Array.from({ length: 5 }, (_, i) => `d${i}` as DrifterId);
      const answers = await Promise.all(crowd.map((one) => enter(one, "once")));
      expect(answers.map((answer) => answer.code).sort()).to.deep.equal([
        "gone",
        "gone",
        "gone",
        "gone",
        "in",
      ]);
      await invite("twice", 2);
      await maskOf(eve, "twice");
      await maskOf(eve, "twice");
      await store.leave(id, eve);
      await maskOf(eve);
      await maskOf("f" as DrifterId, "twice");
      expect(await enter("g" as DrifterId, "twice")).to.deep.equal({ code: "gone" });
      await maskOf(bo);
      await maskOf(ann);
      await invite("late", 5, 1000);
      await t.advance(1000);
      expect(await enter("h" as DrifterId, "late")).to.deep.equal({ code: "gone" });
    });

    it("[R4] a locked door: one knocks, and enters when he is let in; who was in comes back", async () => {
      await make();
      await maskOf(bo);
      expect(await store.rule(id, "another key", { op: "lock", locked: true })).to.deep.equal({
        code: "gone",
      });
      const locked = await store.rule(id, OWNER, { op: "lock", locked: true });
      expect(locked).to.have.nested.property("room.locked", true);
      const knock = await enter(eve);
      expect(knock).to.deep.include({ code: "locked", creator: ann, isNew: true });
      expect(await enter(eve)).to.deep.include({ code: "locked", isNew: false });
      const { me } = knock as Extract<Entered, { code: "locked" }>;
      expect(await store.knocks(id)).to.deep.equal([me]);
      await maskOf(bo);
      await maskOf(ann);
      const admitted = await store.rule(id, OWNER, { op: "admit", persona: me.id });
      expect(admitted).to.have.deep.property("whom", {
        drifter: eve,
        persona: me,
        wasOut: false,
      });
      expect(await store.knocks(id)).to.deep.equal([]);
      expect(await maskOf(eve)).to.deep.equal(me);
      for (let i = 0; i < KNOCKS_KEPT + 3; i += 1) await enter(`k${i}` as DrifterId);
      expect(await store.knocks(id)).to.have.length(KNOCKS_KEPT);
    });

    it("[R4] who was removed is out for good, the epoch counts it, invites that are out are void", async () => {
      await make({ access: "link" });
      await store.invite(id, OWNER, { hash: "many", uses: 9, ttlMs: LIFE });
      const mask = await maskOf(bo, "many");
      const looked = await store.rule(id, OWNER, { op: "look", persona: mask.id });
      expect(looked).to.have.nested.property("whom.drifter", bo);
      expect(await store.members(id, 9)).to.have.length(1);
      const kicked = await store.rule(id, OWNER, { op: "kick", persona: mask.id });
      expect(kicked).to.have.nested.property("room.epoch", 1);
      expect(kicked).to.have.nested.property("room.members", 0);
      const again = await store.rule(id, OWNER, { op: "kick", persona: mask.id });
      expect(again).to.have.nested.property("room.epoch", 1);
      expect(await enter(bo, "many")).to.deep.equal({ code: "gone" });
      expect(await enter(eve, "many")).to.deep.equal({ code: "gone" });
      expect(await say(bo, "still here?")).to.deep.equal({ code: "gone" });
      const own = await maskOf(ann);
      expect(await store.rule(id, OWNER, { op: "kick", persona: own.id })).to.deep.equal({
        code: "gone",
      });
      await store.rule(id, OWNER, { op: "admit", persona: mask.id });
      expect(await maskOf(bo)).to.deep.equal(mask);
    });

    it("[S8] where two met it is looked again, until it was told, who has left", async () => {
      await make({ ...living("presence", 30_000), creator: null, admitted: [ann, bo] });
      await Promise.all([maskOf(ann), maskOf(bo)]);
      await look();
      await store.leave(id, ann);
      const missing = [{ kind: "missing", drifter: ann }];
      for (const again of [1, 2]) {
        expect(await store.tend(id), `look ${again}`).to.have.deep.property("effects", missing);
      }
      await store.told(id);
      expect(await store.tend(id)).to.have.deep.property("effects", []);
      await make();
      await maskOf(ann);
      await store.leave(id, ann);
      expect(await store.tend(id), "where there is a host").to.have.deep.property("effects", []);
    });

    it("[R7] who goes while a room is looked at is looked for when his time comes", async () => {
      await make();
      await maskOf(ann);
      await look();
      await store.leave(id, ann);
      await maskOf(bo);
      expect(await store.claimDue(10, 1000), "it is looked at").to.deep.equal([id]);
      const { nextAt } = (await store.tend(id)) as { nextAt: number };
      await store.away(id, bo, NODE, 5000);
      await store.tended([{ id, nextAt }]);
      await t.advance(5000);
      expect(await store.claimDue(10, 1000)).to.deep.equal([id]);
      expect(await store.tend(id)).to.have.nested.property("effects[0].drifter", bo);
    });

    it("[R4] slow mode, no links, message of the day, destroy", async () => {
      await make({ slowModeMs: 5000, links: false });
      await Promise.all([maskOf(ann), maskOf(bo)]);
      await say(bo, "first");
      await t.advance(2000);
      expect(await say(bo, "too soon")).to.deep.equal({ code: "slow", retryAfterMs: 3000 });
      await say(ann, "a");
      expect(await say(ann, "the host may")).to.include({ code: "written" });
      await t.advance(3000);
      expect(await say(bo, "x.example", { hasLink: true })).to.deep.equal({ code: "links" });
      expect(await say(bo, "now")).to.include({ code: "written" });
      await store.rule(id, OWNER, { op: "motd", text: "be kind" });
      expect(await store.read(id)).to.include({ motd: "be kind" });
      await store.rule(id, OWNER, { op: "motd", text: "" });
      expect(await store.read(id)).to.not.have.property("motd");
      expect(await store.rule(id, OWNER, { op: "destroy" })).to.include({ code: "done" });
      expect(await store.read(id)).to.equal(null);
      expect(await look()).to.deep.equal(["unknown"]);
    });

    it("[R5] takes what it is for; sealed for another epoch or number is written nowhere", async () => {
      await make({ encrypted: true });
      await maskOf(ann);
      const sealed = (more: Partial<RoomAppend>) =>
        say(ann, "", { body: { sealed: "s" }, ...more });
      expect(await say(ann, "in clear")).to.deep.equal({ code: "kind" });
      expect(await sealed({ epoch: 0, seq: 1 })).to.include({ code: "written" });
      expect(await sealed({ epoch: 0, seq: 1 })).to.deep.equal({ code: "moved" });
      expect(await sealed({ epoch: 1, seq: 2 })).to.deep.equal({ code: "moved" });
      expect(await sealed({})).to.include({ code: "written" });
      await make();
      await maskOf(ann);
      expect(await sealed({})).to.deep.equal({ code: "kind" });
    });

    it("[R3] a clock begins when a reader first sees, and obeys the timer of its sender", async () => {
      await make();
      await Promise.all([maskOf(ann), maskOf(bo), maskOf(eve)]);
      await say(ann, "soon gone", { timer: { afterMs: 5000 } });
      await say(ann, "stays");
      expect(await store.see(id, ann, 1), "its writer").to.deep.equal({ code: "nothing" });
      expect(await store.see(id, bo, 2)).to.deep.equal({ code: "nothing" });
      expect(await store.see(id, bo, 3)).to.deep.equal({ code: "gone" });
      await t.advance(1000);
      const goneAt = t.now() + 5000;
      expect(await store.see(id, bo, 1)).to.deep.equal({ code: "begun", goneAt });
      await t.advance(1000);
      expect(await store.see(id, eve, 1)).to.deep.equal({ code: "begun", goneAt });
      expect((await store.messages(id, eve, 0, PAGE_BYTES))[0]).to.include({
        text: "soon gone",
        goneAt,
      });
      await t.advance(4000);
      expect(await texts(eve)).to.deep.equal([null, "stays"]);
      const written = await store.written(id, eve, 1);
      expect(written, "who wrote it may be blocked for it").to.have.property("author", ann);
      expect(written!.message.text).to.equal(undefined);
      expect(await look()).to.deep.equal([[{ kind: "message-gone", seq: 1 }]]);
      expect(await texts(ann)).to.deep.equal([null, "stays"]);
    });

    it("[session:forget] who stands before a locked door is known to be there", async () => {
      await make();
      await store.rule(id, OWNER, { op: "lock", locked: true });
      expect(await enter(bo)).to.include({ code: "locked" });
      expect(await store.roomsOf(bo)).to.deep.equal([id]);
    });

    it("[M9] what a look has done is answered again until it was told", async () => {
      await make();
      await Promise.all([maskOf(ann), maskOf(bo), maskOf(eve)]);
      await say(ann, "once", { timer: { once: true } });
      await store.see(id, bo, 1);
      await store.away(id, eve, NODE, 1000);
      await t.advance(1000);
      const effects = async (): Promise<unknown> => {
        const tended = await store.tend(id);
        return tended.code === "alive" && tended.effects.map(({ kind }) => kind);
      };
      // The one who had not seen it has gone: then it goes as well.
      expect(await effects()).to.deep.equal(["left"]);
      expect(await effects()).to.deep.equal(["left"]);
      await store.told(id);
      expect(await effects()).to.deep.equal(["message-gone"]);
      await store.told(id);
      expect(await effects()).to.deep.equal([]);
      await store.told("no such room" as RoomId);
      expect(await store.read("no such room" as RoomId)).to.equal(null);
    });

    it("[R3] seen once: gone for its reader, and for all when all have seen it", async () => {
      await make();
      await Promise.all([maskOf(ann), maskOf(bo), maskOf(eve)]);
      await say(ann, "once", { timer: { once: true } });
      expect(await store.see(id, bo, 1)).to.deep.equal({ code: "gone-for-reader" });
      expect(await texts(bo)).to.deep.equal([null]);
      expect(await texts(eve)).to.deep.equal(["once"]);
      expect(await store.see(id, bo, 1)).to.deep.equal({ code: "nothing" });
      expect(await store.see(id, eve, 1)).to.deep.equal({ code: "gone-for-all" });
      expect(await texts(ann)).to.deep.equal([null]);
    });

    it("[R3] it goes too where he and the others are found gone in one look", async () => {
      await make();
      await Promise.all([maskOf(ann), maskOf(bo), maskOf(eve)]);
      await say(bo, "once", { timer: { once: true } });
      await store.see(id, eve, 1);
      // Ann, who has not seen it, is the first of them.
      for (const one of [ann, bo, eve]) await store.away(id, one, NODE, 1000);
      await t.advance(1000);
      await look();
      await t.advance(1000);
      await look();
      expect(await texts(ann)).to.deep.equal([null]);
    });

    it("[R3] what all who stay have seen once goes when the one who had not goes", async () => {
      await make();
      await Promise.all([maskOf(ann), maskOf(bo), maskOf(eve)]);
      await say(ann, "once", { timer: { once: true } });
      await say(ann, "nobody has seen this", { timer: { once: true } });
      await store.see(id, bo, 1);
      await store.leave(id, eve);
      expect(await look()).to.deep.equal([[{ kind: "message-gone", seq: 1 }]]);
      expect(await texts(ann)).to.deep.equal([null, "nobody has seen this"]);
    });

    it("[R6] one answer holds so many bytes, from the cursor on or back from the newest", async () => {
      await make();
      await maskOf(ann);
      const long = "漂".repeat(300);
      for (let i = 0; i < 100; i += 1) await say(ann, long);
      const seqs = async (after: number | null, bytes: number): Promise<number[]> =>
        (await store.messages(id, ann, after, bytes)).map(({ seq }) => seq);
      const first = await seqs(10, 20_000);
      expect(first[0]).to.equal(11);
      expect(first.length).to.be.within(15, 20);
      expect(first).to.deep.equal(first.map((_, i) => 11 + i));
      const newest = await seqs(null, 20_000);
      expect(newest).to.deep.equal(newest.map((_, i) => 101 - newest.length + i));
      expect(newest.length).to.be.within(15, 20);
      expect(await seqs(10, 1), "one at least").to.deep.equal([11]);
      expect(await seqs(null, 1_000_000)).to.have.length(100);
      expect(await seqs(0, 1_000_000)).to.have.length(100);
    });

    it("[S1] whom a room was made for is awaited until it would end without him", async () => {
      await make({
        ...living("presence", 30_000),
        creator: null,
        invited: true,
        admitted: [ann, bo],
      });
      await maskOf(ann);
      await t.advance(30_000);
      expect(await look()).to.deep.equal([[{ kind: "missing", drifter: bo }]]);
      expect(await store.read(id)).to.include({ members: 1 });
      await t.advance(40_000);
      expect(await look()).to.deep.equal([[]]);
    });

    it("[M1] who is out points at nothing that was written after he went", async () => {
      await make();
      await maskOf(ann);
      expect(await store.standing(id, eve)).to.deep.equal({
        isIn: false,
        upTo: 0,
        encrypted: false,
      });
      const mask = await maskOf(bo);
      await say(ann, "he was there");
      await store.rule(id, OWNER, { op: "kick", persona: mask.id });
      await say(ann, "he was not");
      expect(await store.standing(id, bo)).to.include({ isIn: false, upTo: 1 });
      expect(await store.written(id, bo, 1)).to.have.property("author", ann);
      expect(await store.written(id, bo, 2)).to.equal(null);
      expect(await store.written(id, bo, 0)).to.equal(null);
      expect(await store.standing("n".repeat(21) as RoomId, bo)).to.equal(null);
    });

    it("[R4] who only knocked and is sent away raises no epoch and was nobody's loss", async () => {
      await make();
      await store.rule(id, OWNER, { op: "lock", locked: true });
      const knock = (await enter(eve)) as Extract<Entered, { code: "locked" }>;
      const sent = await store.rule(id, OWNER, { op: "kick", persona: knock.me.id });
      expect(sent).to.have.nested.property("whom.wasOut", false);
      expect(sent).to.have.nested.property("room.epoch", 0);
      expect(await enter(eve)).to.deep.equal({ code: "gone" });
    });

    it("[R4] dead rooms that are made again hide no living one from the list", async () => {
      const dead = Array.from({ length: 5 }, () => newRoom());
      const living = await make();
      for (const room of dead) {
        await store.create(room);
        await store.rule(room.id, OWNER, { op: "destroy" });
      }
      for (const room of dead) expect(await store.create(room)).to.equal(null);
      expect((await store.listed(2)).map((room) => room.id)).to.deep.equal([living]);
    });

    it("[M1] a message out of sight says nothing to anybody; restored it is as it was", async () => {
      await make();
      await maskOf(ann);
      await maskOf(bo);
      await say(ann, "one");
      await store.append(
        id,
        ann,
        {
          writeId: nanoid<WriteId>(),
          body: { photoId: "photo" },
          photo: new Uint8Array([1]),
          hasLink: false,
        },
        200,
      );
      const before = await store.messages(id, bo, 0, PAGE_BYTES);
      for (const seq of [1, 2]) {
        expect(await store.veil(id, seq, "look")).to.include({ author: ann, changed: false });
        expect(await store.veil(id, seq, "hide")).to.include({ author: ann, changed: true });
        expect(await store.veil(id, seq, "hide")).to.include({ changed: false });
        expect(await store.written(id, bo, seq)).to.equal(null);
      }
      expect(await texts(bo)).to.deep.equal([null, null]);
      expect(await store.photo(id, "photo")).to.equal(null);
      for (const seq of [1, 2])
        expect(await store.veil(id, seq, "restore")).to.include({ changed: true });
      expect(await store.messages(id, bo, 0, PAGE_BYTES)).to.deep.equal(before);
      expect(await store.photo(id, "photo")).to.have.length(1);
      expect(await store.veil(id, 3, "hide")).to.equal(null);
    });

    it("[M1] what was removed, or erased by its writer, or ran out meanwhile, is not brought back", async () => {
      await make();
      await maskOf(ann);
      await maskOf(bo);
      await say(bo, "removed");
      await say(ann, "erased");
      await say(bo, "timed", { timer: { afterMs: 5000 } });
      await store.see(id, ann, 3);
      for (const seq of [1, 2, 3]) await store.veil(id, seq, "hide");
      await store.veil(id, 1, "remove");
      await store.erase(id, ann);
      await t.advance(5000);
      for (const seq of [1, 2, 3])
        expect(await store.veil(id, seq, "restore")).to.include({ changed: false });
      expect(await texts(bo)).to.deep.equal([null, null, null]);
    });

    it("[M1] hidden photos are in the way of no new ones", async () => {
      await make();
      await maskOf(ann);
      for (let i = 0; i < PHOTOS_KEPT + 5; i += 1) {
        const body = { photoId: `p${i}` };
        const append = { writeId: nanoid<WriteId>(), body, photo: new Uint8Array([i]) };
        await store.append(id, ann, { ...append, hasLink: false }, 200);
        if (i < 5) await store.veil(id, i + 1, "hide");
      }
      for (let i = 5; i < PHOTOS_KEPT + 5; i += 1)
        expect(await store.photo(id, `p${i}`), `p${i}`).to.have.length(1);
    });

    it("[M2] a room can be ended without its key", async () => {
      await make();
      await store.end(id);
      expect(await store.read(id)).to.equal(null);
      expect(await store.create(newRoom({ id }))).to.equal(null);
    });

    it("[R12] keeps the newest photos, and none longer than the room", async () => {
      await make();
      await maskOf(ann);
      for (let i = 0; i <= PHOTOS_KEPT; i += 1)
        await say(ann, "", { body: { photoId: `p${i}` }, photo: new Uint8Array([i]) });
      expect(await store.photo(id, "p0")).to.equal(null);
      expect((await store.messages(id, ann, 0, PAGE_BYTES))[0]).to.have.property("goneAt", t.now());
      expect([...(await store.photo(id, "p1"))!]).to.deep.equal([1]);
      await t.advance(LIFE);
      expect(await store.photo(id, "p1")).to.equal(null);
    });

    it("[M1] who wrote what, for who has been in alone; the other one of two", async () => {
      await make({ capacity: 2, creator: null, invited: true, admitted: [ann, bo] });
      await maskOf(ann);
      await maskOf(bo);
      expect(await enter(eve)).to.deep.equal({ code: "gone" });
      await say(bo, "something");
      expect(await store.written(id, ann, 1)).to.have.property("author", bo);
      expect(await store.written(id, eve, 1)).to.equal(null);
      expect(await store.otherOfTwo(id, ann)).to.equal(bo);
      expect(await store.otherOfTwo(id, eve)).to.equal(null);
      await store.leave(id, bo);
      expect(await store.otherOfTwo(id, ann)).to.equal(bo);
    });

    it("[R7] that somebody has gone may be said again: he is looked for all the same", async () => {
      await make();
      const mask = await maskOf(ann);
      await maskOf(bo);
      await store.away(id, ann, NODE, 10_000);
      await t.advance(10_000);
      // As if it had not been noted where rooms are looked for.
      expect(await store.claimDue(100, 1000)).to.deep.equal([id]);
      await store.tended([{ id, nextAt: t.now() + 60_000 }]);
      expect(await look()).to.deep.equal([]);
      await store.away(id, ann, NODE, 10_000);
      expect(await look()).to.deep.equal([
        [{ kind: "left", drifter: ann, persona: mask, members: 1 }],
      ]);
    });

    it("[session:forget] his words and his mask go out of each room he was in", async () => {
      await make();
      const mask = await maskOf(ann);
      await maskOf(bo);
      await say(ann, "mine");
      await say(bo, "his");
      expect(await store.roomsOf(ann)).to.deep.equal([id]);
      const erased = await store.erase(id, ann);
      expect(erased).to.deep.include({ persona: mask, members: 1, seqs: [1], wasIn: true });
      expect(await texts(bo)).to.deep.equal([null, "his"]);
      expect(await store.erase(id, ann)).to.equal(null);
      await store.forget(ann);
      expect(await store.roomsOf(ann)).to.deep.equal([]);
      expect((await maskOf(ann)).id).to.not.equal(mask.id);
      await store.leave(id, bo);
      expect(await store.erase(id, bo)).to.include({ wasIn: false });
      await store.rule(id, OWNER, { op: "lock", locked: true });
      expect(await enter(eve)).to.include({ code: "locked" });
      expect(await store.erase(id, eve)).to.include({ wasIn: false });
    });

    it("lists what lives and is listed, the newest first", async () => {
      const first = await make();
      await t.advance(1);
      await make({ access: "link" });
      const second = await make();
      expect((await store.listed(10)).map((room) => room.id)).to.deep.equal([second, first]);
      expect(await store.listed(1)).to.have.length(1);
      await store.rule(second, OWNER, { op: "destroy" });
      await look();
      expect((await store.listed(1)).map((room) => room.id)).to.deep.equal([first]);
    });

    it("what one look was given no other is, until the claim ends", async () => {
      await make(living("presence", 1000));
      await t.advance(1000);
      expect(await store.claimDue(10, 500)).to.deep.equal([id]);
      expect(await store.claimDue(10, 500)).to.deep.equal([]);
      await t.advance(501);
      expect(await store.claimDue(10, 500)).to.deep.equal([id]);
    });
  },
);

/** Ahead of the real clock, so that no key ends by its own time to live before the schedule says so. */
const START = Date.now() + 3_600_000;

function inMemory(): TimedStore<RoomStore> {
  const clock = new ManualClock(START);
  return {
    store: new MemoryRoomStore(clock),
    advance: async (ms) => clock.advance(ms),
    now: () => clock.now(),
  };
}

describe("room stores in random schedules", () => {
  let redis: TestRedis | null = null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  it("[R4] [R6] in memory: no gap, nobody too many, nobody who was removed", async function () {
    const schedules = process.env["DRIFTSEA_LONG"] ? 20_000 : 1000;
    this.timeout(schedules * 30);
    for (let seed = 0; seed < schedules; seed += 1)
      await runRoomSchedule(inMemory(), `m${seed}`, 80);
  });

  it("[R7] on Redis a process keeps the names of rooms that it attends, and of no others", async () => {
    const { connection, advance } = await connectWithClock(redis!, START);
    const store = new RedisRoomStore(connection);
    const key = nodeRoomsKey(connection.prefix, NODE);
    const names = () => connection.command("ZRANGE", key, 0, -1);
    const ids = [1, 2, 3].map((n) => `room-${n}` as RoomId);
    for (const id of ids) {
      await store.create(newRoom({ id }));
      await store.enter(id, { drifter: ann, node: NODE, mask: newPersona() });
      await advance(30_000);
    }
    await store.attended(NODE, [ids[0]!]);
    expect(await names(), "the newest may have been let in just now").to.have.members([
      ids[0],
      ids[2],
    ]);
    await advance(61_000);
    await store.attended(NODE, [ids[0]!]);
    expect(await names()).to.deep.equal([ids[0]]);
    await store.attended(NODE, []);
    expect(await names(), "not within a minute").to.deep.equal([ids[0]]);
    await advance(61_000);
    await store.attended(NODE, []);
    expect(await names()).to.deep.equal([]);
  });

  it("[R3] on Redis it is known who has seen what is seen once, as long as that is there", async () => {
    const { connection } = await connectWithClock(redis!, START);
    const store = new RedisRoomStore(connection);
    const id = "once" as RoomId;
    const people = roomKey(connection.prefix, id, "people");
    await store.create(newRoom({ id }));
    for (const drifter of [ann, bo, eve])
      await store.enter(id, { drifter, node: NODE, mask: newPersona() });
    const seenBy = async (): Promise<number> => {
      const fields = (await connection.command("HKEYS", people)) as string[];
      const seen: string[] = [];
      for (const field of fields.filter((one) => one.startsWith("o:")))
        seen.push(String(await connection.command("HGET", people, field)));
      return seen.join("").split(" ").length - 1;
    };
    const once = async (backlog: number): Promise<void> => {
      const body = { text: "once" };
      const what = {
        writeId: nanoid<WriteId>(),
        body,
        timer: { once: true as const },
        hasLink: false,
      };
      await store.append(id, ann, what, backlog);
    };
    for (let seq = 1; seq <= 400; seq += 1) {
      await once(20);
      await store.see(id, bo, seq);
    }
    expect(await seenBy(), "older ones have given way").to.be.within(20, 300);
    const gone = async (drifter: DrifterId): Promise<number> =>
      (await store.messages(id, drifter, null, PAGE_BYTES)).filter(({ text }) => text === undefined)
        .length;
    expect([await gone(bo), await gone(eve)]).to.deep.equal([20, 0]);
    for (let seq = 381; seq <= 400; seq += 1) await store.see(id, eve, seq);
    expect(await gone(eve), "all have seen them").to.equal(20);
    await once(20);
    await store.see(id, bo, 401);
    await store.erase(id, bo);
    expect(await connection.command("HEXISTS", people, `o:${bo}`)).to.equal(0);
  });

  it("on Redis: what the model in memory does, in 30 schedules", async () => {
    for (let seed = 0; seed < 30; seed += 1) {
      const model = await runRoomSchedule(inMemory(), `r${seed}`, 200);
      const { connection, advance, now } = await connectWithClock(redis!, START);
      const store = new RedisRoomStore(connection);
      const real = await runRoomSchedule({ store, advance, now }, `r${seed}`, 200);
      model.forEach((line, i) => {
        expect(real[i], `seed r${seed}, line ${i}`).to.deep.equal(line);
      });
    }
  });
});
