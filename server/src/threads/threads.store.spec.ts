import { expect } from "chai";
import { nanoid } from "nanoid";
import type { BottleId, DrifterId, ThreadId, WriteId } from "@driftsea/protocol";
import { eachStore } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { newPersona } from "../lib/personas.ts";
import { MemoryThreadStore } from "./threads.store.memory.ts";
import { RedisThreadStore } from "./threads.store.redis.ts";
import { MESSAGES_KEPT, THREADS_KEPT } from "./threads.store.ts";
import type { NewThread, ThreadStore } from "./threads.store.ts";

const LIFE = 60_000;

eachStore<ThreadStore>(
  "thread store",
  (clock) => new MemoryThreadStore(clock),
  (connection) => new RedisThreadStore(connection),
  (open) => {
    let t: TimedStore<ThreadStore>;
    let thread: NewThread;
    const [ann, bo, eve] = ["ann", "bo", "eve"] as [DrifterId, DrifterId, DrifterId];
    const write = (from: DrifterId, text: string, writeId = nanoid<WriteId>()) =>
      t.store.append(thread.id, from, { writeId, text }, LIFE);
    beforeEach(async () => {
      t = await open();
      thread = {
        id: nanoid<ThreadId>(),
        bottleId: nanoid<BottleId>(),
        bottle: { text: "a wish", kind: "wish", mood: "calm" },
        thrower: { drifter: ann, persona: newPersona() },
        finder: { drifter: bo, persona: newPersona() },
        answer: { writeId: nanoid<WriteId>(), text: "first" },
        lifeMs: LIFE,
      };
      expect(await t.store.open(thread)).to.equal("new");
    });

    it("[B6] opens once, with the answer as its first message", async () => {
      expect(await t.store.open(thread)).to.equal("again");
      const whole = await t.store.read(thread.id);
      for (const { drifter } of whole!.sides)
        expect(await t.store.readAs(drifter!, thread.id)).to.deep.equal(whole);
      expect(await t.store.readAs("eve" as DrifterId, thread.id)).to.equal(null);
      expect(await t.store.readAs("eve" as DrifterId, "none" as ThreadId)).to.equal(null);
      expect(whole).to.deep.equal({
        id: thread.id,
        bottleId: thread.bottleId,
        bottle: thread.bottle,
        sides: [
          { ...thread.thrower, left: false, muted: false },
          { ...thread.finder, left: false, muted: false },
        ],
        head: 1,
        expiresAt: t.now() + LIFE,
      });
      expect(await t.store.messages(thread.id, 0)).to.deep.equal([
        { seq: 1, id: thread.answer.writeId, from: 1, text: "first", sentAt: t.now() },
      ]);
    });

    it("numbers messages without a gap, each once, also when all are sent at once", async () => {
      const ids = Array.from({ length: 40 }, () => nanoid<WriteId>());
      await Promise.all([...ids, ...ids].map((id, i) => write(i % 2 ? ann : bo, `m${id}`, id)));
      const log = await t.store.messages(thread.id, 0);
      expect(log.map((m) => m.seq)).to.deep.equal(Array.from({ length: 41 }, (_, i) => i + 1));
      expect((await t.store.messages(thread.id, 38)).map((m) => m.seq)).to.deep.equal([39, 40, 41]);
    });

    it("the same write again gives the message that it made", async () => {
      const id = nanoid<WriteId>();
      const first = await write(ann, "hello", id);
      const again = await write(ann, "other", id);
      expect(again).to.deep.equal({ ...(first as object), isNew: false });
      // The other side's ids are its own.
      expect(await write(bo, "hi", id)).to.have.nested.property("message.seq", 3);
    });

    it("keeps the newest messages and their numbers", async () => {
      for (let i = 0; i < MESSAGES_KEPT + 4; i += 1) await write(ann, `${i}`);
      const log = await t.store.messages(thread.id, 0);
      expect(log).to.have.length(MESSAGES_KEPT);
      expect(log[0]!.seq).to.equal(6);
      expect(log.at(-1)!.seq).to.equal(MESSAGES_KEPT + 5);
    });

    it("nobody else reads, writes, mutes or leaves", async () => {
      expect(await write(eve, "hi")).to.equal("gone");
      expect(await t.store.mute(thread.id, eve, true)).to.equal(false);
      expect(await t.store.leave(thread.id, eve)).to.equal(false);
    });

    it("a message renews its life; at its end it is gone at once", async () => {
      await t.advance(LIFE - 1);
      await write(ann, "still here");
      await t.advance(LIFE - 1);
      expect(await t.store.read(thread.id)).to.have.property("head", 2);
      await t.advance(1);
      expect(await t.store.read(thread.id)).to.equal(null);
      expect(await t.store.messages(thread.id, 0)).to.deep.equal([]);
      expect(await write(ann, "late")).to.equal("gone");
    });

    it("one side leaves: the other reads on and writes no more; both: nothing remains", async () => {
      expect(await t.store.leave(thread.id, ann)).to.equal(true);
      expect(await t.store.leave(thread.id, ann)).to.equal(false);
      const left = await t.store.read(thread.id);
      expect(left).to.include({ closed: "left" });
      expect(left!.sides[0]).to.include({ drifter: ann, left: true });
      expect(await write(bo, "hello?")).to.equal("closed");
      expect(await t.store.messages(thread.id, 0)).to.have.length(1);
      expect(await t.store.leave(thread.id, bo)).to.equal(true);
      expect(await t.store.read(thread.id)).to.equal(null);
      expect(await t.store.open(thread), "a late repetition").to.equal("again");
      expect(await t.store.read(thread.id)).to.equal(null);
    });

    it("[session:forget] what the leaver wrote goes with him", async () => {
      await write(ann, "secret");
      expect(await t.store.erase(thread.id, eve)).to.equal(false);
      expect(await t.store.erase(thread.id, ann)).to.equal(true);
      expect(await t.store.erase(thread.id, ann)).to.equal(false);
      const log = await t.store.messages(thread.id, 0);
      expect(log.map((m) => m.text)).to.deep.equal(["first", ""]);
      expect((await t.store.read(thread.id))!.sides[0].drifter).to.equal(null);
      expect((await t.store.read(thread.id))!.bottle).to.deep.equal({ text: "", kind: "wish" });
    });

    it("[session:forget] what he wrote goes also where he had left before", async () => {
      await write(bo, "his");
      await t.store.leave(thread.id, bo);
      expect(await t.store.erase(thread.id, bo)).to.equal(true);
      expect((await t.store.messages(thread.id, 0)).map((m) => m.text)).to.deep.equal(["", ""]);
      const { sides, closed } = (await t.store.read(thread.id))!;
      expect([sides[0].drifter, sides[1].drifter, closed]).to.deep.equal([ann, null, "left"]);
      expect(await t.store.erase(thread.id, ann)).to.equal(true);
      expect(await t.store.read(thread.id)).to.equal(null);
    });

    it("[B6] of more threads than are listed who forgets himself is found in all", async () => {
      for (let i = 0; i < 3; i += 1) {
        const id = `${i}`.padStart(21, "t") as ThreadId;
        await t.store.open({ ...thread, id });
        await t.store.link(ann, id);
        await t.advance(1);
      }
      const [newest] = await t.store.listOf(ann, 1);
      expect(newest!.id).to.match(/t2$/);
      expect(await t.store.listOf(ann)).to.have.length(3);
      expect(THREADS_KEPT, "7 d of 10 throws for 5 finders, and of 20 catches").to.be.above(7 * 70);
    });

    it("lists what still is", async () => {
      await t.store.link(ann, thread.id);
      await t.store.link(ann, thread.id);
      expect((await t.store.listOf(ann)).map((x) => x.id)).to.deep.equal([thread.id]);
      await t.store.mute(thread.id, ann, true);
      expect((await t.store.listOf(ann))[0]!.sides[0].muted).to.equal(true);
      await t.advance(LIFE);
      expect(await t.store.listOf(ann)).to.deep.equal([]);
    });
  },
);
