/** Of a value so many bits are told apart: to a thousandth, or to a hundredth. */
const BITS = { 2: 7, 3: 10 } as const;

/** By less than this a product of floats is off that should be whole: 99.9 / 100 × 1000 is 999.0000000000001. */
const ROUNDING = 1e-6;

/** What travels between processes: a histogram without its methods. */
export interface Counts {
  readonly figures: 2 | 3;
  readonly counts: Uint32Array;
  count: number;
  sum: number;
  max: number;
}

/**
 * Counts whole numbers from 0 in buckets that are the wider the greater the number, so that each is known
 * to two or three figures. Unlike Node's own it can be sent to another process.
 */
export class Histogram implements Counts {
  readonly figures: 2 | 3;
  readonly counts: Uint32Array;
  count = 0;
  sum = 0;
  max = 0;
  readonly #bits: number;

  /** @param highest A greater value counts as this. */
  constructor(highest: number, figures: 2 | 3) {
    this.figures = figures;
    this.#bits = BITS[figures];
    this.counts = new Uint32Array(this.#bucketOf(highest) + 1);
  }

  record(value: number): void {
    const bucket = Math.min(this.#bucketOf(value), this.counts.length - 1);
    this.counts[bucket]! += 1;
    this.count += 1;
    this.sum += value;
    this.max = Math.max(this.max, value);
  }

  /** Adds what one of the same kind has counted. */
  add(other: Counts): void {
    for (let i = 0; i < other.counts.length; i += 1) this.counts[i]! += other.counts[i]!;
    this.count += other.count;
    this.sum += other.sum;
    this.max = Math.max(this.max, other.max);
  }

  get mean(): number {
    return this.sum / this.count;
  }

  /** The least value that `percent` of all do not exceed, as exactly as it is known; 0 where there is none. */
  percentile(percent: number): number {
    const rank = Math.max(1, Math.ceil((percent * this.count) / 100 - ROUNDING));
    let below = 0;
    for (let bucket = 0; bucket < this.counts.length; bucket += 1) {
      below += this.counts[bucket]!;
      if (below >= rank) return Math.min(this.max, this.#highestIn(bucket));
    }
    return this.max;
  }

  // Up to 2^(bits + 1) each number has a bucket; from there on 2^bits of them lie in each power of two.
  #bucketOf(value: number): number {
    const shift = Math.max(0, 31 - Math.clz32(value) - this.#bits);
    return (shift << this.#bits) + (value >>> shift);
  }

  #highestIn(bucket: number): number {
    const shift = Math.max(0, (bucket >>> this.#bits) - 1);
    return ((bucket - (shift << this.#bits) + 1) << shift) - 1;
  }
}
