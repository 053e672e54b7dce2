import type { Rng } from "../src/lib/random.ts";

/* Circles whose sizes follow a power law, up to the most friends that one may have. */

export interface Circles {
  /** Exponent of the number of friends. */
  exponent: number;
  least: number;
  most: number;
  /** Of the friends of a friend, so many are friends already, or counted by another friend. */
  overlap: number;
}

export interface Fanout {
  meanFriends: number;
  meanReaders: number;
  p50: number;
  p99: number;
  most: number;
}

/** Numbers of friends: of people, and of somebody's friends, who have more (each is met by each of his). */
function degrees({ exponent, least, most }: Circles): { people: number[]; friends: number[] } {
  const people: number[] = [];
  const friends: number[] = [];
  let [sum, sumOfFriends] = [0, 0];
  for (let k = least; k <= most; k += 1) {
    people.push((sum += k ** -exponent));
    friends.push((sumOfFriends += k ** (1 - exponent)));
  }
  return {
    people: people.map((p) => p / sum),
    friends: friends.map((p) => p / sumOfFriends),
  };
}

function pick(rng: Rng, cumulated: readonly number[], least: number): number {
  const u = rng.uniform();
  let [low, high] = [0, cumulated.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulated[middle]! > u) high = middle;
    else low = middle + 1;
  }
  return least + low;
}

/**
 * Readers of a secret: the author, his friends, and theirs. Friendship is drawn at random between
 * people of given numbers of friends, which makes circles larger than where friends know each other;
 * `overlap` takes off what they share.
 */
export function readersOf(rng: Rng, circles: Circles, secrets: number): Fanout {
  const { people, friends } = degrees(circles);
  const readers = new Float64Array(secrets);
  let [sum, sumOfFriends] = [0, 0];
  for (let i = 0; i < secrets; i += 1) {
    const own = pick(rng, people, circles.least);
    let far = 0;
    for (let f = 0; f < own; f += 1) far += pick(rng, friends, circles.least) - 1;
    readers[i] = 1 + own + Math.round(far * (1 - circles.overlap));
    sum += readers[i]!;
    sumOfFriends += own;
  }
  readers.sort();
  return {
    meanFriends: sumOfFriends / secrets,
    meanReaders: sum / secrets,
    p50: readers[Math.floor(secrets * 0.5)]!,
    p99: readers[Math.floor(secrets * 0.99)]!,
    most: readers[secrets - 1]!,
  };
}
