import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

export interface ScryptCost {
  N: number;
  r: number;
  p: number;
}

/** As OWASP recommends for scrypt: 32 MiB, three times over. */
export const COST: ScryptCost = { N: 2 ** 15, r: 8, p: 3 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** `scrypt$<N>$<r>$<p>$<salt>$<hash>`: what was made at another cost can be verified still. */
export async function hashPassword(password: string, cost = COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, cost);
  const { N, r, p } = cost;
  return ["scrypt", N, r, p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

export async function isPassword(password: string, kept: string): Promise<boolean> {
  const [, N, r, p, salt, hash] = kept.split("$");
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const given = await derive(password, Buffer.from(salt!, "base64url"), cost);
  return timingSafeEqual(given, Buffer.from(hash!, "base64url"));
}

/** Of no password: verifying against it takes as long as against a true one. */
export function noPassword({ N, r, p } = COST): string {
  const random = (bytes: number): string => randomBytes(bytes).toString("base64url");
  return ["scrypt", N, r, p, random(SALT_BYTES), random(HASH_BYTES)].join("$");
}

function derive(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  const maxmem = 256 * cost.N * cost.r;
  return new Promise((resolve, reject) => {
    // One spelling for one password, whatever keyboard it was typed on.
    scrypt(password.normalize("NFKC"), salt, HASH_BYTES, { ...cost, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
