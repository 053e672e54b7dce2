import { expect } from "chai";
import { nanoid } from "nanoid";
import type { DrifterId, MeetId, RoomId } from "@driftsea/protocol";
import { eachStore } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { MemoryMeetStore } from "./meets.store.memory.ts";
import { RedisMeetStore } from "./meets.store.redis.ts";
import { PAIR_MAX_MS, RECENT_COUNT, RECENT_KEEP_MS, RECENT_MS, SCANNED } from "./meets.store.ts";
import { RETRY_MS } from "./meets.store.ts";
import type { MeetStore, Pair, Search } from "./meets.store.ts";

const RELAX = 10_000;
const WINDOW = 2000;
const WAIT = 300_000;
const RULES = { relaxMs: RELAX, windowMs: WINDOW, waitMs: WAIT };
const named = (name: string): DrifterId => name as DrifterId;

eachStore<MeetStore>(
  "meet store",
  (clock) => new MemoryMeetStore(clock),
  (connection) => new RedisMeetStore(connection),
  (open) => {
    let t: TimedStore<MeetStore>;
    const [ann, bo, eve, dan] = ["ann", "bo", "eve", "dan"].map(named) as [
      DrifterId,
      DrifterId,
      DrifterId,
      DrifterId,
    ];
    const fresh = () => ({ meetId: nanoid<MeetId>(), roomId: nanoid<RoomId>() });
    const seek = (who: DrifterId, wish: Partial<Search> = {}, searchId = nanoid<MeetId>()) =>
      t.store.seek(
        who,
        { mode: "random", interests: [], blocked: [], node: "n1", ...wish },
        { ...fresh(), searchId },
        RULES,
      );
    const match = (most = 20) => t.store.match(Array.from({ length: most }, fresh), RULES);
    const stateOf = async (who: DrifterId) => (await t.store.read(who)).state;
    /** Two who are free seek and meet. */
    const meet = async (one: DrifterId, other: DrifterId): Promise<Pair> => {
      await seek(one);
      const { pair } = await seek(other);
      expect(await t.store.made(pair!.meetId)).to.equal(true);
      expect(await t.store.told(pair!.meetId)).to.equal(true);
      return pair!;
    };
    beforeEach(async () => {
      t = await open();
    });

    it("[S1] who seeks waits, and is paired with the next one at once", async () => {
      const start = t.now();
      expect(await seek(ann)).to.deep.equal({ pair: null, ending: null });
      expect(await t.store.read(ann)).to.deep.equal({ state: "waiting", since: start });
      await t.advance(5);
      const { pair } = await seek(bo);
      expect(pair).to.deep.equal({
        meetId: pair!.meetId,
        roomId: pair!.roomId,
        between: [ann, bo],
        shared: [],
        again: false,
        at: start + 5,
        made: false,
      });
      for (const who of [ann, bo])
        expect(await t.store.read(who)).to.deep.equal({ state: "paired", pair });
      expect(await stateOf(eve)).to.equal("idle");
      expect(await t.store.made(pair!.meetId)).to.equal(true);
      expect(await t.store.read(bo)).to.have.nested.property("pair.made", true);
    });

    it("[S1] of 41 at once, 40 are in 20 pairs and one waits", async () => {
      const all = Array.from({ length: 41 }, (_, i) => named(`d${i}`));
      const found = await Promise.all(all.map((who) => seek(who)));
      const pairs = found.flatMap(({ pair }) => pair ?? []);
      expect(new Set(pairs.flatMap((pair) => pair.between)).size).to.equal(40);
      expect(pairs).to.have.length(20);
      const states = await Promise.all(all.map(stateOf));
      expect(states.filter((state) => state === "waiting")).to.have.length(1);
    });

    it("[S1] most shared interests first, then the longest waiting; without any in common not yet", async () => {
      await seek(ann, { interests: ["tea", "go"] });
      await t.advance(1);
      await seek(bo, { interests: ["海"] });
      await t.advance(1);
      await seek(eve);
      expect(await stateOf(eve), "without interests beside who names some").to.equal("waiting");
      const { pair } = await seek(dan, { interests: ["海", "go", "tea"] });
      expect(pair).to.deep.include({ between: [ann, dan], shared: ["go", "tea"] });
      const next = await seek(named("fay"), { interests: ["海"] });
      expect(next.pair).to.deep.include({ between: [bo, "fay"], shared: ["海"] });
      const last = await seek(named("gus"));
      expect(last.pair!.between).to.deep.equal([eve, "gus"]);
    });

    it("[S1] interests are relaxed after a while, and then by nobody's coming", async () => {
      await seek(ann, { interests: ["tea"] });
      await t.advance(RELAX - 1);
      expect((await seek(bo)).pair, "she is not relaxed yet").to.equal(null);
      expect((await match()).pairs).to.deep.equal([]);
      await t.advance(1);
      const { pairs } = await match();
      expect(pairs.map((pair) => pair.between)).to.deep.equal([[bo, ann]]);
    });

    it("[S1] two with other interests meet once both are relaxed", async () => {
      await seek(ann, { interests: ["tea"] });
      await t.advance(RELAX / 2);
      await seek(bo, { interests: ["go"] });
      await t.advance(RELAX / 2);
      expect((await match()).pairs).to.deep.equal([]);
      await t.advance(RELAX / 2);
      expect((await match()).pairs).to.have.length(1);
    });

    it("[S1] seeking again replaces what was asked and keeps the place", async () => {
      const start = t.now();
      await seek(ann, { interests: ["tea"] });
      await t.advance(10);
      await seek(bo, { interests: ["go"] });
      await t.advance(10);
      await seek(ann, { interests: ["go"] });
      const pair = (await t.store.read(ann)) as { pair: Pair };
      expect(pair.pair).to.deep.include({ between: [bo, ann], shared: ["go"] });
      expect(await t.store.cancel(ann)).to.deep.include({ tell: [] });
      expect(await t.store.read(bo)).to.deep.equal({ state: "waiting", since: start + 10 });
    });

    it("[S1] nobody comes: told once, under the id of the search", async () => {
      const searchId = nanoid<MeetId>();
      await seek(ann, { interests: ["tea"] }, searchId);
      await t.advance(WAIT - 1);
      await seek(ann, {}, nanoid<MeetId>());
      expect((await match()).endings).to.deep.equal([]);
      await t.advance(1);
      const ending = {
        meetId: searchId,
        roomId: null,
        reason: "nobody",
        tell: [ann],
        untold: null,
      };
      expect((await seek(bo)).pair, "her time is over").to.equal(null);
      expect(await match()).to.deep.equal({ pairs: [], endings: [ending] });
      expect(await stateOf(ann)).to.equal("idle");
      expect((await match()).endings).to.deep.equal([]);
      await t.advance(100);
      expect((await t.store.unfinished(100, 10)).endings).to.deep.equal([ending]);
      expect((await t.store.unfinished(100, 10)).endings, "claimed").to.deep.equal([]);
      await t.store.settled(searchId);
      await t.advance(100);
      expect((await t.store.unfinished(100, 10)).endings).to.deep.equal([]);
    });

    it("[S1] looks at the longest waiting only; behind them one is tried again", async () => {
      const crowd = Array.from({ length: SCANNED }, (_, i) => named(`w${i}`));
      for (const [i, who] of crowd.entries()) await seek(who, { interests: [`word ${i}`] });
      await t.advance(RELAX / 2);
      await seek(ann, { interests: ["tea"] });
      expect((await seek(bo, { interests: ["tea"] })).pair, "out of sight").to.equal(null);
      await Promise.all(crowd.slice(0, 100).map((who) => t.store.cancel(who)));
      await t.advance(RETRY_MS - 1);
      expect((await match()).pairs).to.deep.equal([]);
      await t.advance(1);
      const { pairs } = await match();
      expect(pairs.map((pair) => pair.between.toSorted())).to.deep.equal([[ann, bo]]);
      await t.advance(RELAX / 2);
      // A round tries as many as there are ids; each of these takes another who was to be tried.
      const rounds: number[] = [];
      for (let round = 0; round < 5; round += 1) rounds.push((await match(30)).pairs.length);
      expect(rounds).to.deep.equal([15, 15, 15, 5, 0]);
    });

    it("[S2] ends the pair that is meant, once, and no other", async () => {
      const { meetId, roomId } = await meet(ann, bo);
      expect(await t.store.end(ann, nanoid<MeetId>())).to.equal(null);
      expect(await t.store.end(eve, meetId), "not his").to.equal(null);
      expect(await t.store.cancel(ann), "names none").to.equal(null);
      expect(await stateOf(ann)).to.equal("paired");
      const ending = { meetId, roomId, reason: "left", tell: [bo], untold: null };
      expect(await t.store.end(ann, meetId)).to.deep.equal(ending);
      expect(await t.store.end(bo, meetId)).to.equal(null);
      expect(await t.store.end(bo)).to.equal(null);
      for (const who of [ann, bo]) expect(await stateOf(who)).to.equal("idle");
      expect(await t.store.made(meetId)).to.equal(false);
      expect(await t.store.told(meetId)).to.equal(false);
    });

    it("[S2] seeking in a pair leaves it first; of both at once one leaves the other", async () => {
      const { meetId } = await meet(ann, bo);
      const both = await Promise.all([seek(ann), seek(bo)]);
      const endings = both.flatMap(({ ending }) => ending ?? []);
      expect(endings.map((ending) => ending.meetId)).to.deep.equal([meetId]);
      for (const who of [ann, bo]) expect(await stateOf(who)).to.equal("waiting");
    });

    it("[S2] who is found and does not know it yet seeks and skips as one who waits", async () => {
      const start = t.now();
      await seek(ann);
      const { pair } = await seek(bo);
      await t.advance(10);
      expect(await t.store.end(ann)).to.equal(null);
      expect(await seek(ann, { interests: ["tea"] })).to.deep.equal({ pair: null, ending: null });
      expect(await t.store.read(ann)).to.deep.equal({ state: "paired", pair });
      const ending = { meetId: pair!.meetId, roomId: pair!.roomId, reason: "left" };
      expect(await t.store.drop(bo, "n2"), "another process").to.equal(null);
      const dropped = await t.store.drop(bo, "n1");
      expect(dropped).to.deep.equal({ ...ending, tell: [], untold: null });
      expect(await t.store.read(ann)).to.deep.equal({ state: "waiting", since: start });
      expect((await seek(eve)).pair, "what she asked for last holds").to.equal(null);
    });

    it("[S2] who has perhaps not been told that he was found is told before the end", async () => {
      await seek(ann, { interests: ["tea"] });
      const { pair } = await seek(bo, { interests: ["tea"] });
      await t.store.made(pair!.meetId);
      const untold = { shared: ["tea"], again: false };
      expect((await seek(bo)).ending).to.deep.include({ tell: [ann], untold });
      const next = await seek(eve);
      await t.store.made(next.pair!.meetId);
      expect(await t.store.cancel(eve)).to.deep.include({ tell: [bo] });
      await seek(dan);
      const last = await seek(eve);
      await t.store.made(last.pair!.meetId);
      expect(await t.store.part(eve, dan), "both").to.deep.include({ tell: [dan, eve] });
    });

    it("[S3] a recent partner only where nobody else is, after a while, and marked", async () => {
      const first = await meet(ann, bo);
      await t.store.end(ann, first.meetId);
      await seek(ann);
      expect((await seek(bo)).pair).to.equal(null);
      await t.advance(RELAX - 1);
      expect((await match()).pairs).to.deep.equal([]);
      expect((await seek(eve)).pair, "another is there").to.deep.include({
        between: [ann, eve],
        again: false,
      });
      await t.store.cancel(eve);
      await t.advance(1);
      const { pairs } = await match();
      expect(pairs).to.have.length(1);
      expect(pairs[0]).to.deep.include({ between: [bo, ann], again: true });
    });

    it("[S3] none of the last 20, nor one of the last 24 h", async () => {
      const { meetId } = await meet(ann, bo);
      await t.store.end(ann, meetId);
      const isRecent = async () => {
        await seek(ann);
        const { pair } = await seek(bo);
        await Promise.all([ann, bo].map((who) => t.store.cancel(who)));
        return pair === null;
      };
      await t.advance(RECENT_MS + 1);
      expect(await isRecent(), "among the last").to.equal(true);
      for (let i = 0; i < RECENT_COUNT; i += 1) {
        expect(await isRecent(), `after ${i}`).to.equal(true);
        for (const who of [ann, bo]) {
          const next = await meet(who, named(`${who}${i}`));
          await t.store.end(who, next.meetId);
        }
        await t.advance(1);
      }
      expect(await isRecent(), "neither").to.equal(false);
      const again = await meet(ann, bo);
      await t.store.end(ann, again.meetId);
      for (let i = 0; i < RECENT_COUNT + 1; i += 1) {
        for (const who of [ann, bo]) {
          const next = await meet(who, named(`${who}x${i}`));
          await t.store.end(who, next.meetId);
        }
      }
      expect(await isRecent(), "of this day").to.equal(true);
      await t.advance(RECENT_KEEP_MS);
      expect(await isRecent(), "forgotten").to.equal(false);
    });

    it("[S3] a pair that nobody knew of is no meeting", async () => {
      await seek(ann);
      await seek(bo);
      await t.store.cancel(ann);
      expect((await seek(ann)).pair).to.deep.include({ between: [bo, ann], again: false });
    });

    it("[S4] who is blocked by either is not paired", async () => {
      await seek(ann, { blocked: [bo] });
      expect((await seek(bo)).pair).to.equal(null);
      expect((await seek(eve, { blocked: [ann] })).pair!.between).to.deep.equal([bo, eve]);
      expect((await seek(dan)).pair!.between).to.deep.equal([ann, dan]);
    });

    it("[S4] a block that came while they waited: both back in the queue, in their place", async () => {
      const start = t.now();
      await seek(ann);
      await t.advance(7);
      const { pair } = await seek(bo);
      expect(await t.store.part(ann, eve), "not of these two").to.equal(null);
      expect(await t.store.part(bo, ann)).to.deep.equal({
        meetId: pair!.meetId,
        roomId: pair!.roomId,
        reason: "left",
        tell: [],
        untold: null,
      });
      expect(await t.store.made(pair!.meetId)).to.equal(false);
      expect(await t.store.read(ann)).to.deep.equal({ state: "waiting", since: start });
      expect(await t.store.read(bo)).to.deep.equal({ state: "waiting", since: start + 7 });
      await t.advance(RELAX);
      expect((await match()).pairs).to.deep.equal([]);
      expect((await seek(eve)).pair!.between, "nor with her").to.deep.equal([bo, eve]);
      expect((await seek(dan)).pair!.between).to.deep.equal([ann, dan]);
    });

    it("[S4] a block inside a meeting looks like leaving; one while waiting is kept in mind", async () => {
      await seek(eve, { interests: ["tea"] });
      const { meetId } = await meet(ann, bo);
      expect(await t.store.part(ann, bo)).to.deep.include({ meetId, reason: "left", tell: [bo] });
      expect(await stateOf(ann)).to.equal("idle");
      await t.store.part(ann, eve);
      expect((await seek(ann, { interests: ["tea"] })).pair).to.equal(null);
    });

    it("[S5] who shakes within the same window is matched, a recent partner too", async () => {
      await seek(eve);
      await seek(ann, { mode: "shake", interests: ["tea"] });
      await t.advance(WINDOW - 1);
      const { pair } = await seek(bo, { mode: "shake" });
      expect(pair).to.deep.include({ between: [ann, bo], shared: [], again: false });
      await t.store.made(pair!.meetId);
      await t.store.end(ann);
      await seek(ann, { mode: "shake" });
      expect((await seek(bo, { mode: "shake" })).pair!.again).to.equal(true);
      expect(await stateOf(eve), "shakers only with shakers").to.equal("waiting");
    });

    it("[S5] too late is not at all; a new shake begins anew", async () => {
      const searchId = nanoid<MeetId>();
      await seek(ann, { mode: "shake" }, searchId);
      await t.advance(WINDOW - 1);
      await seek(ann, { mode: "shake" });
      await t.advance(WINDOW - 1);
      expect((await match()).endings).to.deep.equal([]);
      await t.advance(1);
      expect((await seek(bo, { mode: "shake" })).pair).to.equal(null);
      expect((await match()).endings).to.deep.include.members([
        { meetId: searchId, roomId: null, reason: "nobody", tell: [ann], untold: null },
      ]);
      expect(await stateOf(bo)).to.equal("waiting");
    });

    it("what a dead process has left unfinished is given to one other at a time", async () => {
      await seek(ann);
      const { pair } = await seek(bo);
      await t.advance(1000);
      expect(await t.store.unfinished(1001, 10)).to.deep.equal({ pairs: [], endings: [] });
      expect(await t.store.unfinished(1000, 10)).to.deep.equal({ pairs: [pair], endings: [] });
      expect((await t.store.unfinished(1000, 10)).pairs).to.deep.equal([]);
      await t.store.made(pair!.meetId);
      await t.advance(1000);
      expect((await t.store.unfinished(1000, 10)).pairs).to.deep.equal([{ ...pair, made: true }]);
      await t.store.told(pair!.meetId);
      await t.advance(1000);
      expect((await t.store.unfinished(1000, 10)).pairs).to.deep.equal([]);
      await t.advance(PAIR_MAX_MS);
      const { endings } = await t.store.unfinished(1000, 10);
      expect(endings).to.have.length(1);
      expect(endings[0]).to.deep.include({ reason: "expired", tell: [ann, bo] });
      expect(await stateOf(ann)).to.equal("idle");
    });

    it("a process dies: whom it held seeks no longer, whom he was found for does", async () => {
      await seek(ann, { interests: ["tea"], node: "n2" });
      await seek(bo);
      await seek(eve, { node: "n2" });
      await seek(dan, { interests: ["go"] });
      const endings = await t.store.orphan("n2");
      expect(endings.map((ending) => ending.tell)).to.deep.equal([[]]);
      const all = await Promise.all([ann, bo, eve, dan].map(stateOf));
      expect(all).to.deep.equal(["idle", "waiting", "idle", "waiting"]);
    });

    it("who hangs up leaves the queue, and keeps a meeting", async () => {
      await seek(ann);
      await t.store.drop(ann, "n2");
      expect(await stateOf(ann), "he has come back elsewhere").to.equal("waiting");
      await t.store.drop(ann, "n1");
      expect(await stateOf(ann)).to.equal("idle");
      await meet(ann, bo);
      expect(await t.store.drop(ann, "n1")).to.equal(null);
      expect(await stateOf(ann)).to.equal("paired");
    });

    it("a pair ends with its room", async () => {
      const { roomId, meetId } = await meet(ann, bo);
      expect(await t.store.roomEnded(nanoid<RoomId>(), "expired")).to.equal(null);
      expect(await t.store.roomEnded(roomId, "expired")).to.deep.equal({
        meetId,
        roomId,
        reason: "expired",
        tell: [ann, bo],
        untold: null,
      });
      expect(await t.store.roomEnded(roomId, "expired")).to.equal(null);
      await seek(eve);
      const { pair } = await seek(dan);
      await t.store.roomEnded(pair!.roomId, "expired");
      expect(await Promise.all([eve, dan].map(stateOf))).to.deep.equal(["waiting", "waiting"]);
    });

    it("[session:forget] nothing of him is left, on either side", async () => {
      const { meetId } = await meet(ann, bo);
      expect(await t.store.erase(ann)).to.deep.include({ meetId, reason: "left", tell: [bo] });
      await seek(ann);
      expect((await seek(bo)).pair, "neither is a recent partner").to.deep.include({
        again: false,
      });
      await t.store.erase(bo);
      expect(await stateOf(ann)).to.equal("waiting");
      await t.store.erase(ann);
      expect(await stateOf(ann)).to.equal("idle");
    });
  },
);
