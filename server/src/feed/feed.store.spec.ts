import { expect } from "chai";
import type { CircleId, OwnerHash, PlaceId, SecretId } from "@driftsea/protocol";
import { eachStore, expectSameAnswers } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { connectWithClock, startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import { ManualClock } from "../lib/clock.ts";
import { errandIndexKey, errandsKey, feedKeys } from "./feed.keys.ts";
import { placeFeedKeys, secretKeys, worldArrivalsKey, worldKey } from "./feed.keys.ts";
import { runSchedule } from "./feed.schedule.ts";
import { MemoryFeedStore } from "./feed.store.memory.ts";
import { RedisFeedStore } from "./feed.store.redis.ts";
import {
  ARRIVALS_KEPT_MS,
  COMMENTS_KEPT,
  FEED_KEPT,
  RECENT_MS,
  HIDDEN_KEPT,
} from "./feed.store.ts";
import { SECRET_LIFE_MS, WINDOW_MS } from "./feed.store.ts";
import type { Errand, FeedStore, NewSecret, Way } from "./feed.store.ts";

const MINUTE = 60_000;
const [ann, bo] = ["ann", "bo"] as [CircleId, CircleId];
const idOf = (n: number): SecretId => `secret-${n}` as SecretId;
const S = idOf(0);
const [town, campus] = ["town", "campus"] as [PlaceId, PlaceId];
const OWNER = "hash of the key" as OwnerHash;
/** Somebody's, who has carried it in one epoch. */
const by = (mark: string) => ({ by: mark, epoch: 1 });
const said = { icon: "3-120", crown: false, text: '"me too" / 海 \u{1f30a}\n\\' };

eachStore<FeedStore>(
  "feed store",
  (clock) => new MemoryFeedStore(clock),
  (connection) => new RedisFeedStore(connection),
  (open) => {
    let t: TimedStore<FeedStore>;
    beforeEach(async () => {
      t = await open();
    });
    const secret = (more: Partial<NewSecret> = {}): NewSecret => ({
      text: '"never" / seen 海 \u{1f30a}\n\\',
      ownerHash: OWNER,
      comments: "circle",
      icons: "steady",
      hasPoll: false,
      releaseAt: t.now(),
      ...more,
    });
    const deliver = (id: SecretId, way: Way = "own", releaseAt = t.now(), to = [ann], block = "") =>
      t.store.deliver(new Map(to.map((one) => [one, block])), { id, way, releaseAt });
    const arrive = async (...asked: Parameters<FeedStore["arrive"]>) =>
      (await t.store.arrive(...asked)).entries;
    const feedOf = async (who: CircleId): Promise<SecretId[]> =>
      (await t.store.page(who, null, 1000)).map(({ id }) => id).sort();
    const read = async (id: SecretId, mark = "nobody") =>
      (await t.store.read([{ id, mark }]))[0] ?? null;
    const post = (id = S): Errand => {
      const photo = new Uint8Array([0xff, 0xd8, 0xff, 0, 128]);
      const persona = { name: "quiet heron", avatar: "3-120" };
      const written = secret({ photo, background: "fog", persona: persona as never });
      return { kind: "post", postId: id, epoch: 7, releaseAt: written.releaseAt, secret: written };
    };
    const carry = (id = S): Errand => ({
      kind: "carry",
      postId: id,
      epoch: 7,
      releaseAt: t.now(),
      by: "x",
    });

    describe("errands", () => {
      it("[F11] lie with the person, whole, until they are done", async () => {
        const errand = post();
        expect(await t.store.begin(ann, errand)).to.equal(true);
        const [noted, ...more] = await t.store.errands(ann, 10);
        expect(more).to.deep.equal([]);
        expect(plain(noted!)).to.deep.equal(plain(errand));
        expect(await t.store.errands(bo, 10)).to.deep.equal([]);
        await t.store.finish(ann, [errand]);
        expect(await t.store.errands(ann, 10)).to.deep.equal([]);
        await t.store.finish(ann, [errand]);
      });

      it("[F3] are noted once a secret and kind while they are not done", async () => {
        expect(await t.store.begin(ann, carry())).to.equal(true);
        expect(await t.store.begin(ann, { ...carry(), epoch: 8 })).to.equal(false);
        expect(await t.store.begin(ann, post())).to.equal(true);
        expect(await t.store.begin(ann, carry(idOf(1)))).to.equal(true);
        expect(await t.store.begin(bo, carry())).to.equal(true);
        const kept = (await t.store.errands(ann, 10)).filter(({ kind }) => kind === "carry");
        expect(kept.map(({ epoch }) => epoch)).to.deep.equal([7, 7]);
        await t.store.finish(ann, [carry()]);
        expect(await t.store.begin(ann, carry())).to.equal(true);
      });

      it("[F15] that are not done are named by since when nothing of them was finished", async () => {
        const beganAt = t.now();
        await t.store.begin(ann, carry());
        await t.advance(1000);
        await t.store.begin(ann, carry(idOf(1)));
        await t.store.begin(bo, carry());
        expect(await t.store.unfinished(beganAt - 1, 10)).to.deep.equal([]);
        expect(await t.store.unfinished(beganAt, 10)).to.deep.equal([ann]);
        expect((await t.store.unfinished(t.now(), 10)).sort()).to.deep.equal([ann, bo]);
        expect(await t.store.unfinished(t.now(), 1)).to.have.length(1);
        await t.store.finish(ann, [carry()]);
        expect(await t.store.unfinished(beganAt, 10), "what is left is younger").to.deep.equal([]);
        expect((await t.store.unfinished(t.now(), 10)).sort()).to.deep.equal([ann, bo]);
        await t.store.finish(ann, [carry(idOf(1))]);
        expect(await t.store.unfinished(t.now(), 10)).to.deep.equal([bo]);
      });
    });

    describe("secrets", () => {
      it("[F1] are read as they were written, and nothing yet done with them", async () => {
        const { photo: _, ...written } = secret({ background: "deep" });
        await t.store.create(S, written);
        expect(await read(S)).to.deep.equal({
          ...written,
          id: S,
          hasPhoto: false,
          hearts: 0,
          commentCount: 0,
          yes: 0,
          no: 0,
          circles: 0,
          isWorld: false,
          hearted: false,
          voted: null,
        });
        const persona = { name: "quiet heron", avatar: "3-120" } as never;
        const rich = secret({ comments: "anyone", icons: "fresh", hasPoll: true, persona });
        await t.store.create(idOf(1), rich);
        const [none, second] = await t.store.read([
          { id: idOf(9), mark: "m" },
          { id: idOf(1), mark: "m" },
        ]);
        expect(none).to.equal(null);
        expect(second).to.deep.include(rich);
      });

      it("[F7] are made once, and not again where they were deleted", async () => {
        await t.store.create(S, secret());
        await t.store.heart(S, "m", true);
        await t.store.create(S, secret({ text: "another" }));
        expect(await read(S)).to.include({ text: secret().text, hearts: 1 });
        expect(await t.store.delete(S, OWNER)).to.equal(true);
        await t.store.create(S, secret());
        expect(await read(S)).to.equal(null);
      });

      it("[F16] are deleted by the hash alone, with everything that was said of them", async () => {
        await t.store.create(S, secret({ photo: new Uint8Array([1]), hasPoll: true }));
        await t.store.comment(S, "w", said);
        await t.store.carry(S, "k", 1, by("k"));
        expect(await t.store.delete(S, "forged" as OwnerHash)).to.equal(false);
        expect(await t.store.delete(idOf(1), OWNER)).to.equal(false);
        expect(await t.store.delete(S, OWNER)).to.equal(true);
        expect(await t.store.delete(S, OWNER)).to.equal(false);
        expect(await read(S)).to.equal(null);
        expect(await t.store.photo(S)).to.equal(null);
        expect(await t.store.comments(S, 0)).to.equal(null);
        expect(await t.store.world(null, 10)).to.deep.equal([]);
        expect(await t.store.heart(S, "m", true)).to.equal(null);
        expect(await t.store.vote(S, "m", "yes")).to.equal(null);
        expect(await t.store.carry(S, "k2", 1, by("k2"))).to.equal(null);
        expect(await t.store.comment(S, "w", said)).to.equal(null);
      });

      it("[R12] a photo is read byte for byte, and dies with its secret", async () => {
        const photo = Uint8Array.from({ length: 256 }, (_, i) => i);
        await t.store.create(S, secret({ photo }));
        await t.store.create(idOf(1), secret());
        expect(await read(S)).to.include({ hasPhoto: true });
        expect(Buffer.from((await t.store.photo(S))!)).to.deep.equal(Buffer.from(photo));
        expect(await t.store.photo(idOf(1))).to.equal(null);
        expect(await t.store.photo(idOf(9))).to.equal(null);
        await t.advance(SECRET_LIFE_MS);
        expect(await t.store.photo(S)).to.equal(null);
      });

      it("[F6] end a fixed time after their release, whatever is done with them", async () => {
        await t.store.create(S, secret({ releaseAt: t.now() + 1000, hasPoll: true }));
        await t.advance(SECRET_LIFE_MS + 999);
        await t.store.comment(S, "w", said);
        expect(await t.store.heart(S, "m", true)).to.equal(1);
        await t.advance(1);
        expect(await read(S)).to.equal(null);
        expect(await t.store.comments(S, 0)).to.equal(null);
        expect(await t.store.heart(S, "m", true)).to.equal(null);
        expect(await t.store.vote(S, "m", "yes")).to.equal(null);
        expect(await t.store.carry(S, "k", 1, by("k"))).to.equal(null);
        expect(await t.store.comment(S, "w2", said)).to.equal(null);
        expect(await t.store.delete(S, OWNER)).to.equal(false);
      });

      it("[F3] a heart counts once a person, can be taken back, and is the reader's own", async () => {
        await t.store.create(S, secret());
        const hearts = [
          await t.store.heart(S, "a", true),
          await t.store.heart(S, "a", true),
          await t.store.heart(S, "b", true),
          await t.store.heart(S, "c", false),
          await t.store.heart(S, "a", false),
          await t.store.heart(S, "a", false),
        ];
        expect(hearts).to.deep.equal([1, 1, 2, 2, 1, 1]);
        expect(await read(S, "b")).to.include({ hearts: 1, hearted: true });
        expect(await read(S, "a")).to.include({ hearts: 1, hearted: false });
        const many = Array.from({ length: 20 }, () => t.store.heart(S, "d", true));
        expect(new Set(await Promise.all(many))).to.deep.equal(new Set([2]));
      });

      it("[F3] a circle counts once; at so many it goes to the world, once", async () => {
        await t.store.create(S, secret());
        const carried = [
          await t.store.carry(S, "k1", 3, by("k1")),
          await t.store.carry(S, "k1", 3, by("k1")),
          await t.store.carry(S, "k2", 3, by("k2")),
        ];
        expect(carried.map((one) => one!.isNew)).to.deep.equal([true, false, true]);
        expect(carried.map((one) => one!.isNewInWorld)).to.deep.equal([false, false, false]);
        expect(await read(S)).to.include({ circles: 2, isWorld: false });
        expect(await t.store.world(null, 10)).to.deep.equal([]);
        expect(await t.store.carry(S, "k3", 3, by("k3"))).to.deep.equal({
          isNew: true,
          isNewInWorld: true,
        });
        const world = await t.store.world(null, 10);
        expect(world.map(({ id }) => id)).to.deep.equal([S]);
        await t.advance(WINDOW_MS);
        expect(await t.store.carry(S, "k4", 3, by("k4"))).to.deep.equal({
          isNew: true,
          isNewInWorld: false,
        });
        expect(await read(S)).to.include({ circles: 4, isWorld: true });
        expect(await t.store.world(null, 10), "its place stays").to.deep.equal(world);
      });

      it("[F3] who has other friends in another epoch carries nothing again", async () => {
        await t.store.create(S, secret());
        const carry = (circle: string, epoch: number) =>
          t.store.carry(S, circle, 30, { by: "x", epoch });
        for (const isNew of [true, false])
          expect(await carry("k1", 1)).to.deep.equal({ isNew, isNewInWorld: false });
        expect(await carry("k2", 2)).to.equal(null);
        expect(await read(S)).to.include({ circles: 1 });
      });

      it("[F8] a vote counts once a person, and may be changed", async () => {
        await t.store.create(S, secret({ hasPoll: true }));
        const votes = [
          await t.store.vote(S, "a", "yes"),
          await t.store.vote(S, "a", "yes"),
          await t.store.vote(S, "b", "yes"),
          await t.store.vote(S, "a", "no"),
        ];
        const tallies = votes.map((tally) => [tally!.yes, tally!.no]);
        expect(tallies).to.deep.equal([
          [1, 0],
          [1, 0],
          [2, 0],
          [1, 1],
        ]);
        expect(await read(S, "a")).to.include({ yes: 1, no: 1, voted: "no" });
        expect(await read(S, "c")).to.include({ voted: null });
        await t.store.create(idOf(1), secret());
        expect(await t.store.vote(idOf(1), "a", "yes"), "no poll").to.equal(null);
      });

      it("[F4] comments are numbered without a gap; the same write is the same comment", async () => {
        await t.store.create(S, secret());
        const first = await t.store.comment(S, "w1", said);
        const at = t.now();
        expect(first).to.deep.equal({ comment: { ...said, seq: 1, at }, isNew: true });
        await t.advance(1000);
        const crowned = { ...said, crown: true, icon: "crown" };
        expect((await t.store.comment(S, "w2", crowned))!.comment.seq).to.equal(2);
        const again = await t.store.comment(S, "w1", { ...said, text: "else" });
        expect(again).to.deep.equal({ comment: first!.comment, isNew: false });
        const many = Array.from({ length: 20 }, () => t.store.comment(S, "w3", said));
        const answers = await Promise.all(many);
        expect(answers.filter((one) => one!.isNew)).to.have.length(1);
        expect(await read(S)).to.include({ commentCount: 3 });
        const seqs = async (after: number) =>
          (await t.store.comments(S, after))!.map(({ seq }) => seq);
        expect(await seqs(0)).to.deep.equal([1, 2, 3]);
        expect(await seqs(2)).to.deep.equal([3]);
        expect(await seqs(3)).to.deep.equal([]);
        expect(await seqs(99)).to.deep.equal([]);
        expect((await t.store.comments(S, 1))![0]).to.deep.include(crowned);
      });

      it("[F4] the oldest comments give way; they are not written anew", async () => {
        await t.store.create(S, secret());
        const first = await t.store.comment(S, "w0", said);
        for (let i = 1; i <= COMMENTS_KEPT; i += 1) await t.store.comment(S, `w${i}`, said);
        const kept = (await t.store.comments(S, 0))!;
        expect([kept.length, kept[0]!.seq]).to.deep.equal([COMMENTS_KEPT, 2]);
        expect(await t.store.comment(S, "w0", said)).to.deep.equal({ ...first, isNew: false });
        expect(await read(S)).to.include({ commentCount: COMMENTS_KEPT + 1 });
      });
    });

    describe("feeds", () => {
      it("[F15] what is not released has not arrived; what is released arrives once", async () => {
        await deliver(idOf(1), "own", t.now());
        await deliver(idOf(2), "carried", t.now() + 1000);
        expect(await feedOf(ann), "before it arrives").to.deep.equal([]);
        expect(await t.store.entryOf(ann, idOf(1))).to.equal(null);
        const [first, ...more] = await arrive(ann);
        expect(first).to.include({ id: idOf(1), way: "own" });
        expect(more).to.deep.equal([]);
        expect(await t.store.page(ann, null, 10)).to.deep.equal([first]);
        await t.advance(999);
        expect(await arrive(ann)).to.deep.equal([]);
        await t.advance(1);
        expect((await arrive(ann)).map(({ id }) => id)).to.deep.equal([idOf(2)]);
        expect(await arrive(ann)).to.deep.equal([]);
        expect(await feedOf(ann)).to.deep.equal([idOf(1), idOf(2)]);
        expect(await arrive(bo), "another's feed").to.deep.equal([]);
        expect(await feedOf(bo)).to.deep.equal([]);
      });

      it("[F15] each comes by the instant of its block, whatever waits before it", async () => {
        const at = t.now();
        for (let i = 0; i < 70; i += 1) await deliver(idOf(i), "own", at - 200, [ann], "shut");
        await deliver(idOf(100), "own", at - 100, [ann], "open");
        await deliver(idOf(101), "own", at - 10, [ann], "open");
        await deliver(idOf(102), "own", at - 100, [ann], "of another day");
        await deliver(idOf(103), "own", at - 100);
        await deliver(idOf(104), "own", at + 5, [ann], "open");
        const names = (entries: { id: SecretId }[]) => entries.map(({ id }) => id).sort();
        const upTo = new Map([
          ["shut", at - 201],
          ["open", at - 100],
          ["", Infinity],
        ]);
        expect(names(await arrive(ann, upTo, at - 101))).to.deep.equal([idOf(100), idOf(103)]);
        expect(names(await arrive(ann, upTo, at - 100))).to.deep.equal([idOf(102)]);
        expect(names(await arrive(ann, new Map([["open", Infinity]]), 0))).to.deep.equal([
          idOf(101),
        ]);
        await t.store.hide(ann, idOf(0));
        await deliver(idOf(1), "own", at, [ann], "open");
        await t.advance(5);
        expect(await arrive(ann, new Map([["open", Infinity]]), 0)).to.have.length(1);
        expect(await arrive(ann, new Map([["shut", Infinity]]), 0)).to.have.length(69);
      });

      it("[F15] all of many arrive at once, in many feeds", async () => {
        for (let i = 0; i < 120; i += 1) await deliver(idOf(i), "own", t.now(), [ann, bo]);
        for (const who of [ann, bo]) {
          expect(await arrive(who)).to.have.length(120);
          expect(await feedOf(who)).to.have.length(120);
        }
      });

      it("[F4] one's own circle's way wins, before it arrives and after; the place stays", async () => {
        for (const [n, ways] of [
          [1, ["carried", "own"]],
          [2, ["own", "carried"]],
        ] as const) {
          for (const way of ways) await deliver(idOf(n), way);
        }
        await t.store.arrive(ann);
        await deliver(idOf(3), "carried");
        await t.store.arrive(ann);
        const [before] = await t.store.page(ann, null, 3).then((all) => all.filter(isThird));
        await deliver(idOf(3), "own");
        const [after] = await t.store.page(ann, null, 3).then((all) => all.filter(isThird));
        expect(after).to.deep.equal({ ...before, way: "own" });
        await deliver(idOf(3), "carried");
        expect(await arrive(ann)).to.deep.equal([]);
        for (const n of [1, 2, 3])
          expect((await t.store.entryOf(ann, idOf(n)))?.way, `${n}`).to.equal("own");
        expect(await feedOf(ann)).to.have.length(3);
      });

      it("[F7] what is hidden is gone from one feed for good, before it arrives too", async () => {
        for (const n of [1, 2]) await deliver(idOf(n), "own", t.now(), [ann, bo]);
        await t.store.hide(ann, idOf(1));
        await t.store.arrive(ann);
        await t.store.hide(ann, idOf(2));
        await t.store.hide(ann, idOf(3));
        for (const n of [1, 2, 3])
          for (const way of ["own", "carried"] as const) await deliver(idOf(n), way);
        expect(await arrive(ann)).to.deep.equal([]);
        expect(await feedOf(ann)).to.deep.equal([]);
        expect(await t.store.entryOf(ann, idOf(2))).to.equal(null);
        await t.store.arrive(bo);
        expect(await feedOf(bo)).to.deep.equal([idOf(1), idOf(2)]);
      });

      it("[M1] a veiled secret is marked, and as it was when it comes back; its end stays", async () => {
        await t.store.create(S, secret({ photo: new Uint8Array([1]) }));
        await t.store.heart(S, "mark", true);
        await t.store.comment(S, "w", said);
        const before = await read(S);
        expect(await t.store.veil(S, null, "restore")).to.equal(false);
        expect(await t.store.veil(S, null, "hide")).to.equal(true);
        expect(await t.store.veil(S, null, "hide")).to.equal(false);
        expect(await read(S)).to.deep.equal({ ...before, veil: "hidden" });
        expect(await t.store.veil(S, null, "restore")).to.equal(true);
        expect(await read(S)).to.deep.equal(before);
        await t.advance(SECRET_LIFE_MS);
        expect(await t.store.veil(S, null, "hide")).to.equal(false);
      });

      it("[M1] a removed secret says nothing to anybody, and comes never back", async () => {
        await t.store.create(S, secret({ photo: new Uint8Array([1]) }));
        await t.store.comment(S, "w", said);
        await t.store.carry(S, "one", 1, by("one"));
        expect(await t.store.world(null, 10)).to.have.length(1);
        await t.store.veil(S, null, "hide");
        expect(await t.store.veil(S, null, "remove")).to.equal(true);
        expect(await read(S)).to.include({ veil: "removed", text: "", ownerHash: OWNER });
        expect(await t.store.photo(S)).to.equal(null);
        expect(await t.store.comments(S, 0)).to.deep.equal([]);
        expect(await t.store.world(null, 10)).to.deep.equal([]);
        expect(await t.store.veil(S, null, "restore")).to.equal(false);
        await t.store.create(S, secret());
        expect(await read(S)).to.include({ veil: "removed" });
      });

      it("[M1] one comment is veiled by itself", async () => {
        await t.store.create(S, secret());
        for (const write of ["a", "b", "c"]) await t.store.comment(S, write, said);
        expect(await t.store.veil(S, 2, "hide")).to.equal(true);
        expect(await t.store.veil(S, 3, "remove")).to.equal(true);
        expect(await t.store.veil(S, 4, "hide")).to.equal(false);
        const veils = (await t.store.comments(S, 0))?.map(({ veil, text }) => [veil, text]);
        expect(veils).to.deep.equal([
          [undefined, said.text],
          ["hidden", said.text],
          ["removed", ""],
        ]);
        expect(await t.store.veil(S, 2, "restore")).to.equal(true);
        expect(await t.store.veil(S, 3, "restore")).to.equal(false);
        expect((await t.store.comments(S, 1))?.[0]).to.deep.include({ seq: 2, text: said.text });
      });

      it("[F7] what is hidden is known as that of one reader, in the order asked for", async () => {
        await t.store.hide(ann, idOf(1));
        const ids = [idOf(0), idOf(1), idOf(2)];
        expect(await t.store.hiddenOf(ann, ids)).to.deep.equal([false, true, false]);
        expect(await t.store.hiddenOf(bo, ids)).to.deep.equal([false, false, false]);
        expect(await t.store.hiddenOf(ann, [])).to.deep.equal([]);
      });

      it("[F6] what has arrived is named to whoever asks since when, while it lies there", async () => {
        const before = t.now() - 1;
        for (const n of [1, 2, 3]) await deliver(idOf(n), n === 2 ? "carried" : "own");
        const arrived = await arrive(ann);
        const names = (entries: typeof arrived) =>
          entries.map(({ id, way }) => `${way} ${id}`).sort();
        const since = await t.store.arrivedSince(ann, before);
        expect(names(since)).to.deep.equal(names(arrived));
        expect(new Set(since.map(({ order }) => order))).to.deep.equal(
          new Set(arrived.map(({ order }) => order)),
        );
        expect(since.map(({ arrivedAt }) => arrivedAt)).to.deep.equal([t.now(), t.now(), t.now()]);
        expect(await t.store.arrivedSince(bo, before)).to.deep.equal([]);
        expect(await t.store.arrivedSince(ann, t.now())).to.deep.equal([]);
        await t.store.hide(ann, idOf(1));
        await deliver(idOf(2), "own");
        expect(names(await t.store.arrivedSince(ann, before))).to.deep.equal(
          [2, 3].map((n) => `own ${idOf(n)}`),
        );
        await t.store.withdraw(ann);
        expect(await t.store.arrivedSince(ann, before)).to.deep.equal([]);
        await deliver(idOf(4));
        await t.store.arrive(ann);
        await t.advance(ARRIVALS_KEPT_MS);
        expect(await t.store.arrivedSince(ann, before)).to.deep.equal([]);
      });

      it("[F3] what comes to the world is named once, since when it came", async () => {
        const before = t.now() - 1;
        await t.store.create(S, secret());
        await t.store.carry(S, "one", 2, by("one"));
        expect(await t.store.arrivedInWorld(before)).to.deep.equal([]);
        await t.store.carry(S, "two", 2, by("two"));
        expect(await t.store.arrivedInWorld(before)).to.deep.equal([S]);
        const cameAt = t.now();
        await t.advance(1000);
        await t.store.carry(S, "three", 2, by("three"));
        expect(await t.store.arrivedInWorld(cameAt)).to.deep.equal([]);
        await t.advance(ARRIVALS_KEPT_MS);
        expect(await t.store.arrivedInWorld(before)).to.deep.equal([]);
      });

      it("[F7] what is muted is marked for one reader, in the order asked for", async () => {
        await t.store.mute(ann, idOf(1));
        await t.store.mute(ann, idOf(1));
        const ids = [idOf(0), idOf(1), idOf(2)];
        expect(await t.store.mutedOf(ann, ids)).to.deep.equal([false, true, false]);
        expect(await t.store.mutedOf(bo, ids)).to.deep.equal([false, false, false]);
        expect(await t.store.mutedOf(ann, [])).to.deep.equal([]);
      });

      it("[F7] what one reader hides and mutes has a bound; the oldest give way", async () => {
        for (let i = 0; i <= HIDDEN_KEPT; i += 1) {
          if (i < 2) await t.advance(1);
          await Promise.all([t.store.hide(ann, idOf(i)), t.store.mute(ann, idOf(i))]);
        }
        const ids = [idOf(0), idOf(1), idOf(HIDDEN_KEPT)];
        expect(await t.store.mutedOf(ann, ids)).to.deep.equal([false, true, true]);
        for (const id of ids) await deliver(id);
        expect((await arrive(ann)).map(({ id }) => id)).to.deep.equal([idOf(0)]);
      });

      it("[F14] a feed is withdrawn whole; what is hidden stays so, what comes anew arrives", async () => {
        for (const n of [1, 2]) await deliver(idOf(n));
        await t.store.arrive(ann);
        await t.store.hide(ann, idOf(1));
        await deliver(idOf(3));
        await t.store.withdraw(ann);
        expect(await arrive(ann)).to.deep.equal([]);
        expect(await feedOf(ann)).to.deep.equal([]);
        for (const n of [1, 2]) await deliver(idOf(n));
        await t.store.arrive(ann);
        expect(await feedOf(ann)).to.deep.equal([idOf(2)]);
        await t.store.withdraw(bo);
      });

      it("[F6] order is random within a window, and never across windows", async () => {
        const orders = new Set<string>();
        for (let round = 0; round < 12; round += 1) {
          t = await open();
          await t.advance(WINDOW_MS - (t.now() % WINDOW_MS));
          for (const n of [1, 2, 3, 4]) await deliver(idOf(n));
          await t.store.arrive(ann);
          await t.advance(WINDOW_MS);
          // Its window is that in which it came: one that was held says no more of its release than others.
          for (const n of [5, 6, 7, 8]) await deliver(idOf(n), "own", t.now() - n * WINDOW_MS);
          await t.store.arrive(ann);
          const ids = (await t.store.page(ann, null, 10)).map(({ id }) => id);
          const newer = ids.slice(0, 4);
          expect([...newer].sort()).to.deep.equal([5, 6, 7, 8].map(idOf));
          orders.add(newer.join());
        }
        // Of 24 orders: twelve feeds in one order would be chance once in 10^15.
        expect(orders.size).to.be.greaterThan(1);
      });

      it("[F6] each reader has an order of his own, which stays", async () => {
        const ids = Array.from({ length: 20 }, (_, i) => idOf(i));
        for (const id of ids) await deliver(id, "own", t.now(), [ann, bo]);
        const orderOf = async (who: CircleId) => {
          await t.store.arrive(who);
          return (await t.store.page(who, null, 100)).map(({ id }) => id);
        };
        const [one, other] = [await orderOf(ann), await orderOf(bo)];
        expect(one).to.not.deep.equal(other);
        expect(one).to.not.deep.equal(ids);
        expect(await orderOf(ann)).to.deep.equal(one);
      });

      it("[F6] pages go on from a cursor, without repeat or gap, also while more arrives", async () => {
        for (let i = 0; i < 25; i += 1) {
          await deliver(idOf(i));
          await t.advance(5 * MINUTE);
        }
        await t.store.arrive(ann);
        const all = await t.store.page(ann, null, 100);
        const paged: typeof all = [];
        for (let before: number | null = null; ;) {
          const page = await t.store.page(ann, before, 10);
          paged.push(...page);
          if (page.length < 10) break;
          before = page.at(-1)!.order;
          await t.advance(WINDOW_MS);
          await deliver(idOf(100 + paged.length));
          await t.store.arrive(ann);
        }
        expect(paged).to.deep.equal(all);
        expect(all.map(({ order }) => order)).to.deep.equal(
          all.map(({ order }) => order).sort((a, b) => b - a),
        );
      });

      it("[F6] whoever was away for long finds all that came meanwhile, each once, page by page", async () => {
        const ids = Array.from({ length: 170 }, (_, i) => idOf(i));
        for (const id of ids) await deliver(id);
        expect(await arrive(ann)).to.have.length(ids.length);
        const paged: SecretId[] = [];
        for (let before: number | null = null; ;) {
          const page = await t.store.page(ann, before, 10);
          if (page.length === 0) break;
          paged.push(...page.map(({ id }) => id));
          before = page.at(-1)!.order;
        }
        expect([...paged].sort()).to.deep.equal([...ids].sort());
      });

      it("[F6] a feed keeps the newest; so does what has not arrived", async () => {
        await t.advance(WINDOW_MS - (t.now() % WINDOW_MS));
        const due = t.now() + WINDOW_MS;
        // The first to be noted is not the first to be released.
        await deliver(idOf(0), "own", due + 2);
        await deliver(idOf(1), "own", due + 1);
        for (let i = 2; i <= FEED_KEPT; i += 1) await deliver(idOf(i), "own", due + WINDOW_MS);
        await t.advance(WINDOW_MS + 10);
        expect((await arrive(ann)).map(({ id }) => id)).to.deep.equal([idOf(0)]);
        await t.advance(WINDOW_MS);
        expect(await arrive(ann)).to.have.length(FEED_KEPT - 1);
        await t.advance(RECENT_MS);
        await deliver(idOf(5000), "own", due + WINDOW_MS);
        await t.store.arrive(ann);
        const kept = await feedOf(ann);
        expect(kept).to.have.length(FEED_KEPT);
        expect(kept, "the oldest window gives way").to.not.include(idOf(0));
        expect(kept).to.include(idOf(5000));
      });

      it("[F6] what comes into a feed that is full stays until it could be read, whatever its place", async () => {
        await t.advance(WINDOW_MS - (t.now() % WINDOW_MS));
        for (let i = 0; i < FEED_KEPT; i += 1) await deliver(idOf(i), "own", t.now());
        while ((await arrive(ann)).length > 0) await t.advance(1);
        await t.advance(RECENT_MS);
        const more = Array.from({ length: 20 }, (_, i) => idOf(5000 + i));
        for (const id of more) {
          await deliver(id);
          await t.store.arrive(ann);
          await t.advance(1);
        }
        const kept = await feedOf(ann);
        expect(kept).to.include.members(more);
        expect(kept).to.have.length(FEED_KEPT);
        const many = Array.from({ length: 30 }, (_, i) => idOf(7000 + i));
        for (const id of many) await deliver(id);
        while ((await arrive(ann)).length > 0) await t.advance(1);
        await t.advance(RECENT_MS);
        await arrive(ann);
        expect(await feedOf(ann), "also where nothing more comes").to.have.length(FEED_KEPT);
        await t.advance(WINDOW_MS);
        for (let i = 0; i < FEED_KEPT; i += 1) await deliver(idOf(6000 + i));
        while ((await arrive(ann)).length > 0) await t.advance(1);
        const later = await feedOf(ann);
        expect(later).to.have.length(FEED_KEPT);
        expect(later, "no longer than that").to.not.include.members(more);
      });

      it("[F15] an arrival says what is to come, and whether something waits", async () => {
        const waiting = async (elsewhere?: number) => {
          const { isHeld, nextAt } = await t.store.arrive(ann, new Map(), elsewhere);
          return [isHeld, nextAt === Infinity ? null : nextAt - start];
        };
        const start = t.now();
        expect(await waiting()).to.deep.equal([false, null]);
        await deliver(idOf(1), "own", start + 2000);
        await deliver(idOf(2), "own", start + 1000);
        expect(await waiting()).to.deep.equal([false, 1000]);
        await t.advance(1000);
        expect(await waiting(start + 999), "not before its block is covered").to.deep.equal([
          true,
          2000,
        ]);
        expect(await waiting()).to.deep.equal([false, 2000]);
        await t.advance(1000);
        expect(await waiting()).to.deep.equal([false, null]);
        expect(await feedOf(ann)).to.have.members([idOf(1), idOf(2)]);
      });

      it("[F3] the world is one list, the newest window first, by pages", async () => {
        for (let i = 0; i < 7; i += 1) {
          await t.store.create(idOf(i), secret());
          await t.store.carry(idOf(i), "k", 1, by("k"));
          await t.advance(WINDOW_MS);
        }
        const first = await t.store.world(null, 4);
        const second = await t.store.world(first.at(-1)!.order, 4);
        const ids = [...first, ...second].map(({ id }) => id);
        expect(ids).to.deep.equal([6, 5, 4, 3, 2, 1, 0].map(idOf));
      });

      it("[F12] what drifts in a place is there from its release on, once, and nowhere else", async () => {
        await t.store.drop(town, S, t.now() + MINUTE);
        await t.store.drop(town, S, t.now() + MINUTE);
        expect(await t.store.inPlace(town, null, 10), "not released yet").to.deep.equal([]);
        await t.advance(MINUTE);
        const [entry, ...more] = await t.store.inPlace(town, null, 10);
        expect(entry?.id).to.equal(S);
        expect(more).to.deep.equal([]);
        await t.store.drop(town, S, t.now());
        expect(await t.store.inPlace(town, null, 10), "again").to.deep.equal([entry]);
        expect(await t.store.inPlace(campus, null, 10)).to.deep.equal([]);
        expect(await t.store.world(null, 10)).to.deep.equal([]);
        expect(await feedOf(ann)).to.deep.equal([]);
      });

      it("[F6] [F12] a place has the newest window first, random within one, by pages", async () => {
        await t.advance(WINDOW_MS - (t.now() % WINDOW_MS));
        for (let i = 0; i < 40; i += 1) {
          if (i === 20) await t.advance(WINDOW_MS);
          await t.store.drop(town, idOf(i), t.now());
        }
        const all = await t.store.inPlace(town, null, 100);
        const numbers = all.map(({ id }) => Number(id.slice("secret-".length)));
        const newer = numbers.slice(0, 20);
        expect([...newer].sort((a, b) => a - b)).to.deep.equal(
          Array.from({ length: 20 }, (_, i) => 20 + i),
        );
        expect(newer).to.not.deep.equal([...newer].sort((a, b) => a - b));
        const first = await t.store.inPlace(town, null, 25);
        const second = await t.store.inPlace(town, first.at(-1)!.order, 25);
        expect([...first, ...second]).to.deep.equal(all);
      });

      it("[session:forget] takes a reader's feed and errands away, and nothing that he wrote", async () => {
        await t.store.create(S, secret());
        await deliver(S, "own", t.now(), [ann, bo]);
        await deliver(idOf(1));
        for (const who of [ann, bo]) await t.store.arrive(who);
        await deliver(idOf(2));
        await t.store.hide(ann, idOf(3));
        await t.store.mute(ann, S);
        await t.store.begin(ann, carry());
        await t.store.erase(ann);
        expect(await feedOf(ann)).to.deep.equal([]);
        expect(await arrive(ann)).to.deep.equal([]);
        expect(await t.store.mutedOf(ann, [S])).to.deep.equal([false]);
        expect(await t.store.errands(ann, 10)).to.deep.equal([]);
        expect(await t.store.unfinished(t.now(), 10)).to.deep.equal([]);
        expect(await feedOf(bo)).to.deep.equal([S]);
        expect(await read(S)).to.include({ text: secret().text });
      });
    });
  },
);

const isThird = ({ id }: { id: SecretId }): boolean => id === idOf(3);

/** Bytes as text, so that a Buffer and an array of the same bytes are alike. */
const plain = (errand: Errand): unknown =>
  errand.kind === "carry"
    ? errand
    : {
        ...errand,
        secret: { ...errand.secret, photo: Buffer.from(errand.secret.photo!).toString("hex") },
      };

describe("feed store in memory alone", () => {
  it("[F6] forgets what has ended", async () => {
    const clock = new ManualClock(Date.now());
    const store = new MemoryFeedStore(clock);
    const words = { text: "a", ownerHash: OWNER, comments: "circle", icons: "steady" } as const;
    await store.create(S, { ...words, hasPoll: false, releaseAt: clock.now() });
    await store.carry(S, "k", 1, by("k"));
    await store.deliver(new Map([[ann, "block"]]), { id: S, way: "own", releaseAt: clock.now() });
    await store.arrive(ann);
    await store.drop(town, S, clock.now());
    clock.advance(SECRET_LIFE_MS);
    store.sweep();
    expect(await store.page(ann, null, 10)).to.deep.equal([]);
    expect(await store.inPlace(town, null, 10)).to.deep.equal([]);
    expect(await store.world(null, 10)).to.deep.equal([]);
  });
});

describe("feed store on Redis alone", () => {
  let redis: TestRedis | null = null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  const open = async () => {
    const timed = await connectWithClock(redis!, Date.now());
    return { ...timed, store: new RedisFeedStore(timed.connection) };
  };
  const written = (releaseAt: number): NewSecret => ({
    text: "nobody knows",
    ownerHash: OWNER,
    comments: "circle",
    icons: "steady",
    hasPoll: true,
    photo: new Uint8Array([1, 2, 3]),
    releaseAt,
  });

  it("[F6] every key ends by itself, those of a secret together", async () => {
    const { connection, store, now } = await open();
    const { prefix } = connection;
    const releaseAt = now() + MINUTE;
    await store.begin(ann, {
      kind: "post",
      postId: S,
      epoch: 7,
      releaseAt,
      secret: written(releaseAt),
    });
    await store.create(S, written(releaseAt));
    await store.heart(S, "m", true);
    await store.vote(S, "m", "yes");
    await store.comment(S, "w", said);
    await store.carry(S, "k", 1, by("k"));
    for (const at of [now(), releaseAt]) {
      await store.deliver(new Map([[ann, "block"]]), { id: idOf(at), way: "own", releaseAt: at });
      await store.arrive(ann);
    }
    await store.hide(ann, idOf(1));
    await store.mute(ann, idOf(2));
    for (const at of [now(), releaseAt]) await store.drop(town, idOf(at), at);
    await store.inPlace(town, null, 10);
    const [post, marks, comments, photo, was] = secretKeys(prefix, S);
    const ofPerson = [...feedKeys(prefix, ann), errandsKey(prefix, ann)];
    const [due, feed, , , arrived] = placeFeedKeys(prefix, town);
    const ofPlace = [due!, feed!, arrived!];
    const shared = [errandIndexKey(prefix), worldKey(prefix), ...ofPlace];
    shared.push(worldArrivalsKey(prefix));
    const keys = (await connection.command("KEYS", `${prefix}{*`)) as string[];
    const ofSecret = [post!, marks!, comments!, photo!];
    expect(keys.sort()).to.deep.equal([...ofSecret, ...ofPerson, ...shared].sort());
    for (const key of ofSecret) {
      expect(await connection.command("PEXPIRETIME", key), key).to.equal(
        releaseAt + SECRET_LIFE_MS,
      );
    }
    for (const key of [...ofPerson, ...shared]) {
      const life = await connection.command("PTTL", key);
      const most = key.endsWith(":arrived") ? ARRIVALS_KEPT_MS : SECRET_LIFE_MS;
      expect(life, key).to.be.within(most - MINUTE, most);
    }
    await store.delete(S, OWNER);
    expect(await connection.command("KEYS", `${prefix}{p:*`)).to.deep.equal([was]);
    const life = await connection.command("PTTL", was!);
    expect(life).to.be.within(SECRET_LIFE_MS - MINUTE, SECRET_LIFE_MS);
  });

  it("[F11] nothing that a secret keeps names a person, and no feed says who wrote", async () => {
    const { connection, store, now } = await open();
    const { prefix } = connection;
    const author = "author-of-it" as CircleId;
    const reader = "reader-of-it" as CircleId;
    const secret = written(now());
    const errand = {
      kind: "post",
      postId: S,
      epoch: 7,
      releaseAt: secret.releaseAt,
      secret,
    } as const;
    await store.begin(author, errand);
    await store.create(S, secret);
    const readers = new Map([
      [author, ""],
      [reader, "block"],
    ]);
    await store.deliver(readers, { id: S, way: "own", releaseAt: secret.releaseAt });
    await store.finish(author, [errand]);
    for (const who of [author, reader]) await store.arrive(who);
    await store.heart(S, "m1", true);
    await store.comment(S, "w1", said);
    await store.carry(S, "k1", 1, by("k1"));
    const values = async (key: string): Promise<string> => {
      const type = await connection.command("TYPE", key);
      if (type === "string") return String(await connection.command("GET", key));
      if (type === "hash") return JSON.stringify(await connection.command("HGETALL", key));
      if (type === "list") return JSON.stringify(await connection.command("LRANGE", key, 0, -1));
      return JSON.stringify(await connection.command("ZRANGE", key, 0, -1));
    };
    const keys = (await connection.command("KEYS", `${prefix}{*`)) as string[];
    for (const key of keys) {
      const held = await values(key);
      for (const name of [author, reader]) expect(held, key).to.not.include(name);
    }
    const ofFeed = async (who: CircleId): Promise<string[]> => {
      const his = keys.filter((key) => key.includes(who));
      return Promise.all(
        his.sort().map(async (key) => `${key.split(":").at(-1)} ${await values(key)}`),
      );
    };
    expect(await ofFeed(author), "the author's records are a reader's").to.deep.equal(
      await ofFeed(reader),
    );
  });

  it("[F3] a secret whose way to the world was cut off goes there when it is carried again", async () => {
    const { connection, store, now } = await open();
    await store.create(S, written(now()));
    await store.carry(S, "k", 1, by("k"));
    const world = await store.world(null, 10);
    // A process that died between the two writes.
    await connection.command("DEL", worldKey(connection.prefix));
    expect(await store.carry(S, "k", 1, by("k"))).to.deep.equal({
      isNew: false,
      isNewInWorld: false,
    });
    expect(await store.world(null, 10)).to.deep.equal(world);
  });

  it("[F15] one in the index without an errand stands in nobody's way", async () => {
    const { connection, store, now } = await open();
    const index = errandIndexKey(connection.prefix);
    // A process that died before it had noted the errand.
    await connection.command("ZADD", index, now() - 5000, ann);
    await store.begin(bo, { kind: "carry", postId: S, epoch: 7, releaseAt: now(), by: "x" });
    await store.unfinished(now(), 1);
    expect(await store.unfinished(now(), 1)).to.deep.equal([bo]);
    expect(await connection.command("ZRANGE", index, 0, -1)).to.deep.equal([bo]);
  });

  it("[F6] does what the model in memory does, in 100 random schedules", async function () {
    // DRIFTSEA_LONG=1 runs the whole campaign; the gate runs its beginning.
    const schedules = process.env["DRIFTSEA_LONG"] ? 5000 : 100;
    this.timeout(schedules * 600);
    await expectSameAnswers<FeedStore>(
      redis!,
      (clock) => new MemoryFeedStore(clock),
      (connection) => new RedisFeedStore(connection),
      Array.from({ length: schedules }, (_, seed) => `f${seed}`),
      (t, seed) => runSchedule(t, seed, 60),
    );
  });
});
