import { expect } from "chai";
import { nanoid } from "nanoid";
import type { SecretId, WriteId } from "@driftsea/protocol";
import { ManualClock } from "../src/lib/clock.ts";
import type { DomainError } from "../src/lib/errors.ts";
import { ownerHashOf } from "../src/lib/sha256.ts";
import { ALLOWANCES, QuotaService } from "../src/quotas/quotas.service.ts";
import { quotasInMemory } from "./harness/quotas.ts";
import { HOUR, contextOf, openFeed } from "./harness/feed.ts";

const PER_DAY = { secrets: 2, comments: 2, hearts: 3, invites: 1 };
const KEY = Buffer.alloc(32, 7).toString("base64url") as Parameters<typeof ownerHashOf>[0];

function open(perDay = PER_DAY) {
  const parts = openFeed(perDay);
  const me = contextOf("me");
  const post = (id = nanoid<WriteId>(), text = "a secret", more = {}) =>
    parts.feed.post(me, { id, text, ownerHash: ownerHashOf(KEY), comments: "anyone", ...more });
  return { ...parts, me, post };
}

/** Milliseconds to wait, where it is refused for today. */
async function waitOf(done: Promise<unknown>): Promise<number> {
  const error = await done.then(
    () => null,
    (thrown: DomainError) => thrown,
  );
  expect(error).to.have.property("code", "quota_exceeded");
  return error!.details.retryAfterMs!;
}

describe("daily limits of the circle and its feed", () => {
  it("[B2] so many secrets a day; the same write again and a refused one cost nothing", async () => {
    const { clock, post, errands } = open();
    const id = nanoid<WriteId>();
    const first = await post(id);
    expect((await post(id)).id).to.equal(first.id);
    const photo = new Uint8Array([1, 2, 3]);
    const refused = await post(undefined, "a photo", { photo }).catch((e: DomainError) => e.code);
    expect(refused).to.equal("invalid");
    await post();
    const wait = await waitOf(post());
    expect(wait).to.be.within(24 * HOUR, 25 * HOUR);
    expect((clock.now() + wait) % HOUR, "a full hour, whenever it began").to.equal(0);
    expect((await post(id)).id, "again, also when none is left").to.equal(first.id);
    clock.advance(wait);
    await post();
    await errands.idle();
  });

  it("[B2] of many secrets at once exactly as many succeed as a day has", async () => {
    const { post, errands } = open();
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => post()));
    expect(all.filter(({ status }) => status === "fulfilled")).to.have.length(PER_DAY.secrets);
    await errands.idle();
  });

  it("[M9] one write that comes twice at once is one secret, costs one, and both replies are alike", async () => {
    const { post, store, errands } = open();
    const begun: string[] = [];
    const begin = store.begin.bind(store);
    store.begin = async (circle, errand) => {
      const isNew = await begin(circle, errand);
      if (isNew) begun.push(errand.postId);
      return isNew;
    };
    const id = nanoid<WriteId>();
    const [one, other] = await Promise.all([post(id, "one"), post(id, "other")]);
    expect(other).to.deep.equal(one);
    await post();
    await waitOf(post());
    await errands.idle();
    expect(begun.filter((begunId) => begunId === one.id)).to.have.length(1);
    expect(begun).to.have.length(2);
  });

  it("[B2] a call that fails costs nothing", async () => {
    const { post, store, errands } = open();
    const create = store.create.bind(store);
    store.create = async () => {
      throw new Error("away");
    };
    for (let i = 0; i < 5; i += 1)
      expect(await post().catch((error: Error) => error.message)).to.equal("away");
    store.create = create;
    await post();
    await post();
    await waitOf(post());
    await errands.idle();
  });

  it("[B2] so many answers a day; the same write again costs nothing, also when none is left", async () => {
    const { clock, feed, me, post, errands } = open();
    const { id: postId } = await post();
    clock.advance(10);
    const say = (id = nanoid<WriteId>(), to: SecretId = postId) =>
      feed.comment(me, { id, postId: to, text: "hm" });
    const id = nanoid<WriteId>();
    const first = await say(id);
    expect(await say(id)).to.deep.equal(first);
    const gone = await say(undefined, nanoid<SecretId>()).catch((e: DomainError) => e.code);
    expect(gone).to.equal("gone");
    expect((await say()).seq).to.equal(2);
    await waitOf(say());
    expect(await say(id)).to.deep.equal(first);
    await errands.idle();
  });

  it("[B2] hearts and votes are counted as they change something", async () => {
    const { clock, feed, me, post, errands } = open();
    const { id } = await post(undefined, "a secret", { poll: true });
    clock.advance(10);
    for (let i = 0; i < 5; i += 1) await feed.heart(me, id, true);
    for (let i = 0; i < 5; i += 1) await feed.vote(me, id, "yes");
    expect(await feed.heart(me, id, false)).to.equal(0);
    await waitOf(feed.heart(me, id, true));
    await waitOf(feed.vote(me, id, "no"));
    expect(await feed.heart(me, id, false), "nothing new").to.equal(0);
    // Another one has a day of his own.
    expect(await feed.heart(contextOf("other"), id, true)).to.equal(1);
    await errands.idle();
  });

  it("[B2] so many links a day, and without limits as many as one likes", async () => {
    const { circles, me } = open();
    await circles.invite(me);
    await waitOf(circles.invite(me));
    const free = open({ ...PER_DAY, invites: Infinity });
    for (let i = 0; i < 100; i += 1) await free.circles.invite(me);
  });

  it("[F11] what counts a secret names neither it nor its write", async () => {
    const { me, post, errands } = open();
    expect(me.drifter).to.not.equal(me.circle);
    const seen: unknown[] = [];
    const quotaStore = quotasInMemory(new ManualClock(0));
    const reserve = quotaStore.reserve.bind(quotaStore);
    quotaStore.reserve = (...args) => {
      seen.push(args);
      return reserve(...args);
    };
    const quotas = new QuotaService(quotaStore, new ManualClock(5), {
      ...ALLOWANCES,
      throws: 0,
      catches: 0,
      ...PER_DAY,
    });
    await quotas.spend(me.drifter, "secrets", () => post(), Boolean);
    expect(seen).to.deep.equal([
      [me.drifter, "secrets", { limit: PER_DAY.secrets, windowMs: 25 * HOUR - 5 }],
    ]);
    await errands.idle();
  });
});
