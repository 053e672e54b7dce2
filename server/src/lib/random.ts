import { createHash, randomBytes } from "node:crypto";

/** A source of numbers uniform in [0, 1), of 53 bits where `secureRandom` gives them. */
export interface Rng {
  uniform(): number;
}

/** Bytes of one number, and numbers that are asked of the system at once: one by one they cost 10 µs. */
const BYTES = 7;
const TOGETHER = 512;
let pool = Buffer.alloc(0);
let at = 0;

export const secureRandom: Rng = {
  uniform: () => {
    if (at === pool.length) {
      pool = randomBytes(BYTES * TOGETHER);
      at = 0;
    }
    const number = (pool.readUIntBE(at, 6) * 32 + (pool[at + 6]! & 31)) / 2 ** 53;
    at += BYTES;
    return number;
  },
};

/**
 * sfc32 (Chris Doty-Humphrey, PractRand), keyed by the SHA-256 of a seed: the same seed gives the
 * same numbers on every machine. For tests and simulations; never for secrets.
 */
export function seededRandom(seed: string): Rng {
  const key = createHash("sha256").update(seed).digest();
  let a = key.readUInt32LE(0);
  let b = key.readUInt32LE(4);
  let c = key.readUInt32LE(8);
  let counter = 1;
  const next = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i += 1) next();
  return { uniform: () => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53 };
}

/** A whole number in [0, bound). */
export function below(rng: Rng, bound: number): number {
  return Math.floor(rng.uniform() * bound);
}
