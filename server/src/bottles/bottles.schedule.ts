import { expect } from "chai";
import type { BottleId, DrifterId, PersonaId, SeaId, ThreadId, WriteId } from "@driftsea/protocol";
import { below, seededRandom } from "../lib/random.ts";
import type { StoreUnderTest } from "./bottles.store.contract.ts";

const MINUTE = 60_000;
const sea = "world" as SeaId;
const drifters = ["a", "b", "c", "d", "e"].map((name) => name as DrifterId);
const GRACE = MINUTE;

/**
 * Runs one seeded schedule of throws, catches, answers and deadlines, checks B4 and B12 after each
 * catch, and returns what the store answered: two stores give the same list for the same seed.
 */
export async function runSchedule(t: StoreUnderTest, seed: string, steps: number) {
  const rng = seededRandom(seed);
  const start = t.now();
  const owners = new Map<BottleId, DrifterId>();
  const out = new Map<
    BottleId,
    { recalled: boolean; hidden: boolean; deadline: number; finders: number }
  >();
  const seen = new Set<string>();
  const log: unknown[] = [];
  const pick = <T>(items: readonly T[]): T => items[below(rng, items.length)]!;
  const ids = () => [...owners.keys()];
  for (let step = 0; step < steps; step += 1) {
    const who = pick(drifters);
    const id = owners.size > 0 ? pick(ids()) : (`none` as BottleId);
    const roll = rng.uniform();
    if (roll < 0.2) {
      const fresh = `bottle-${step}` as BottleId;
      const lifeMs = (5 + below(rng, 115)) * MINUTE;
      const sealed = rng.uniform() < 0.2 ? { sealedUntilAt: t.now() + 7 * MINUTE } : {};
      const bottle = { id: fresh, owner: who, text: "t", kind: "plain" as const, lifeMs };
      const finders = 1 + below(rng, 2);
      await t.store.throw(sea, { ...bottle, finders, ...sealed });
      owners.set(fresh, who);
      const deadline = (sealed.sealedUntilAt ?? t.now()) + lifeMs;
      out.set(fresh, { recalled: false, hidden: false, deadline, finders });
    } else if (roll < 0.55) {
      const blocked = rng.uniform() < 0.3 ? [pick(drifters)] : [];
      const draws = Array.from({ length: 1 + below(rng, 4) }, () => rng.uniform());
      const persona = { id: "p" as PersonaId, name: 1, hue: 2, creature: 3 };
      const lease = { leaseMs: 10 * MINUTE, leaseMaxMs: 60 * MINUTE };
      const request = { catcher: who, node: "n", ...lease, persona, blocked, draws };
      const { result } = await t.store.catch(sea, request);
      log.push(["catch", who, result?.bottle.id, result && result.lease.endsAt - start]);
      if (result) {
        const caught = result.bottle.id;
        const facts = out.get(caught)!;
        expect(owners.get(caught), `${seed}: own bottle`).not.to.equal(who);
        expect(blocked, `${seed}: blocked`).not.to.include(owners.get(caught));
        expect(seen.has(`${who}|${caught}`), `${seed}: held before`).to.equal(false);
        expect(facts.recalled || facts.hidden, `${seed}: out of sight`).to.equal(false);
        expect(facts.deadline, `${seed}: expired`).to.be.greaterThan(t.now());
        seen.add(`${who}|${caught}`);
        const all = await Promise.all(drifters.map((d) => t.store.list(sea, d)));
        const copies = all.flatMap((each) => each.held).filter((h) => h.bottle.id === caught);
        expect(copies.length, `${seed}: double lease`).to.be.within(1, facts.finders);
      }
    } else if (roll < 0.65) {
      log.push(["release", (await t.store.release(sea, id, who)).result]);
    } else if (roll < 0.75) {
      const write = { writeId: `w${step}` as WriteId, threadId: `t${step}` as ThreadId };
      const persona = { id: "q" as PersonaId, name: 1, hue: 2, creature: 3 };
      const answer = await t.store.answer(sea, id, who, { ...write, persona, text: "x" });
      log.push(["answer", answer?.threadId]);
    } else if (roll < 0.8) {
      const { result } = await t.store.recall(sea, id, who);
      if (result) out.get(id)!.recalled = true;
      log.push(["recall", result]);
    } else if (roll < 0.84) {
      const hidden = rng.uniform() < 0.6;
      const { result } = await t.store.hide(sea, id, hidden);
      if (result) out.get(id)!.hidden = hidden;
      log.push(["hide", result]);
    } else if (roll < 0.88) {
      await t.store.setHolder(
        sea,
        who,
        { node: rng.uniform() < 0.7 ? "n" : "n2", isHere: rng.uniform() < 0.5 },
        GRACE,
      );
    } else {
      await t.advance(below(rng, 12 * MINUTE));
      // A sweep rings what was due when it began, so it runs until nothing is due.
      while ((await t.store.sweep(sea, 1000)).result > 0);
      log.push(["afloat", await t.store.levels([sea])]);
      for (const each of ids()) log.push([each, (await t.store.read(sea, each))?.state]);
    }
  }
  return log;
}
