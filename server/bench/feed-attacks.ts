/*
 * What an attacker learns of who wrote what: `npm run sim:feed [seed]`. Prints each figure beside its
 * bound. The attacker knows the whole graph and every rule, which nobody outside does.
 */
import { CircleWorld, guessAuthors } from "../src/circles/circle.world.ts";
import { guessByTiming } from "../src/feed/timing.world.ts";
import { below, seededRandom } from "../src/lib/random.ts";

const PEOPLE = 5000;
const SECRETS = 1000;
const FAKES = 20;
const K = 5;
const BOUND = 1 / K + 0.02;
const seed = process.argv[2] ?? "circle";

function print(
  what: string,
  { seen, right }: { seen: number; right: number },
  bound: number,
): void {
  const verdict = right <= bound ? "held" : "NOT HELD";
  console.log(
    `${what}: ${seen} of ${SECRETS} seen, best guess right ${(100 * right).toFixed(1)} % (bound ${(100 * bound).toFixed(1)} %): ${verdict}`,
  );
}

/** Everybody of the attacker's is a friend of all others of his. */
function makeTown(): {
  world: CircleWorld;
  fakes: number[];
  authors: number[];
  rng: ReturnType<typeof seededRandom>;
} {
  const rng = seededRandom(seed);
  const world = new CircleWorld(PEOPLE, rng);
  const authors = Array.from({ length: SECRETS }, () => below(rng, PEOPLE));
  const fakes = world.addFakes(FAKES, true);
  for (const one of fakes) for (const other of fakes) world.link(one, other);
  return { world, fakes, authors, rng };
}

/** The first reads; his friends have the others as friends outside, so that they count for him. */
function tieCloud(world: CircleWorld, fakes: readonly number[]): number {
  const [reader, ...rest] = fakes;
  const half = Math.ceil(rest.length / 2);
  for (const near of rest.slice(0, half)) {
    world.link(reader!, near);
    for (const far of rest.slice(half)) world.link(near, far);
  }
  return reader!;
}

console.log(`seed ${seed}: ${PEOPLE} people, ${FAKES} accounts of an attacker, k = ${K}`);

for (const size of [7, 10, 50]) {
  for (const isOld of [false, true]) {
    const rng = seededRandom(`${seed} ${size}`);
    const world = new CircleWorld(PEOPLE, rng);
    const [victim, fakes] = [below(rng, PEOPLE), world.addFakes(size, isOld)];
    const reader = tieCloud(world, fakes);
    for (const fake of fakes) if (!isOld) world.link(reader, fake);
    world.cutOff(victim);
    world.link(reader, victim);
    const shown = await world.graph(K).shownTo(world.id(reader));
    console.log(
      `2014: ${size} ${isOld ? "old" : "fresh"} accounts and one victim: ${shown.has(world.id(victim)) ? "SHOWN" : "not shown"}`,
    );
  }
}

for (const links of [1, 3, 5]) {
  const { world, fakes, authors, rng } = makeTown();
  for (const fake of fakes) for (let i = 0; i < links; i += 1) world.link(fake, below(rng, PEOPLE));
  print(
    `${links} people each befriended all over the town`,
    await guessAuthors(world, fakes, authors, K),
    BOUND,
  );
}
for (const links of [1, 3, 5]) {
  const { world, fakes, authors, rng } = makeTown();
  const home = below(rng, PEOPLE);
  for (const fake of fakes)
    for (let i = 0; i < links; i += 1) world.link(fake, world.neighbour(home, rng));
  const local = Array.from({ length: SECRETS }, () => world.neighbour(home, rng));
  print(
    `${links} people each befriended in one community of 60, which writes`,
    await guessAuthors(world, fakes, local, K),
    BOUND,
  );
  print(`  the same, the town writes`, await guessAuthors(world, fakes, authors, K), BOUND);
}
{
  const { world, fakes, authors, rng } = makeTown();
  for (const fake of fakes) for (let i = 0; i < 3; i += 1) world.link(fake, below(rng, PEOPLE));
  let [seen, right] = [0, 0];
  for (let pair = 0; pair < 10; pair += 1) {
    const two = [fakes[2 * pair]!, fakes[2 * pair + 1]!];
    const figures = await guessAuthors(world, two, authors, K);
    seen += figures.seen;
    right += figures.seen * figures.right;
  }
  print("two readers who compare their feeds, 10 pairs", { seen, right: right / seen }, 2 * BOUND);
}
{
  // One edge more every epoch: what is in the feed of one epoch and not in that of the other.
  const { world, fakes, authors, rng } = makeTown();
  const reader = fakes[0]!;
  for (let i = 0; i < 5; i += 1) world.link(reader, below(rng, PEOPLE));
  let [seen, right] = [0, 0];
  for (let epoch = 0; epoch < 30; epoch += 1) {
    world.link(reader, below(rng, PEOPLE));
    const some = authors.slice((epoch * SECRETS) / 30, ((epoch + 1) * SECRETS) / 30);
    const figures = await guessAuthors(world, [reader], some, K);
    seen += figures.seen;
    right += figures.seen * figures.right;
  }
  print(
    "one reader who befriends somebody more each of 30 epochs",
    { seen, right: right / Math.max(1, seen) },
    2 * BOUND,
  );
}
for (const accepted of [1, 2, 3]) {
  const rng = seededRandom(`${seed} victim`);
  let shown = 0;
  for (let round = 0; round < 20; round += 1) {
    const world = new CircleWorld(600, rng);
    const [victim, fakes] = [below(rng, 600), world.addFakes(FAKES, true)];
    const reader = tieCloud(world, fakes);
    for (let i = 0; i < accepted; i += 1) world.link(fakes[1 + i]!, victim);
    if ((await world.graph(K).shownTo(world.id(reader))).has(world.id(victim))) shown += 1;
  }
  console.log(
    `a cloud of ${FAKES} old accounts, tied so that it counts, of which one person accepted ${accepted}: shown to the reader in ${shown} of 20 towns`,
  );
}
for (const people of [6, 8, 12, 30, 60, 277]) {
  const figures = guessByTiming(people, 300, K, seededRandom(seed));
  const { right, aucAround, aucAll, heldMs } = figures;
  const verdict = (isHeld: boolean): string => (isHeld ? "held" : "NOT HELD");
  console.log(
    `presence of ${people} people known to the instant: best guess right ${(100 * right).toFixed(1)} % (bound ${(100 * BOUND).toFixed(1)} %): ${verdict(right <= BOUND)}; ` +
      `AUC beside those who were around ${aucAround.toFixed(2)}, beside all ${aucAll.toFixed(2)} (bound 0.55): ${verdict(aucAll <= 0.55)}; held for ${(heldMs / 60_000).toFixed(0)} min (median)`,
  );
}
