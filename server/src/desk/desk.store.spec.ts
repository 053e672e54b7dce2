import { expect } from "chai";
import { nanoid } from "nanoid";
import { eachStore, expectSameAnswers } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { startRedis } from "../../test/harness/redis.ts";
import type { TestRedis } from "../../test/harness/redis.ts";
import type { Clock } from "../lib/clock.ts";
import { below, seededRandom } from "../lib/random.ts";
import type { RedisConnection } from "../redis/connection.ts";
import type { ModeratorId } from "../review/review.ts";
import { MemoryDeskStore } from "./desk.store.memory.ts";
import { RedisDeskStore } from "./desk.store.redis.ts";
import { TRIES_KEPT_MS } from "./desk.store.ts";
import type { DeskStore, NewAccount, TryMark } from "./desk.store.ts";

const IDLE = 30_000;
const LIFE = 100_000;
const inMemory = (clock: Clock): DeskStore => new MemoryDeskStore(clock);
const onRedis = (connection: RedisConnection): DeskStore => new RedisDeskStore(connection);

const accountOf = (name: string): NewAccount => ({
  id: `id of ${name}` as ModeratorId,
  name,
  password: `password of ${name}`,
  secret: `secret of ${name}`,
});

eachStore<DeskStore>("desk store", inMemory, onRedis, (open) => {
  let t: TimedStore<DeskStore>;
  const mo = accountOf("mo");
  const signIn = (step: number, token = nanoid(), more = {}) =>
    t.store.prove(
      { name: "mo", version: 1, step, isRight: true, ...more },
      { token, idleMs: IDLE, lifeMs: LIFE },
    );
  beforeEach(async () => {
    t = await open();
    await t.store.add(mo);
  });

  it("[M2] an account is made once, found, listed in order, and removed", async () => {
    await t.advance(5);
    expect(await t.store.add(accountOf("ada"))).to.equal(true);
    expect(await t.store.add({ ...mo, password: "other" })).to.equal(false);
    expect(await t.store.find("mo")).to.deep.equal({ ...mo, since: t.now() - 5, version: 1 });
    expect((await t.store.list()).map(({ id, name }) => [id, name])).to.deep.equal([
      [mo.id, "mo"],
      [accountOf("ada").id, "ada"],
    ]);
    expect(await t.store.remove("mo")).to.equal(mo.id);
    expect(await t.store.remove("mo")).to.equal(null);
    expect(await t.store.find("mo")).to.equal(null);
    expect((await t.store.list()).map(({ name }) => name)).to.deep.equal(["ada"]);
  });

  it("[M2] a code's step is taken once, and none before it", async () => {
    expect(await signIn(10)).to.equal(true);
    expect(await signIn(10)).to.equal(false);
    expect(await signIn(9)).to.equal(false);
    expect(await signIn(11)).to.equal(true);
    const both = await Promise.all([signIn(12), signIn(12), signIn(12)]);
    expect(both.filter(Boolean)).to.have.length(1);
  });

  it("[M2] a wrong proof, one of another version, or of nobody opens nothing", async () => {
    for (const wrong of [{ isRight: false }, { version: 2 }, { version: 0 }, { name: "eve" }]) {
      const token = nanoid();
      expect(await signIn(10, token, wrong), JSON.stringify(wrong)).to.equal(false);
      expect(await t.store.resume(token, IDLE)).to.equal(null);
    }
    expect(await signIn(10), "no step was used up").to.equal(true);
  });

  it("[M2] a proof alone opens no session, and uses up its step", async () => {
    const proof = { name: "mo", version: 1, step: 10, isRight: true };
    expect(await t.store.prove(proof, null)).to.equal(true);
    expect(await t.store.prove(proof, null)).to.equal(false);
  });

  it("[M2] a session ends when it was idle, and at its end however much it was used", async () => {
    await signIn(10, "token");
    for (let at = 0; at < LIFE - IDLE; at += IDLE - 10_000) {
      await t.advance(IDLE - 10_000);
      expect(await t.store.resume("token", IDLE)).to.deep.equal({ id: mo.id, name: "mo" });
    }
    await t.advance(IDLE - 10_000);
    expect(await t.store.resume("token", IDLE), "its end").to.equal(null);
    await signIn(11, "other");
    await t.advance(IDLE - 1);
    expect(await t.store.resume("other", IDLE)).not.to.equal(null);
    await t.advance(IDLE);
    expect(await t.store.resume("other", IDLE), "idle").to.equal(null);
    expect(await t.store.resume("never was", IDLE)).to.equal(null);
  });

  it("[M2] a session ends with its sign-out, its account, a new password and a new secret", async () => {
    const live = async (token: string) => (await t.store.resume(token, IDLE)) !== null;
    await signIn(10, "a");
    await signIn(11, "b");
    await t.store.close("a");
    expect([await live("a"), await live("b")]).to.deep.equal([false, true]);
    expect(await t.store.renew("mo", 1, { password: "new" })).to.equal(true);
    expect(await live("b")).to.equal(false);
    await signIn(12, "c", { version: 2 });
    expect(await t.store.renew("mo", 1, { password: "late" }), "an old version").to.equal(false);
    expect(await live("c")).to.equal(true);
    expect(await t.store.renew("mo", 2, { secret: "new", step: 20 })).to.equal(true);
    expect(await live("c")).to.equal(false);
    expect(await signIn(20, "d", { version: 3 }), "used by the change").to.equal(false);
    await signIn(21, "d", { version: 3 });
    await t.store.remove("mo");
    await t.store.add({ ...mo, id: "another of that name" as ModeratorId });
    expect(await live("d")).to.equal(false);
    expect(await t.store.renew("eve", 1, { password: "x" })).to.equal(false);
  });

  const bound = (mark: string, free: number): TryMark => ({
    mark,
    free,
    firstMs: 1000,
    maxMs: 4000,
  });

  it("[M2] tries cost nothing at first, then each waits twice as long, up to a bound", async () => {
    const marks = [bound("name", 2)];
    for (const expected of [0, 0, 1000, 2000, 4000, 4000]) {
      expect(await t.store.tryOnce(marks)).to.equal(0);
      const waitMs = await t.store.tryOnce([bound("besides", 1000), ...marks]);
      if (expected === 0) {
        // It was let in, and counted: taken back, so that each turn counts one.
        expect(waitMs).to.equal(0);
        await t.store.forgive([bound("besides", 1000), ...marks]);
      } else expect(waitMs).to.equal(expected);
      await t.advance(expected);
    }
  });

  it("[M2] of 50 tries at once only the free ones and one more are made", async () => {
    const waits = await Promise.all(
      Array.from({ length: 50 }, () => t.store.tryOnce([bound("name", 3), bound("address", 9)])),
    );
    expect(waits.filter((wait) => wait === 0)).to.have.length(4);
  });

  it("[M2] one mark that waits holds for all, and what is refused is not counted", async () => {
    const [slow, quick] = [bound("slow", 0), bound("quick", 1)];
    await t.store.tryOnce([slow]);
    for (let i = 0; i < 5; i += 1)
      expect(await t.store.tryOnce([quick, slow])).to.be.greaterThan(0);
    expect(await t.store.tryOnce([quick])).to.equal(0);
    expect(await t.store.tryOnce([quick]), "the first that must wait afterwards").to.equal(0);
    expect(await t.store.tryOnce([quick])).to.equal(1000);
  });

  it("[M2] a right try clears the first mark, takes one off the others; an hour forgets", async () => {
    const marks = [bound("name", 1), bound("address", 2)];
    for (let i = 0; i < 3; i += 1) {
      expect(await t.store.tryOnce(marks), String(i)).to.equal(0);
      await t.store.forgive(marks);
    }
    expect(await t.store.tryOnce([marks[1]!])).to.equal(0);
    await t.store.tryOnce([marks[1]!]);
    await t.store.tryOnce([marks[1]!]);
    expect(await t.store.tryOnce([marks[1]!])).to.be.greaterThan(0);
    await t.advance(TRIES_KEPT_MS);
    t.store.sweep?.();
    expect(await t.store.tryOnce([marks[1]!])).to.equal(0);
    expect(await t.store.tryOnce([marks[1]!])).to.equal(0);
  });
});

describe("desk store, memory beside Redis", () => {
  let redis: TestRedis | null;
  before(async function () {
    redis = await startRedis();
    if (!redis) this.skip();
  });
  after(async () => redis?.stop());

  it("[M2] seeded schedules: both give the same answers", async () => {
    const seeds = Array.from({ length: 20 }, (_, i) => `desk ${i}`);
    await expectSameAnswers(redis!, inMemory, onRedis, seeds, async ({ store, advance }, seed) => {
      const rng = seededRandom(seed);
      const lines: unknown[] = [];
      const names = ["ann", "bo"];
      for (let i = 0; i < 80; i += 1) {
        const name = names[below(rng, 2)]!;
        const token = `token ${below(rng, 4)}`;
        const version = 1 + below(rng, 3);
        const marks = [`n ${name}`, "a"].map((mark) => ({ mark, free: 2, firstMs: 8, maxMs: 50 }));
        await advance(below(rng, 20));
        const acts = [
          () => store.add(accountOf(name)),
          () => store.find(name),
          () => store.list(),
          () => (below(rng, 4) === 0 ? store.remove(name) : null),
          () => store.renew(name, version, { password: `p${i}` }),
          () => store.tryOnce(marks),
          () => store.forgive(marks),
          () =>
            store.prove(
              { name, version, step: below(rng, 60), isRight: below(rng, 5) > 0 },
              below(rng, 3) > 0 ? { token, idleMs: 60, lifeMs: 150 } : null,
            ),
          () => store.resume(token, 60),
          () => store.resume(token, 60),
          () => (below(rng, 3) === 0 ? store.close(token) : null),
        ];
        lines.push((await acts[below(rng, acts.length)]!()) ?? null);
      }
      return lines;
    });
  });
});
