import { expect } from "chai";
import type { DrifterId } from "@driftsea/protocol";
import { eachStore } from "./harness/each-store.ts";
import type { TimedStore } from "./harness/each-store.ts";
import { contextOf } from "./harness/feed.ts";
import { HoleService } from "../src/hole/hole.service.ts";
import { MemoryHoleStore } from "../src/hole/hole.store.memory.ts";
import { RedisHoleStore } from "../src/hole/hole.store.redis.ts";
import type { Context } from "../src/lib/connection-context.ts";
import { DomainError, StoreUnavailable } from "../src/lib/errors.ts";
import { seededRandom } from "../src/lib/random.ts";
import { publicHalf } from "../src/lib/sealed-box.ts";
import { sha256 } from "../src/lib/sha256.ts";
import { ReviewService } from "../src/review/review.service.ts";
import { MemoryReviewStore } from "../src/review/review.store.memory.ts";
import { RedisReviewStore } from "../src/review/review.store.redis.ts";
import type { ModeratorId } from "../src/review/review.ts";
import type { NoticeService } from "../src/sessions/notices.service.ts";
import { MemorySessionStore } from "../src/sessions/sessions.store.memory.ts";
import { RedisSessionStore } from "../src/sessions/sessions.store.redis.ts";
import { holdersOf } from "../src/safety/holders.ts";
import type { HolderParts } from "../src/safety/holders.ts";
import { ReporterService } from "../src/safety/reporters.service.ts";
import { itemOf } from "../src/safety/safety.keys.ts";
import { SafetyService } from "../src/safety/safety.service.ts";
import type { SafetyParts } from "../src/safety/safety.service.ts";
import { MemorySafetyStore } from "../src/safety/safety.store.memory.ts";
import { RedisSafetyStore } from "../src/safety/safety.store.redis.ts";
import { ViewerService } from "../src/safety/viewers.service.ts";

const DAY = 24 * 60 * 60 * 1000;
const mod = "mod" as ModeratorId;

const inMemory = (clock: ConstructorParameters<typeof MemoryHoleStore>[0]) => ({
  hole: new MemoryHoleStore(clock),
  review: new MemoryReviewStore(clock),
  sessions: new MemorySessionStore(clock),
  safety: new MemorySafetyStore(clock),
});
const onRedis = (redis: ConstructorParameters<typeof RedisHoleStore>[0]) => ({
  hole: new RedisHoleStore(redis),
  review: new RedisReviewStore(redis),
  sessions: new RedisSessionStore(redis),
  safety: new RedisSafetyStore(redis),
});
type Stores = ReturnType<typeof inMemory> | ReturnType<typeof onRedis>;

eachStore<Stores>("complaints of many", inMemory, onRedis, (open) => {
  let t: TimedStore<Stores>;
  let safety: SafetyService;
  let hole: HoleService;
  let viewers: ViewerService;
  let review: ReviewService;
  let closed: { drifter: DrifterId; function: string }[];
  beforeEach(async () => {
    t = await open();
    closed = [];
    const clock = { now: () => t.now() };
    const fail = (error: unknown): never => {
      throw error;
    };
    const penalties = {
      penalise: async (drifter: DrifterId, _key: string, what: { function: string }) =>
        void closed.push({ drifter, ...what }),
    };
    hole = new HoleService(t.store.hole, { toEveryone: () => {} }, clock, { silenceMs: 20 * DAY });
    viewers = new ViewerService(t.store.safety, fail);
    review = new ReviewService({
      store: t.store.review,
      clock,
      rng: seededRandom("brigade"),
      notices: { notify: async () => {} } as unknown as NoticeService,
      penalties,
      onDecided: (subject, outcome) => t.store.safety.decide(itemOf(subject), outcome),
      onUnsettled: fail,
      onHidden: () => {},
    });
    review.register(holdersOf({ hole } as unknown as HolderParts));
    const reporters = new ReporterService({ store: t.store.safety, penalties, clock });
    safety = new SafetyService({
      store: t.store.safety,
      reporters,
      viewers,
      review,
      sessions: t.store.sessions,
      hole,
      clock,
      freshMs: DAY,
      onReport: () => {},
    } as unknown as SafetyParts);
  });

  const newcomer = async (name: string): Promise<Context> => {
    const box = sha256("box", name);
    const context = { ...contextOf(name), box };
    const persona = { name: 0, hue: 0, creature: 0 };
    await t.store.sessions.create(
      context.drifter,
      { persona, box: publicHalf(box) },
      {
        lifeMs: 90 * DAY,
        slotMs: 1,
      },
    );
    return context;
  };
  const people = async (name: string, many: number): Promise<Context[]> => {
    const all: Context[] = [];
    for (let i = 0; i < many; i += 1) all.push(await newcomer(`${name}-${i}`));
    return all;
  };
  /** They came on as many days as that. */
  const live = async (all: readonly Context[], days: number): Promise<void> => {
    for (let i = 0; i < days; i += 1) {
      await t.advance(DAY);
      for (const { drifter } of all) await t.store.sessions.resume(drifter, 90 * DAY);
    }
  };
  const written = async (text = "a letter"): Promise<string> => {
    const writer = await newcomer(`writer of ${text}`);
    await hole.write(writer, { writeId: text as never, text });
    let letter = await hole.read();
    while (letter.text !== text) letter = await hole.read();
    return letter.id;
  };
  const reads = async (id: string, all: readonly Context[]): Promise<void> => {
    const count = (): Promise<number> => viewers.count({ kind: "letter", id });
    for (const [i, { mask }] of all.entries()) {
      viewers.saw(mask, { kind: "letter", id });
      if (i % 20 === 0) await count();
    }
    // Whom it counts are estimated: of a few, two may be one.
    const enough = Math.floor(all.length * 0.95);
    const most = async (): Promise<boolean> => (await count()) >= enough;
    while (!(await most())) await new Promise((resolve) => setImmediate(resolve));
  };
  const report = (who: Context, id: string, reason: string) =>
    safety.report(who, { target: { kind: "letter", id }, reason });
  const isHidden = async (id: string): Promise<boolean> =>
    (await t.store.hole.written(id))?.isHidden ?? true;

  it("[M1] 50 fresh accounts cannot hide what 500 people have read without complaint", async () => {
    const id = await written();
    const readers = await people("reader", 500);
    await live(readers.slice(0, 30), 4);
    await reads(id, readers);
    const brigade = await people("fresh", 50);
    await reads(id, brigade);
    for (const reason of ["spam", "threat"])
      for (const who of brigade.slice(reason === "spam" ? 0 : 25)) await report(who, id, reason);
    expect(await isHidden(id)).to.equal(false);
    expect((await review.queue(mod, 10))[0]?.state).to.equal("shown");
    // Nor can three who are credible, of so many.
    for (const who of readers.slice(0, 3)) await report(who, id, "harassment");
    expect(await isHidden(id)).to.equal(false);
  });

  it("[M1] what fresh accounts say of many things stands behind what others say of one", async () => {
    const brigade = await people("fresh", 3);
    for (const text of ["one", "two", "three"]) {
      const id = await written(text);
      for (const who of brigade) await report(who, id, "threat");
    }
    const readers = await people("reader", 100);
    await live(readers.slice(0, 2), 3);
    const id = await written("what others mind");
    await reads(id, readers);
    await report(readers[0]!, id, "harassment");
    const order = async (): Promise<string[]> =>
      (await review.queue(mod, 10)).map(({ texts }) => texts[0]!);
    expect(await order()).to.have.members(["what others mind", "one", "two", "three"]);
    expect((await order())[0]).to.equal("what others mind");
    // Whoever is believed makes it a threat as any other.
    const first = await review.queue(mod, 10);
    expect(first[1]).to.include({ urgency: "threat", state: "shown" });
    const [letter] = [...(await t.store.review.waiting(10))].filter(
      ({ texts }) => texts[0] === "two",
    );
    await report(readers[1]!, letter!.subject.id, "threat");
    expect((await order())[0]).to.equal("two");
  });

  it("[M1] one credible report of a threat hides at once, however many have read it", async () => {
    const id = await written();
    const readers = await people("reader", 200);
    await live(readers.slice(0, 1), 3);
    await reads(id, readers);
    await report(readers[0]!, id, "threat");
    expect(await isHidden(id)).to.equal(true);
    const [item] = await review.queue(mod, 10);
    expect(item).to.include({ state: "hidden", urgency: "threat" });
    await review.decide(mod, item!.id, "keep", "rules-not-broken");
    expect(await isHidden(id)).to.equal(false);
    // What a moderator has let stand, no other single word takes away.
    await live(readers.slice(1, 2), 3);
    await report(readers[1]!, id, "threat");
    expect(await isHidden(id)).to.equal(false);
  });

  it("[M1] a report that was cut off before it hid anything does so when it is sent again", async () => {
    const id = await written();
    const readers = await people("reader", 20);
    await live(readers.slice(0, 1), 3);
    await reads(id, readers);
    const count = viewers.count.bind(viewers);
    viewers.count = () => Promise.reject(new StoreUnavailable());
    const error: unknown = await report(readers[0]!, id, "threat").catch((e) => e);
    expect(error).to.be.instanceOf(StoreUnavailable);
    expect(await isHidden(id)).to.equal(false);
    viewers.count = count;
    await report(readers[0]!, id, "threat");
    expect(await isHidden(id)).to.equal(true);
    const [item] = await review.queue(mod, 10);
    await review.decide(mod, item!.id, "keep", "rules-not-broken");
    await report(readers[0]!, id, "threat");
    expect(await isHidden(id), "what a moderator has let stand").to.equal(false);
  });

  it("[M1] whose report has hidden it reports it again: it is the same report", async () => {
    const id = await written();
    const readers = await people("reader", 20);
    await live(readers, 10);
    await reads(id, readers);
    await report(readers[0]!, id, "threat");
    expect(await isHidden(id)).to.equal(true);
    await report(readers[0]!, id, "threat");
    const failure = await report(readers[1]!, id, "threat").catch(
      ({ code }: { code: string }) => code,
    );
    expect(failure, "of somebody else").to.equal("gone");
  });

  it("[M6] worry hides nothing, nor does it weigh beside what others say", async () => {
    const id = await written();
    const readers = await people("reader", 10);
    await live(readers, 10);
    await reads(id, readers);
    for (const who of readers.slice(0, 5)) await report(who, id, "self-harm");
    await report((await people("fresh", 1))[0]!, id, "spam");
    expect(await isHidden(id)).to.equal(false);
  });

  it("[M1] a few who are credible hide what few have read; one's own report does not count", async () => {
    const id = await written();
    const readers = await people("reader", 6);
    await live(readers, 3);
    await reads(id, readers);
    await report({ ...contextOf("writer of a letter"), box: sha256("box", "x") }, id, "threat");
    expect(await review.queue(mod, 10)).to.deep.equal([]);
    await report(readers[0]!, id, "spam");
    await report(readers[0]!, id, "spam");
    expect(await isHidden(id)).to.equal(false);
    await report(readers[1]!, id, "spam");
    expect(await isHidden(id)).to.equal(true);
  });

  it("[M1] who is found wrong weighs less, and nothing that is stored leads from him to what he reported", async () => {
    const [liar] = await people("liar", 1);
    await live([liar!], 3);
    for (let i = 0; i < 3; i += 1) {
      const id = await written(`text ${i}`);
      await report(liar!, id, "threat");
      expect(await isHidden(id), `${i}`).to.equal(true);
      const [item] = await review.queue(mod, 10);
      await review.decide(mod, item!.id, "keep", "rules-not-broken");
    }
    const id = await written("after that");
    await report(liar!, id, "threat");
    expect(await isHidden(id)).to.equal(false);
  });

  it("[M1] what one reports at once weighs as if it came one after the other", async () => {
    const [slow, fast] = await people("reader", 2);
    await live([slow!, fast!], 1);
    const hidden: number[] = [];
    for (const who of [slow!, fast!]) {
      const ids: string[] = [];
      for (let i = 0; i < 10; i += 1) ids.push(await written(`letter ${i} of ${who.mask}`));
      if (who === fast) await Promise.all(ids.map((id) => report(who, id, "threat")));
      else for (const id of ids) await report(who, id, "threat");
      const are = await Promise.all(ids.map(isHidden));
      hidden.push(are.filter(Boolean).length);
    }
    expect(hidden[0]).to.be.within(1, 9);
    expect(hidden[1]).to.equal(hidden[0]);
  });

  it("[M1] who reports without end has to wait, and nobody else has", async () => {
    const [many, once] = await people("reader", 2);
    const id = await written();
    for (let i = 0; i < 100; i += 1) await report(many!, id, "spam");
    const error = await report(many!, id, "spam").catch((refused: unknown) => refused);
    expect(error).to.be.instanceOf(DomainError).and.include({ code: "quota_exceeded" });
    await report(once!, id, "spam");
    expect((await review.queue(mod, 10))[0]!.reasons).to.deep.equal([{ reason: "spam", count: 2 }]);
  });

  it("[M3] who reports falsely again and again is kept from reporting for a while", async () => {
    const [liar] = await people("liar", 1);
    for (let i = 0; i < 6; i += 1) {
      await report(liar!, await written(`text ${i}`), "threat");
      const [item] = await review.queue(mod, 10);
      expect(closed, `${i}`).to.have.length(i < 5 ? 0 : 1);
      await review.decide(mod, item!.id, "keep", "rules-not-broken");
    }
    expect(closed[0]).to.include({ drifter: liar!.drifter, function: "report" });
    await t.advance(8 * DAY);
    await report(liar!, await written("a week later"), "threat");
    expect(closed, "for what he has paid for").to.have.length(1);
  });
});
