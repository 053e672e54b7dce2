import { expect } from "chai";
import type { CircleId } from "@driftsea/protocol";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { below, seededRandom } from "../lib/random.ts";
import type { CircleStore, Person } from "./circles.store.ts";

const HOUR = 60 * 60 * 1000;
const people = ["a", "b", "c", "d", "e"].map((name) => name as CircleId);
/** Few, so that records fill up. */
const MOST = 3;

/**
 * Runs one seeded schedule of invites, links, partings and erasures, checks F14 on the way, and returns
 * what the store answered: two stores give the same list for the same seed.
 */
export async function runSchedule(
  t: TimedStore<CircleStore>,
  seed: string,
  steps: number,
): Promise<unknown[]> {
  const rng = seededRandom(seed);
  const start = t.now();
  const pick = <T>(items: readonly T[]): T => items[below(rng, items.length)]!;
  const codes: string[] = [];
  const log: unknown[] = [];
  let epoch = 20_000;
  /** Who counted for whom in this epoch; partings and links change nothing of it, an erasure does. */
  let frozen: string[] | null = null;
  for (let step = 0; step < steps; step += 1) {
    const roll = rng.uniform();
    const [me, other] = [pick(people), pick(people)];
    if (roll < 0.1) {
      await t.store.touch(me, 1);
    } else if (roll < 0.25) {
      const code = `code${step}`;
      codes.push(code);
      await t.store.invite(me, code, { uses: 1 + below(rng, 3), ttlMs: 30 * HOUR });
    } else if (roll < 0.6 && codes.length > 0) {
      const codeHash = pick(codes.slice(-4));
      const friend = (await t.store.take(codeHash, me))?.friend ?? null;
      log.push(["take", friend]);
      if (friend === null) continue;
      expect(friend, `${seed}: his own`).to.not.equal(me);
      const link = { from: me, to: friend, codeHash, epoch: epoch + 1 };
      const isMade = await t.store.link(link, MOST);
      log.push(["link", isMade]);
      for (const one of [me, friend]) {
        expect(await t.store.friends(one), `${seed}: too many`).to.be.at.most(MOST);
      }
    } else if (roll < 0.7) {
      const code = rng.uniform() < 0.5 || codes.length === 0 ? null : pick(codes);
      await t.store.part(me, code, epoch + 1);
      if (code === null) expect(await t.store.friends(me), `${seed}: parted`).to.equal(0);
    } else if (roll < 0.74) {
      await t.store.erase(me);
      frozen = null;
    } else if (roll < 0.85) {
      await t.advance(below(rng, 10 * HOUR));
      if (rng.uniform() < 0.5) {
        epoch += 1 + below(rng, 4);
        frozen = null;
      }
    } else {
      log.push(["friends", await t.store.friends(other)]);
    }
    const all = await t.store.people(people);
    log.push(all.map((person) => tidy(person, start)));
    const edges = all.flatMap(({ friends }, i) =>
      friends
        .filter(({ from, until }) => from <= epoch && epoch < until)
        .map(({ id }) => `${people[i]}-${id}`),
    );
    expect(new Set(edges).size, `${seed}: one edge twice in an epoch`).to.equal(edges.length);
    for (const edge of edges) {
      const back = edge.split("-").reverse().join("-");
      expect(edges, `${seed}: one side`).to.include(back);
    }
    frozen ??= edges.sort();
    expect(edges.sort(), `${seed}: step ${step}, of a frozen epoch`).to.deep.equal(frozen);
  }
  expect(await t.store.unfinished(t.now(), 100), `${seed}: left undone`).to.deep.equal([]);
  return log;
}

function tidy({ bornAt, activeAt, friends }: Person, start: number): unknown {
  const edges = friends.map(({ id, from, until }) => `${id} ${from} ${until}`).sort();
  return [bornAt && bornAt - start, activeAt && activeAt - start, edges];
}
