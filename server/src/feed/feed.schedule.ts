import { expect } from "chai";
import type { CircleId, OwnerHash, PlaceId, SecretId } from "@driftsea/protocol";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { below, seededRandom } from "../lib/random.ts";
import { SECRET_LIFE_MS } from "./feed.store.ts";
import type { Errand, FeedStore, NewSecret, Way } from "./feed.store.ts";

const MINUTE = 60_000;
const readers = ["a", "b", "c"].map((name) => name as CircleId);
const BLOCKS = ["", "one", "other"];
const marks = ["m1", "m2", "m3", "m4"];
const places = ["p", "q"].map((name) => name as PlaceId);
const WORLD_AT = 3;

/**
 * Runs one seeded schedule of secrets, feeds and errands, checks the rules on the way, and returns what
 * the store answered but for the order in feeds, which is random: two stores give the same list for the
 * same seed.
 */
export async function runSchedule(
  t: TimedStore<FeedStore>,
  seed: string,
  steps: number,
): Promise<unknown[]> {
  const rng = seededRandom(seed);
  const start = t.now();
  const pick = <T>(items: readonly T[]): T => items[below(rng, items.length)]!;
  const ids: SecretId[] = [];
  const secrets = new Map<SecretId, NewSecret>();
  const deleted = new Set<SecretId>();
  const hidden = new Set<string>();
  const log: unknown[] = [];
  for (let step = 0; step < steps; step += 1) {
    const roll = rng.uniform();
    const reader = pick(readers);
    if (ids.length === 0 && roll >= 0.12) continue;
    const id = ids.length === 0 ? ("none" as SecretId) : pick(ids.slice(-6));
    const mark = pick(marks);
    if (roll < 0.12) {
      const made = `s${step}` as SecretId;
      const secret = newSecret(made, t.now() + below(rng, 20 * MINUTE), rng.uniform() < 0.5);
      ids.push(made);
      secrets.set(made, secret);
      await t.store.create(made, secret);
    } else if (roll < 0.15) {
      const known = secrets.get(id);
      if (known) await t.store.create(id, { ...known, text: "another" });
    } else if (roll < 0.3) {
      const releaseAt = secrets.get(id)?.releaseAt ?? t.now();
      const way: Way = rng.uniform() < 0.5 ? "own" : "carried";
      const to = new Map([reader, pick(readers)].map((one) => [one, pick(BLOCKS)]));
      await t.store.deliver(to, { id, way, releaseAt });
    } else if (roll < 0.42) {
      const upTo = new Map([[pick(BLOCKS), t.now() - below(rng, 10 * MINUTE)]]);
      const { entries: arrived, isHeld, nextAt } = await t.store.arrive(reader, upTo);
      const next = Number.isFinite(nextAt) ? nextAt - start : null;
      log.push(["arrive", arrived.map(({ way, id }) => `${way} ${id}`).sort(), isHeld, next]);
      for (const entry of arrived) {
        const { releaseAt } = secrets.get(entry.id)!;
        expect(releaseAt, `${seed}: arrived too early`).to.be.at.most(t.now());
        expect(hidden.has(`${reader} ${entry.id}`), `${seed}: hidden`).to.equal(false);
      }
    } else if (roll < 0.45) {
      await t.store.hide(reader, id);
      hidden.add(`${reader} ${id}`);
    } else if (roll < 0.48) {
      await t.store.mute(reader, id);
    } else if (roll < 0.485) {
      await t.store.drop(pick(places), id, secrets.get(id)?.releaseAt ?? t.now());
      const place = pick(places);
      const there = await t.store.inPlace(place, null, 100);
      for (const one of there)
        expect(secrets.get(one.id)!.releaseAt, `${seed}: too early`).to.be.at.most(t.now());
      log.push(["in", place, there.map((one) => one.id).sort()]);
    } else if (roll < 0.49) {
      await t.store.withdraw(reader);
    } else if (roll < 0.58) {
      log.push(["heart", await t.store.heart(id, mark, rng.uniform() < 0.6)]);
    } else if (roll < 0.66) {
      log.push([
        "carry",
        await t.store.carry(id, mark, WORLD_AT, { by: mark, epoch: below(rng, 2) }),
      ]);
    } else if (roll < 0.72) {
      log.push(["vote", await t.store.vote(id, mark, pick(["yes", "no"]))]);
    } else if (roll < 0.8) {
      const said = { icon: "3-120", crown: rng.uniform() < 0.2, text: `"${step}" / é 海` };
      const written = await t.store.comment(id, `w${below(rng, 8)}`, said);
      const at = written && written.comment.at - start;
      log.push(["comment", written && { ...written, comment: { ...written.comment, at } }]);
    } else if (roll < 0.83) {
      const isOwner = rng.uniform() < 0.5;
      const isGone = await t.store.delete(id, (isOwner ? `of ${id}` : "forged") as OwnerHash);
      if (!isOwner) expect(isGone, `${seed}: by a forged key`).to.equal(false);
      if (isGone) deleted.add(id);
      log.push(["delete", isGone]);
    } else if (roll < 0.86) {
      const seq = rng.uniform() < 0.5 ? null : 1 + below(rng, 4);
      const veil = pick(["hide", "hide", "restore", "restore", "remove"] as const);
      log.push([veil, seq, await t.store.veil(id, seq, veil)]);
    } else if (roll < 0.9) {
      const errand: Errand = { kind: "carry", postId: id, epoch: 1, releaseAt: start, by: "x" };
      if (rng.uniform() < 0.6) log.push(["begin", await t.store.begin(reader, errand)]);
      else await t.store.finish(reader, [errand]);
      const names = (await t.store.errands(reader, 1000)).map(({ postId }) => postId).sort();
      const late = (await t.store.unfinished(t.now() - MINUTE, 100)).sort();
      log.push(["errands", names, late]);
    } else if (roll < 0.91) {
      await t.store.erase(reader);
      for (const one of hidden) if (one.startsWith(reader)) hidden.delete(one);
    } else {
      await t.advance(below(rng, rng.uniform() < 0.05 ? SECRET_LIFE_MS : 15 * MINUTE));
    }
    const [stored] = await t.store.read([{ id, mark }]);
    if (deleted.has(id)) expect(stored, `${seed}: read after it was deleted`).to.equal(null);
    const comments = await t.store.comments(id, below(rng, 3));
    log.push([
      stored && { ...stored, releaseAt: stored.releaseAt - start },
      comments?.map(({ seq, text, veil }) => [seq, text, veil]) ?? null,
      (await t.store.entryOf(reader, id))?.way,
      await t.store.mutedOf(reader, [id]),
      await t.store.hiddenOf(reader, [id]),
      (await t.store.arrivedSince(reader, t.now() - MINUTE)).map((one) => one.id).sort(),
      (await t.store.arrivedInWorld(t.now() - MINUTE)).sort(),
      await t.store.commentOf(id, "w3").then((one) => one?.seq),
      (await t.store.world(null, 100)).map((entry) => entry.id).sort(),
      await wholeFeed(t.store, reader, seed),
    ]);
  }
  return log;
}

/** By pages of three, which have neither gap nor repeat. */
async function wholeFeed(store: FeedStore, reader: CircleId, seed: string): Promise<string[]> {
  const all = await store.page(reader, null, 1000);
  const paged: typeof all = [];
  for (let before: number | null = null; ;) {
    const page = await store.page(reader, before, 3);
    paged.push(...page);
    if (page.length < 3) break;
    before = page.at(-1)!.order;
  }
  expect(paged, `${seed}: by pages`).to.deep.equal(all);
  return all.map(({ id, way }) => `${way} ${id}`).sort();
}

const newSecret = (id: SecretId, releaseAt: number, hasPoll: boolean): NewSecret => ({
  text: `${id} "quoted" / 海`,
  ownerHash: `of ${id}` as OwnerHash,
  comments: hasPoll ? "anyone" : "circle",
  icons: hasPoll ? "fresh" : "steady",
  hasPoll,
  releaseAt,
});
