/*
 * The densest circles that there may be: 2000 people, each with 500 friends among them. Prints how long
 * a search takes, and for how long it holds the event loop at most: `npm run bench:circle`. Both in
 * processor time, so that what else the machine does is left out.
 */
import type { CircleId } from "@driftsea/protocol";
import { CircleGraph } from "../src/circles/circle-graph.ts";
import { below, seededRandom } from "../src/lib/random.ts";

const PEOPLE = 2000;
const FRIENDS = 500;

const rng = seededRandom("dense");
const friends = Array.from({ length: PEOPLE }, () => new Set<number>());
for (let i = 0; i < PEOPLE; i += 1)
  for (let tries = 0; friends[i]!.size < FRIENDS && tries < 20 * FRIENDS; tries += 1) {
    const other = below(rng, PEOPLE);
    if (other === i || friends[other]!.size >= FRIENDS) continue;
    friends[i]!.add(other);
    friends[other]!.add(i);
  }
const ids = Array.from({ length: PEOPLE }, (_, i) => `person-${i}` as CircleId);
const graph = new CircleGraph(1, { minFriends: 3, k: 5 }, async (asked) => {
  await new Promise((resolve) => setImmediate(resolve));
  return asked.map((id) => ({
    isEstablished: true,
    friends: Array.from(friends[Number(id.slice(7))]!, (n) => ids[n]!),
  }));
});

/** Runs it and says for how long nobody else could do anything, at most. */
async function measure(name: string, run: () => Promise<unknown>): Promise<void> {
  const now = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  let [longest, last, isDone] = [0, now(), false];
  const tick = (): void => {
    longest = Math.max(longest, now() - last);
    last = now();
    if (!isDone) setImmediate(tick);
  };
  setImmediate(tick);
  const began = now();
  await run();
  const took = now() - began;
  isDone = true;
  await new Promise((resolve) => setImmediate(resolve));
  longest = Math.max(longest, now() - last);
  console.log(
    `${name}: ${took.toFixed(0)} ms, of which ${longest.toFixed(0)} at one go (bound 50)`,
  );
}

await measure("loading and one reader", () => graph.shownTo(ids[0]!));
await measure("another reader", () => graph.shownTo(ids[1]!));
await measure("two more at once", () => Promise.all([2, 3].map((n) => graph.shownTo(ids[n]!))));
const audience = measure("an audience", async () => {
  const { readers, couldWrite } = await graph.audienceOf(ids[0]!);
  console.log(`${readers.size} readers, ${couldWrite} could have written`);
});
await measure("a reader beside it", () => graph.shownTo(ids[4]!));
await audience;
