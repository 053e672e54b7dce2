import { expect } from "chai";
import type { CircleId } from "@driftsea/protocol";
import { below, seededRandom } from "../lib/random.ts";
import type { Rng } from "../lib/random.ts";
import { blocksOf } from "./blocks.ts";
import { CircleGraph } from "./circle-graph.ts";
import type { GraphRules } from "./circle-graph.ts";
import { enoughOf } from "./circles.service.ts";

const RULES: GraphRules = { minFriends: 1, k: 3 };

/** A graph by its pairs, and who of it has been loaded how often. */
function graphOf(
  pairs: readonly (readonly [string, string])[],
  rules: Partial<GraphRules> = {},
  fresh: readonly string[] = [],
  /** Of these only the first one's record has the other. */
  oneSided: readonly (readonly [string, string])[] = [],
) {
  const friends = new Map<string, CircleId[]>();
  const add = (one: string, other: string): void => {
    friends.set(one, [...(friends.get(one) ?? []), other as CircleId]);
  };
  for (const [one, other] of pairs) {
    add(one, other);
    add(other, one);
  }
  for (const [one, other] of oneSided) add(one, other);
  const loads = new Map<CircleId, number>();
  const graph = new CircleGraph(7, { ...RULES, ...rules }, async (ids, epoch) => {
    expect(epoch).to.equal(7);
    await Promise.resolve();
    return ids.map((id) => {
      loads.set(id, (loads.get(id) ?? 0) + 1);
      return { isEstablished: !fresh.includes(id), friends: friends.get(id) ?? [] };
    });
  });
  const shownTo = async (reader: string): Promise<string[]> =>
    [...(await graph.shownTo(reader as CircleId)).keys()].sort();
  return { graph, loads, shownTo, people: [...friends.keys()] as CircleId[] };
}

/** Everybody of one side is a friend of everybody of the other. */
const allWithAll = (some: readonly string[], others: readonly string[]): [string, string][] =>
  some.flatMap((one) => others.map((other): [string, string] => [one, other]));
const clique = (all: readonly string[]): [string, string][] =>
  all.flatMap((one, i) => all.slice(i + 1).map((other): [string, string] => [one, other]));
const named = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name}${i}`);

/** Three friends of the reader, each of them a friend of the same three whom the reader does not know. */
const NEAR = ["near0", "near1", "near2"];
const FAR = ["far0", "far1", "far2"];
const GOOD = [...allWithAll(["reader"], NEAR), ...allWithAll(NEAR, FAR)];

function randomEdges(rng: Rng, nodes: number, edges: number): number[][] {
  const sets = Array.from({ length: nodes }, () => new Set<number>());
  for (let i = 0; i < edges; i += 1) {
    const [a, b] = [below(rng, nodes), below(rng, nodes)];
    if (a === b) continue;
    sets[a]!.add(b);
    sets[b]!.add(a);
  }
  return sets.map((set) => [...set]);
}

/** Whom one reaches from a node without ever passing another. */
function reach(edges: readonly number[][], from: number, without: number): Set<number> {
  const found = new Set([from]);
  for (const n of found) for (const to of edges[n]!) if (to !== without) found.add(to);
  return found;
}

/** Pairs that no single other node parts, by taking each away. */
function unparted(edges: readonly number[][]): Set<string> {
  const pairs = new Set<string>();
  const nodes = edges.map((_, n) => n);
  for (const a of nodes) {
    const others = nodes.filter((n) => n !== a);
    const reached = others.map((without) => ({ without, from: reach(edges, a, without) }));
    for (const b of others) {
      const isTogether =
        reach(edges, a, -1).has(b) &&
        reached.every(({ without, from }) => without === b || from.has(b));
      // Two who are joined by one edge alone are a block as well.
      if (a < b && isTogether) pairs.add(`${a}-${b}`);
    }
  }
  return pairs;
}

/** All at once, without the rests. */
const allBlocks = (edges: readonly number[][]): number[][] =>
  [...blocksOf(edges)].filter((block) => block !== null);

describe("circle graph", () => {
  it("[F14] blocks are the pairs that no single node parts, on 300 random graphs", () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const rng = seededRandom(`b${seed}`);
      const nodes = 2 + below(rng, 12);
      const edges = randomEdges(rng, nodes, below(rng, nodes * 2));
      const found = new Set<string>();
      for (const block of allBlocks(edges)) {
        expect(block.length, `b${seed}`).to.be.at.least(2);
        for (const a of block)
          for (const b of block) {
            if (a >= b) continue;
            expect(found.has(`${a}-${b}`), `b${seed}: a pair in two blocks`).to.equal(false);
            found.add(`${a}-${b}`);
          }
      }
      expect([...found].sort(), `b${seed}`).to.deep.equal([...unparted(edges)].sort());
    }
  });

  it("[F14] blocks of a long chain, a ring and nothing, without recursion", () => {
    const length = 50_000;
    const chain = Array.from({ length }, (_, n) =>
      [n - 1, n + 1].filter((m) => m >= 0 && m < length),
    );
    expect(allBlocks(chain)).to.have.length(length - 1);
    const ring = Array.from({ length }, (_, n) => [(n + length - 1) % length, (n + 1) % length]);
    expect(allBlocks(ring).map((block) => block.length)).to.deep.equal([length]);
    expect(allBlocks([])).to.deep.equal([]);
    expect(allBlocks([[], []])).to.deep.equal([]);
  });

  it("[F2] it is open from so many friends on", async () => {
    const { graph } = graphOf(GOOD, { minFriends: 3 });
    expect(await graph.isOpen("reader" as CircleId)).to.equal(true);
    const { graph: strict } = graphOf(GOOD, { minFriends: 4 });
    expect(await strict.isOpen("reader" as CircleId)).to.equal(false);
    expect(
      (await graph.audienceOf("near0" as CircleId)).readers.has("reader" as CircleId),
    ).to.equal(true);
    expect(
      (await strict.audienceOf("near0" as CircleId)).readers.has("reader" as CircleId),
    ).to.equal(false);
  });

  it("[F2] k who could have written: all are shown; one fewer: nobody is", async () => {
    // The three who are near count. Those far have nobody outside the reader's own.
    const { shownTo, graph } = graphOf(GOOD, { k: 3 });
    expect(await shownTo("reader")).to.deep.equal([...FAR, ...NEAR].sort());
    expect(await graph.hidesIn("reader" as CircleId)).to.equal(true);
    expect((await graph.shownTo("reader" as CircleId)).get("near0" as CircleId)).to.equal(3);
    const { shownTo: stricter, graph: strict } = graphOf(GOOD, { k: 4 });
    expect(await stricter("reader")).to.deep.equal([]);
    expect(await strict.hidesIn("reader" as CircleId)).to.equal(false);
  });

  it("[F14] who is not established does not count, and is hidden by those who do", async () => {
    const more = [...GOOD, ...allWithAll(["new"], ["reader", ...FAR])] as [string, string][];
    const { shownTo } = graphOf(more, { k: 3 }, ["new"]);
    expect(await shownTo("reader")).to.include("new");
    const { shownTo: of4 } = graphOf(more, { k: 4 }, ["new"]);
    expect(await of4("reader")).to.deep.equal([]);
    const { shownTo: all } = graphOf(more, { k: 4 });
    expect(await all("reader")).to.include("new");
  });

  it("[F14] friends whose friends are all the reader's own do not count", async () => {
    const friends = named("friend", 10);
    const { shownTo } = graphOf([...allWithAll(["reader"], friends), ...clique(friends)]);
    expect(await shownTo("reader")).to.deep.equal([]);
  });

  it("[F14] one friend outside is not enough, two are", async () => {
    const friends = named("friend", 5);
    const base = [...allWithAll(["reader"], friends), ...clique(friends)];
    const { shownTo } = graphOf([...base, ...allWithAll(friends, ["x"])]);
    expect(await shownTo("reader")).to.deep.equal([]);
    const { shownTo: two } = graphOf([...base, ...allWithAll(friends, ["x", "y"])]);
    expect(await two("reader")).to.include.members(friends);
  });

  for (const count of [7, 10, 50]) {
    it(`[F14] ${count} accounts that the reader made and tied to himself show no victim`, async () => {
      const fakes = named("fake", count);
      const own = [...allWithAll(["reader"], [...fakes, "victim"]), ...clique(fakes)];
      const life = allWithAll(["victim"], ["x", "y", "z"]);
      for (const fresh of [fakes, []]) {
        const { shownTo } = graphOf([...own, ...life], { minFriends: 3, k: 5 }, fresh);
        expect(await shownTo("reader")).to.not.include("victim");
      }
      // Also where each has friends of its own, whom the reader made too.
      const further = [...allWithAll(fakes, named("further", 5))];
      const { shownTo } = graphOf([...own, ...life, ...further], { minFriends: 3, k: 5 });
      expect(await shownTo("reader")).to.not.include("victim");
    });

    it(`[F14] a cloud of ${count} aged fakes behind one accepted invite shows no victim`, async () => {
      const fakes = named("fake", count);
      const cloud = [...clique(fakes), ...allWithAll(fakes, named("further", 5))];
      const life = [...allWithAll(["victim"], ["x", "y", "z"]), ...clique(["x", "y", "z"])];
      // One of them is the victim's friend, and the reader sees the victim through it.
      const through = [...cloud, ...life, ["fake0", "victim"], ["fake0", "reader"]] as const;
      const { shownTo, graph } = graphOf([...through] as [string, string][], { k: 5 });
      expect(await shownTo("reader")).to.not.include("victim");
      expect(
        (await graph.audienceOf("victim" as CircleId)).readers.has("reader" as CircleId),
      ).to.equal(false);
      // And where he is the friend of every one of them.
      const all = [...through, ...allWithAll(["reader"], fakes.slice(1))] as [string, string][];
      expect(await graphOf(all, { k: 5 }).shownTo("reader")).to.not.include("victim");
    });
  }

  it("[F14] the readers of an author are those to whom he is shown, on 60 random graphs", async () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const rng = seededRandom(`a${seed}`);
      const edges = randomEdges(rng, 14, 14 + below(rng, 40));
      const pairs = edges.flatMap((to, n) =>
        to.filter((m) => m > n).map((m): [string, string] => [`p${n}`, `p${m}`]),
      );
      const fresh = named("p", 14).filter(() => rng.uniform() < 0.2);
      const rules = { minFriends: 1 + below(rng, 3), k: 2 + below(rng, 3) };
      const { people } = graphOf(pairs);
      // Each is asked of a graph that has loaded nothing yet, and of one that has loaded all.
      const { graph: known, loads } = graphOf(pairs, rules, fresh);
      const shown = new Map<CircleId, Map<CircleId, number>>();
      for (const reader of people) shown.set(reader, await known.shownTo(reader));
      for (const author of people) {
        const expected: CircleId[] = [];
        const counts: number[] = [];
        for (const reader of people) {
          const count = shown.get(reader)!.get(author);
          if (count === undefined || !(await known.isOpen(reader))) continue;
          expected.push(reader);
          counts.push(count);
        }
        const couldWrite = counts.length === 0 ? 0 : Math.min(...counts);
        for (const graph of [known, graphOf(pairs, rules, fresh).graph]) {
          const audience = await graph.audienceOf(author);
          expect([...audience.readers.keys()].sort(), `a${seed}, ${author}`).to.deep.equal(
            expected.sort(),
          );
          expect(audience.couldWrite, `a${seed}, ${author}`).to.equal(couldWrite);
        }
      }
      for (const [id, times] of loads) expect(times, `a${seed}: ${id} loaded`).to.equal(1);
    }
  });

  it("[F14] each person is loaded once in an epoch, whoever asks at the same time", async () => {
    const { graph, loads, people } = graphOf(GOOD);
    await Promise.all([
      ...people.map((one) => graph.audienceOf(one)),
      ...people.map((one) => graph.shownTo(one)),
      ...people.map((one) => graph.hidesIn(one)),
    ]);
    expect([...loads.keys()].sort()).to.deep.equal([...people].sort());
    expect([...loads.values()]).to.deep.equal(people.map(() => 1));
  });

  it("[F14] an edge counts where both records have it: one side alone opens and shows nothing", async () => {
    const halves = allWithAll(["reader"], NEAR);
    const { graph, shownTo } = graphOf(allWithAll(NEAR, FAR), { minFriends: 3 }, [], halves);
    expect(await graph.isOpen("reader" as CircleId)).to.equal(false);
    expect(await shownTo("reader")).to.deep.equal([]);
    // Those far have two friends beyond only as their own records say.
    const beyond = allWithAll(FAR, ["x", "y"]);
    expect(await graphOf([...GOOD, ...beyond], { k: 6 }).shownTo("reader")).to.have.length(6);
    expect(await graphOf(GOOD, { k: 6 }, [], beyond).shownTo("reader")).to.deep.equal([]);
  });

  it("[F14] edges of one side change nothing, on 60 random graphs", async () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const rng = seededRandom(`o${seed}`);
      const edges = randomEdges(rng, 14, 14 + below(rng, 40));
      const pairsOf = (some: readonly number[][]) =>
        some.flatMap((to, n) =>
          to.filter((m) => m > n).map((m): [string, string] => [`p${n}`, `p${m}`]),
        );
      const pairs = pairsOf(edges);
      const known = new Set(pairs.map(String));
      const halves = pairsOf(randomEdges(rng, 14, 20))
        .filter((pair) => !known.has(String(pair)))
        .map(([one, other]): [string, string] =>
          rng.uniform() < 0.5 ? [one, other] : [other, one],
        );
      const rules = { minFriends: 1 + below(rng, 3), k: 2 + below(rng, 3) };
      const whole = graphOf(pairs, rules);
      const torn = graphOf(pairs, rules, [], halves);
      for (const one of whole.people) {
        const [a, b] = [await whole.graph.audienceOf(one), await torn.graph.audienceOf(one)];
        expect(b.readers, `o${seed}, ${one}`).to.deep.equal(a.readers);
        expect(b.couldWrite, `o${seed}, ${one}`).to.equal(a.couldWrite);
        expect(await torn.shownTo(one), `o${seed}, ${one}`).to.deep.equal(await whole.shownTo(one));
        expect(await torn.graph.isOpen(one)).to.equal(await whole.graph.isOpen(one));
      }
    }
  });

  it("[F14] a long search lets others go first, and answers alike", async function () {
    this.timeout(20_000);
    const people = named("p", 400);
    const rng = seededRandom("dense");
    const pairs = clique(people).filter(() => rng.uniform() < 0.5);
    const { graph } = graphOf(pairs, { minFriends: 3, k: 5 });
    const turnsOf = async (author: string): Promise<number> => {
      let [turns, isDone] = [0, false];
      const turn = (): void => {
        turns += 1;
        if (!isDone) setImmediate(turn);
      };
      setImmediate(turn);
      const { readers, couldWrite } = await graph.audienceOf(author as CircleId);
      isDone = true;
      expect(readers.size).to.equal(people.length - 1);
      expect(couldWrite).to.be.greaterThan(300);
      return turns;
    };
    const turns = await turnsOf("p0");
    // A search of some hundred ms, in slices of 5.
    expect(turns).to.be.greaterThan(20);
    // What was found for his readers serves whoever else they read.
    expect(await turnsOf("p1")).to.be.lessThan(turns / 4);
  });

  it("[F15] of those who hide its authors enough are kept to see who of them was here, however large k", async () => {
    const k = 150;
    const ring = Array.from({ length: 400 }, (_, i) => `p${i}`);
    const pairs = ring.flatMap((one, i) => [
      [one, ring[(i + 1) % ring.length]!] as const,
      [one, i % 2 ? "x" : "y"] as const,
    ]);
    const hubs = [["reader", "x"] as const, ["reader", "y"] as const];
    const { graph } = graphOf([...hubs, ...pairs], { k });
    const [cover, ...others] = await graph.coversOf("reader" as CircleId);
    const { count, some } = cover!;
    expect(others).to.deep.equal([]);
    expect(count).to.equal(402);
    expect(some.length).to.be.at.least(enoughOf(k, count));
  });

  it("[F14] where loading fails it is tried again", async () => {
    let isAway = true;
    const graph = new CircleGraph(7, RULES, async (ids) => {
      if (isAway) throw new Error("away");
      return ids.map(() => ({ isEstablished: true, friends: [] }));
    });
    const failure = await graph.hidesIn("a" as CircleId).catch((error: Error) => error.message);
    expect(failure).to.equal("away");
    isAway = false;
    expect(await graph.hidesIn("a" as CircleId)).to.equal(false);
  });
});
