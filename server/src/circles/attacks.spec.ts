import { expect } from "chai";
import { below, seededRandom } from "../lib/random.ts";
import { CircleWorld, guessAuthors } from "./circle.world.ts";

const K = 5;
const PEOPLE = 5000;
const SECRETS = 1000;
/** DRIFTSEA_SEED=x builds another town. */
const SEED = process.env["DRIFTSEA_SEED"] ?? "circle";

describe("attacks on the circle, by somebody who knows the whole graph", function () {
  this.timeout(60_000);

  for (const size of [7, 10, 50]) {
    it(`[F14] 2014: ${size} accounts and one victim, fresh or old, however tied: nobody is shown`, async () => {
      for (const isOld of [false, true]) {
        for (const tie of ["star", "all", "two rings"]) {
          const world = new CircleWorld(200, seededRandom(SEED));
          const victim = below(seededRandom(SEED), 200);
          const fakes = world.addFakes(size, isOld);
          const [reader, ...rest] = fakes;
          const near = tie === "two rings" ? rest.slice(0, Math.ceil(rest.length / 2)) : rest;
          for (const fake of near) world.link(reader!, fake);
          if (tie === "all")
            for (const one of rest) for (const other of rest) world.link(one, other);
          if (tie === "two rings")
            for (const one of near) for (const far of rest.slice(near.length)) world.link(one, far);
          world.cutOff(victim);
          world.link(reader!, victim);
          const shown = await world.graph(K).shownTo(world.id(reader!));
          expect(shown.has(world.id(victim)), `${tie}, ${isOld}`).to.equal(false);
        }
      }
    });
  }

  it("[F14] a cloud of old accounts behind one accepted link is parted from its victim", async () => {
    const rng = seededRandom(SEED);
    const world = new CircleWorld(600, rng);
    const fakes = world.addFakes(20, true);
    const [reader, ...rest] = fakes;
    for (const near of rest.slice(0, 10)) {
      world.link(reader!, near);
      for (const far of rest.slice(10)) world.link(near, far);
    }
    const victim = below(rng, 600);
    world.link(rest[0]!, victim);
    const shown = await world.graph(K).shownTo(world.id(reader!));
    expect(shown.has(world.id(victim))).to.equal(false);
    // The cloud hides itself, and nobody else.
    expect(shown.size).to.be.greaterThan(0);
  });

  it(`[F14] 20 old accounts with three friends each in a town of ${PEOPLE}: right at most 1/k + 2 points`, async () => {
    const rng = seededRandom(SEED);
    const world = new CircleWorld(PEOPLE, rng);
    const authors = Array.from({ length: SECRETS }, () => below(rng, PEOPLE));
    const fakes = world.addFakes(20, true);
    for (const one of fakes) {
      for (const other of fakes) world.link(one, other);
      for (let i = 0; i < 3; i += 1) world.link(one, below(rng, PEOPLE));
    }
    const { seen, right } = await guessAuthors(world, fakes, authors, K);
    expect(seen).to.be.greaterThan(50);
    expect(right).to.be.at.most(1 / K + 0.02);
    for (let pair = 0; pair < 10; pair += 1) {
      const two = [fakes[2 * pair]!, fakes[2 * pair + 1]!];
      const figures = await guessAuthors(world, two, authors, K);
      expect(figures.right, "two who compare").to.be.at.most(2 * (1 / K + 0.02));
    }
  });

  it("[F14] adding a friend in each of 30 epochs: right at most twice that", async () => {
    const rng = seededRandom(SEED);
    const world = new CircleWorld(PEOPLE, rng);
    const [reader] = world.addFakes(1, true);
    let [seen, right] = [0, 0];
    for (let epoch = 0; epoch < 30; epoch += 1) {
      for (let i = 0; i < 3; i += 1) world.link(reader!, below(rng, PEOPLE));
      const authors = Array.from({ length: 40 }, () => below(rng, PEOPLE));
      const figures = await guessAuthors(world, [reader!], authors, K);
      seen += figures.seen;
      right += figures.seen * figures.right;
    }
    expect(seen).to.be.greaterThan(5);
    expect(right / seen).to.be.at.most(2 * (1 / K + 0.02));
  });
});
