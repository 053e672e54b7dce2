import { expect } from "chai";
import { seededRandom } from "../src/lib/random.ts";
import { DRAW_RULES } from "../src/bottles/weights.ts";
import { simulate } from "./answer-promise.ts";
import { readersOf } from "./scale-feed.ts";
import { drawIn, sampleLives, shardError } from "./scale-sea.ts";

describe("the sea and the feed at any size", () => {
  it("[B13] a sample of lives answers as the store's own sea does, event by event", async () => {
    for (const catches of [1, 2]) {
      const [answering, seed] = [0.3, "scale"];
      const bottlesPerLife = 1500;
      const whole = await simulate({ catches, answering, bottlesPerLife, rules: DRAW_RULES, seed });
      const lives = sampleLives(seededRandom(seed), { catches, answering, sample: 20_000 });
      expect(lives.answered, `${catches} a bottle`).to.be.closeTo(whole.answered, 0.03);
      expect(lives.neverHeld).to.be.closeTo(whole.neverHeld, 0.03);
    }
  });

  it("[B3] [B5] a draw among a hundred million is by weight, and no place is preferred", () => {
    const counts = Array.from({ length: 24 }, (_, c) => Math.round(1e8 / 2 ** c));
    const rng = seededRandom("scale");
    const draws = drawIn(rng, { counts, draws: 300_000, creature: 0.2 });
    expect(draws.creatures).to.be.closeTo(0.2, 0.005);
    // Of 34 shares one lies beyond four and a half once in several thousand seeds.
    expect(draws.worstClass).to.be.lessThan(4.5);
    expect(draws.worstTenth).to.be.lessThan(4.5);
  });

  it("[B3] a sea of shards errs the less the larger it is", () => {
    const error = (bottles: number): number =>
      shardError(seededRandom("shards"), {
        bottles,
        shards: 8,
        perS: bottles / 86_400,
        seconds: 300,
      });
    expect(error(1e6)).to.be.lessThan(1e-3).and.greaterThan(error(1e8));
  });

  it("[F2] readers of a secret are himself, his friends and theirs, the fewer the more these overlap", () => {
    const circles = { exponent: 2.2, least: 5, most: 500, overlap: 0 };
    const of = (overlap: number) => readersOf(seededRandom("feed"), { ...circles, overlap }, 5000);
    const [apart, close] = [of(0), of(1)];
    expect(close.meanReaders).to.be.closeTo(1 + close.meanFriends, 1e-9);
    expect(apart.meanReaders).to.be.greaterThan(5 * close.meanReaders);
    expect(apart.p99).to.be.greaterThan(5 * apart.p50);
    const alike = { exponent: 2.2, least: 10, most: 10, overlap: 0 };
    const regular = readersOf(seededRandom("feed"), alike, 100);
    expect([regular.p50, regular.most]).to.deep.equal([1 + 10 + 10 * 9, 1 + 10 + 10 * 9]);
  });
});
