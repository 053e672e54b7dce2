/*
 * SHA-256 (FIPS 180-4) of messages that fit into one block. WebCrypto is not there on plain http, and
 * its promise for each hash makes it slower than this for something so short.
 */

/** The first 32 bits of the fractional part of a root of each of the first primes (4.2.2, 5.3.3). */
function roots(count: number, root: (prime: number) => number): Int32Array {
  const words = new Int32Array(count);
  for (let n = 2, i = 0; i < count; n += 1) {
    let divisor = 2;
    while (n % divisor !== 0) divisor += 1;
    if (divisor === n) words[i++] = (root(n) % 1) * 2 ** 32;
  }
  return words;
}

const K = roots(64, Math.cbrt);
const H = roots(8, Math.sqrt);
const w = new Int32Array(64);

const turn = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

/** A message of up to 55 bytes as the block that is hashed, with its padding. */
export function blockOf(message: Uint8Array): Int32Array {
  if (message.length > 55) throw new RangeError("more than one block");
  const view = new DataView(new ArrayBuffer(64));
  message.forEach((byte, i) => view.setUint8(i, byte));
  view.setUint8(message.length, 0x80);
  view.setUint32(60, message.length * 8);
  return Int32Array.from({ length: 16 }, (_, i) => view.getInt32(i * 4));
}

/** Hashes a block into `out`, eight words. */
export function hashBlock(block: Int32Array, out: Int32Array): void {
  w.set(block);
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15]!;
    const y = w[i - 2]!;
    const small = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
    const large = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
    w[i] = w[i - 16]! + small + w[i - 7]! + large;
  }
  let a = H[0]!;
  let b = H[1]!;
  let c = H[2]!;
  let d = H[3]!;
  let e = H[4]!;
  let f = H[5]!;
  let g = H[6]!;
  let h = H[7]!;
  for (let i = 0; i < 64; i += 1) {
    const high = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const one = (h + high + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0;
    const low = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const two = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  out[0] = H[0]! + a;
  out[1] = H[1]! + b;
  out[2] = H[2]! + c;
  out[3] = H[3]! + d;
  out[4] = H[4]! + e;
  out[5] = H[5]! + f;
  out[6] = H[6]! + g;
  out[7] = H[7]! + h;
}

export const hexOf = (words: Int32Array): string =>
  Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
