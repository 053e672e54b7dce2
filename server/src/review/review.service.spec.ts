import { expect } from "chai";
import { nanoid } from "nanoid";
import type { DrifterId, Notice, WriteId } from "@driftsea/protocol";
import { eachStore } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { seededRandom } from "../lib/random.ts";
import type { Rng } from "../lib/random.ts";
import type { NoticeService } from "../sessions/notices.service.ts";
import { CONTROLS } from "./controls.ts";
import type { Holder } from "./holders.ts";
import { verifyLog } from "./review.log.ts";
import { ReviewService } from "./review.service.ts";
import { MemoryReviewStore } from "./review.store.memory.ts";
import { RedisReviewStore } from "./review.store.redis.ts";
import { urgencyOf } from "./review.ts";
import type { ModeratorId, ReviewItem, Subject } from "./review.ts";
import type { ReviewStore } from "./review.store.ts";

const HOUR = 60 * 60_000;
const ann = "ann" as DrifterId;
const [one, two] = ["one", "two"] as [ModeratorId, ModeratorId];
const bottle = { kind: "bottle", id: "b" } as const;
const never: Rng = { uniform: () => 0.99 };

eachStore<ReviewStore>(
  "review service",
  (clock) => new MemoryReviewStore(clock),
  (connection) => new RedisReviewStore(connection),
  (open) => {
    let t: TimedStore<ReviewStore>;
    let did: string[];
    let told: Notice[];
    let fails: boolean;
    const ids = new Set<string>();

    const reviewWith = (rng: Rng): ReviewService => {
      const holder = (canHide: boolean, author: DrifterId | null): Holder => ({
        canHide: () => canHide,
        hide: async ({ id }) => {
          if (fails) throw new Error("the store is away");
          did.push(`hide ${id}`);
        },
        restore: async ({ id }) => void did.push(`restore ${id}`),
        remove: async ({ id }) => void did.push(`remove ${id}`),
        author: async () => author,
        tell: async (_subject, kind, payload) => void told.push({ kind, ...payload } as Notice),
      });
      const notify = async (_drifter: DrifterId, id: string, notice: Notice): Promise<void> => {
        if (!ids.has(id)) told.push(notice);
        ids.add(id);
      };
      const review = new ReviewService({
        store: t.store,
        clock: { now: () => t.now() },
        rng,
        notices: { notify } as unknown as NoticeService,
        penalties: {
          penalise: async (_drifter, _key, what) =>
            void did.push(`close ${what.function} ${what.reason}`),
        },
        onDecided: async ({ id }, outcome) => void did.push(`${outcome} ${id}`),
        onUnsettled: () => void did.push("unsettled"),
        onHidden: () => {},
      });
      review.register(
        {
          bottle: holder(true, ann),
          secret: holder(true, null),
          thread: holder(false, ann),
        },
        { secret: holder(false, null) },
      );
      return review;
    };

    let review: ReviewService;
    beforeEach(async () => {
      t = await open();
      did = [];
      told = [];
      fails = false;
      ids.clear();
      review = reviewWith(never);
    });
    const report = (subject: Subject = bottle, reason = "spam") =>
      review.open({
        subject,
        texts: ["buy"],
        reason,
        urgency: "normal",
        endsAt: t.now() + HOUR,
      });
    const first = async (moderator = one): Promise<ReviewItem> =>
      (await review.queue(moderator, 10))[0]!;

    it("[M1] complaints of one thing are one item, also when they come at once", async () => {
      await Promise.all([report(), report(), report(bottle, "threat"), report(bottle, "my own")]);
      const [item, ...others] = await review.queue(one, 10);
      expect(others).to.deep.equal([]);
      expect(item).to.include({ kind: "bottle", state: "shown", needsSecond: false, appeal: null });
      const counts = Object.fromEntries(item!.reasons.map(({ reason, count }) => [reason, count]));
      expect(counts).to.deep.equal({ spam: 2, threat: 1, other: 1 });
    });

    it("[M1] who complains first does not decide what is looked at, where nobody can verify it or it goes on", async () => {
      const say = (subject: Subject, texts: string[], more = {}): Promise<void> =>
        review.open({
          subject,
          texts,
          reason: "threat",
          urgency: "high",
          endsAt: t.now() + HOUR,
          ...more,
        });
      const sealed = { kind: "room", id: "r", seq: 1 } as const;
      await say(sealed, ["hi"], { isUnverified: true });
      for (let i = 0; i < 2; i += 1) await say(sealed, ["what was said"], { isUnverified: true });
      expect((await first()).texts).to.deep.equal(["hi", "what was said"]);
      await review.decide(one, (await first()).id, "keep", "rules-not-broken");
      const whole = { kind: "room", id: "r" } as const;
      const lines = Array.from({ length: 120 }, (_, i) => `line ${i}`);
      for (let i = 0; i < 120; i += 10) await say(whole, lines.slice(i, i + 10));
      const { id, texts } = await first();
      expect(texts).to.deep.equal([...lines.slice(0, 80), ...lines.slice(100)]);
      await review.decide(one, id, "remove", "threat");
      await say(whole, ["of somebody who comes after the first decision"]);
      expect((await first(two)).texts).to.deep.equal(texts);
      await review.decide(two, id, "remove", "threat");
      await review.decide(one, id, "keep", "rules-not-broken");
      await say(bottle, ["buy"]);
      await say(bottle, ["of another, who says otherwise"]);
      expect((await first()).texts).to.deep.equal(["buy"]);
    });

    it("[M1] what is hidden is told with the reason, and told to be back when it is kept", async () => {
      await report();
      await review.hide(bottle, "spam");
      await review.hide(bottle, "threat");
      expect(did).to.deep.equal(["hide b"]);
      expect(told).to.have.length(1);
      expect(told[0]).to.deep.include({
        kind: "item:hidden",
        target: { kind: "bottle", id: "b" },
        reason: "spam",
        mayAppeal: true,
      });
      const item = await first();
      expect(item.state).to.equal("hidden");
      expect(await review.decide(one, item.id, "keep", "rules-not-broken")).to.equal("done");
      expect(did.slice(1)).to.deep.equal(["restore b", "dismissed b"]);
      expect(told[1]).to.deep.include({ kind: "item:restored" });
      expect(await review.queue(two, 10)).to.deep.equal([]);
    });

    it("[M2] two different moderators must agree on an end; the first leaves it hidden", async () => {
      await report();
      const { id } = await first();
      expect(await review.decide(one, id, "remove", "spam")).to.equal("second_needed");
      expect(did).to.deep.equal(["hide b"]);
      expect(told[0]).to.include({ kind: "item:hidden", reason: "spam" });
      expect(await review.queue(one, 10)).to.deep.equal([]);
      expect(await review.decide(one, id, "remove", "spam")).to.equal("gone");
      expect(await first(two)).to.include({ id, needsSecond: true, state: "hidden" });
      expect(await review.decide(two, id, "remove-and-penalise", "spam")).to.equal("done");
      // One of the two asked for no penalty.
      expect(did.slice(1)).to.deep.equal(["remove b", "upheld b"]);
      expect(told[1]).to.deep.include({ kind: "item:removed", reason: "spam" });
      expect(await review.decide(two, id, "keep", "mistake")).to.equal("gone");
    });

    it("[M2] of two who are not of one mind it is shown again", async () => {
      await report();
      const { id } = await first();
      await review.decide(one, id, "remove", "spam");
      expect(await review.decide(two, id, "keep", "mistake")).to.equal("done");
      expect(did).to.deep.equal(["hide b", "restore b", "dismissed b"]);
      expect((await review.figures()).agreement).to.equal(0);
    });

    it("[M3] a penalty where both want one, never for who is in need, never where nobody knows who", async () => {
      const decided = async (subject: Subject, reported: string, reason: "spam" | "care") => {
        await report(subject, reported);
        const { id } = await first();
        await review.decide(one, id, "remove-and-penalise", reason);
        await review.decide(two, id, "remove-and-penalise", reason);
        const closed = did.filter((line) => line.startsWith("close"));
        did = [];
        return closed;
      };
      expect(await decided(bottle, "spam", "spam")).to.deep.equal(["close throw spam"]);
      expect(await decided({ ...bottle, id: "c" }, "spam", "care")).to.deep.equal([]);
      expect(await decided({ ...bottle, id: "d" }, "self-harm", "spam")).to.deep.equal([]);
      expect(await decided({ kind: "secret", id: "s" }, "spam", "spam")).to.deep.equal([]);
      expect(await decided({ kind: "thread", id: "t" }, "spam", "spam")).to.deep.equal([
        "close talk spam",
      ]);
    });

    it("[M1] what is between two is not hidden", async () => {
      const thread = { kind: "thread", id: "t", side: 0 } as const;
      await report(thread);
      await review.hide(thread, "threat");
      expect((await first()).state).to.equal("shown");
      await review.decide(one, (await first()).id, "remove", "threat");
      expect((await first(two)).state).to.equal("shown");
      expect(did).to.deep.equal([]);
      expect(told).to.deep.equal([]);
    });

    it("[M1] its author appeals once, by the notice that he alone was told", async () => {
      await report();
      await review.hide(bottle, "spam");
      const { noticeId } = told[0] as Extract<Notice, { kind: "item:hidden" }>;
      const appeal = { writeId: nanoid<WriteId>(), text: "it was a joke" };
      const codeOf = (work: Promise<void>): Promise<unknown> =>
        work.then(
          () => "ok",
          (error: { code?: string }) => error.code,
        );
      expect(await codeOf(review.appeal("foreign", appeal))).to.equal("gone");
      expect(await codeOf(review.appeal(noticeId, appeal))).to.equal("ok");
      expect(await codeOf(review.appeal(noticeId, appeal))).to.equal("ok");
      const other = { ...appeal, writeId: nanoid<WriteId>() };
      expect(await codeOf(review.appeal(noticeId, other))).to.equal("conflict");
      const item = await first();
      expect(item.appeal).to.equal("it was a joke");
      await review.decide(one, item.id, "keep", "mistake");
      expect((await review.figures()).overturned).to.equal(1);
      // The reply was lost: the same write is answered as before.
      expect(await codeOf(review.appeal(noticeId, appeal))).to.equal("ok");
    });

    it("[M1] one that is decided already cannot be appealed against any more", async () => {
      await report();
      await review.hide(bottle, "spam");
      const { noticeId } = told[0] as Extract<Notice, { kind: "item:hidden" }>;
      const { id } = await first();
      await review.decide(one, id, "remove", "spam");
      await review.decide(two, id, "remove", "spam");
      const late = { writeId: nanoid<WriteId>(), text: "no" };
      const error = await review.appeal(noticeId, late).catch((e: { code: string }) => e.code);
      expect(error).to.equal("gone");
    });

    it("[M1] a secret's verdict goes to whoever holds its key, and can be asked for", async () => {
      const secret = { kind: "secret", id: "s" } as const;
      await report(secret);
      expect(await review.standingOf(secret)).to.equal(null);
      await review.hide(secret, "spam");
      expect(told).to.have.length(1);
      expect(await review.standingOf(secret)).to.deep.equal(told[0]);
    });

    it("[M2] what is held is published or refused by one", async () => {
      const held = { urgency: "high", reason: "other", endsAt: t.now() + HOUR } as const;
      await review.hold("secret", "k1", "text", held);
      await review.hold("secret", "k1", "text", held);
      await review.hold("secret", "k2", "other", held);
      const items = await review.queue(one, 10);
      expect(items.map(({ state }) => state)).to.deep.equal(["held", "held"]);
      const idOf = (text: string) => items.find(({ texts }) => texts[0] === text)!.id;
      expect(await review.decide(one, idOf("text"), "keep", "mistake")).to.equal("done");
      expect(await review.decide(one, idOf("other"), "remove", "spam")).to.equal("done");
      expect(did).to.deep.equal(["restore k1", "remove k2"]);
      expect(told).to.deep.equal([]);
    });

    it("[M2] who has voted on all that stands first is shown what comes behind it", async () => {
      for (let i = 0; i < 501; i += 1) await report({ ...bottle, id: `b${i}` }, "threat");
      await report({ ...bottle, id: "behind" }, "spam");
      for (const { id } of await review.queue(one, 501))
        await review.decide(one, id, "remove-and-penalise", "threat");
      expect((await review.queue(one, 5)).map(({ urgency }) => urgency)).to.not.include("threat");
      expect(await review.queue(one, 5)).to.have.length(1);
    });

    it("[M6] who is in need is looked at first, and stays in sight", async () => {
      await report({ ...bottle, id: "x" }, "threat");
      await review.care(bottle, "I can not go on", { endsAt: t.now() + HOUR });
      await review.care(bottle, "I can not go on", { endsAt: t.now() + HOUR });
      const items = await review.queue(one, 10);
      expect(items.map(({ urgency }) => urgency)).to.deep.equal(["care", "normal"]);
      await review.decide(one, items[0]!.id, "keep", "care");
      expect(did).to.deep.equal(["restore b", "upheld b"]);
    });

    it("[M1] what a process left undone is done by the next sweep", async () => {
      await report();
      fails = true;
      await review.hide(bottle, "spam");
      expect(did).to.deep.equal(["unsettled"]);
      expect(told).to.deep.equal([]);
      fails = false;
      await t.advance(2001);
      await review.sweep();
      expect(did).to.deep.equal(["unsettled", "hide b"]);
      expect(told).to.have.length(1);
      await review.sweep();
      expect(did).to.have.length(2);
    });

    it("[M2] every decision is in the log, which is one chain", async () => {
      await report();
      const { id } = await first();
      await review.note(one, "signed in");
      await review.decide(one, id, "remove", "spam");
      await review.decide(two, id, "keep", "mistake");
      const log = (await review.log(undefined, 10)).reverse();
      expect(log.map(({ what }) => what)).to.deep.equal(["signed in", "decided", "decided"]);
      expect(log[2]).to.include({ moderator: two, item: id, decision: "keep", reason: "mistake" });
      expect(verifyLog(log)).to.equal(null);
    });

    it("[M2] a control looks as a report with its reason does", () => {
      for (const { kind, texts, urgency, reasons } of CONTROLS) {
        expect(urgency, texts[0]).to.equal(urgencyOf(reasons[0]!.reason));
        expect(texts, texts[0]).to.have.length(kind === "comment" ? 2 : 1);
      }
    });

    it("[M2] one item in twenty is a control, which nobody can tell from others, and nothing follows", async () => {
      review = reviewWith(seededRandom("controls"));
      const keysOf = (item: ReviewItem): string => Object.keys(item).sort().join();
      let controls = 0;
      for (let i = 0; i < 200; i += 1) {
        await report({ ...bottle, id: `b${i}` });
        const items = await review.queue(one, 10);
        for (const item of items) {
          const known = CONTROLS.find(({ texts }) => texts[0] === item.texts[0]);
          if (known) controls += 1;
          expect(keysOf(item)).to.equal(keysOf(items[0]!));
          const decision = known && !known.isToBeKept ? "remove" : "keep";
          const answer = await review.decide(one, item.id, decision, "other");
          expect(answer).to.equal(decision === "keep" ? "done" : "second_needed");
          expect(await review.decide(one, item.id, decision, "other")).to.equal("gone");
        }
      }
      expect(controls).to.be.within(3, 20);
      expect(did.filter((line) => line.startsWith("remove"))).to.deep.equal([]);
      const { byModerator, decided } = await review.figures();
      expect(decided).to.equal(200);
      expect(byModerator).to.deep.equal([
        { moderator: one, decided: 200, controls, controlsRight: controls },
      ]);
    });

    it("[M2] the figures: how long it took, and how much waits since when", async () => {
      for (const [i, took] of [1000, 2000, 9000].entries()) {
        await report({ ...bottle, id: `b${i}` });
        await t.advance(took);
        await review.decide(one, (await first()).id, "keep", "mistake");
      }
      await report();
      const since = t.now();
      await t.advance(500);
      expect(await review.figures()).to.deep.include({
        waiting: 1,
        oldestSince: since,
        medianToDecision: 2000,
        p90ToDecision: 9000,
        decided: 3,
        agreement: null,
        overturned: null,
      });
    });
  },
);
